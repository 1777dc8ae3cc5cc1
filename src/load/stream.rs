//! The rules of a stream: one small function each, all of them run.

use std::collections::{BTreeMap, BTreeSet};

use crate::load::context::{Context, EngineRules, Engines};
use crate::load::definition_file::StreamFile;
use crate::load::document::Document;
use crate::load::moment;
use crate::load::query;
use crate::load::revision;
use crate::load::source::{SourceState, encoding, topic};
use crate::load::suggest;
use crate::load::text::Vars;
use crate::model::config::EngineKind;
use crate::model::definition::{Delivery, DesiredRun, Format, OnRemove, Output, Policy, Stream};
use crate::model::desired::DesiredStream;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::name::{EngineName, Name};
use crate::model::options;
use crate::model::tree::SourceTree;

/// What a stream is read against.
pub struct Surroundings<'a> {
    pub tree: &'a SourceTree,
    pub context: &'a Context,
    pub vars: &'a Vars,
    /// Every definition by its name.
    pub sources: &'a BTreeMap<Name, SourceState>,
}

/// Savepoints kept where a file does not say; the only number that is built.
const KEEP_SAVEPOINTS: u32 = 3;

/// The stream, as far as it can be made out; it is usable if no error was found.
pub fn build(
    name: &Name,
    document: &Document,
    file: &StreamFile,
    around: &Surroundings<'_>,
) -> (Option<DesiredStream>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let engine = engine(document, file, around.context, &mut found);
    let options = match &engine {
        Some((_, rules)) => options(document, file, rules.as_ref(), &mut found),
        None => BTreeMap::new(),
    };
    let query = query::read(document, file, around, &mut found);
    let output = output(name, document, file, &mut found);
    let start = moment::start(document, &mut found);
    let policy = policy(document, file, &mut found);
    let (Some((engine, _)), Some(query), Some(output)) = (engine, query, output) else { return (None, found) };
    output_is_not_read(document, &output, &query.sources, &mut found);
    let stream = Stream {
        name: name.clone(),
        engine,
        run: file.run.unwrap_or(DesiredRun::Running),
        sql: query.sql,
        sources: query.sources,
        output,
        start,
        options,
    };
    let revision = revision::of(&stream, &query.tokens);
    let path = document.file.clone();
    (Some(DesiredStream { stream, policy, revision, path, place: query.place }), found)
}

/// The engine's name and, if there is a `weir.toml`, its rules.
fn engine(
    document: &Document,
    file: &StreamFile,
    context: &Context,
    found: &mut Vec<Diagnostic>,
) -> Option<(EngineName, Option<EngineRules>)> {
    let path = ["engine"];
    let written = match file.engine.as_deref().map(EngineName::parse) {
        Some(Ok(name)) => Some(name),
        Some(Err(wrong)) => {
            let told = document.error("bad_engine", &path, format!("`{}` is no {}", wrong.text, wrong.what));
            found.push(told.with_help(wrong.rule));
            return None;
        }
        None => None,
    };
    let (default, engines) = match &context.engines {
        Engines::AsGiven => return Some((written.or_else(|| EngineName::parse("flink").ok())?, None)),
        Engines::Known { default, engines } => (default, engines),
    };
    let Some(name) = written.as_ref().or(default.as_ref()) else {
        let wrong = document.error("no_engine", &path, "the stream names no engine and the project has no default");
        found.push(wrong.with_help("write `engine = \"…\"` here, or `[project] engine` in `weir.toml`"));
        return None;
    };
    match engines.get(name) {
        Some(rules) => Some((name.clone(), Some(rules.clone()))),
        None => {
            let mut wrong = document.error("unknown_engine", &path, format!("there is no engine `{name}`"));
            wrong.help = suggest::help(name.as_str(), "engines", engines.keys().map(EngineName::as_str));
            found.push(wrong);
            None
        }
    }
}

