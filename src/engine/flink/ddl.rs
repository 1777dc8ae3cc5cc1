//! The SQL that weir writes: tables over topics, the query as a view, the one INSERT. Every foreign string in it goes
//! through `ident` or `literal`; types are printed from the type grammar.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::flink::begin::{Begin, RESET};
use crate::model::column::{Column, ColumnType, TypeKind};
use crate::model::definition::{Delivery, EventTime, Format, OnBadRecord, Output, Source, Stream, TimeEncoding};
use crate::model::name::Name;
use crate::model::offsets;
use crate::sql::Dialect;
use crate::sql::facts;
use crate::sql::flink::{ident, literal};
use crate::sql::reads;
use crate::sql::types;

/// The sink's table and the query's view. A definition's name holds no dot, so neither can be one.
pub const OUTPUT: &str = "weir.output";
pub const QUERY: &str = "weir.query";
/// Before the name of a source whose table needs a view over it.
const RAW: &str = "weir.raw.";

/// The statements' first line; the user's text begins on the second.
pub const LINES_BEFORE_QUERY: usize = 1;

/// The brokers as the engine's Java clients are told of them.
#[derive(Clone)]
pub struct Kafka {
    pub bootstrap: String,
    /// By Kafka's names. Some are secrets.
    pub properties: BTreeMap<String, String>,
    /// How long the brokers keep a transaction open that nobody commits.
    pub transaction_timeout: Duration,
}

/// A statement that declares a source, or a part of one.
pub struct Declared<'a> {
    pub source: &'a Name,
    pub sql: String,
}

/// Every source of the stream, in the order of their names, each with its own of [`offsets::groups`].
///
/// Flink puts an operator behind a scan where not all of its columns are read as they stand, and reads every column of
/// every record: only those are declared that the query reads, so that no other one changes the job or fails it.
pub fn sources<'a>(stream: &'a Stream, kafka: &Kafka, group: &str, begin: impl Into<Begin<'a>>) -> Vec<Declared<'a>> {
    let begin = begin.into();
    let mut groups = offsets::groups(group, stream);
    // Text that cannot be read is the engine's to refuse; all columns are declared then.
    let facts = facts::read(&stream.sql, Dialect::Flink).unwrap_or_default();
    let mut declared = Vec::new();
    for (name, whole) in &stream.sources {
        let source = &Source { columns: reads::declared(&facts, whole), ..whole.clone() };
        let group = groups.remove(name).unwrap_or_default();
        let options = source_options(source, kafka, &group, &begin);
        declared.extend(source_statements(source, &options).into_iter().map(|sql| Declared { source: name, sql }));
    }
    declared
}

/// A table; where event time comes as a number, a table with a computed column and a view that gives it its name.
fn source_statements(source: &Source, options: &BTreeMap<String, String>) -> Vec<String> {
    let name = source.name.as_str();
    let Some(time) = &source.time else {
        let lines = source.columns.iter().map(|column| source_column(source, column)).chain(primary_key(source.key()));
        return vec![table(name, lines.collect(), options)];
    };
    match time.encoding {
        TimeEncoding::Iso8601 | TimeEncoding::Sql => {
            let mut lines: Vec<String> = source.columns.iter().map(|column| source_column(source, column)).collect();
            lines.push(watermark(&time.column, time.delay));
            lines.extend(primary_key(source.key()));
            vec![table(name, lines, options)]
        }
        TimeEncoding::EpochMs => epoch_statements(source, time, options),
    }
}

fn epoch_statements(source: &Source, time: &EventTime, options: &BTreeMap<String, String>) -> Vec<String> {
    let computed = free_name(&source.columns);
    let raw = format!("{RAW}{}", source.name);
    let mut lines = Vec::new();
    let mut shown = Vec::new();
    let mut expression = String::new();
    for col in &source.columns {
        let ident = ident(&col.name);
        if col.name == time.column {
            lines.push(format!("{ident} BIGINT"));
            shown.push(format!("{} AS {ident}", self::ident(&computed)));
            expression = from_millis(&ident, &col.kind);
        } else {
            lines.push(source_column(source, col));
            shown.push(ident);
        }
    }
    lines.push(format!("{} AS {expression}", ident(&computed)));
    lines.push(watermark(&computed, time.delay));
    lines.extend(primary_key(source.key()));
    let view = format!(
        "CREATE TEMPORARY VIEW {} AS SELECT {} FROM {}",
        ident(source.name.as_str()),
        shown.join(", "),
        ident(&raw)
    );
    vec![table(&raw, lines, options), view]
}

