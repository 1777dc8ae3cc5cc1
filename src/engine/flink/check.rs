//! What Flink says of a query and its inputs, with nothing started.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::engine::EngineError;
use crate::engine::flink::Flink;
use crate::engine::flink::client::gateway::{Outcome, Refusal, Session, StatementError};
use crate::engine::flink::ddl;
use crate::engine::flink::explain::{self, Explained, Upsert};
use crate::engine::flink::limits;
use crate::engine::flink::script;
use crate::engine::flink::script::{Sent, Statements};
use crate::engine::flink::words::Place;
use crate::model::check::{Accepted, Check};
use crate::model::column::{Column, ColumnType, TypeKind};
use crate::model::definition::{Start, Stream};
use crate::model::diagnostic::Diagnostic;
use crate::model::tree::Span;
use crate::sql::place::byte_at;
use crate::sql::types;

/// No job ever joins it, and no transaction bears its name.
const GROUP: &str = "weir.check";

/// Why a check ends before its end.
enum Stop {
    Refused(Vec<Diagnostic>),
    Door(EngineError),
}

impl From<EngineError> for Stop {
    fn from(error: EngineError) -> Stop {
        Stop::Door(error)
    }
}

impl From<Diagnostic> for Stop {
    fn from(diagnostic: Diagnostic) -> Stop {
        Stop::Refused(vec![diagnostic])
    }
}

/// Flow: sources, the query as a view, the view's columns, the sink as it will be, the plan of the INSERT into it.
/// Guarantees: nothing runs; nothing outlives the session.
pub async fn check(flink: &Flink, stream: &Stream) -> Result<Check, EngineError> {
    let problems = limits::problems(stream);
    if !problems.is_empty() {
        return Ok(Check::Refused { diagnostics: problems });
    }
    let session = flink.open_session(stream).await?;
    let answer = ask(flink, &session, stream).await;
    session.close().await;
    match answer {
        Ok(accepted) => Ok(Check::Accepted(accepted)),
        Err(Stop::Refused(diagnostics)) => Ok(Check::Refused { diagnostics }),
        Err(Stop::Door(error)) => Err(error),
    }
}

async fn ask(flink: &Flink, session: &Session, stream: &Stream) -> Result<Accepted, Stop> {
    let say = |error: StatementError| flink.statement_failed(error);
    for declared in ddl::sources(stream, flink.kafka(), GROUP, Start::Earliest) {
        session.run(&declared.sql).await.map_err(|error| match error {
            StatementError::Refused(refusal) => {
                let text = format!("source `{}`: {}", declared.source, refusal.words);
                Diagnostic::error("engine_refused", "", None, text).into()
            }
            StatementError::Failed(_) | StatementError::Call(_) => Stop::Door(say(error)),
        })?;
    }
    if !stream.body.is_query() {
        return ask_script(flink, session, stream).await;
    }
    let in_query = |error: StatementError| match error {
        StatementError::Refused(refusal) => of_query(stream, &refusal).into(),
        StatementError::Failed(_) | StatementError::Call(_) => Stop::Door(say(error)),
    };
    session.run(&ddl::view(&stream.sql)).await.map_err(in_query)?;
    let described = session.run(&ddl::describe_view()).await.map_err(in_query)?;
    let columns = columns(stream, &described)?;
    session.run(&ddl::sink(&stream.output, &columns, flink.kafka(), GROUP)).await.map_err(in_query)?;
    let explained = match session.run(&ddl::explain_insert(&stream.sql)).await {
        Ok(outcome) => read(&outcome)?,
        Err(StatementError::Refused(refusal)) => return Err(of_sink(stream, &refusal).into()),
        Err(error) => return Err(Stop::Door(say(error))),
    };
    accept(stream, columns, explained)
}

/// Whatever the script declares, and the plan of its INSERTs. Its sinks are its own: no columns of an output.
async fn ask_script(flink: &Flink, session: &Session, stream: &Stream) -> Result<Accepted, Stop> {
    let Statements { declared, set } = script::statements(stream, flink.kafka(), GROUP);
    for sent in &declared {
        run_of_script(flink, session, sent).await?;
    }
    let outcome = run_of_script(flink, session, &set.after("EXPLAIN CHANGELOG_MODE, JSON_EXECUTION_PLAN ")).await?;
    let (changelog, sources) =
        explain::read_set(text(&outcome)).map_err(|why| Stop::Door(EngineError::Uncertain(why)))?;
    Ok(Accepted { columns: Vec::new(), changelog, sources })
}

async fn run_of_script(flink: &Flink, session: &Session, sent: &Sent) -> Result<Outcome, Stop> {
    session.run(&sent.sql).await.map_err(|error| match error {
        StatementError::Refused(refusal) => {
            let place = refusal.place.and_then(|Place { from, to }| sent.span(from, to));
            let span = Some(place.unwrap_or(sent.whole()));
            Diagnostic::error("engine_refused", "", span, refusal.words).into()
        }
        StatementError::Failed(_) | StatementError::Call(_) => Stop::Door(flink.statement_failed(error)),
    })
}

fn read(outcome: &Outcome) -> Result<Explained, Stop> {
    explain::read(text(outcome)).map_err(|why| Stop::Door(EngineError::Uncertain(why)))
}

fn text(outcome: &Outcome) -> &str {
    outcome.rows.first().and_then(|row| row.first()).and_then(Value::as_str).unwrap_or_default()
}

fn accept(stream: &Stream, columns: Vec<Column>, explained: Explained) -> Result<Accepted, Stop> {
    match explained.upsert {
        Upsert::Direct => Ok(Accepted { columns, changelog: explained.changelog, sources: explained.sources }),
        Upsert::Materialized => Err(wrong_key(stream, None).into()),
    }
}

