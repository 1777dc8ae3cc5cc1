//! The query of a stream: its text, the sources it reads, and its tokens.

use crate::load::definition_file::StreamFile;
use crate::load::reading;
use crate::load::report::Report;
use crate::load::source::SourceState;
use crate::load::stream::Surroundings;
use crate::load::suggest;
use crate::load::text::{Text, fill};
use crate::model::config::EngineKind;
use crate::model::definition::{Body, Source};
use crate::model::desired::SqlPlace;
use crate::model::diagnostic::Diagnostic;
use crate::model::few::Few;
use crate::model::name::Name;
use crate::model::tree::{SourceFile, Span};
use crate::sql::facts::{Facts, Source as Mention};
use crate::sql::rules::{Finding, Purpose};
use crate::sql::{Dialect, SqlError, facts, rules};

/// Largest `sql_file`, in bytes.
const LARGEST: usize = 1024 * 1024;

/// What a stream runs.
pub struct Query {
    pub body: Body,
    pub sql: String,
    pub place: SqlPlace,
    pub sources: Few<Name, Source>,
    /// Every statement; of a query the only one.
    pub facts: Vec<Facts>,
    /// What a script sets: options of its job.
    pub settings: Few<String, String>,
}

/// The query of the file, with all that is wrong in it. Its text is parsed here and nowhere else in this room.
pub fn read(report: &mut Report<'_>, file: &StreamFile, around: &Surroundings<'_>, kind: EngineKind) -> Option<Query> {
    let (text, place) = text(report, file, around)?;
    let dialect = dialect(kind);
    let all = match facts::read(&text.text, dialect) {
        Ok(all) => all,
        Err(wrong) => {
            report.found.extend(wrong.iter().map(|wrong| told(&place, wrong)));
            return None;
        }
    };
    let findings = rules::check(&text.text, &all, dialect, Purpose::Stream, &around.context.limits);
    // What is not filled in cannot be understood; that is told already.
    let filled = !text.text.contains("${");
    let findings = findings.into_iter().filter(|finding| filled || finding.code != "not_parsed");
    report.found.extend(findings.map(|finding| found(&place, finding)));
    let [statement] = <[Facts; 1]>::try_from(all).ok()?;
    if statement.kind != facts::Kind::Query {
        return None;
    }
    hints_set_no_options(&place, &statement, "set them in `[connector]` of the source", report);
    let sources = sources(&place, &statement, around, report);
    report.found.extend(reading::problems(&text.text, &place, &statement, &sources, dialect));
    let settings = Few::new();
    Some(Query { body: Body::Query, sql: text.text, place, sources, facts: vec![statement], settings })
}

pub fn dialect(kind: EngineKind) -> Dialect {
    match kind {
        EngineKind::Flink => Dialect::Flink,
    }
}

pub fn told(place: &SqlPlace, wrong: &SqlError) -> Diagnostic {
    let mut told = at(place, wrong.code, wrong.span, wrong.message.clone());
    told.help = wrong.help.clone();
    told
}

pub fn found(place: &SqlPlace, finding: Finding) -> Diagnostic {
    let Finding { span, code, severity, message, help } = finding;
    Diagnostic { severity, help, ..at(place, code, span, message) }
}

pub fn at(place: &SqlPlace, code: &str, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(code, &place.file, Some(place.span(span)), message)
}

/// Exactly one of `sql` and `sql_file`.
fn text(report: &mut Report<'_>, file: &StreamFile, around: &Surroundings<'_>) -> Option<(Text, SqlPlace)> {
    match (&file.sql_file, report.document.text(&["sql"])) {
        (None, Some(text)) => Some((text.clone(), text.place(&report.document.file))),
        (Some(path), None) => sql_file(report, path, around),
        (Some(_), Some(_)) => {
            let wrong = report.document.error_at_key("two_queries", &["sql_file"], "there is a query in `sql` already");
            report.push(wrong.with_help("keep one of `sql` and `sql_file`"));
            None
        }
        (None, None) => {
            let wrong = report.document.error_at_key("missing_key", &["sql"], "a stream needs a query");
            report.push(wrong.with_help("write it in `sql`, or name its file in `sql_file`"));
            None
        }
    }
}

