//! A stream that is a script: its statements as they are sent, and back from a place in one to the script's text.
//!
//! Every table of the script is temporary, so that nothing of it outlives the session whatever the catalog is. To those
//! over the project's own brokers weir gives the connection, and where the script leaves it open the consumer group and
//! where to begin.

use std::collections::BTreeMap;

use crate::engine::flink::begin::{RESET, at_start};
use crate::engine::flink::ddl;
use crate::engine::flink::ddl::Kafka;
use crate::model::definition::{Start, Stream};
use crate::model::tree::Span;
use crate::sql::Dialect;
use crate::sql::facts;
use crate::sql::facts::Facts;
use crate::sql::flink::literal;
use crate::sql::outline;
use crate::sql::outline::Outline;
use crate::sql::place::byte_at;

/// A statement with the way back.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Sent {
    pub sql: String,
    /// Byte of the statement, byte of the script, and how many go together; in order.
    runs: Vec<(usize, usize, usize)>,
}

/// The statements of a script, in their order.
#[derive(Debug)]
pub struct Statements {
    pub declared: Vec<Sent>,
    /// The INSERTs as one statement set, without the word before it that says what is done with it.
    pub set: Sent,
}

/// Whether the script reads topics by tables of its own. Where these go on, only the whole state of its job tells.
pub fn reads_topics_itself(stream: &Stream) -> bool {
    let facts = read(stream);
    let outline = outline::of(&facts);
    outline.tables().any(|table| table.is_over_kafka() && is_read(&outline, table))
}

fn read(stream: &Stream) -> Vec<Facts> {
    // What cannot be read was refused when the file was.
    facts::read(&stream.sql, Dialect::Flink).unwrap_or_default()
}

pub fn statements(stream: &Stream, kafka: &Kafka, group: &str) -> Statements {
    let facts = read(stream);
    let outline = outline::of(&facts);
    let declared = outline.declared.iter().map(|statement| {
        let options = (!statement.with.is_empty()).then(|| {
            let read = is_read(&outline, statement);
            options(statement, kafka, group, read.then_some(stream.start))
        });
        declare(&stream.sql, statement, options.as_ref())
    });
    Statements { declared: declared.collect(), set: set(&stream.sql, &outline) }
}

fn is_read(outline: &Outline<'_>, table: &Facts) -> bool {
    let Some(name) = &table.name else { return false };
    let mut statements = outline.declared.iter().chain(&outline.inserts);
    statements.any(|statement| statement.sources.iter().any(|source| source.name == name.name))
}

/// `start`: of a table that is read, where it begins if the script does not say.
fn options(table: &Facts, kafka: &Kafka, group: &str, start: Option<Start>) -> BTreeMap<String, String> {
    let mut options = table.with.clone();
    if !table.is_over_kafka() {
        return options;
    }
    if table.other_brokers(&kafka.bootstrap).is_none() {
        // Where it begins is not the connection's to say.
        options.extend(ddl::connection(kafka).into_iter().filter(|(key, _)| key != RESET));
    }
    if let (Some(start), Some(name)) = (start, &table.name) {
        options.entry("properties.group.id".to_owned()).or_insert_with(|| format!("{group}.{}", name.name));
        // An upsert log is read from its beginning, and takes no option that says so.
        let free = table.option("connector") == Some("kafka") && !options.contains_key("scan.startup.mode");
        options.extend(at_start(start).into_iter().filter(|_| free));
    }
    options
}

/// `CREATE TEMPORARY …` with these options.
fn declare(script: &str, statement: &Facts, options: Option<&BTreeMap<String, String>>) -> Sent {
    const CREATE: usize = "CREATE".len();
    let whole = statement.place;
    let mut sent = Sent::default();
    sent.copy(script, Span::new(whole.start, whole.start + CREATE));
    if !statement.object.as_deref().is_some_and(|object| object.starts_with("TEMPORARY")) {
        sent.write(" TEMPORARY");
    }
    let after = whole.start + CREATE;
    match (statement.with_place, options) {
        (Some(with), Some(options)) => {
            sent.copy(script, Span::new(after, with.start));
            let lines: Vec<String> =
                options.iter().map(|(key, value)| format!("{} = {}", literal(key), literal(value))).collect();
            sent.write(&format!("({})", lines.join(", ")));
            sent.copy(script, Span::new(with.end, whole.end));
        }
        (Some(_) | None, Some(_) | None) => sent.copy(script, Span::new(after, whole.end)),
    }
    sent
}

fn set(script: &str, outline: &Outline<'_>) -> Sent {
    let mut sent = Sent::default();
    sent.write("STATEMENT SET BEGIN\n");
    for insert in &outline.inserts {
        let hints = insert.hints.iter().map(|hint| hint.place.end);
        let end = hints.chain([insert.place.end]).max().unwrap_or(insert.place.end);
        // `EXECUTE INSERT` is for outside of a set only.
        let text = script.get(insert.place.start..end).unwrap_or_default();
        let word = text.get(.."EXECUTE".len()).filter(|word| word.eq_ignore_ascii_case("EXECUTE"));
        sent.copy(script, Span::new(insert.place.start + word.map_or(0, str::len), end));
        // On a line of its own: a hint may end in what looks like a comment.
        sent.write("\n;\n");
    }
    sent.write("END");
    sent
}

impl Sent {
    fn write(&mut self, text: &str) {
        self.sql.push_str(text);
    }

    fn copy(&mut self, script: &str, part: Span) {
        let text = script.get(part.start..part.end).unwrap_or_default();
        self.runs.push((self.sql.len(), part.start, text.len()));
        self.sql.push_str(text);
    }

    /// With words before it, on its first line.
    pub fn after(mut self, words: &str) -> Sent {
        self.sql.insert_str(0, words);
        self.runs.iter_mut().for_each(|(at, ..)| *at += words.len());
        self
    }

    /// A place in the statement (lines and columns from 1, both ends included) in the script. `None`: weir wrote it.
    pub fn span(&self, from: (usize, usize), to: (usize, usize)) -> Option<Span> {
        let start = self.back(byte_at(&self.sql, from.0, from.1))?;
        let last = byte_at(&self.sql, to.0, to.1);
        let length = self.sql[last..].chars().next().map_or(0, char::len_utf8);
        let end = self.back(last).map_or(start, |last| last + length);
        Some(Span::new(start, end.max(start)))
    }

    /// All of the script that is in it.
    pub fn whole(&self) -> Span {
        let start = self.runs.iter().map(|(_, script, _)| *script).min().unwrap_or_default();
        let end = self.runs.iter().map(|(_, script, length)| script + length).max().unwrap_or(start);
        Span::new(start, end)
    }

    fn back(&self, byte: usize) -> Option<usize> {
        let run = self.runs.iter().find(|(at, _, length)| *at <= byte && byte < at + length);
        run.map(|(at, script, _)| script + (byte - at))
    }
}

#[cfg(test)]
mod tests;
