//! The rules of a stream: one small function each, all of them run.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::context::{Context, EngineRules, Engines};
use crate::load::definition_file::StreamFile;
use crate::load::moment;
use crate::load::query;
use crate::load::reading;
use crate::load::renamed;
use crate::load::report::Report;
use crate::load::revision;
use crate::load::script;
use crate::load::source::{SourceState, encoding, topic};
use crate::load::suggest;
use crate::load::text::Vars;
use crate::model::config::EngineKind;
use crate::model::definition::{Delivery, DesiredRun, Format, OnRemove, Output, Policy, Source, Start, Stream};
use crate::model::desired::{DesiredStream, SqlText, Texts};
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::few::Few;
use crate::model::name::{EngineName, Name};
use crate::model::options;
use crate::model::tree::{SourceFile, SourceTree};

/// What a stream is read against.
pub struct Surroundings<'a> {
    pub tree: &'a SourceTree,
    pub context: &'a Context,
    pub vars: &'a Vars,
    /// Every definition by its name.
    pub sources: &'a BTreeMap<Name, SourceState>,
    /// Names that streams had, and those that they have.
    pub renamed: &'a BTreeMap<Name, Name>,
}

/// Savepoints kept where a file does not say; the only number that is built.
const KEEP_SAVEPOINTS: u32 = 3;

/// The stream, as far as it can be made out; it is usable if no error was found.
pub fn build(
    report: &mut Report<'_>,
    name: &Name,
    file: &StreamFile,
    around: &Surroundings<'_>,
) -> Option<DesiredStream> {
    let engine = engine(report, file, around.context);
    let mut options = match &engine {
        Some((_, rules)) => options(report, file, rules.as_ref()),
        None => Few::new(),
    };
    let rules = engine.as_ref().and_then(|(_, rules)| rules.as_ref());
    let kind = rules.map_or(EngineKind::Flink, |rules| rules.kind);
    let (query, output) = if file.script.is_some() {
        let script = script::read(report, file, around, kind, rules);
        let output = script.as_ref().and_then(|script| script::output(report, name, file, script));
        topic_settings_have_names(report, &file.output.config);
        (script.map(|script| script.query), output)
    } else {
        (query::read(report, file, around, kind), output(report, name, file))
    };
    let renamed_from = renamed::old_name(file);
    let start = moment::start(report, file.deploy.start.as_deref());
    let policy = policy(report, file);
    let ((engine, _), mut query, output) = (engine?, query?, output?);
    upsert_logs_are_read_whole(report, start, &query.sources);
    if query.body.is_query() {
        let dialect = query::dialect(kind);
        let updates = |facts| reading::updates_have_a_key(&query.place, facts, &output.key, dialect);
        report.found.extend(query.facts.iter().filter_map(updates));
    }
    options.extend(std::mem::take(&mut query.settings));
    let grows = |facts| reading::state_has_a_limit(&query.place, facts, &options, query::dialect(kind));
    report.found.extend(query.facts.iter().filter_map(grows));
    let stream = Stream {
        name: name.clone(),
        engine,
        run: file.run.unwrap_or(DesiredRun::Running),
        body: query.body,
        sql: query.sql,
        sources: query.sources,
        output,
        start,
        options,
    };
    let revision = revision::of(&stream, &query.facts);
    let path = report.document.file.clone();
    let texts = texts(around.tree, &path, &query.place.file);
    Some(DesiredStream { stream, policy, revision, path, place: query.place, texts, renamed_from })
}

/// What the files held from which the definition was read.
fn texts(tree: &SourceTree, definition: &str, query: &str) -> Texts {
    let text = |path: &str| match tree.files.get(path) {
        Some(SourceFile::Text(text)) => text.clone(),
        Some(SourceFile::Unreadable(_)) | None => String::new(),
    };
    let sql = (query != definition).then(|| SqlText { path: query.to_owned(), text: text(query) });
    Texts { path: definition.to_owned(), definition: text(definition), sql }
}