/// Milliseconds since the epoch as the column's type. Of a TIMESTAMP they are those of UTC, whatever the session's
/// time zone is.
fn from_millis(ident: &str, kind: &ColumnType) -> String {
    match &kind.kind {
        TypeKind::Timestamp(_) => format!(
            "CAST(TIMESTAMP '1970-01-01 00:00:00.000' + {ident} * INTERVAL '0.001' SECOND(1, 3) AS TIMESTAMP(3))"
        ),
        TypeKind::TimestampLtz(_)
        | TypeKind::Boolean
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
        | TypeKind::Array(_)
        | TypeKind::Multiset(_)
        | TypeKind::Map(..)
        | TypeKind::Row(_) => format!("TO_TIMESTAMP_LTZ({ident}, 3)"),
    }
}

/// A column name that the source does not use. Flink takes no dot in a time attribute's name.
fn free_name(columns: &[Column]) -> String {
    let mut name = "weir_time".to_owned();
    while columns.iter().any(|column| column.name == name) {
        name.push('_');
    }
    name
}

/// The name of the definition behind a table of the plan.
pub fn source_of_table(table: &str) -> &str {
    table.strip_prefix(RAW).unwrap_or(table)
}

/// The table over the output topic: an append log, or an upsert log where the output has a key. `group` is the
/// stream's: its transactions are named by it too.
pub fn sink(output: &Output, columns: &[Column], kafka: &Kafka, group: &str) -> String {
    let mut lines: Vec<String> = columns.iter().map(column).collect();
    lines.extend(primary_key(&output.key));
    table(OUTPUT, lines, &sink_options(output, kafka, group))
}

/// The user's text stands verbatim on lines of its own: a comment at its end ends there, and places in it can be
/// found again. That Flink takes it here proves that it is one query and nothing else.
pub fn view(sql: &str) -> String {
    format!("CREATE TEMPORARY VIEW {} AS\n{sql}\n", ident(QUERY))
}

pub fn describe_view() -> String {
    format!("DESCRIBE {}", ident(QUERY))
}

/// To be used only where [`view`] was accepted before.
pub fn insert(sql: &str) -> String {
    format!("INSERT INTO {}\n{sql}\n", ident(OUTPUT))
}

pub fn explain_insert(sql: &str) -> String {
    format!("EXPLAIN CHANGELOG_MODE, JSON_EXECUTION_PLAN {}", insert(sql))
}

pub fn table(name: &str, lines: Vec<String>, options: &BTreeMap<String, String>) -> String {
    let options: Vec<String> =
        options.iter().map(|(key, value)| format!("  {} = {}", literal(key), literal(value))).collect();
    format!("CREATE TEMPORARY TABLE {} (\n  {}\n) WITH (\n{}\n)", ident(name), lines.join(",\n  "), options.join(",\n"))
}

fn primary_key(key: &[String]) -> Option<String> {
    let columns: Vec<String> = key.iter().map(|name| ident(name)).collect();
    (!key.is_empty()).then(|| format!("PRIMARY KEY ({}) NOT ENFORCED", columns.join(", ")))
}

/// A column of the key is never NULL, whatever a source over an upsert log says.
fn source_column(source: &Source, of: &Column) -> String {
    let nullable = of.kind.nullable && !source.key().contains(&of.name);
    let kind = ColumnType { nullable, ..of.kind.clone() };
    column(&Column { name: of.name.clone(), kind })
}

fn column(column: &Column) -> String {
    format!("{} {}", ident(&column.name), types::print(&column.kind))
}

/// `WATERMARK FOR c AS c - delay`. The widest interval that Flink takes is 999 days.
fn watermark(name: &str, delay: Duration) -> String {
    let seconds = delay.as_secs();
    let interval = format!(
        "{} {:02}:{:02}:{:02}.{:03}",
        seconds / 86_400,
        seconds / 3600 % 24,
        seconds / 60 % 60,
        seconds % 60,
        delay.subsec_millis()
    );
    let name = ident(name);
    format!("WATERMARK FOR {name} AS {name} - INTERVAL {} DAY(3) TO SECOND(3)", literal(&interval))
}

/// What weir sets wins over the definition's own connector options.
fn source_options(source: &Source, kafka: &Kafka, group: &str, begin: &Begin<'_>) -> BTreeMap<String, String> {
    let mut options = match source.is_upsert() {
        true => upsert_options(source),
        false => append_options(source, begin),
    };
    let mut set = |key: &str, value: String| options.insert(key.to_owned(), value);
    set("topic", source.topic.to_string());
    if let Some(idle) = source.time.as_ref().and_then(|time| time.idle) {
        set("scan.watermark.idle-timeout", format!("{} ms", idle.as_millis()));
    }
    let connection = connection(kafka);
    // Where it begins is not the connection's to say.
    options.extend(connection.into_iter().filter(|(key, _)| key != RESET));
    options.insert("properties.group.id".to_owned(), group.to_owned());
    if source.output_of.as_ref().is_some_and(|upstream| upstream.delivery == Delivery::ExactlyOnce) {
        options.insert("properties.isolation.level".to_owned(), "read_committed".to_owned());
    }
    options
}