fn sql_file(report: &mut Report<'_>, written: &str, around: &Surroundings<'_>) -> Option<(Text, SqlPlace)> {
    let key = ["sql_file"];
    let Some(path) = beside(&report.document.file, written) else {
        let wrong = report.document.error("bad_path", &key, format!("`{written}` leads out of the project"));
        report.push(wrong.with_help("a path relative to this file, inside the project, with `/` between its parts"));
        return None;
    };
    match around.tree.files.get(&path) {
        Some(SourceFile::Text(text)) if text.len() > LARGEST => {
            report.push(report.document.error("too_large", &key, format!("`{path}` is larger than 1 MiB")));
            None
        }
        Some(SourceFile::Text(text)) => {
            let (filled, faults) = fill(&Text::plain(text), around.vars);
            report.found.extend(faults.into_iter().map(|fault| fault.diagnostic(&path)));
            let place = filled.place(&path);
            Some((filled, place))
        }
        Some(SourceFile::Unreadable(reason)) => {
            report.push(report.document.error("unreadable", &key, format!("`{path}` cannot be read: {reason}")));
            None
        }
        None => {
            let mut wrong = report.document.error("missing_file", &key, format!("there is no file `{path}`"));
            let files = around.tree.files.keys().filter(|path| path.ends_with(".sql"));
            wrong.help = suggest::help(&path, "SQL files", files.map(String::as_str));
            report.push(wrong);
            None
        }
    }
}

/// A path relative to the folder of `file`, as a path from the root; `None` if it leads above the root.
fn beside(file: &str, path: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', ':', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            ".." => {
                parts.pop()?;
            }
            "" | "." => {}
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

/// An OPTIONS hint would set what a definition may not: brokers, group, where to start.
pub fn hints_set_no_options(place: &SqlPlace, statement: &Facts, help: &str, report: &mut Report<'_>) {
    for hint in statement.hints.iter().filter(|hint| hint.text.to_ascii_uppercase().contains("OPTIONS")) {
        let wrong = at(place, "options_hint", hint.place.span(), "a query may not set table options by a hint");
        report.push(wrong.with_help(help));
    }
}

fn sources(
    place: &SqlPlace,
    statement: &Facts,
    around: &Surroundings<'_>,
    report: &mut Report<'_>,
) -> Few<Name, Source> {
    let sources = resolve(place, &statement.sources, around, report);
    if statement.sources.is_empty() {
        let whole = at(place, "no_source", statement.place.span(), "the query reads no source: it would end at once");
        report.push(whole);
    }
    sources
}

/// What the names stand for, as far as weir declares it.
pub fn resolve<'a>(
    place: &SqlPlace,
    mentions: impl IntoIterator<Item = &'a Mention>,
    around: &Surroundings<'_>,
    report: &mut Report<'_>,
) -> Few<Name, Source> {
    let mut sources = Few::new();
    for mention in mentions {
        let name = Name::parse(&mention.name).ok();
        match name.and_then(|name| around.sources.get_key_value(&name)) {
            Some((name, SourceState::Usable(source) | SourceState::Stream(source))) => {
                sources.insert(name.clone(), Source::clone(source));
            }
            Some((name, SourceState::Broken)) => {
                let message = format!("the definition of `{name}` has errors");
                report.push(
                    at(place, "broken_source", mention.place.span(), message).with_help("see its own diagnostics"),
                );
            }
            Some((name, SourceState::Script)) => {
                let message = format!("`{name}` is a script: what it writes cannot be read by its name");
                let wrong = at(place, "reads_a_script", mention.place.span(), message);
                report.push(wrong.with_help("declare a source over its topic, under another name"));
            }
            None => report.push(unknown(place, mention, around)),
        }
    }
    sources
}

fn unknown(place: &SqlPlace, mention: &Mention, around: &Surroundings<'_>) -> Diagnostic {
    let span = mention.place.span();
    let mut wrong = at(place, "unknown_source", span, format!("there is no source `{}`", mention.name));
    let names = around.sources.iter().filter(|(_, state)| !matches!(state, SourceState::Script));
    let names = names.map(|(name, _)| name.as_str());
    let renamed = around.renamed.iter().find(|(old, _)| old.as_str() == mention.name);
    wrong.help = match (mention.name.contains('.'), renamed) {
        (true, _) => Some("a source has a plain name: that of a definition".to_owned()),
        (false, Some((_, new))) => Some(format!("that stream was renamed: it is `{new}` now")),
        (false, None) => suggest::help(&mention.name, "sources", names)
            .or_else(|| Some("define it in a file with `kind = \"source\"`".to_owned())),
    };
    wrong
}
