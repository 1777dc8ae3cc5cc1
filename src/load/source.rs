//! The rules of a source: one small function each, all of them run.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::load::definition_file::{SourceFile, TimeFile};
use crate::load::moment::{self, Least};
use crate::load::report::Report;
use crate::load::suggest;
use crate::model::column::{Column, TypeKind};
use crate::model::definition::{EventTime, Format, OnBadRecord, Source, TimeEncoding};
use crate::model::name::{Name, TopicName};
use crate::sql::types;

/// What a name that a query reads stands for.
pub enum SourceState {
    Usable(Box<Source>),
    Broken,
    /// A stream's output; its columns are those of the stream's check.
    Stream(Box<Source>),
    /// Whatever a script writes.
    Script,
}

impl SourceState {
    pub fn declared(&self) -> Option<&Source> {
        match self {
            SourceState::Usable(source) => Some(source),
            SourceState::Broken | SourceState::Stream(_) | SourceState::Script => None,
        }
    }

    pub fn usable(self) -> Option<Source> {
        match self {
            SourceState::Usable(source) => Some(*source),
            SourceState::Broken | SourceState::Stream(_) | SourceState::Script => None,
        }
    }
}

/// Table options that a source may set, each with the format that it belongs to and what its value is.
const CONNECTOR: &[(&str, Option<Format>, Takes)] = &[
    ("properties.fetch.min.bytes", None, Takes::Count),
    ("properties.fetch.max.bytes", None, Takes::Count),
    ("properties.fetch.max.wait.ms", None, Takes::Count),
    ("properties.max.partition.fetch.bytes", None, Takes::Count),
    ("properties.max.poll.records", None, Takes::Count),
    // For a topic that others write in transactions.
    ("properties.isolation.level", None, Takes::Isolation),
    ("scan.topic-partition-discovery.interval", None, Takes::Time),
    ("json.ignore-parse-errors", Some(Format::Json), Takes::Truth),
    ("json.fail-on-missing-field", Some(Format::Json), Takes::Truth),
    ("csv.ignore-parse-errors", Some(Format::Csv), Takes::Truth),
    ("csv.field-delimiter", Some(Format::Csv), Takes::Text),
    ("csv.quote-character", Some(Format::Csv), Takes::Text),
    ("csv.allow-comments", Some(Format::Csv), Takes::Truth),
    ("csv.array-element-delimiter", Some(Format::Csv), Takes::Text),
    ("csv.escape-character", Some(Format::Csv), Takes::Text),
    ("csv.null-literal", Some(Format::Csv), Takes::Text),
    ("raw.charset", Some(Format::Raw), Takes::Text),
    ("raw.endianness", Some(Format::Raw), Takes::Text),
];

#[derive(Debug, Clone, Copy)]
enum Takes {
    Count,
    Time,
    Truth,
    Isolation,
    Text,
}

/// The source, unless its topic cannot be made out; it is usable if nothing was found.
pub fn build(report: &mut Report<'_>, name: &Name, file: &SourceFile) -> Option<Source> {
    let topic = topic(report, &["topic"], &file.topic);
    let columns = columns(report, file);
    raw_has_one_column(report, file);
    let time = file.time.as_ref().map(|time| event_time(report, file, time, &columns));
    let mut connector = connector(report, file);
    let on_bad_record = on_bad_record(report, file, &mut connector);
    missing_fields_are_told_once(report, on_bad_record, &connector);
    Some(Source {
        name: name.clone(),
        topic: topic?,
        format: file.format,
        on_bad_record,
        columns: columns.into_iter().map(|(column, _)| column).collect(),
        time,
        connector,
        output_of: None,
    })
}

pub fn topic(report: &mut Report<'_>, path: &[&str], text: &str) -> Option<TopicName> {
    match TopicName::parse(text) {
        Ok(topic) => Some(topic),
        Err(wrong) => {
            let told = report.document.error("bad_topic", path, format!("`{text}` is no {}", wrong.what));
            report.push(told.with_help(wrong.rule));
            None
        }
    }
}

