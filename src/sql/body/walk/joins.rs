//! FROM and its joins, and what bounds them.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{
    BinaryOperator, Expr, JoinConstraint, JoinOperator, Select, Spanned, TableFactor, TableWithJoins, Visit, Visitor,
};

use crate::model::tree::Span;
use crate::sql::body::walk::Walk;
use crate::sql::facts::{Bound, Join, JoinKind, State};
use crate::sql::grammar;

impl Walk<'_> {
    pub(super) fn from(&mut self, select: &Select) {
        self.see_scope();
        let condition = select.selection.as_ref();
        for (at, from) in select.from.iter().enumerate() {
            if at > 0 {
                self.join(&from.relation, JoinKind::Cross, None, condition);
            }
            self.table_with_joins(from, condition);
        }
    }

    fn table_with_joins(&mut self, from: &TableWithJoins, condition: Option<&Expr>) {
        self.factor(&from.relation);
        for join in &from.joins {
            let Some((kind, constraint)) = kind(&join.join_operator) else {
                self.lost();
                continue;
            };
            // Of an outer join only ON bounds the time; of the others WHERE does too.
            let by_where = matches!(kind, JoinKind::Inner | JoinKind::Cross).then_some(condition).flatten();
            self.join(&join.relation, kind, Some(constraint), by_where);
            self.factor(&join.relation);
            match constraint {
                JoinConstraint::On(on) => self.read(on),
                JoinConstraint::Using(columns) => {
                    let names = columns.iter().flat_map(|name| &name.0).filter_map(|part| part.as_ident());
                    names.for_each(|name| self.anywhere(&name.value));
                }
                JoinConstraint::Natural => self.all_of_scope(),
                JoinConstraint::None => {}
            }
        }
    }

    fn factor(&mut self, factor: &TableFactor) {
        match factor {
            TableFactor::Table { sample: Some(_), .. } => self.lost(),
            TableFactor::Table { alias, args, version, .. } => {
                if alias.as_ref().is_some_and(|alias| !alias.columns.is_empty()) {
                    // Its columns have other names here.
                    self.all_of_scope();
                }
                self.read(version);
                self.table_function(args);
            }
            TableFactor::Derived { subquery, lateral, .. } => {
                // Only a lateral query sees the tables beside it.
                let hidden = if *lateral { None } else { self.scopes.pop() };
                self.query(subquery);
                self.scopes.extend(hidden);
            }
            TableFactor::TableFunction { expr: Expr::Function(function), .. } => self.table_function(&function.args),
            TableFactor::TableFunction { expr, .. } => self.table_function(expr),
            TableFactor::Function { args, .. } => self.table_function(args),
            TableFactor::UNNEST { array_exprs, .. } => self.read(array_exprs),
            TableFactor::NestedJoin { table_with_joins, .. } => self.table_with_joins(table_with_joins, None),
            TableFactor::JsonTable { .. } | TableFactor::OpenJsonTable { .. } | TableFactor::Pivot { .. } => {
                self.lost()
            }
            TableFactor::Unpivot { .. } | TableFactor::UnpivotExpr { .. } | TableFactor::XmlTable { .. } => self.lost(),
            TableFactor::MatchRecognize { .. } | TableFactor::SemanticView { .. } => self.lost(),
        }
    }

    fn table_function<V: Visit>(&mut self, arguments: &V) {
        let around = std::mem::replace(&mut self.in_table_function, true);
        self.read(arguments);
        self.in_table_function = around;
    }

    fn join(&mut self, factor: &TableFactor, kind: JoinKind, on: Option<&JoinConstraint>, by_where: Option<&Expr>) {
        let place = self.place_of(factor);
        let on = match on {
            Some(JoinConstraint::On(on)) => Some(on),
            Some(JoinConstraint::Using(_) | JoinConstraint::Natural | JoinConstraint::None) | None => None,
        };
        let bound = self.bound(factor, place, &[on, by_where]);
        match bound {
            Bound::None => self.state(State::Join),
            Bound::Interval => self.state(State::IntervalJoin),
            Bound::Window => self.state(State::WindowJoin),
            Bound::Version => self.state(State::TemporalJoin),
            Bound::Row => {}
        }
        self.facts.joins.push(Join { kind, bound, place: self.script.place(place) });
    }

    fn place_of(&self, factor: &TableFactor) -> Span {
        let span = grammar::bytes(factor.span());
        let end = span.end.min(self.script.text.len());
        Span::new(span.start.min(end), end)
    }

    fn bound(&self, factor: &TableFactor, place: Span, conditions: &[Option<&Expr>]) -> Bound {
        match factor {
            TableFactor::UNNEST { .. } | TableFactor::TableFunction { .. } | TableFactor::Function { .. } => {
                return Bound::Row;
            }
            TableFactor::Table { args: Some(_), .. } => return Bound::Row,
            TableFactor::Table { version: Some(_), .. } => return Bound::Version,
            _ => {}
        }
        if self.within(place) {
            return Bound::Interval;
        }
        let mut times = Times::default();
        conditions.iter().flatten().for_each(|condition| {
            let _ = condition.visit(&mut times);
        });
        times.bound()
    }

    /// Whether a WITHIN stands behind this source and before the next.
    fn within(&self, place: Span) -> bool {
        let next = self.facts.sources.iter().map(|source| source.place.start).find(|start| *start > place.start);
        let end = next.unwrap_or(usize::MAX);
        self.lowered.within.iter().any(|within| place.start < *within && *within < end)
    }
}

