//! Deduplication and Top-N: a number in an order, and a filter on it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use sqlparser::ast::{BinaryOperator, Expr, Query, Select, SelectItem, Value, Visit, Visitor};

use crate::sql::body::walk::Walk;
use crate::sql::facts::State;

/// The names of columns that are ROW_NUMBER, RANK or DENSE_RANK.
pub(super) fn named(query: &Query) -> BTreeSet<String> {
    let mut ranks = Ranks(BTreeSet::new());
    let _ = query.visit(&mut ranks);
    ranks.0
}

struct Ranks(BTreeSet<String>);

impl Visitor for Ranks {
    type Break = ();

    fn pre_visit_select(&mut self, select: &Select) -> ControlFlow<()> {
        self.0.extend(select.projection.iter().filter_map(|item| match item {
            SelectItem::ExprWithAlias { expr, alias } if is_rank(expr) => Some(alias.value.clone()),
            _ => None,
        }));
        ControlFlow::Continue(())
    }
}

fn is_rank(expr: &Expr) -> bool {
    let Expr::Function(function) = expr else { return false };
    let name = function.name.to_string().to_ascii_uppercase();
    function.over.is_some() && matches!(name.as_str(), "ROW_NUMBER" | "RANK" | "DENSE_RANK")
}

impl Walk<'_> {
    pub(super) fn rank_filters<'e>(&mut self, filters: impl Iterator<Item = &'e Expr>) {
        let mut found = Filters { ranks: &self.ranks, states: BTreeSet::new() };
        for filter in filters {
            let _ = filter.visit(&mut found);
        }
        let states = found.states;
        self.facts.stateful.extend(states);
    }
}

struct Filters<'a> {
    ranks: &'a BTreeSet<String>,
    states: BTreeSet<State>,
}

impl Filters<'_> {
    fn is_rank(&self, expr: &Expr) -> bool {
        match expr {
            Expr::Identifier(name) => self.ranks.contains(&name.value),
            Expr::CompoundIdentifier(parts) => parts.last().is_some_and(|name| self.ranks.contains(&name.value)),
            other => is_rank(other),
        }
    }
}

impl Visitor for Filters<'_> {
    type Break = ();

    fn pre_visit_expr(&mut self, expr: &Expr) -> ControlFlow<()> {
        let state = match expr {
            Expr::BinaryOp { left, op, right } if self.is_rank(left) => first_only(op, right),
            Expr::BinaryOp { left, op, right } if self.is_rank(right) => first_only(&mirrored(op), left),
            Expr::Between { expr, .. } | Expr::InList { expr, .. } if self.is_rank(expr) => State::TopN,
            _ => return ControlFlow::Continue(()),
        };
        self.states.insert(state);
        ControlFlow::Continue(())
    }
}

/// `= 1`, `<= 1` and `< 2` leave one row of each group.
fn first_only(op: &BinaryOperator, number: &Expr) -> State {
    let number = match number {
        Expr::Value(value) => match &value.value {
            Value::Number(number, _) => number.as_str(),
            _ => "",
        },
        _ => "",
    };
    match (op, number) {
        (BinaryOperator::Eq | BinaryOperator::LtEq, "1") | (BinaryOperator::Lt, "2") => State::Deduplication,
        _ => State::TopN,
    }
}

fn mirrored(op: &BinaryOperator) -> BinaryOperator {
    match op {
        BinaryOperator::Gt => BinaryOperator::Lt,
        BinaryOperator::GtEq => BinaryOperator::LtEq,
        other => other.clone(),
    }
}