fn append_options(source: &Source, begin: &Begin<'_>) -> BTreeMap<String, String> {
    let mut options = source.connector.clone();
    options.extend(begin.options(&source.name));
    options.insert("connector".to_owned(), "kafka".to_owned());
    options.insert("format".to_owned(), format_name(source.format).to_owned());
    options.extend(format_options(source));
    options
}

/// Such a table is read from its beginning: it takes no option that says where (`UpsertKafkaDynamicTableFactory`).
/// Options of the format are given for each part of a record; what is bad can be skipped in the value only.
fn upsert_options(source: &Source) -> BTreeMap<String, String> {
    let format = format_name(source.format);
    let mut options = BTreeMap::from([("connector".to_owned(), "upsert-kafka".to_owned())]);
    for (key, value) in source.connector.clone().into_iter().chain(format_options(source)) {
        let of_format = key.starts_with(&format!("{format}."));
        options.insert(if of_format { format!("value.{key}") } else { key }, value);
    }
    for part in ["key", "value"] {
        options.insert(format!("{part}.format"), format.to_owned());
        if let Some(standard) = timestamps(source.format, time_encoding(source)) {
            options.insert(format!("{part}.json.timestamp-format.standard"), standard.to_owned());
        }
    }
    options
}

fn format_options(source: &Source) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    if let Some(standard) = timestamps(source.format, time_encoding(source)) {
        options.insert("json.timestamp-format.standard".to_owned(), standard.to_owned());
    }
    match (source.on_bad_record, source.format) {
        (OnBadRecord::Skip, Format::Json | Format::Csv) => {
            options.insert(format!("{}.ignore-parse-errors", format_name(source.format)), "true".to_owned());
        }
        // Every record is a good one of the format `raw`.
        (OnBadRecord::Skip, Format::Raw) | (OnBadRecord::Fail, Format::Json | Format::Csv | Format::Raw) => {}
    }
    options
}

/// As the stream behind the source writes its moments, else as the source says.
fn time_encoding(source: &Source) -> TimeEncoding {
    let written = source.output_of.as_ref().map(|upstream| upstream.time_encoding);
    let said = source.time.as_ref().map(|time| time.encoding);
    written.or(said).unwrap_or(TimeEncoding::Iso8601)
}

fn sink_options(output: &Output, kafka: &Kafka, group: &str) -> BTreeMap<String, String> {
    let mut options = connection(kafka);
    let mut set = |key: String, value: &str| options.insert(key, value.to_owned());
    set("topic".to_owned(), output.topic.as_str());
    let standard = timestamps(output.format, output.time_encoding);
    let format = format_name(output.format);
    if output.key.is_empty() {
        set("connector".to_owned(), "kafka");
        set("format".to_owned(), format);
        standard.map(|standard| set("json.timestamp-format.standard".to_owned(), standard));
    } else {
        set("connector".to_owned(), "upsert-kafka");
        for part in ["key", "value"] {
            set(format!("{part}.format"), format);
            standard.map(|standard| set(format!("{part}.json.timestamp-format.standard"), standard));
        }
    }
    options.extend(delivery(output.delivery, kafka, group));
    options
}

/// Both connectors take the same options. The prefix must be the same for every generation: a job that begins ends the
/// transactions under its prefix that others left open, and readers of committed rows wait for whatever is open. The
/// timeout must be given: Flink's own default is above what brokers take by theirs.
fn delivery(delivery: Delivery, kafka: &Kafka, prefix: &str) -> BTreeMap<String, String> {
    let pairs = match delivery {
        Delivery::AtLeastOnce => vec![("sink.delivery-guarantee", "at-least-once".to_owned())],
        Delivery::ExactlyOnce => vec![
            ("sink.delivery-guarantee", "exactly-once".to_owned()),
            ("sink.transactional-id-prefix", prefix.to_owned()),
            ("properties.transaction.timeout.ms", kafka.transaction_timeout.as_millis().to_string()),
        ],
    };
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

pub fn connection(kafka: &Kafka) -> BTreeMap<String, String> {
    let mut options: BTreeMap<String, String> =
        kafka.properties.iter().map(|(key, value)| (format!("properties.{key}"), value.clone())).collect();
    options.insert("properties.bootstrap.servers".to_owned(), kafka.bootstrap.clone());
    options
}

fn format_name(format: Format) -> &'static str {
    match format {
        Format::Json => "json",
        Format::Csv => "csv",
        Format::Raw => "raw",
    }
}

/// How timestamps are written, where the format has a choice. Numbers stand beside ISO texts.
fn timestamps(format: Format, encoding: TimeEncoding) -> Option<&'static str> {
    match (format, encoding) {
        (Format::Json, TimeEncoding::Iso8601 | TimeEncoding::EpochMs) => Some("ISO-8601"),
        (Format::Json, TimeEncoding::Sql) => Some("SQL"),
        (Format::Csv | Format::Raw, TimeEncoding::Iso8601 | TimeEncoding::Sql | TimeEncoding::EpochMs) => None,
    }
}

#[cfg(test)]
mod tests;