fn kind(operator: &JoinOperator) -> Option<(JoinKind, &JoinConstraint)> {
    let found = match operator {
        JoinOperator::Join(on) | JoinOperator::Inner(on) => (JoinKind::Inner, on),
        JoinOperator::Left(on) | JoinOperator::LeftOuter(on) => (JoinKind::Left, on),
        JoinOperator::Right(on) | JoinOperator::RightOuter(on) => (JoinKind::Right, on),
        JoinOperator::FullOuter(on) => (JoinKind::Full, on),
        JoinOperator::CrossJoin(on) => (JoinKind::Cross, on),
        JoinOperator::Semi(on) | JoinOperator::LeftSemi(on) | JoinOperator::RightSemi(on) => (JoinKind::Semi, on),
        JoinOperator::Anti(on) | JoinOperator::LeftAnti(on) | JoinOperator::RightAnti(on) => (JoinKind::Anti, on),
        JoinOperator::CrossApply | JoinOperator::OuterApply | JoinOperator::AsOf { .. } => return None,
        JoinOperator::StraightJoin(_) | JoinOperator::ArrayJoin => return None,
        JoinOperator::LeftArrayJoin | JoinOperator::InnerArrayJoin => return None,
    };
    Some(found)
}

/// The comparisons of a join's condition that have a column of more than one table.
#[derive(Default)]
struct Times {
    between: usize,
    comparisons: usize,
    with_interval: usize,
    window_start: bool,
    window_end: bool,
}

impl Times {
    fn bound(&self) -> Bound {
        if self.between > 0 || (self.comparisons > 1 && self.with_interval > 0) {
            Bound::Interval
        } else if self.window_start && self.window_end {
            Bound::Window
        } else {
            Bound::None
        }
    }

    fn equal(&mut self, left: &Expr, right: &Expr) {
        let name = |expr: &Expr| match expr {
            Expr::CompoundIdentifier(parts) => parts.last().map(|name| name.value.to_ascii_lowercase()),
            _ => None,
        };
        let both = name(left).filter(|left| name(right).as_ref() == Some(left));
        self.window_start |= both.as_deref() == Some("window_start");
        self.window_end |= both.as_deref() == Some("window_end");
    }
}

impl Visitor for Times {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Between { .. } => {
                let sides = Sides::of(expr);
                self.between += usize::from(sides.tables.len() > 1 && sides.interval);
            }
            Expr::BinaryOp { left, op: BinaryOperator::Eq, right } => self.equal(left, right),
            Expr::BinaryOp { op, .. } if compares(op) => {
                let sides = Sides::of(expr);
                self.comparisons += usize::from(sides.tables.len() > 1);
                self.with_interval += usize::from(sides.tables.len() > 1 && sides.interval);
            }
            // A condition that need not hold bounds nothing.
            Expr::BinaryOp { op: BinaryOperator::Or, .. } => return ControlFlow::Break(()),
            _ => {}
        }
        ControlFlow::Continue(())
    }
}

fn compares(op: &BinaryOperator) -> bool {
    matches!(op, BinaryOperator::Lt | BinaryOperator::LtEq | BinaryOperator::Gt | BinaryOperator::GtEq)
}

#[derive(Default)]
struct Sides {
    tables: BTreeSet<String>,
    interval: bool,
}

impl Sides {
    fn of(expr: &Expr) -> Sides {
        let mut sides = Sides::default();
        let _ = expr.visit(&mut sides);
        sides
    }
}

impl Visitor for Sides {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        match expr {
            Expr::Interval(_) => self.interval = true,
            Expr::CompoundIdentifier(parts) => self.tables.extend(parts.first().map(|part| part.value.clone())),
            // Without a table's name each column counts for one.
            Expr::Identifier(name) => {
                self.tables.insert(format!("?{}", name.value));
            }
            _ => {}
        }
        ControlFlow::Continue(())
    }
}