/// Columns in declared order, with whether their type could be read.
fn columns(report: &mut Report<'_>, file: &SourceFile) -> Vec<(Column, bool)> {
    let place = |name: &str| report.document.node(&["columns", name]).and_then(|node| node.key);
    let mut names: Vec<&String> = file.columns.keys().collect();
    names.sort_by_key(|name| place(name));
    if names.is_empty() {
        report.push(report.document.error_at_key("no_columns", &["columns"], "a source needs at least one column"));
    }
    let mut columns = Vec::new();
    for name in names {
        let path = ["columns", name.as_str()];
        if name.is_empty() || name.chars().any(char::is_control) {
            let wrong = report.document.error_at_key("bad_column", &path, "a column's name is text on one line");
            report.push(wrong);
        }
        match types::parse(&file.columns[name]) {
            Ok(kind) => columns.push((Column { name: name.clone(), kind }, true)),
            Err(wrong) => {
                let mut told = report.document.error_within("bad_type", &path, wrong.span, wrong.message);
                told.help = wrong.help;
                report.push(told);
                let unread = types::parse("STRING").ok();
                columns.extend(unread.map(|kind| (Column { name: name.clone(), kind }, false)));
            }
        }
    }
    columns_differ_by_more_than_case(report, &columns);
    columns
}

/// TOML refuses the very same key; engines and their readers differ on case.
fn columns_differ_by_more_than_case(report: &mut Report<'_>, columns: &[(Column, bool)]) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (column, _) in columns {
        if let Some(first) = seen.insert(column.name.to_lowercase(), &column.name) {
            let message = format!("`{}` and `{first}` differ only in case", column.name);
            report.push(report.document.error_at_key("duplicate_column", &["columns", &column.name], message));
        }
    }
}

fn raw_has_one_column(report: &mut Report<'_>, file: &SourceFile) {
    if file.format == Format::Raw && file.columns.len() > 1 {
        let wrong = report.document.error_at_key("raw_columns", &["columns"], "a raw record is one value: one column");
        report.push(wrong.with_help("keep one column, or choose another `format`"));
    }
}

fn event_time(report: &mut Report<'_>, file: &SourceFile, time: &TimeFile, columns: &[(Column, bool)]) -> EventTime {
    let encoding = encoding(report, &["time", "encoding"], time.encoding, file.format);
    time_column_carries_time(report, time, columns);
    let mut length = |key: &str, text: &str, least: Least| moment::duration(report, &["time", key], text, least);
    let delay = time.delay.as_ref().and_then(|text| length("delay", text, Least::Zero));
    let idle = time.idle.as_ref().and_then(|text| length("idle", text, Least::AboveZero));
    EventTime { column: time.column.clone(), encoding, delay: delay.unwrap_or(Duration::ZERO), idle }
}

/// The encoding at `path`. Only Flink's JSON format reads and writes ISO 8601: its CSV format knows the SQL form only
/// (flink-formats, `CsvToRowDataConverters`).
pub fn encoding(report: &mut Report<'_>, path: &[&str], written: Option<TimeEncoding>, format: Format) -> TimeEncoding {
    if written == Some(TimeEncoding::Iso8601) && format != Format::Json {
        let wrong = report.document.error("bad_encoding", path, "only json has moments in ISO 8601");
        report.push(wrong.with_help("use `sql` (`2025-01-01 00:00:00.000`)"));
    }
    written.unwrap_or(match format {
        Format::Json => TimeEncoding::Iso8601,
        Format::Csv | Format::Raw => TimeEncoding::Sql,
    })
}

/// The column is declared as what it means to the query, however the moment is written.
fn time_column_carries_time(report: &mut Report<'_>, time: &TimeFile, columns: &[(Column, bool)]) {
    let path = ["time", "column"];
    let Some((column, readable)) = columns.iter().find(|(column, _)| column.name == time.column) else {
        let mut wrong = report.document.error("unknown_column", &path, format!("there is no column `{}`", time.column));
        wrong.help = suggest::help(&time.column, "columns", columns.iter().map(|(column, _)| column.name.as_str()));
        report.push(wrong);
        return;
    };
    let fits = matches!(column.kind.kind, TypeKind::Timestamp(3) | TypeKind::TimestampLtz(3));
    if *readable && !fits {
        let message = format!("`{}` is the event time and must be `TIMESTAMP(3)` or `TIMESTAMP_LTZ(3)`", column.name);
        let wrong = report.document.error("bad_time_column", &["columns", &column.name], message);
        report.push(wrong.with_help("`[time] encoding` says how it is written; a number with `epoch_ms`"));
    }
}

