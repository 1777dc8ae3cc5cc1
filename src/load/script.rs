//! A script: statements of the engine that make one job. What it sets, declares, reads and writes.

mod tables;

use std::collections::BTreeSet;

use crate::load::context::EngineRules;
use crate::load::definition_file::StreamFile;
use crate::load::query;
use crate::load::query::{Query, at};
use crate::load::reading;
use crate::load::renamed;
use crate::load::report::Report;
use crate::load::stream::Surroundings;
use crate::load::suggest;
use crate::model::config::EngineKind;
use crate::model::definition::{Body, Delivery, Format, Output, TimeEncoding};
use crate::model::desired::SqlPlace;
use crate::model::few::Few;
use crate::model::limits::SqlLimits;
use crate::model::name::{Name, TopicName};
use crate::model::options;
use crate::sql::facts;
use crate::sql::facts::{Facts, Kind};
use crate::sql::outline;
use crate::sql::outline::Outline;
use crate::sql::rules;
use crate::sql::rules::{Finding, Purpose};

pub struct Script {
    pub query: Query,
    /// What it writes.
    topics: BTreeSet<TopicName>,
    /// Those that are upsert logs.
    upserts: BTreeSet<TopicName>,
}

/// The script of the file, with all that is wrong in it.
pub fn read(
    report: &mut Report<'_>,
    file: &StreamFile,
    around: &Surroundings<'_>,
    kind: EngineKind,
    rules: Option<&EngineRules>,
) -> Option<Script> {
    stands_alone(report, file);
    let text = report.document.text(&["script"])?.clone();
    let place = text.place(&report.document.file);
    let dialect = query::dialect(kind);
    let all = match facts::read(&text.text, dialect) {
        Ok(all) => all,
        Err(wrong) => {
            report.found.extend(wrong.iter().map(|wrong| query::told(&place, wrong)));
            return None;
        }
    };
    let outline = outline::of(&all);
    let limits = SqlLimits { set: may_set(kind, rules, &outline), ..around.context.limits.clone() };
    let findings = rules::check(&text.text, &all, dialect, Purpose::Script, &limits);
    let findings = out_of_place(report, &place, &outline, findings);
    report.found.extend(findings.into_iter().map(|finding| query::found(&place, finding)));
    one_job(report, &place, &all, &outline);
    for statement in &all {
        query::hints_set_no_options(&place, statement, "set them in WITH of the table", report);
    }
    let sources = query::resolve(&place, outline.foreign_sources(), around, report);
    for statement in outline.declared.iter().chain(&outline.inserts) {
        report.found.extend(reading::problems(&text.text, &place, statement, &sources, dialect));
    }
    let tables = tables::Tables { text: &text.text, place: &place, rules };
    report.found.extend(outline.tables().flat_map(|table| tables.problems(table)));
    sinks_are_made_here(report, &place, &outline, around);
    let (topics, upserts) = tables.written(report, &outline);
    let settings = settings(report, &place, &outline, file);
    let body = Body::Script { writes: topics.clone() };
    let query = Query { body, sql: text.text, place, sources, facts: all, settings };
    Some(Script { query, topics, upserts })
}

fn stands_alone(report: &mut Report<'_>, file: &StreamFile) {
    let beside = [("sql", file.sql.is_some()), ("sql_file", file.sql_file.is_some())];
    if let Some((key, _)) = beside.into_iter().find(|(_, there)| *there) {
        let wrong = report.document.error_at_key("two_queries", &[key], "there is a script already");
        report.push(wrong.with_help(format!("keep one of `script` and `{key}`")));
    }
}

/// What SET may change: the options that a file may have. Without a `weir.toml` nobody knows what that allows.
fn may_set(kind: EngineKind, rules: Option<&EngineRules>, outline: &Outline<'_>) -> BTreeSet<String> {
    let listed = options::OPTIONS.iter().filter(|rule| rule.engine == kind).map(|rule| rule.key.to_owned());
    let mut may: BTreeSet<String> = listed.collect();
    match rules {
        Some(rules) => may.extend(rules.allow_options.iter().cloned()),
        None => {
            let keys = outline.settings.iter().filter_map(|statement| statement.name.as_ref());
            may.extend(keys.map(|key| key.name.clone()).filter(|key| options::forbidden(key).is_none()));
        }
    }
    may
}

/// Statements that do not belong here, each told once: by an error that the rules found in it, or here. Gives the
/// findings that are left to tell.
fn out_of_place(
    report: &mut Report<'_>,
    place: &SqlPlace,
    outline: &Outline<'_>,
    mut findings: Vec<Finding>,
) -> Vec<Finding> {
    for statement in &outline.out_of_place {
        let span = statement.place.span();
        let inside = |finding: &Finding| span.start <= finding.span.start && finding.span.end <= span.end;
        if findings.iter().any(|finding| finding.is_error() && inside(finding)) {
            continue;
        }
        findings.retain(|finding| !inside(finding));
        let message = if statement.kind == Kind::Unknown {
            "weir does not know this statement: it may start something, and a script is run up to its INSERTs to check it"
        } else {
            "this statement has no place in a script"
        };
        let wrong = at(place, "not_in_a_script", span, message);
        report.push(wrong.with_help("a script has SET, CREATE TABLE, CREATE VIEW, CREATE FUNCTION and INSERT"));
    }
    findings
}

