//! An engine that accepts every query and names its columns as the query does.

use weir::model::check::{Accepted, Changelog, Check, PlanSource};
use weir::model::column::{Column, ColumnType, TypeKind};
use weir::model::definition::{Source, Stream};

/// Of `SELECT …, a.b, … AS c, … FROM`. What is no column of an input is a DOUBLE, as the
/// totals are that a plan here shows.
pub fn by_names(stream: &Stream) -> Check {
    let known = |name: &str| {
        let mut columns = stream.sources.values().flat_map(|source| &source.columns);
        columns.find(|column| column.name == name).map_or(TypeKind::Double, |column| column.kind.kind.clone())
    };
    let column = |name: &str| Column {
        name: name.to_owned(),
        kind: ColumnType { kind: known(name), nullable: !stream.output.key.iter().any(|key| key == name) },
    };
    let updates = stream.sql.contains("GROUP BY") || stream.sources.values().any(Source::is_upsert);
    Check::Accepted(Accepted {
        columns: selected(&stream.sql).into_iter().map(column).collect(),
        changelog: if updates { Changelog::Updating } else { Changelog::InsertOnly },
        sources: stream.sources.keys().map(|name| PlanSource { table: name.to_string(), outputs: 1 }).collect(),
    })
}

/// The last word of each column.
fn selected(sql: &str) -> Vec<&str> {
    let list = sql.split_once("SELECT").and_then(|(_, rest)| rest.split_once("FROM"));
    let (list, _) = list.unwrap_or_else(|| panic!("no SELECT … FROM: {sql}"));
    let mut depth = 0;
    let parts = list.split(|c| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    parts.filter_map(|part| part.trim().rsplit([' ', '.']).next()).collect()
}
