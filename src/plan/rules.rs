//! What a change of a definition does to the state of its job: one table.
//!
//! The old side is always the newest *deployment*, whose state would be taken up. The worst row that applies is the
//! verdict. What no row names does not change the job.

use std::collections::BTreeSet;

use crate::model::config::EngineKind;
use crate::model::definition::Source;
use crate::model::definition::Stream;
use crate::model::options;
use crate::model::plan::Verdict;
use crate::sql::normal;

/// What a finding asks for, beside being recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing: the job means the same.
    None,
    /// The topic is altered, the job goes on.
    Topic,
    /// A new job takes up the state of the old one.
    Job,
}

struct Rule {
    /// `None`: the row does not apply. Else what differs, in words.
    differs: fn(&Stream, &Stream) -> Option<String>,
    verdict: Verdict,
    effect: Effect,
}

const fn row(differs: fn(&Stream, &Stream) -> Option<String>, verdict: Verdict, effect: Effect) -> Rule {
    Rule { differs, verdict, effect }
}

#[rustfmt::skip]
const RULES: &[Rule] = &[
    row(|a, b| other(&a.engine, &b.engine).then(|| format!("the engine changed from `{}` to `{}`", a.engine, b.engine)),
                                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| (!same_query(a, b)).then(|| "the query changed".into()),
                                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| (a.sql != b.sql && same_query(a, b)).then(|| "only the text changed; the job means the same".into()),
                                                                     Verdict::Unchanged,  Effect::None),
    row(sources,                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| told(&a.output.topic, &b.output.topic, "output.topic"),
                                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| other(&a.output.format, &b.output.format).then(|| "`output.format` changed".into()),
                                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| other(&a.output.time_encoding, &b.output.time_encoding).then(|| "`output.time_encoding` changed".into()),
                                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| other(&a.output.partitions, &b.output.partitions).then(|| "`output.partitions` changed".into()),
                                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| other(&a.output.replication, &b.output.replication).then(|| "`output.replication` changed".into()),
                                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| other(&a.output.delivery, &b.output.delivery).then(|| "`output.delivery` changed".into()),
                                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| other(&a.output.key, &b.output.key).then(|| "`output.key` changed".into()),
                                                                     Verdict::Refused,    Effect::Job),
    row(|a, b| other(&a.output.config, &b.output.config).then(|| topic_settings(a, b)),
                                                                     Verdict::KeepsState, Effect::Topic),
    row(|a, b| options_of(a, b, Verdict::KeepsState),                Verdict::KeepsState, Effect::Job),
    row(|a, b| options_of(a, b, Verdict::Refused),                   Verdict::Refused,    Effect::Job),
    row(|a, b| other(&a.start, &b.start).then(|| "`deploy.start` changed: it counts for the first deployment only".into()),
                                                                     Verdict::Unchanged,  Effect::None),
];

/// What all rows together say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub effects: BTreeSet<Effect>,
    /// Only what bears out the verdict, so that a person sees what to take back.
    pub words: String,
}

impl Judgement {
    /// The words, and where the verdict is that nothing is done, that this is so for now.
    pub fn reason(&self) -> String {
        match self.verdict {
            Verdict::Refused => format!("{}: not yet", self.words),
            Verdict::Unchanged
            | Verdict::KeepsState
            | Verdict::CarriesOffsets
            | Verdict::DropsState
            | Verdict::Replays => self.words.clone(),
        }
    }

    pub fn asks_for(&self, effect: Effect) -> bool {
        self.effects.contains(&effect)
    }
}

pub fn judge(old: &Stream, new: &Stream) -> Judgement {
    let found: Vec<(&Rule, String)> =
        RULES.iter().filter_map(|rule| (rule.differs)(old, new).map(|words| (rule, words))).collect();
    let verdict = found.iter().map(|(rule, _)| rule.verdict).max().unwrap_or(Verdict::Unchanged);
    let words: Vec<&str> =
        found.iter().filter(|(rule, _)| rule.verdict == verdict).map(|(_, words)| words.as_str()).collect();
    Judgement { verdict, effects: found.iter().map(|(rule, _)| rule.effect).collect(), words: words.join("; ") }
}

