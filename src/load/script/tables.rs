//! The tables that a script creates: their connectors, their brokers, and the topics that it writes.

use std::collections::BTreeSet;

use crate::load::context::EngineRules;
use crate::load::query::at;
use crate::load::report::Report;
use crate::load::suggest;
use crate::model::desired::SqlPlace;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::name::TopicName;
use crate::model::tree::Span;
use crate::sql::facts::Facts;
use crate::sql::outline::{BOOTSTRAP, Outline};

/// Connectors that every script may use.
const CONNECTORS: &[&str] = &["kafka", "upsert-kafka", "datagen", "print", "blackhole"];

/// How brokers are spoken to, by Kafka's names.
const SECURITY: &[&str] = &["properties.security.", "properties.sasl.", "properties.ssl."];

pub struct Tables<'a> {
    pub text: &'a str,
    pub place: &'a SqlPlace,
    /// `None`: there is no `weir.toml`.
    pub rules: Option<&'a EngineRules>,
}

impl Tables<'_> {
    pub fn problems(&self, table: &Facts) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        found.extend(self.connector(table));
        if table.is_over_kafka() {
            found.extend(self.brokers(table));
        }
        found
    }

    fn connector(&self, table: &Facts) -> Option<Diagnostic> {
        let Some(connector) = table.option("connector") else {
            let name = table.name.as_ref()?;
            let message = format!("the table `{}` names no connector", name.name);
            let wrong = at(self.place, "connector", name.place.span(), message);
            return Some(wrong.with_help("WITH ('connector' = 'kafka', …)"));
        };
        let more = self.rules.map_or([].as_slice(), |rules| &rules.connectors);
        let known: Vec<&str> = CONNECTORS.iter().copied().chain(more.iter().map(String::as_str)).collect();
        if known.contains(&connector) {
            return None;
        }
        let message = format!("`{connector}` is not among the connectors that a script may use");
        let mut wrong = at(self.place, "connector", self.option(table, "connector"), message);
        wrong.help = suggest::closest(connector, known)
            .map(|close| format!("did you mean `{close}`?"))
            .or_else(|| Some("allow it in `connectors` of the engine in `weir.toml`".to_owned()));
        // Without a weir.toml nobody knows what it allows.
        wrong.severity = if self.rules.is_some() { Severity::Error } else { Severity::Warning };
        Some(wrong)
    }

    /// Of the project's own brokers weir says everything; others must be allowed.
    fn brokers(&self, table: &Facts) -> Vec<Diagnostic> {
        let Some(rules) = self.rules else { return Vec::new() };
        let ours = &rules.kafka_bootstrap;
        match table.other_brokers(ours) {
            None => {
                let own = table.with.keys().filter(|key| SECURITY.iter().any(|start| key.starts_with(start)));
                own.map(|key| {
                    let message = format!("`{key}` may not be set for the project's own brokers");
                    let wrong = at(self.place, "security_option", self.option(table, key), message);
                    wrong.with_help("weir sets it; leave it out")
                })
                .collect()
            }
            Some(_) => {
                let allowed =
                    std::iter::once(ours).chain(&rules.allow_bootstrap).cloned().collect::<Vec<_>>().join(",");
                let other = table.other_brokers(&allowed).map(|brokers| {
                    let message = format!("`{brokers}` are not the project's brokers");
                    let wrong = at(self.place, "other_brokers", self.option(table, BOOTSTRAP), message);
                    wrong.with_help("leave it out, or allow them in `allow_bootstrap` of the engine in `weir.toml`")
                });
                other.into_iter().collect()
            }
        }
    }

    /// The topics that the script writes, and which of them are upsert logs.
    pub fn written(
        &self,
        report: &mut Report<'_>,
        outline: &Outline<'_>,
    ) -> (BTreeSet<TopicName>, BTreeSet<TopicName>) {
        let (mut topics, mut upserts) = (BTreeSet::new(), BTreeSet::new());
        for table in outline.written().filter(|table| table.is_over_kafka()) {
            let written = table.option("topic").unwrap_or_default();
            match TopicName::parse(written) {
                Ok(topic) => {
                    if table.option("connector") == Some("upsert-kafka") {
                        upserts.insert(topic.clone());
                    }
                    topics.insert(topic);
                }
                Err(wrong) => {
                    let message = format!("`{written}` is no {}", wrong.what);
                    let told = at(self.place, "bad_topic", self.option(table, "topic"), message);
                    report.push(told.with_help("a table that is written names its topic: `'topic' = '…'`"));
                }
            }
        }
        (topics, upserts)
    }

    /// Where the key of an option stands, or else the table's name.
    fn option(&self, table: &Facts, key: &str) -> Span {
        let literal = format!("'{key}'");
        let with = table.with_place.map(|place| place.span());
        let found = with.and_then(|with| {
            let at = self.text.get(with.start..with.end)?.find(&literal)? + with.start;
            Some(Span::new(at, at + literal.len()))
        });
        found.or(table.name.as_ref().map(|name| name.place.span())).unwrap_or(table.place.span())
    }
}
