//! Whether a query's rows take the place of earlier ones, where the text alone makes it sure.

use std::ops::ControlFlow;

use sqlparser::ast::{Distinct, Expr, GroupByExpr, Query, Select, SetExpr, Visit, Visitor};

use crate::sql::dialect::Dialect;
use crate::sql::facts::{Facts, State};
use crate::sql::functions;

/// The outermost SELECT groups, counts or tells rows apart, and nothing in the query parts them by time. Of a SELECT
/// further inside nothing is sure: a planner may do without it.
pub(super) fn updates(dialect: Dialect, query: &Query, facts: &Facts) -> bool {
    let others = [State::MatchRecognize, State::TableArgument, State::UnknownFunction, State::NotParsed];
    let SetExpr::Select(select) = query.body.as_ref() else { return false };
    facts.windows.is_empty()
        && !facts.sources.is_empty()
        && others.iter().all(|state| !facts.stateful.contains(state))
        && groups(dialect, select)
}

fn groups(dialect: Dialect, select: &Select) -> bool {
    let grouped = match &select.group_by {
        GroupByExpr::All(_) => true,
        GroupByExpr::Expressions(expressions, _) => !expressions.is_empty(),
    };
    let distinct = match select.distinct {
        Some(Distinct::Distinct | Distinct::On(_)) => true,
        Some(Distinct::All) | None => false,
    };
    grouped || distinct || select.projection.visit(&mut Aggregates { dialect, depth: 0 }).is_break()
}

/// Stops at an aggregate of this SELECT.
struct Aggregates {
    dialect: Dialect,
    depth: usize,
}

impl Visitor for Aggregates {
    type Break = ();

    fn pre_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth += 1;
        ControlFlow::Continue(())
    }

    fn post_visit_query(&mut self, _: &Query) -> ControlFlow<()> {
        self.depth -= 1;
        ControlFlow::Continue(())
    }

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let Expr::Function(function) = expr else { return ControlFlow::Continue(()) };
        let name = function.name.to_string();
        let aggregate = self.depth == 0 && function.over.is_none() && functions::is_aggregate(self.dialect, &name);
        if aggregate { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}
