//! What a query gives for every numbered row, told without an engine: the reference of an uninterrupted run.
//!
//! It reads the query's own text, `SELECT … FROM … [WHERE …] [GROUP BY …]` and `UNION ALL` of such. Where a case's
//! query is more than that, the case gives an equal one that is not.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use sqlparser::ast::{Expr, GroupByExpr, Query, Select, SelectItem, SetExpr, SetOperator, Statement, TableFactor};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;

use crate::verdicts::expression::{Row, arguments, float, is_true, number, value};
use crate::verdicts::input;

/// The parts of a UNION ALL.
#[derive(Debug, Clone)]
pub struct Reference {
    parts: Vec<Part>,
}

#[derive(Debug, Clone)]
struct Part {
    from: From,
    filter: Option<Expr>,
    columns: Vec<(String, Expr)>,
    /// `None`: a row for each that passes.
    group: Option<Vec<Expr>>,
}

#[derive(Debug, Clone)]
enum From {
    Input(String),
    Query(Reference),
}

/// Rows that a key's total is made of.
#[derive(Debug, Clone, Default)]
pub struct Total {
    folds: Vec<Fold>,
    pub rows: u64,
}

#[derive(Debug, Clone, Default)]
struct Fold {
    sum: f64,
    least: Option<f64>,
    most: Option<f64>,
    last: Value,
}

impl Reference {
    pub fn parse(sql: &str) -> Reference {
        let statements = Parser::parse_sql(&GenericDialect {}, sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        match statements.as_slice() {
            [Statement::Query(query)] => of_query(query),
            other => panic!("one query, not {other:?}"),
        }
    }

    /// Whether rows are put together by a key.
    pub fn is_totals(&self) -> bool {
        self.parts.iter().any(|part| part.group.is_some())
    }

    /// The rows that row `number` of an input gives.
    pub fn rows(&self, input: &str, number: u64) -> Vec<Row> {
        self.parts.iter().flat_map(|part| part.rows(input, number)).collect()
    }

    /// The keys to whose totals row `number` of an input adds, as canonical text, with the row as it comes there.
    pub fn adds(&self, input: &str, number: u64) -> Vec<(Row, Row)> {
        let part = self.grouped();
        let key = |row: &Row| part.keys().map(|(name, expr)| (name.clone(), value(expr, row))).collect();
        part.passing(input, number).into_iter().map(|row| (key(&row), row)).collect()
    }

    pub fn keys(&self) -> Vec<String> {
        self.grouped().keys().map(|(name, _)| name.clone()).collect()
    }

    pub fn add(&self, total: &mut Total, row: &Row) {
        let columns = self.grouped().totals().collect::<Vec<_>>();
        total.rows += 1;
        total.folds.resize(columns.len(), Fold::default());
        for (fold, (_, expr)) in total.folds.iter_mut().zip(columns) {
            let Expr::Function(function) = expr else { panic!("no total: {expr}") };
            if let [of] = arguments(function).as_slice() {
                fold.last = value(of, row);
                let of = float(&fold.last);
                fold.sum += of;
                fold.least = Some(fold.least.map_or(of, |least| least.min(of)));
                fold.most = Some(fold.most.map_or(of, |most| most.max(of)));
            }
        }
    }

    /// The row of a key's total.
    pub fn shown(&self, key: &Row, total: &Total) -> Row {
        let mut row = key.clone();
        for (fold, (name, expr)) in total.folds.iter().zip(self.grouped().totals()) {
            let Expr::Function(function) = expr else { panic!("no total: {expr}") };
            let shown = match function.name.to_string().to_uppercase().as_str() {
                "COUNT" => json!(total.rows),
                "SUM" => number(fold.sum),
                "MIN" => fold.least.map_or(Value::Null, number),
                "MAX" => fold.most.map_or(Value::Null, number),
                "LAST_VALUE" => fold.last.clone(),
                other => panic!("the references' SQL has no {other}"),
            };
            row.insert(name.clone(), shown);
        }
        for (name, expr) in self.grouped().constants() {
            row.insert(name.clone(), value(expr, &Row::new()));
        }
        row
    }

    fn grouped(&self) -> &Part {
        match self.parts.as_slice() {
            [part] if part.group.is_some() => part,
            _ => panic!("one SELECT with GROUP BY"),
        }
    }
}

impl Part {
    fn passing(&self, input: &str, number: u64) -> Vec<Row> {
        let mut rows = match &self.from {
            From::Input(name) if name == input => vec![input::row(input, number)],
            From::Input(_) => Vec::new(),
            From::Query(inner) => inner.rows(input, number),
        };
        rows.retain(|row| self.filter.as_ref().is_none_or(|filter| is_true(&value(filter, row))));
        rows
    }

    fn rows(&self, input: &str, number: u64) -> Vec<Row> {
        let shown = |row: Row| self.columns.iter().map(|(name, expr)| (name.clone(), value(expr, &row))).collect();
        self.passing(input, number).into_iter().map(shown).collect()
    }