/// The engine's name and, if there is a `weir.toml`, its rules.
fn engine(report: &mut Report<'_>, file: &StreamFile, context: &Context) -> Option<(EngineName, Option<EngineRules>)> {
    let path = ["engine"];
    let written = match file.engine.as_deref().map(EngineName::parse) {
        Some(Ok(name)) => Some(name),
        Some(Err(wrong)) => {
            let told = report.document.error("bad_engine", &path, format!("`{}` is no {}", wrong.text, wrong.what));
            report.push(told.with_help(wrong.rule));
            return None;
        }
        None => None,
    };
    let (default, engines) = match &context.engines {
        Engines::AsGiven => return Some((written.or_else(|| EngineName::parse("flink").ok())?, None)),
        Engines::Known { default, engines } => (default, engines),
    };
    let Some(name) = written.as_ref().or(default.as_ref()) else {
        let wrong =
            report.document.error("no_engine", &path, "the stream names no engine and the project has no default");
        report.push(wrong.with_help("write `engine = \"…\"` here, or `[project] engine` in `weir.toml`"));
        return None;
    };
    match engines.get(name) {
        Some(rules) => Some((name.clone(), Some(rules.clone()))),
        None => {
            let mut wrong = report.document.error("unknown_engine", &path, format!("there is no engine `{name}`"));
            wrong.help = suggest::help(name.as_str(), "engines", engines.keys().map(EngineName::as_str));
            report.push(wrong);
            None
        }
    }
}

/// The engine's options with the stream's own over them.
fn options(report: &mut Report<'_>, file: &StreamFile, rules: Option<&EngineRules>) -> Few<String, String> {
    let kind = rules.map_or(EngineKind::Flink, |rules| rules.kind);
    let allowed: &[String] = rules.map_or(&[], |rules| &rules.allow_options);
    for key in file.options.keys() {
        let path = ["options", key.as_str()];
        if let Some(pattern) = options::forbidden(key) {
            let wrong = report.document.error_at_key("forbidden_option", &path, format!("no file may set `{key}`"));
            report.push(wrong.with_help(format!("weir sets what falls under `{pattern}` itself, or nobody does")));
        } else if options::rule(kind, key).is_none() && !allowed.iter().any(|pattern| covers(pattern, key)) {
            let message = format!("`{key}` is not among the options that a file may set");
            let mut wrong = report.document.error_at_key("unknown_option", &path, message);
            let known = options::OPTIONS.iter().filter(|rule| rule.engine == kind).map(|rule| rule.key);
            wrong.help = suggest::closest(key, known.chain(allowed.iter().map(String::as_str)))
                .map(|close| format!("did you mean `{close}`?"))
                .or_else(|| Some("allow it in `allow_options` of the engine in `weir.toml`".to_owned()));
            // Without a weir.toml nobody knows what it allows.
            wrong.severity = if rules.is_some() { Severity::Error } else { Severity::Warning };
            report.push(wrong);
        }
    }
    let engine = rules.map(|rules| &rules.options).into_iter().flatten();
    engine.chain(&file.options).map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// Whether an entry of `allow_options`, a whole key or a prefix that ends in `.*`, covers `key`.
fn covers(pattern: &str, key: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => prefix.ends_with('.') && key.len() > prefix.len() && key.starts_with(prefix),
        None => pattern == key,
    }
}

pub fn output(report: &mut Report<'_>, name: &Name, file: &StreamFile) -> Option<Output> {
    let output = &file.output;
    let first = renamed::first_name(name, file);
    let written = output.topic.as_deref().unwrap_or(first.as_str());
    let topic = topic(report, &["output", "topic"], written);
    let format = output.format.unwrap_or(Format::Json);
    let time_encoding = encoding(report, &["output", "time_encoding"], output.time_encoding, format);
    key_is_a_set_of_columns(report, &output.key);
    topic_settings_have_names(report, &output.config);
    cleanup_fits_the_key(report, file);
    Some(Output {
        topic: topic?,
        format,
        time_encoding,
        partitions: output.partitions,
        replication: output.replication,
        delivery: output.delivery.unwrap_or(Delivery::AtLeastOnce),
        key: output.key.clone(),
        config: output.config.clone().into_iter().collect(),
    })
}

