//! A definition as text, to show what two of them have different. It reads like the file, but it is what was
//! understood: variables filled in, defaults in place.

use std::time::Duration;

use similar::TextDiff;

use crate::model::definition::Allow;
use crate::model::definition::Delivery;
use crate::model::definition::DesiredRun;
use crate::model::definition::Format;
use crate::model::definition::OnBadRecord;
use crate::model::definition::OnRemove;
use crate::model::definition::Output;
use crate::model::definition::Policy;
use crate::model::definition::Source;
use crate::model::definition::Start;
use crate::model::definition::Stream;
use crate::model::definition::TimeEncoding;
use crate::model::few::Few;
use crate::sql::types;

/// Unified, with one line around each change; `None`: they read the same.
pub fn diff(old: (&Stream, &Policy), new: (&Stream, &Policy)) -> Option<String> {
    let (old, new) = (print(old.0, old.1), print(new.0, new.1));
    (old != new).then(|| TextDiff::from_lines(&old, &new).unified_diff().context_radius(1).to_string())
}

fn print(stream: &Stream, policy: &Policy) -> String {
    let mut lines = Vec::new();
    lines.extend(policy.description.as_ref().map(|text| format!("description = {text:?}")));
    lines.extend(policy.owner.as_ref().map(|text| format!("owner = {text:?}")));
    lines.push(format!("engine = \"{}\"", stream.engine));
    lines.push(format!("run = \"{}\"", run(stream.run)));
    let key = if stream.body.is_query() { "sql" } else { "script" };
    lines.push(format!("{key} = \"\"\""));
    lines.extend(stream.sql.trim_end().lines().map(str::to_owned));
    lines.push("\"\"\"".to_owned());
    output(&stream.output, &mut lines);
    lines.push("[deploy]".to_owned());
    lines.push(format!("start = \"{}\"", start(stream.start)));
    let allow: Vec<&str> = policy.allow.iter().map(|allow| allowed(*allow)).collect();
    lines.push(format!("allow = {allow:?}"));
    lines.push(format!("on_remove = \"{}\"", on_remove(policy.on_remove)));
    lines.push(format!("protect = {}", policy.protect));
    lines.push(format!("keep_savepoints = {}", policy.keep_savepoints));
    table("[options]", &stream.options, &mut lines);
    for source in stream.sources.values() {
        lines.push(format!("[source.{}]", source.name));
        read(source, &mut lines);
    }
    lines.join("\n") + "\n"
}

fn output(output: &Output, lines: &mut Vec<String>) {
    lines.push("[output]".to_owned());
    lines.push(format!("topic = \"{}\"", output.topic));
    lines.push(format!("format = \"{}\"", format_word(output.format)));
    lines.push(format!("time_encoding = \"{}\"", encoding(output.time_encoding)));
    lines.extend(output.partitions.map(|count| format!("partitions = {count}")));
    lines.extend(output.replication.map(|count| format!("replication = {count}")));
    lines.push(format!("delivery = \"{}\"", delivery(output.delivery)));
    lines.push(format!("key = {:?}", output.key));
    table("[output.config]", &output.config, lines);
}

fn read(source: &Source, lines: &mut Vec<String>) {
    lines.push(format!("topic = \"{}\"", source.topic));
    lines.push(format!("format = \"{}\"", format_word(source.format)));
    lines.push(format!("on_bad_record = \"{}\"", on_bad_record(source.on_bad_record)));
    for column in &source.columns {
        lines.push(format!("columns.{} = \"{}\"", column.name, types::print(&column.kind)));
    }
    if let Some(time) = &source.time {
        lines.push(format!("time.column = {:?}", time.column));
        lines.push(format!("time.encoding = \"{}\"", encoding(time.encoding)));
        lines.push(format!("time.delay = \"{}\"", duration(time.delay)));
        lines.extend(time.idle.map(|idle| format!("time.idle = \"{}\"", duration(idle))));
    }
    lines.extend(source.connector.iter().map(|(key, value)| format!("connector.{key:?} = {value:?}")));
}

fn table(head: &str, entries: &Few<String, String>, lines: &mut Vec<String>) {
    if !entries.is_empty() {
        lines.push(head.to_owned());
        lines.extend(entries.iter().map(|(key, value)| format!("{key:?} = {value:?}")));
    }
}

fn run(run: DesiredRun) -> &'static str {
    match run {
        DesiredRun::Running => "running",
        DesiredRun::Stopped => "stopped",
    }
}

fn format_word(format: Format) -> &'static str {
    match format {
        Format::Json => "json",
        Format::Csv => "csv",
        Format::Raw => "raw",
    }
}

fn encoding(encoding: TimeEncoding) -> &'static str {
    match encoding {
        TimeEncoding::Iso8601 => "iso8601",
        TimeEncoding::Sql => "sql",
        TimeEncoding::EpochMs => "epoch_ms",
    }
}

fn delivery(delivery: Delivery) -> &'static str {
    match delivery {
        Delivery::AtLeastOnce => "at_least_once",
        Delivery::ExactlyOnce => "exactly_once",
    }
}

fn on_bad_record(rule: OnBadRecord) -> &'static str {
    match rule {
        OnBadRecord::Fail => "fail",
        OnBadRecord::Skip => "skip",
    }
}

fn on_remove(rule: OnRemove) -> &'static str {
    match rule {
        OnRemove::Keep => "keep",
        OnRemove::Stop => "stop",
        OnRemove::Drop => "drop",
    }
}

fn allowed(allow: Allow) -> &'static str {
    match allow {
        Allow::Replays => "replays",
        Allow::DropsState => "drops_state",
    }
}

fn start(start: Start) -> String {
    match start {
        Start::Earliest => "earliest".to_owned(),
        Start::Latest => "latest".to_owned(),
        Start::Timestamp(at) => timestamp(at),
    }
}

/// RFC 3339; milliseconds that no calendar holds stay a number.
pub fn timestamp(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at).map_or_else(|_| format!("{at}ms"), |at| at.to_string())
}

fn duration(duration: Duration) -> String {
    match (duration.as_secs(), duration.subsec_millis()) {
        (secs, 0) => format!("{secs}s"),
        (_, _) => format!("{}ms", duration.as_millis()),
    }
}
