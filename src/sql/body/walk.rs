//! A walk over a parsed query: what is read of each source, the joins, and why state is kept.

mod expression;
mod joins;
mod ranks;
mod scope;
mod updates;

use std::collections::BTreeSet;

use sqlparser::ast::{
    Distinct, Expr, GroupByExpr, LimitClause, OrderBy, Query, Select, SelectItem, SelectItemQualifiedWildcardKind,
    SetExpr, SetOperator, SetQuantifier,
};

use crate::sql::body::walk::scope::{Mentions, Relation};
use crate::sql::cursor::outside;
use crate::sql::dialect::Dialect;
use crate::sql::facts::{Facts, Field, Limit, Place, State, Warning};
use crate::sql::lex::Tok;
use crate::sql::lower::Lowered;
use crate::sql::script::Script;

pub(super) struct Walk<'a> {
    script: &'a Script<'a>,
    lowered: &'a Lowered,
    facts: &'a mut Facts,
    mentions: Mentions,
    /// The relations of the queries around, the innermost last.
    scopes: Vec<Vec<Relation>>,
    /// Columns that are the place of a row in an order: ROW_NUMBER and the like.
    ranks: BTreeSet<String>,
    /// Parameters of the lambdas around.
    parameters: Vec<String>,
    /// Whether this is inside of a table function's arguments.
    in_table_function: bool,
}

pub(super) fn walk(script: &Script<'_>, tokens: &[Tok], lowered: &Lowered, query: &Query, facts: &mut Facts) {
    let mut walk = Walk {
        script,
        lowered,
        mentions: Mentions::of(&facts.sources),
        facts,
        scopes: Vec::new(),
        ranks: ranks::named(query),
        parameters: Vec::new(),
        in_table_function: false,
    };
    walk.query(query);
    walk.facts.limit = limit(query).zip(limit_place(script, tokens)).map(|(count, place)| Limit { count, place });
    walk.facts.columns = output(script.dialect, query, walk.facts.joins.is_empty());
    walk.facts.updates = updates::updates(script.dialect, query, walk.facts);
    walk.mentions.note_everywhere(&lowered.read);
    walk.mentions.finish(&mut walk.facts.sources);
    walk.facts.joins.sort_by_key(|join| join.place);
    walk.facts.windows.sort_by_key(|window| window.place);
}

impl Walk<'_> {
    fn state(&mut self, state: State) {
        self.facts.stateful.insert(state);
    }

    /// The parser took something for a clause that neither dialect has: nothing is known of the query.
    fn lost(&mut self) {
        if self.facts.parsed {
            let message = "weir does not understand a clause of this query: its changes count as stateful".to_owned();
            self.facts.warnings.push(Warning { code: "not_parsed", message, place: self.facts.place });
        }
        self.facts.parsed = false;
        self.state(State::NotParsed);
        self.mentions.lose();
    }

    fn query(&mut self, query: &Query) {
        if let Some(with) = &query.with {
            if with.recursive {
                self.state(State::Recursion);
            }
            for cte in &with.cte_tables {
                self.query(&cte.query);
            }
        }
        self.body(&query.body);
        let limited = query.limit_clause.is_some() || query.fetch.is_some();
        if let Some(order) = &query.order_by {
            self.facts.ordered = true;
            self.state(if limited { State::TopN } else { State::Sort });
            self.order(&query.body, order);
        } else if limited {
            self.state(State::Limit);
        }
        let beyond = query.for_clause.is_some() || query.settings.is_some() || query.format_clause.is_some();
        if beyond || !query.locks.is_empty() || !query.pipe_operators.is_empty() {
            self.lost();
        }
    }

    /// ORDER BY sees the columns of every SELECT that it orders.
    fn order(&mut self, body: &SetExpr, order: &OrderBy) {
        let mut all = Vec::new();
        for select in selects(body) {
            all.extend(select.from.iter().flat_map(|from| self.relations(from)));
        }
        self.scopes.push(all);
        self.read(order);
        self.scopes.pop();
    }

    fn body(&mut self, body: &SetExpr) {
        // A chain of UNIONs is as deep a tree as it is long.
        let mut todo = vec![body];
        while let Some(body) = todo.pop() {
            match body {
                SetExpr::Select(select) => self.select(select),
                SetExpr::Query(query) => self.query(query),
                SetExpr::SetOperation { left, op, set_quantifier, right } => {
                    self.set_operation(*op, *set_quantifier);
                    todo.push(right);
                    todo.push(left);
                }
                SetExpr::Values(values) => {
                    self.scopes.push(Vec::new());
                    self.read(values);
                    self.scopes.pop();
                }
                SetExpr::Insert(_)
                | SetExpr::Update(_)
                | SetExpr::Delete(_)
                | SetExpr::Merge(_)
                | SetExpr::Table(_) => {
                    self.lost();
                }
            }
        }
    }

    fn set_operation(&mut self, op: SetOperator, quantifier: SetQuantifier) {
        match op {
            SetOperator::Union if matches!(quantifier, SetQuantifier::All | SetQuantifier::AllByName) => {}
            SetOperator::Union => self.state(State::UnionDistinct),
            SetOperator::Intersect => self.state(State::Intersect),
            SetOperator::Except | SetOperator::Minus => self.state(State::Except),
        }
    }

    fn select(&mut self, select: &Select) {
        let relations = select.from.iter().flat_map(|from| self.relations(from)).collect();
        self.scopes.push(relations);
        self.from(select);
        for item in &select.projection {
            self.item(item);
        }
        match select.distinct {
            Some(Distinct::Distinct | Distinct::On(_)) => self.state(State::Distinct),
            Some(Distinct::All) | None => {}
        }
        if let Some(condition) = &select.selection {
            self.facts.filtered = true;
            self.read(condition);
        }
        self.grouping(select);
        self.read(&select.having);
        self.read(&select.qualify);
        self.read(&select.named_window);
        let filters = [&select.selection, &select.qualify];
        self.rank_filters(filters.into_iter().flatten());
        if beyond(select) {
            self.lost();
        }
        self.scopes.pop();
    }

    fn item(&mut self, item: &SelectItem) {
        match item {
            SelectItem::Wildcard(_) => self.all_of_scope(),
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), _) => self.all_of(name),
            SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::Expr(expr), _) => self.read(expr),
            SelectItem::UnnamedExpr(expr) => self.read(expr),
            SelectItem::ExprWithAlias { expr, .. } | SelectItem::ExprWithAliases { expr, .. } => self.read(expr),
        }
    }

    fn grouping(&mut self, select: &Select) {
        let grouped = match &select.group_by {
            GroupByExpr::All(_) => true,
            GroupByExpr::Expressions(expressions, _) => {
                for expression in expressions {
                    self.group_window(expression);
                }
                !expressions.is_empty()
            }
        };
        if grouped || select.having.is_some() {
            self.state(State::Aggregate);
        }
        self.read(&select.group_by);
    }
}