fn key_is_a_set_of_columns(report: &mut Report<'_>, key: &[String]) {
    let mut seen = BTreeSet::new();
    for (index, column) in key.iter().enumerate() {
        let index = index.to_string();
        let path = ["output", "key", index.as_str()];
        if column.is_empty() || column.chars().any(char::is_control) {
            report.push(report.document.error("bad_key", &path, "a column of the key has no name"));
        } else if !seen.insert(column) {
            report.push(report.document.error("bad_key", &path, format!("`{column}` stands in the key twice")));
        }
    }
}

fn topic_settings_have_names(report: &mut Report<'_>, config: &BTreeMap<String, String>) {
    for key in config.keys() {
        let fits = key.starts_with(|c: char| c.is_ascii_lowercase())
            && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.');
        if !fits {
            let wrong = report.document.error_at_key(
                "bad_topic_setting",
                &["output", "config", key],
                format!("`{key}` is no topic setting of Kafka"),
            );
            report.push(wrong.with_help("small letters, digits and dots, as `retention.ms`"));
        }
    }
}

/// A topic with a key is compacted; one without cannot be, since Kafka refuses records without a key there.
fn cleanup_fits_the_key(report: &mut Report<'_>, file: &StreamFile) {
    let setting = "cleanup.policy";
    let Some(policy) = file.output.config.get(setting) else { return };
    let compacted = policy.split(',').any(|word| word.trim() == "compact");
    let path = ["output", "config", setting];
    if !file.output.key.is_empty() && !compacted {
        let wrong =
            report.document.error("conflict", &path, "with `output.key` the topic is an upsert log and compacted");
        report.push(wrong.with_help("remove the setting, or make it `compact` or `compact,delete`"));
    }
    if file.output.key.is_empty() && compacted {
        let wrong = report.document.error("conflict", &path, "a topic can be compacted only with `output.key`");
        report.push(wrong.with_help("name the columns that identify a row in `output.key`"));
    }
}

/// An upsert log is read from its beginning, or a row's last change may be missed (Flink's upsert-kafka has no other
/// way to begin).
fn upsert_logs_are_read_whole(report: &mut Report<'_>, start: Start, sources: &Few<Name, Source>) {
    let upsert = sources.values().find(|source| source.is_upsert());
    let Some(source) = upsert.filter(|_| start != Start::Earliest) else { return };
    let message = format!("`{}` is an upsert log, which is read from its beginning only", source.name);
    let wrong = report.document.error("upsert_start", &["deploy", "start"], message);
    report.push(wrong.with_help("leave `start` out, or make it `earliest`"));
}

fn policy(report: &mut Report<'_>, file: &StreamFile) -> Policy {
    let deploy = &file.deploy;
    let keep_savepoints = deploy.keep_savepoints.unwrap_or(KEEP_SAVEPOINTS);
    if keep_savepoints != KEEP_SAVEPOINTS {
        let place = report.document.error("", &["deploy", "keep_savepoints"], "");
        let what = format!("keeping another number of savepoints than {KEEP_SAVEPOINTS}");
        report.push(Diagnostic::not_yet(&place.file, place.span, &what));
    }
    Policy {
        on_remove: deploy.on_remove.unwrap_or(OnRemove::Stop),
        protect: deploy.protect.unwrap_or(false),
        allow: deploy.allow.iter().copied().collect(),
        owner: file.owner.clone(),
        description: file.description.clone(),
        keep_savepoints,
    }
}