/// The view's columns as a sink may declare them, or what is wrong with them.
fn columns(stream: &Stream, described: &Outcome) -> Result<Vec<Column>, Stop> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for row in &described.rows {
        let cell = |at: usize| row.get(at).and_then(Value::as_str).unwrap_or_default();
        let name = cell(0).to_owned();
        if name.strip_prefix("EXPR$").is_some_and(|number| number.chars().all(|c| c.is_ascii_digit())) {
            let text = format!("column {} of the query has no name", found.len() + problems.len() + 1);
            problems
                .push(query_error(stream, "unnamed_column", text).with_help("give the expression a name: `… AS name`"));
            continue;
        }
        if !seen.insert(name.clone()) {
            problems.push(doubled(stream, &format!("the query has two columns named `{name}`"), None));
            continue;
        }
        match column_type(cell(1)) {
            Ok(kind) => found.push(Column { name, kind }),
            Err(why) => {
                let text = format!("column `{name}` has the type {}, which no topic can hold: {why}", cell(1));
                problems.push(query_error(stream, "column_type", text).with_help("cast it to another type"));
            }
        }
    }
    problems.extend(stream.output.key.iter().filter(|key| !seen.contains(*key)).map(|key| {
        let names: Vec<_> = seen.iter().map(|name| format!("`{name}`")).collect();
        let text = format!("output.key names `{key}`, which the query does not give");
        Diagnostic::error("unknown_key_column", "", None, text).with_help(format!("its columns: {}", names.join(", ")))
    }));
    if !problems.is_empty() {
        return Err(Stop::Refused(problems));
    }
    for column in &mut found {
        column.kind.nullable = !stream.output.key.contains(&column.name);
    }
    Ok(found)
}

/// A type as DESCRIBE prints it, without the mark of a time attribute. Texts of a fixed or limited length become
/// STRING: a literal's length is no promise.
fn column_type(text: &str) -> Result<ColumnType, types::TypeError> {
    let text = text.trim_end_matches("*ROWTIME*").trim_end_matches("*PROCTIME*");
    let mut kind = types::parse(text.trim())?;
    if let TypeKind::Char(_) | TypeKind::VarChar(_) = kind.kind {
        kind.kind = TypeKind::String;
    }
    Ok(kind)
}

fn of_query(stream: &Stream, refusal: &Refusal) -> Diagnostic {
    let span = span(&stream.sql, refusal.place);
    match refusal.words.starts_with("A column with the same name") {
        true => doubled(stream, &refusal.words, span),
        false => Diagnostic::error("engine_refused", "", Some(span.unwrap_or(whole(stream))), &refusal.words),
    }
}

fn doubled(stream: &Stream, words: &str, span: Option<Span>) -> Diagnostic {
    Diagnostic::error("doubled_column", "", Some(span.unwrap_or(whole(stream))), words)
        .with_help("give one of them another name: `… AS name`")
}

/// What the planner says of the INSERT: it knows the query already, so most of it is about the sink.
fn of_sink(stream: &Stream, refusal: &Refusal) -> Diagnostic {
    let words = &refusal.words;
    if words.contains("doesn't support consuming update") {
        return needs_key(stream);
    }
    if words.contains("has an upsert key that differs from the primary key") {
        let key = words.rsplit_once("upsert key: [").and_then(|(_, rest)| rest.split_once(']')).map(|(key, _)| key);
        return wrong_key(stream, key);
    }
    of_query(stream, refusal)
}

/// Rows are updated by the query, or by what it reads.
fn needs_key(stream: &Stream) -> Diagnostic {
    let upserts = stream.sources.values().filter(|source| source.is_upsert());
    let inputs: Vec<String> =
        upserts.map(|source| format!("`{}` (by its key [{}])", source.name, source.key().join(", "))).collect();
    let text = match inputs.is_empty() {
        true => "the query updates rows that it gave before, so the output needs a key".to_owned(),
        false => format!("the query reads {}, whose rows are updated, so the output needs a key", inputs.join(", ")),
    };
    query_error(stream, "changelog_needs_key", text)
        .with_help("name the columns that identify a row in output.key; the topic is then an upsert log")
}

fn wrong_key(stream: &Stream, right: Option<&str>) -> Diagnostic {
    let given = stream.output.key.join(", ");
    let text = format!("output.key = [{given}] is not the query's upsert key: rows of another key would overwrite it");
    let help = match right.filter(|right| !right.is_empty()) {
        Some(right) => format!("the query's upsert key is [{right}]"),
        None => "the key must be what the query's rows are unique by, as the columns of its GROUP BY".to_owned(),
    };
    Diagnostic::error("output_key", "", None, text).with_help(help)
}

fn query_error(stream: &Stream, code: &str, text: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, "", Some(whole(stream)), text)
}

fn whole(stream: &Stream) -> Span {
    Span::new(0, stream.sql.len())
}

/// A place in a statement as a range of the user's text in it.
fn span(sql: &str, place: Option<Place>) -> Option<Span> {
    let Place { from, to } = place?;
    let line = |line: usize| line.checked_sub(ddl::LINES_BEFORE_QUERY).filter(|line| *line > 0);
    let start = byte_at(sql, line(from.0)?, from.1);
    let last = byte_at(sql, line(to.0)?, to.1);
    let end = last + sql[last..].chars().next().map_or(0, char::len_utf8);
    Some(Span::new(start, end.max(start)))
}

#[cfg(test)]
mod tests;