/// A script is one job.
fn one_job(report: &mut Report<'_>, place: &SqlPlace, all: &[Facts], outline: &Outline<'_>) {
    for (statement, help) in &outline.second_jobs {
        let wrong = at(place, "second_job", statement.place.span(), "this would be a job beside that of the INSERTs");
        report.push(wrong.with_help(*help));
    }
    if let (Some(last), true, true) = (all.last(), outline.inserts.is_empty(), outline.second_jobs.is_empty()) {
        let wrong = at(place, "no_job", last.place.span(), "the script starts no job");
        report.push(wrong.with_help("end it with INSERT INTO a table that it creates"));
    }
}

fn sinks_are_made_here(report: &mut Report<'_>, place: &SqlPlace, outline: &Outline<'_>, around: &Surroundings<'_>) {
    let made = outline.made();
    for sink in outline.sinks().filter(|sink| !made.contains(sink.name.as_str())) {
        let message = format!("the script creates no table `{}`", sink.name);
        let mut wrong = at(place, "unknown_sink", sink.place.span(), message);
        let ours = Name::parse(&sink.name).is_ok_and(|name| around.sources.contains_key(&name));
        wrong.help = match ours {
            true => Some("what other files define can only be read; create a table of another name".to_owned()),
            false => suggest::help(&sink.name, "tables", made.iter().copied()),
        };
        report.push(wrong);
    }
}

/// Each key once, in the script or in the file.
fn settings(
    report: &mut Report<'_>,
    place: &SqlPlace,
    outline: &Outline<'_>,
    file: &StreamFile,
) -> Few<String, String> {
    let mut settings = Few::new();
    for statement in &outline.settings {
        let Some((key, value)) = statement.with.first_key_value() else {
            let wrong = at(place, "not_in_a_script", statement.place.span(), "this statement sets nothing");
            report.push(wrong.with_help("SET 'key' = 'value'"));
            continue;
        };
        let twice = settings.insert(key.clone(), value.clone()).is_some_and(|earlier| earlier != *value);
        let elsewhere = if twice { Some("in the script") } else { file.options.get(key).map(|_| "in `[options]`") };
        if let Some(elsewhere) = elsewhere {
            let message = format!("`{key}` is set {elsewhere} already");
            report.push(at(place, "conflict", statement.place.span(), message).with_help("keep one of them"));
        }
    }
    settings
}

/// The output of a script: that of its topics that weir makes. What is in it the script's own table says.
pub fn output(report: &mut Report<'_>, name: &Name, file: &StreamFile, script: &Script) -> Option<Output> {
    let asked = &file.output;
    let own = [
        ("format", asked.format.is_some()),
        ("time_encoding", asked.time_encoding.is_some()),
        ("delivery", asked.delivery.is_some()),
        ("key", !asked.key.is_empty()),
    ];
    for (key, _) in own.into_iter().filter(|(_, there)| *there) {
        let message = format!("`output.{key}` is not for a script");
        let wrong = report.document.error_at_key("output_of_script", &["output", key], message);
        report.push(wrong.with_help("its own table says so, in WITH or as PRIMARY KEY"));
    }
    let mut config: Few<String, String> = asked.config.clone().into_iter().collect();
    let topic = topic(report, name, file, script)?;
    if script.upserts.contains(&topic) && !config.contains_key("cleanup.policy") {
        config.insert("cleanup.policy".to_owned(), "compact".to_owned());
    }
    Some(Output {
        topic,
        format: Format::Json,
        time_encoding: TimeEncoding::Iso8601,
        partitions: asked.partitions,
        replication: asked.replication,
        delivery: Delivery::AtLeastOnce,
        key: Vec::new(),
        config,
    })
}

/// The topic of `[output]`; or the only one that the script writes, or that with the stream's name. A script that
/// writes none has the name of one that does not exist.
fn topic(report: &mut Report<'_>, name: &Name, file: &StreamFile, script: &Script) -> Option<TopicName> {
    let name = &renamed::first_name(name, file);
    let all: Vec<&str> = script.topics.iter().map(TopicName::as_str).collect();
    let path = ["output", "topic"];
    let wrong = match (file.output.topic.as_deref(), script.topics.len()) {
        (Some(topic), _) => match script.topics.iter().find(|written| written.as_str() == topic) {
            Some(topic) => return Some(topic.clone()),
            None => {
                let mut wrong =
                    report.document.error("output_of_script", &path, format!("the script does not write `{topic}`"));
                wrong.help = suggest::help(topic, "topics", all);
                wrong
            }
        },
        (None, 0) if report.document.node(&["output"]).is_some() => {
            let wrong = report.document.error_at_key("output_of_script", &["output"], "the script writes no topic");
            wrong.with_help("remove `[output]`")
        }
        (None, 0) => return TopicName::parse(name.as_str()).ok(),
        (None, 1) => return script.topics.first().cloned(),
        (None, _) => match script.topics.iter().find(|written| written.as_str() == name.as_str()) {
            Some(topic) => return Some(topic.clone()),
            None => {
                let message = format!("the script writes {} topics", script.topics.len());
                let wrong = report.document.error_at_key("output_of_script", &["script"], message);
                wrong.with_help(format!("say in `[output] topic` which of them weir makes: {}", all.join(", ")))
            }
        },
    };
    report.push(wrong);
    None
}
