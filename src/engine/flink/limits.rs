//! What Flink, or this door to it, cannot do: told before anything is asked of the engine.

use std::time::Duration;

use crate::model::column::{Column, ColumnType, TypeKind};
use crate::model::definition::{EventTime, Format, Source, Stream, TimeEncoding};
use crate::model::diagnostic::Diagnostic;

/// The widest interval of Flink's SQL has three digits of days.
const LONGEST_DELAY: Duration = Duration::from_secs(999 * 86_400);

/// Diagnostics without a file: whoever asks knows it.
pub fn problems(stream: &Stream) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = stream.sources.values().flat_map(of_source).collect();
    match (stream.output.time_encoding, stream.output.format) {
        (TimeEncoding::EpochMs, Format::Json | Format::Csv | Format::Raw) => {
            found.push(Diagnostic::not_yet("", None, "time_encoding = \"epoch_ms\" of an output"));
        }
        (TimeEncoding::Iso8601 | TimeEncoding::Sql, Format::Json | Format::Csv | Format::Raw) => {}
    }
    found
}

fn of_source(source: &Source) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = names(&source.columns)
        .into_iter()
        .filter(|name| name.is_empty() || name.contains(['\n', '\r']))
        .map(|name| {
            let text = format!("source `{}`: Flink cannot name a column {name:?}", source.name);
            Diagnostic::error("column_name", "", None, text)
        })
        .collect();
    if let Some(time) = &source.time {
        found.extend(of_time(source, time));
    }
    found
}

fn of_time(source: &Source, time: &EventTime) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut error = |code: &str, text: &str, help: &str| {
        let text = format!("source `{}`: {text}", source.name);
        found.push(Diagnostic::error(code, "", None, text).with_help(help));
    };
    match (time.encoding, source.format) {
        (TimeEncoding::EpochMs, Format::Json | Format::Csv | Format::Raw) if !holds_millis(source, time) => error(
            "time_encoding",
            "`epoch_ms` needs a column of TIMESTAMP(3) or TIMESTAMP_LTZ(3)",
            "declare the column as what it means; it is read as a number",
        ),
        (TimeEncoding::Iso8601, Format::Csv) => error(
            "time_encoding",
            "Flink reads timestamps of CSV only in the form `2025-01-31 12:00:00`",
            "use encoding = \"sql\"",
        ),
        (
            TimeEncoding::EpochMs | TimeEncoding::Iso8601 | TimeEncoding::Sql,
            Format::Json | Format::Csv | Format::Raw,
        ) => {}
    }
    if time.delay >= LONGEST_DELAY {
        error("time_delay", "the delay is longer than Flink takes", "it must be below 999 days");
    }
    found
}

fn holds_millis(source: &Source, time: &EventTime) -> bool {
    let column = source.columns.iter().find(|column| column.name == time.column);
    column.is_some_and(|column| matches!(column.kind.kind, TypeKind::Timestamp(3) | TypeKind::TimestampLtz(3)))
}

/// The names of the columns and of the fields in their types.
fn names(columns: &[Column]) -> Vec<&str> {
    columns.iter().flat_map(|column| std::iter::once(column.name.as_str()).chain(inner_names(&column.kind))).collect()
}

fn inner_names(kind: &ColumnType) -> Vec<&str> {
    match &kind.kind {
        TypeKind::Row(fields) => names(fields),
        TypeKind::Array(inner) | TypeKind::Multiset(inner) => inner_names(inner),
        TypeKind::Map(key, value) => [inner_names(key), inner_names(value)].concat(),
        TypeKind::Boolean
        | TypeKind::TinyInt
        | TypeKind::SmallInt
        | TypeKind::Int
        | TypeKind::BigInt
        | TypeKind::Float
        | TypeKind::Double
        | TypeKind::Decimal { .. }
        | TypeKind::String
        | TypeKind::Char(_)
        | TypeKind::VarChar(_)
        | TypeKind::Bytes
        | TypeKind::Binary(_)
        | TypeKind::VarBinary(_)
        | TypeKind::Date
        | TypeKind::Time(_)
        | TypeKind::Timestamp(_)
        | TypeKind::TimestampLtz(_) => Vec::new(),
    }
}
