//! `weir.toml` after load: typed, with every default in place.

use std::collections::BTreeMap;
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::limits::SqlLimits;
use crate::model::name::{EngineName, ProjectName};
use crate::model::secret::Secret;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    pub project: ProjectName,
    /// Default engine of streams: `project.engine`, or the only one.
    pub default_engine: Option<EngineName>,
    pub ledger_url: Option<Secret>,
    pub kafka: Option<KafkaConfig>,
    pub engines: BTreeMap<EngineName, EngineConfig>,
    pub origin: OriginConfig,
    pub reconcile: Settings,
    pub limits: SqlLimits,
    pub vars: BTreeMap<String, String>,
    /// `${file:…}` is read only below this folder.
    pub secrets_directory: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KafkaConfig {
    pub bootstrap_servers: String,
    /// Passed to librdkafka as they are.
    pub properties_rdkafka: BTreeMap<String, Secret>,
    /// Passed to the engines' Java clients as they are.
    pub properties_java: BTreeMap<String, Secret>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineConfig {
    pub kind: EngineKind,
    /// Flink: the SQL gateway.
    pub url: String,
    /// Flink: the JobManager.
    pub rest_url: String,
    /// The brokers as the engine sees them.
    pub kafka_bootstrap: String,
    /// URL of the folder for checkpoints, as the engine sees it.
    pub checkpoint_dir: String,
    pub savepoint_dir: String,
    /// Set on every job of this engine.
    pub options: BTreeMap<String, String>,
    /// Options that files may set beyond the table.
    pub allow_options: Vec<String>,
    /// Connectors that a script may use beyond weir's own list.
    pub connectors: Vec<String>,
    /// Brokers that a script may name beside the project's, each as `host:port`.
    pub allow_bootstrap: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    Flink,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginConfig {
    /// As written in `weir.toml` or given by `--dir`; relative to the folder of `weir.toml`.
    pub path: String,
}

/// `[reconcile]`, and of `[kafka]` what counts: all that a plan depends on beside its three inputs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub mode: Mode,
    pub interval: Duration,
    pub parallelism: usize,
    pub max_deletions: usize,
    pub max_restores: usize,
    /// A file must be absent so long before its stream is removed.
    pub settle: Duration,
    /// A job must be unseen so long before it counts as missing.
    pub missing_after: Duration,
    /// `kafka.transaction_timeout`: how long brokers keep a transaction of an exactly-once output open that nobody
    /// commits.
    pub transaction_timeout: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    Auto,
    Manual,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            mode: Mode::Auto,
            interval: Duration::from_secs(30),
            parallelism: 4,
            max_deletions: 3,
            max_restores: 5,
            settle: Duration::from_secs(10),
            missing_after: Duration::from_secs(15),
            // What brokers take at most by their own default, `transaction.max.timeout.ms`.
            transaction_timeout: Duration::from_secs(15 * 60),
        }
    }
}