/// The table options, each with its value as the engine reads it.
fn connector(report: &mut Report<'_>, file: &SourceFile) -> BTreeMap<String, String> {
    let mut options = BTreeMap::new();
    for (key, value) in &file.connector {
        let path = ["connector", key.as_str()];
        match CONNECTOR.iter().find(|(allowed, ..)| allowed == key) {
            None => {
                let message = format!("`{key}` is not among the table options that a file may set");
                let mut wrong = report.document.error_at_key("unknown_option", &path, message);
                let all = CONNECTOR.iter().map(|(allowed, ..)| *allowed);
                wrong.help = suggest::help(key, "options", all)
                    .or_else(|| Some("weir itself sets brokers, group, security and where to start".to_owned()));
                report.push(wrong);
            }
            Some((_, Some(format), _)) if *format != file.format => {
                let message = format!("`{key}` belongs to another format");
                report.push(report.document.error_at_key("unknown_option", &path, message));
            }
            Some((.., takes)) => match read_option(*takes, value) {
                Ok(value) => options.extend([(key.clone(), value)]),
                Err(wanted) => {
                    let message = format!("`{key}` takes {wanted}");
                    report.push(report.document.error("bad_option", &path, message));
                }
            },
        }
    }
    options
}

/// The value as the engine reads it, or what is wanted instead. Flink knows lengths of time of one unit only
/// (`TimeUtils.parseDuration`), so they are given in milliseconds.
fn read_option(takes: Takes, value: &str) -> Result<String, &'static str> {
    let (read, wanted) = match takes {
        Takes::Count => {
            let count = value.parse::<u32>().ok().filter(|count| *count <= i32::MAX as u32);
            (count.map(|count| count.to_string()), "a whole number")
        }
        Takes::Time => (moment::parse(value).map(|time| format!("{} ms", time.as_millis())), "a length of time"),
        Takes::Truth => (matches!(value, "true" | "false").then(|| value.to_owned()), "\"true\" or \"false\""),
        Takes::Isolation => (
            matches!(value, "read_committed" | "read_uncommitted").then(|| value.to_owned()),
            "\"read_committed\" or \"read_uncommitted\"",
        ),
        Takes::Text => ((!value.is_empty()).then(|| value.to_owned()), "a text"),
    };
    read.ok_or(wanted)
}

/// The format's own word for skipping is the same as ours: it is said once.
fn on_bad_record(report: &mut Report<'_>, file: &SourceFile, connector: &mut BTreeMap<String, String>) -> OnBadRecord {
    let mut word = file.on_bad_record;
    for key in ["json.ignore-parse-errors", "csv.ignore-parse-errors"] {
        let Some(value) = connector.remove(key) else { continue };
        let meant = if value == "true" { OnBadRecord::Skip } else { OnBadRecord::Fail };
        if word.is_some_and(|word| word != meant) {
            let message = format!("`{key}` says another thing than `on_bad_record`");
            report.push(
                report.document.error("conflict", &["connector", key], message).with_help("keep `on_bad_record` only"),
            );
        }
        word = Some(meant);
    }
    if file.format == Format::Raw && word == Some(OnBadRecord::Skip) {
        let wrong = report.document.error("conflict", &["on_bad_record"], "a raw record cannot be bad");
        report.push(wrong.with_help("remove `on_bad_record`"));
    }
    word.unwrap_or(OnBadRecord::Fail)
}

/// Flink refuses the two together (`JsonFormatOptionsUtil.validateDecodingFormatOptions`).
fn missing_fields_are_told_once(
    report: &mut Report<'_>,
    on_bad_record: OnBadRecord,
    connector: &BTreeMap<String, String>,
) {
    let key = "json.fail-on-missing-field";
    if on_bad_record == OnBadRecord::Skip && connector.get(key).is_some_and(|value| value == "true") {
        let message = "a record without a field cannot both fail and be skipped";
        report.push(report.document.error("conflict", &["connector", key], message));
    }
}
