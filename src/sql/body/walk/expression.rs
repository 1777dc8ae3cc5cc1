//! Expressions: the columns, functions and queries in them.

use std::ops::ControlFlow;

use sqlparser::ast::{
    Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Query, Spanned, Visit, Visitor, WindowType,
};

use crate::sql::body::walk::Walk;
use crate::sql::facts::{State, Window, WindowKind};
use crate::sql::functions;
use crate::sql::grammar;

/// Goes into expressions, and hands every query in them to the walk.
struct Reader<'w, 'a> {
    walk: &'w mut Walk<'a>,
    /// Queries around, inside of what is read.
    depth: usize,
}

impl Walk<'_> {
    pub(super) fn read<V: Visit>(&mut self, tree: &V) {
        let _ = tree.visit(&mut Reader { walk: self, depth: 0 });
    }

    fn subquery(&mut self, query: &Query) {
        self.state(if self.in_table_function { State::TableArgument } else { State::Subquery });
        self.query(query);
    }

    fn expression(&mut self, expr: &Expr) {
        match expr {
            Expr::Identifier(name) => self.anywhere(&name.value),
            Expr::CompoundIdentifier(parts) => self.qualified(parts),
            Expr::Function(function) => self.function(function),
            Expr::Wildcard(_) | Expr::QualifiedWildcard(..) => self.all_of_scope(),
            Expr::Lambda(lambda) => {
                self.parameters.extend(lambda.params.iter().map(|parameter| parameter.name.value.clone()));
            }
            _ => {}
        }
    }

    fn leave(&mut self, expr: &Expr) {
        if let Expr::Lambda(lambda) = expr {
            self.parameters.truncate(self.parameters.len() - lambda.params.len());
        }
    }

    fn function(&mut self, function: &Function) {
        if let FunctionArguments::List(list) = &function.args {
            for argument in &list.args {
                let (FunctionArg::Unnamed(argument)
                | FunctionArg::Named { arg: argument, .. }
                | FunctionArg::ExprNamed { arg: argument, .. }) = argument;
                match argument {
                    FunctionArgExpr::QualifiedWildcard(_) | FunctionArgExpr::WildcardWithOptions(_) => {
                        self.all_of_scope();
                    }
                    // COUNT(*) reads no column.
                    FunctionArgExpr::Wildcard | FunctionArgExpr::Expr(_) => {}
                }
            }
        }
        let name = function.name.0.last().and_then(|part| part.as_ident()).map(|name| name.value.as_str());
        let name = name.unwrap_or_default();
        let dialect = self.script.dialect;
        if let Some(over) = &function.over {
            self.over(function, over);
        } else if functions::is_aggregate(dialect, name) {
            self.state(State::Aggregate);
        } else if !functions::is_scalar(dialect, name) || function.name.0.len() > 1 {
            self.state(State::UnknownFunction);
        }
    }

    fn over(&mut self, function: &Function, over: &WindowType) {
        self.state(State::Over);
        let size = match over {
            WindowType::WindowSpec(spec) => spec.window_frame.as_ref().map(|frame| {
                let end = frame.end_bound.as_ref().map_or_else(String::new, |end| format!(" AND {end}"));
                let between = if end.is_empty() { "" } else { "BETWEEN " };
                format!("{} {between}{}{end}", frame.units, frame.start_bound)
            }),
            WindowType::NamedWindow(_) => None,
        };
        let place = self.script.place(grammar::bytes(function.name.span()));
        self.facts.windows.push(Window { kind: WindowKind::Over, size, step: None, of: None, time: None, place });
    }

    /// GROUP BY TUMBLE(ts, INTERVAL '1' HOUR), as it was written before windows were tables.
    pub(super) fn group_window(&mut self, expr: &Expr) {
        let Expr::Function(function) = expr else { return };
        let kind = match function.name.to_string().to_ascii_uppercase().as_str() {
            "TUMBLE" => WindowKind::Tumble,
            "HOP" => WindowKind::Hop,
            "SESSION" => WindowKind::Session,
            _ => return,
        };
        let FunctionArguments::List(list) = &function.args else { return };
        let text = |at: usize| list.args.get(at).map(FunctionArg::to_string);
        let (size, step) = match kind {
            WindowKind::Hop => (text(2), text(1)),
            WindowKind::Tumble | WindowKind::Session | WindowKind::Cumulate | WindowKind::Over => (text(1), None),
        };
        self.state(State::Window);
        let place = self.script.place(grammar::bytes(function.name.span()));
        let time = match list.args.first() {
            Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(name)))) => Some(name.value.clone()),
            Some(FunctionArg::Unnamed(_) | FunctionArg::Named { .. } | FunctionArg::ExprNamed { .. }) | None => None,
        };
        self.facts.windows.push(Window { kind, size, step, of: self.only_source(), time, place });
    }
}

impl Visitor for Reader<'_, '_> {
    type Break = ();

    fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<()> {
        if self.depth == 0 {
            self.walk.subquery(query);
        }
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.depth == 0 {
            self.walk.expression(expr);
        }
        ControlFlow::Continue(())
    }

    fn post_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        if self.depth == 0 {
            self.walk.leave(expr);
        }
        ControlFlow::Continue(())
    }
}
