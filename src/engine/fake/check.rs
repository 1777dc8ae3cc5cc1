//! Checks of a cluster that cannot plan: just enough to accept and to refuse.

use crate::model::check::{Accepted, Changelog, Check, PlanSource};
use crate::model::column::Column;
use crate::model::definition::{Source, Stream};
use crate::model::diagnostic::Diagnostic;
use crate::model::tree::Span;

/// Reads `SELECT a, b FROM …`: every name between the two words must be a column of a source, `*` is all of them. A
/// query with GROUP BY, or over an upsert log, updates its rows. Of a script nothing is read.
pub(super) fn by_columns(stream: &Stream) -> Check {
    // Each query of a UNION takes rows of its sources for itself.
    let outputs = stream.sql.to_ascii_uppercase().matches("UNION ALL").count() as u32 + 1;
    let sources = stream.sources.keys().map(|name| PlanSource { table: name.to_string(), outputs }).collect();
    if !stream.body.is_query() {
        return Check::Accepted(Accepted { columns: Vec::new(), changelog: Changelog::InsertOnly, sources });
    }
    let upper = stream.sql.to_ascii_uppercase();
    let (Some(select), Some(from)) = (upper.find("SELECT"), upper.find("FROM")) else {
        return refused(Span::new(0, stream.sql.len()), "no SELECT … FROM");
    };
    let known: Vec<&Column> = stream.sources.values().flat_map(|source| &source.columns).collect();
    let mut columns = Vec::new();
    let mut at = select + "SELECT".len();
    for part in stream.sql[at..from].split(',') {
        let name = part.trim();
        let start = at + part.len() - part.trim_start().len();
        at += part.len() + 1;
        match known.iter().find(|column| column.name == name) {
            Some(column) => columns.push((*column).clone()),
            None if name == "*" => columns.extend(known.iter().map(|column| (*column).clone())),
            None => {
                let span = Span::new(start, start + name.len());
                return refused(span, &format!("Column '{name}' not found in any table"));
            }
        }
    }
    for column in &mut columns {
        column.kind.nullable = !stream.output.key.contains(&column.name);
    }
    let updates = upper.contains("GROUP BY") || stream.sources.values().any(Source::is_upsert);
    let changelog = if updates { Changelog::Updating } else { Changelog::InsertOnly };
    Check::Accepted(Accepted { columns, changelog, sources })
}

fn refused(span: Span, why: &str) -> Check {
    Check::Refused { diagnostics: vec![Diagnostic::error("engine_refused", "", Some(span), why)] }
}
