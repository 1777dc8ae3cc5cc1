//! The shape of definition files as they are written: the schema, the walk over it and serde all come from here.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::definition::{Allow, Delivery, DesiredRun, Format, OnBadRecord, OnRemove, TimeEncoding};

/// A source or a stream.
#[derive(JsonSchema)]
#[serde(untagged)]
#[schemars(title = "weir definition")]
#[allow(dead_code, reason = "only its schema is used: a file is read as one of the two")]
pub enum DefinitionFile {
    Stream(StreamFile),
    Source(SourceFile),
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    Source,
}

#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    Stream,
}

/// A table over a topic that exists.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "`kind` is read before the file's shape is known")]
pub struct SourceFile {
    /// What the file defines.
    pub kind: SourceKind,
    /// A letter, then at most 99 letters, digits or underscores. Default: the file's name without `.toml`.
    pub name: Option<String>,
    /// The Kafka topic.
    pub topic: String,
    /// How a record's value is encoded.
    pub format: Format,
    /// What a record that cannot be read does to the jobs that read it. Default: `fail`.
    pub on_bad_record: Option<OnBadRecord>,
    /// Column names and their types, in order. Types are those of Flink SQL.
    pub columns: BTreeMap<String, String>,
    /// Event time. Without it the source has processing time only.
    pub time: Option<TimeFile>,
    /// Further options of the table.
    #[serde(default)]
    pub connector: BTreeMap<String, String>,
}

/// Event time of a source.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeFile {
    /// The column that carries it.
    pub column: String,
    /// How a moment is written. Default: `iso8601` for json, else `sql`.
    pub encoding: Option<TimeEncoding>,
    /// How far behind the newest moment the watermark stays, as `5s`. Default: `0s`.
    pub delay: Option<String>,
    /// A partition without rows for so long does not hold the watermark back.
    pub idle: Option<String>,
}

/// A continuous query that writes one topic.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "`kind` is read before the file's shape is known")]
pub struct StreamFile {
    /// What the file defines. Default: `stream`.
    pub kind: Option<StreamKind>,
    /// A letter, then at most 99 letters, digits or underscores. Default: the file's name without `.toml`.
    pub name: Option<String>,
    /// What it is for, in words.
    pub description: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The engine of `weir.toml` that runs it. Default: the project's.
    pub engine: Option<String>,
    /// Whether its job runs. Default: `running`.
    pub run: Option<DesiredRun>,
    /// One query, without INSERT.
    pub sql: Option<String>,
    /// A file beside this one that holds the query.
    pub sql_file: Option<String>,
    /// Statements of the engine in place of a query: SET, CREATE TABLE, VIEW and FUNCTION, and the INSERTs that are
    /// its one job.
    pub script: Option<String>,
    /// The topic that it writes.
    #[serde(default)]
    pub output: OutputFile,
    /// How it is deployed, changed and removed.
    #[serde(default)]
    pub deploy: DeployFile,
    /// Options of the engine for this stream's job.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
}

/// The topic that a stream writes.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OutputFile {
    /// Default: the stream's name, or `deploy.renamed_from`.
    pub topic: Option<String>,
    /// How a record's value is encoded. Default: `json`.
    pub format: Option<Format>,
    /// How a moment is written. Default: `iso8601` for json, else `sql`.
    pub time_encoding: Option<TimeEncoding>,
    /// Default: the broker's.
    #[schemars(range(min = 1, max = 100_000))]
    pub partitions: Option<u32>,
    /// Copies of each partition. Default: the broker's.
    #[schemars(range(min = 1, max = 1_000))]
    pub replication: Option<u16>,
    /// With `exactly_once` rows are written in transactions, which are committed with each checkpoint: who reads the
    /// topic reads committed rows, and sees them by then. Default: `at_least_once`.
    pub delivery: Option<Delivery>,
    /// The columns that identify a row: with them the topic is an upsert log, compacted.
    #[serde(default)]
    pub key: Vec<String>,
    /// Topic configuration by Kafka's names.
    #[serde(default)]
    pub config: BTreeMap<String, String>,
}

/// How a stream is deployed, changed and removed.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeployFile {
    /// Where the first deployment begins to read: `earliest`, `latest` or a moment as `2025-01-01T00:00:00Z`.
    /// Default: `earliest`.
    pub start: Option<String>,
    /// What a change may do to state beyond keeping it.
    #[serde(default)]
    pub allow: Vec<Allow>,
    /// What becomes of the job when the file is gone. Default: `stop`.
    pub on_remove: Option<OnRemove>,
    /// While true, nothing that loses the job, its state or its rows is done. Default: false.
    pub protect: Option<bool>,
    /// How many savepoints are kept. Default: 3.
    #[schemars(range(min = 1, max = 1_000))]
    pub keep_savepoints: Option<u32>,
    /// The name that the stream had: it keeps job, state and topic. The default of `[output] topic` is then that name.
    pub renamed_from: Option<String>,
}