/// Two texts are one query if their tokens are the same: comments, white space and the case of keywords do not count.
pub fn same_query(old: &Stream, new: &Stream) -> bool {
    old.sql == new.sql
        || match (normal::tokens(&old.sql), normal::tokens(&new.sql)) {
            (Ok(old), Ok(new)) => old == new,
            // Text without tokens is compared as text, and that differs.
            (Ok(_), Err(_)) | (Err(_), Ok(_)) | (Err(_), Err(_)) => false,
        }
}

fn other<T: PartialEq>(old: &T, new: &T) -> bool {
    old != new
}

fn told<T: PartialEq + std::fmt::Display>(old: &T, new: &T, key: &str) -> Option<String> {
    other(old, new).then(|| format!("`{key}` changed from `{old}` to `{new}`"))
}

fn sources(old: &Stream, new: &Stream) -> Option<String> {
    let names: BTreeSet<_> = old.sources.keys().chain(new.sources.keys()).collect();
    let words: Vec<String> = names
        .into_iter()
        .filter_map(|name| match (old.sources.get(name), new.sources.get(name)) {
            (Some(old), Some(new)) if old == new => None,
            (Some(old), Some(new)) => Some(format!("source `{name}` changed: {}", source(old, new))),
            (Some(_), None) => Some(format!("source `{name}` is read no more")),
            (None, Some(_)) => Some(format!("source `{name}` is read anew")),
            (None, None) => None,
        })
        .collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// Which of a source's keys differ.
fn source(old: &Source, new: &Source) -> String {
    let keys = [
        ("topic", old.topic != new.topic),
        ("format", old.format != new.format),
        ("on_bad_record", old.on_bad_record != new.on_bad_record),
        ("columns", old.columns != new.columns),
        ("time", old.time != new.time),
        ("connector", old.connector != new.connector),
    ];
    let keys: Vec<&str> = keys.iter().filter(|(_, differs)| *differs).map(|(key, _)| *key).collect();
    keys.join(", ")
}

fn topic_settings(old: &Stream, new: &Stream) -> String {
    let words: Vec<String> = changed_keys(&old.output.config, &new.output.config)
        .map(|key| format!("`{key}` {}", from_to(old.output.config.get(key), new.output.config.get(key))))
        .collect();
    format!("settings of topic `{}`: {}", new.output.topic, words.join(", "))
}

/// The options that differ and whose row in the table of options gives `verdict`.
fn options_of(old: &Stream, new: &Stream, verdict: Verdict) -> Option<String> {
    let words: Vec<String> = changed_keys(&old.options, &new.options)
        .filter_map(|key| {
            // One kind of engine so far; an option that no row names came in by `allow_options`.
            let rule = options::rule(EngineKind::Flink, key);
            let (found, why) = rule
                .map_or((Verdict::Refused, "what it does to state is not known"), |rule| (rule.verdict, rule.reason));
            let change = from_to(old.options.get(key), new.options.get(key));
            (found == verdict).then(|| format!("option `{key}` {change}: {why}"))
        })
        .collect();
    (!words.is_empty()).then(|| words.join("; "))
}

type Settings = std::collections::BTreeMap<String, String>;

fn changed_keys<'a>(old: &'a Settings, new: &'a Settings) -> impl Iterator<Item = &'a String> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter().filter(|key| old.get(*key) != new.get(*key))
}

fn from_to(old: Option<&String>, new: Option<&String>) -> String {
    match (old, new) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (Some(old), None) => format!("{old} → the default"),
        (None, Some(new)) => format!("the default → {new}"),
        (None, None) => "unchanged".into(),
    }
}