/// The engine's options with the stream's own over them.
fn options(
    document: &Document,
    file: &StreamFile,
    rules: Option<&EngineRules>,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<String, String> {
    let kind = rules.map_or(EngineKind::Flink, |rules| rules.kind);
    let allowed: &[String] = rules.map_or(&[], |rules| &rules.allow_options);
    for key in file.options.keys() {
        let path = ["options", key.as_str()];
        if let Some(pattern) = options::forbidden(key) {
            let wrong = document.error_at_key("forbidden_option", &path, format!("no file may set `{key}`"));
            found.push(wrong.with_help(format!("weir sets what falls under `{pattern}` itself, or nobody does")));
        } else if options::rule(kind, key).is_none() && !allowed.iter().any(|pattern| covers(pattern, key)) {
            let message = format!("`{key}` is not among the options that a file may set");
            let mut wrong = document.error_at_key("unknown_option", &path, message);
            let known = options::OPTIONS.iter().filter(|rule| rule.engine == kind).map(|rule| rule.key);
            wrong.help = suggest::closest(key, known.chain(allowed.iter().map(String::as_str)))
                .map(|close| format!("did you mean `{close}`?"))
                .or_else(|| Some("allow it in `allow_options` of the engine in `weir.toml`".to_owned()));
            // Without a weir.toml nobody knows what it allows.
            wrong.severity = if rules.is_some() { Severity::Error } else { Severity::Warning };
            found.push(wrong);
        }
    }
    let mut merged = rules.map(|rules| rules.options.clone()).unwrap_or_default();
    merged.extend(file.options.clone());
    merged
}

/// Whether an entry of `allow_options`, a whole key or a prefix that ends in `.*`, covers `key`.
fn covers(pattern: &str, key: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(prefix) => prefix.ends_with('.') && key.len() > prefix.len() && key.starts_with(prefix),
        None => pattern == key,
    }
}

fn output(name: &Name, document: &Document, file: &StreamFile, found: &mut Vec<Diagnostic>) -> Option<Output> {
    let output = &file.output;
    let written = output.topic.as_deref().unwrap_or(name.as_str());
    let topic = topic(document, &["output", "topic"], written, found);
    let format = output.format.unwrap_or(Format::Json);
    let time_encoding = encoding(document, &["output", "time_encoding"], format, found);
    key_is_a_set_of_columns(document, &output.key, found);
    topic_settings_have_names(document, &output.config, found);
    cleanup_fits_the_key(document, file, found);
    Some(Output {
        topic: topic?,
        format,
        time_encoding,
        partitions: output.partitions,
        replication: output.replication,
        delivery: output.delivery.unwrap_or(Delivery::AtLeastOnce),
        key: output.key.clone(),
        config: output.config.clone(),
    })
}

fn key_is_a_set_of_columns(document: &Document, key: &[String], found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for column in key {
        if column.is_empty() || column.chars().any(char::is_control) {
            found.push(document.error("bad_key", &["output", "key"], "a column of the key has no name"));
        } else if !seen.insert(column) {
            found.push(document.error("bad_key", &["output", "key"], format!("`{column}` stands in the key twice")));
        }
    }
}

fn topic_settings_have_names(document: &Document, config: &BTreeMap<String, String>, found: &mut Vec<Diagnostic>) {
    for key in config.keys() {
        let fits = key.starts_with(|c: char| c.is_ascii_lowercase())
            && key.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '.');
        if !fits {
            let wrong = document.error_at_key(
                "bad_topic_setting",
                &["output", "config", key],
                format!("`{key}` is no topic setting of Kafka"),
            );
            found.push(wrong.with_help("small letters, digits and dots, as `retention.ms`"));
        }
    }
}

/// A topic with a key is compacted; one without cannot be, since Kafka refuses records without a key there.
fn cleanup_fits_the_key(document: &Document, file: &StreamFile, found: &mut Vec<Diagnostic>) {
    let setting = "cleanup.policy";
    let Some(policy) = file.output.config.get(setting) else { return };
    let compacted = policy.split(',').any(|word| word.trim() == "compact");
    let path = ["output", "config", setting];
    if !file.output.key.is_empty() && !compacted {
        let wrong = document.error("conflict", &path, "with `output.key` the topic is an upsert log and compacted");
        found.push(wrong.with_help("remove the setting, or make it `compact` or `compact,delete`"));
    }
    if file.output.key.is_empty() && compacted {
        let wrong = document.error("conflict", &path, "a topic can be compacted only with `output.key`");
        found.push(wrong.with_help("name the columns that identify a row in `output.key`"));
    }
}

fn output_is_not_read(
    document: &Document,
    output: &Output,
    sources: &BTreeMap<Name, crate::model::definition::Source>,
    found: &mut Vec<Diagnostic>,
) {
    for source in sources.values().filter(|source| source.topic == output.topic) {
        let message =
            format!("the stream reads the topic `{}` (as `{}`) and would write it", output.topic, source.name);
        let wrong = document.error("reads_own_output", &["output", "topic"], message);
        found.push(wrong.with_help("name another topic in `[output] topic`"));
    }
}

fn policy(document: &Document, file: &StreamFile, found: &mut Vec<Diagnostic>) -> Policy {
    let deploy = &file.deploy;
    let keep_savepoints = deploy.keep_savepoints.unwrap_or(KEEP_SAVEPOINTS);
    if keep_savepoints != KEEP_SAVEPOINTS {
        let place = document.error("", &["deploy", "keep_savepoints"], "");
        let what = format!("keeping another number of savepoints than {KEEP_SAVEPOINTS}");
        found.push(Diagnostic::not_yet(&place.file, place.span, &what));
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
