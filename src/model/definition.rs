//! Definitions after load: typed, resolved, with every default in place.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::column::{Column, list};
use crate::model::few::Few;
use crate::model::name::{EngineName, Name, TopicName};

/// A table over a topic that exists.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Source {
    pub name: Name,
    pub topic: TopicName,
    pub format: Format,
    pub on_bad_record: OnBadRecord,
    /// In declared order.
    #[serde(deserialize_with = "list")]
    pub columns: Vec<Column>,
    pub time: Option<EventTime>,
    /// Table options from the allow-list.
    pub connector: BTreeMap<String, String>,
    /// Where another stream writes the topic: how. The columns are then those of that stream's check.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub output_of: Option<Upstream>,
}

impl Source {
    /// The columns by which rows replace each other; empty: none does.
    pub fn key(&self) -> &[String] {
        self.output_of.as_ref().map_or(&[], |upstream| upstream.key.as_slice())
    }

    pub fn is_upsert(&self) -> bool {
        !self.key().is_empty()
    }
}

/// A stream whose output is read, and what its readers must know of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Upstream {
    pub stream: Name,
    /// Empty: an append log. Else rows of one key replace each other.
    pub key: Vec<String>,
    pub time_encoding: TimeEncoding,
    /// What transactions write is read when it is committed.
    pub delivery: Delivery,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Json,
    Csv,
    Raw,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnBadRecord {
    Fail,
    Skip,
}

/// Event time: the column that carries it and how far behind it the watermark stays.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct EventTime {
    pub column: String,
    pub encoding: TimeEncoding,
    pub delay: Duration,
    /// A partition without rows for so long does not hold the watermark back.
    pub idle: Option<Duration>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeEncoding {
    Iso8601,
    Sql,
    EpochMs,
}

/// A continuous query that writes one topic, with everything its job needs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Stream {
    pub name: Name,
    pub engine: EngineName,
    pub run: DesiredRun,
    #[serde(default, skip_serializing_if = "Body::is_query")]
    pub body: Body,
    /// As the user wrote it, variables filled in.
    pub sql: String,
    /// What the query reads.
    pub sources: Few<Name, Source>,
    pub output: Output,
    pub start: Start,
    /// Engine options of this stream's job.
    pub options: Few<String, String>,
}

/// What a stream's SQL text is.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// One query; weir declares its sources and its output.
    #[default]
    Query,
    /// Statements of the engine that declare what they need themselves, and make one job. `writes`: the topics of the
    /// tables that it inserts into; the output's is among them, if there is any.
    Script { writes: BTreeSet<TopicName> },
}

impl Stream {
    /// The topics that its job writes.
    pub fn writes(&self) -> BTreeSet<&TopicName> {
        match &self.body {
            Body::Query => BTreeSet::from([&self.output.topic]),
            Body::Script { writes } => writes.iter().collect(),
        }
    }

    /// The topic that weir makes for it. `None`: a script that writes none.
    pub fn output_topic(&self) -> Option<&TopicName> {
        match &self.body {
            Body::Query => Some(&self.output.topic),
            Body::Script { writes } => writes.get(&self.output.topic),
        }
    }
}

impl Body {
    pub fn is_query(&self) -> bool {
        *self == Body::Query
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DesiredRun {
    Running,
    Stopped,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Output {
    pub topic: TopicName,
    pub format: Format,
    pub time_encoding: TimeEncoding,
    /// `None`: the broker's default, at creation.
    pub partitions: Option<u32>,
    pub replication: Option<u16>,
    pub delivery: Delivery,
    /// Empty: the topic is an append log. Else an upsert log, compacted.
    pub key: Vec<String>,
    /// Topic configuration by Kafka's names.
    pub config: Few<String, String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    AtLeastOnce,
    ExactlyOnce,
}

/// Where the first deployment begins to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    Earliest,
    Latest,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    Timestamp(i64),
}

/// The keys beside the job.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Policy {
    pub on_remove: OnRemove,
    pub protect: bool,
    pub allow: BTreeSet<Allow>,
    pub owner: Option<String>,
    pub description: Option<String>,
    pub keep_savepoints: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnRemove {
    Keep,
    Stop,
    Drop,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Allow {
    Replays,
    DropsState,
}