/// Whether a SELECT has a clause of other engines.
fn beyond(select: &Select) -> bool {
    select.top.is_some()
        || select.into.is_some()
        || select.prewhere.is_some()
        || select.exclude.is_some()
        || select.value_table_mode.is_some()
        || !select.lateral_views.is_empty()
        || !select.connect_by.is_empty()
        || !select.cluster_by.is_empty()
        || !select.distribute_by.is_empty()
        || !select.sort_by.is_empty()
}

/// The SELECTs that give a query its rows, in order.
fn selects(body: &SetExpr) -> Vec<&Select> {
    let mut found = Vec::new();
    let mut todo = vec![body];
    while let Some(body) = todo.pop() {
        match body {
            SetExpr::Select(select) => found.push(select.as_ref()),
            SetExpr::Query(query) => todo.push(&query.body),
            SetExpr::SetOperation { left, right, .. } => todo.extend([right.as_ref(), left.as_ref()]),
            SetExpr::Values(_) | SetExpr::Insert(_) | SetExpr::Update(_) => {}
            SetExpr::Delete(_) | SetExpr::Merge(_) | SetExpr::Table(_) => {}
        }
    }
    found
}

/// The last of its words outside of brackets.
fn limit_place(script: &Script<'_>, tokens: &[Tok]) -> Option<Place> {
    let words = outside(tokens).filter(|(_, tok)| tok.is("LIMIT") || tok.is("FETCH"));
    words.last().map(|(_, tok)| script.place(tok.span))
}

fn limit(query: &Query) -> Option<String> {
    let fetched = query.fetch.as_ref().map(|fetch| {
        // FETCH FIRST ROW ONLY
        fetch.quantity.as_ref().map_or_else(|| "1".to_owned(), Expr::to_string)
    });
    let limited = match &query.limit_clause {
        Some(LimitClause::LimitOffset { limit, .. }) => limit.as_ref().map(Expr::to_string),
        Some(LimitClause::OffsetCommaLimit { limit, .. }) => Some(limit.to_string()),
        None => None,
    };
    limited.or(fetched)
}

/// The first SELECT gives a query its columns' names.
fn output(dialect: Dialect, query: &Query, one_source: bool) -> Vec<Field> {
    let first = selects(&query.body).into_iter().next();
    let items = first.map(|select| select.projection.as_slice()).unwrap_or_default();
    items.iter().map(|item| field(dialect, item, one_source)).collect()
}

fn field(dialect: Dialect, item: &SelectItem, one_source: bool) -> Field {
    match item {
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => Field::Named(name.value.clone()),
        // ksqlDB puts the source's name before it where there are several.
        SelectItem::UnnamedExpr(Expr::CompoundIdentifier(parts)) if dialect == Dialect::Flink || one_source => {
            parts.last().map_or(Field::Unnamed, |name| Field::Named(name.value.clone()))
        }
        SelectItem::ExprWithAlias { alias, .. } => Field::Named(alias.value.clone()),
        SelectItem::UnnamedExpr(_) | SelectItem::ExprWithAliases { .. } => Field::Unnamed,
        SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..) => Field::Star,
    }
}