    fn is_key(&self, expr: &Expr) -> bool {
        self.group.iter().flatten().any(|key| key == expr)
    }

    fn keys(&self) -> impl Iterator<Item = &(String, Expr)> {
        self.columns.iter().filter(|(_, expr)| self.is_key(expr))
    }

    fn totals(&self) -> impl Iterator<Item = &(String, Expr)> {
        self.columns.iter().filter(|(_, expr)| !self.is_key(expr) && matches!(expr, Expr::Function(_)))
    }

    fn constants(&self) -> impl Iterator<Item = &(String, Expr)> {
        self.columns.iter().filter(|(_, expr)| !self.is_key(expr) && !matches!(expr, Expr::Function(_)))
    }
}

fn of_query(query: &Query) -> Reference {
    let mut parts = Vec::new();
    collect(&query.body, &mut parts);
    // As in SQL, the first part names the columns of all.
    let names: Vec<String> = parts[0].columns.iter().map(|(name, _)| name.clone()).collect();
    for part in &mut parts {
        part.columns.iter_mut().zip(&names).for_each(|((name, _), first)| name.clone_from(first));
    }
    Reference { parts }
}

fn collect(body: &SetExpr, into: &mut Vec<Part>) {
    match body {
        SetExpr::Select(select) => into.push(part(select)),
        SetExpr::Query(query) => into.extend(of_query(query).parts),
        SetExpr::SetOperation { op: SetOperator::Union, left, right, .. } => {
            collect(left, into);
            collect(right, into);
        }
        other => panic!("the references' SQL has no `{other}`"),
    }
}

fn part(select: &Select) -> Part {
    let [from] = select.from.as_slice() else { panic!("one table: {select}") };
    assert!(from.joins.is_empty(), "the references' SQL has no joins: {select}");
    let from = match &from.relation {
        TableFactor::Table { name, .. } => From::Input(name.to_string()),
        TableFactor::Derived { subquery, .. } => From::Query(of_query(subquery)),
        other => panic!("the references' SQL has no `{other}`"),
    };
    let GroupByExpr::Expressions(group, _) = &select.group_by else { panic!("GROUP BY names its keys: {select}") };
    let columns = select.projection.iter().map(|item| match item {
        SelectItem::UnnamedExpr(Expr::Identifier(name)) => (name.value.clone(), Expr::Identifier(name.clone())),
        SelectItem::ExprWithAlias { expr, alias } => (alias.value.clone(), expr.clone()),
        // Unnamed parts of a UNION ALL get the first one's names.
        SelectItem::UnnamedExpr(expr) => (expr.to_string(), expr.clone()),
        other => panic!("the references' SQL has no `{other}`"),
    });
    Part {
        from,
        filter: select.selection.clone(),
        columns: columns.collect(),
        group: (!group.is_empty()).then(|| group.clone()),
    }
}

/// Canonical text of a row: equal rows are equal texts, whatever their columns' order or the form of their numbers.
pub fn canonical(row: &Row) -> String {
    let cells: BTreeMap<&String, String> = row
        .iter()
        .map(|(name, cell)| (name, cell.as_f64().map_or_else(|| cell.to_string(), |float| float.to_string())))
        .collect();
    format!("{cells:?}")
}

#[test]
fn a_reference_gives_what_its_query_asks_for() {
    let rows = Reference::parse("SELECT N, UPPER(P) AS U FROM orders WHERE MOD(N, 10) <> 3 AND A > 1");
    let shown: Vec<String> = (1..5).flat_map(|n| rows.rows("orders", n)).map(|row| json!(row).to_string()).collect();
    assert_eq!(shown, [r#"{"N":1,"U":"P1"}"#, r#"{"N":2,"U":"P2"}"#, r#"{"N":4,"U":"P4"}"#]);
    assert!(rows.rows("more", 1).is_empty());
    let union = Reference::parse("SELECT N, 'a' AS B FROM orders UNION ALL SELECT N, 'b' FROM orders WHERE N % 2 = 0");
    assert_eq!(union.rows("orders", 2)[1]["B"], "b");
    assert_eq!(union.rows("orders", 3).len(), 1);
}

#[test]
fn a_total_is_of_all_rows_of_its_key() {
    let totals = Reference::parse(
        "SELECT K, N / 100 AS W, COUNT(*) AS C, SUM(A) AS S, MIN(N) AS LO, MAX(N) AS HI, 2 AS G FROM orders
         WHERE N > 5 GROUP BY K, N / 100",
    );
    assert!(totals.is_totals());
    assert_eq!(totals.keys(), ["K", "W"]);
    let mut total = Total::default();
    let mut key = Row::new();
    for (row, added) in (0..40).filter(|n| n % 10 == 3).flat_map(|n| totals.adds("orders", n)) {
        totals.add(&mut total, &added);
        key = row;
    }
    let shown = json!({"K": 3, "W": 0, "C": 3, "S": 70.5, "LO": 13, "HI": 33, "G": 2});
    assert_eq!(canonical(&totals.shown(&key, &total)), canonical(shown.as_object().expect("an object")));
}
