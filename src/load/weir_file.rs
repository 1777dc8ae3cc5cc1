//! The shape of `weir.toml` and `vars.toml` as they are written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::config::{EngineKind, Mode};

/// A value that may be `${env:NAME}` or `${file:path}`, and that nothing prints.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(extend("x-secret" = true))]
pub struct SecretText(pub String);

/// `weir.toml`: the project and what it runs on.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "weir.toml")]
pub struct WeirFile {
    #[serde(default)]
    pub project: ProjectFile,
    #[serde(default)]
    pub ledger: LedgerFile,
    #[serde(default)]
    pub kafka: KafkaFile,
    /// Clusters that run SQL, by name.
    #[serde(default)]
    pub engines: BTreeMap<String, EngineFile>,
    #[serde(default)]
    pub origin: OriginFile,
    #[serde(default)]
    pub reconcile: ReconcileFile,
    #[serde(default)]
    pub limits: LimitsFile,
    #[serde(default)]
    pub secrets: SecretsFile,
    /// Values for `${var:NAME}` in definitions.
    #[serde(default)]
    #[schemars(extend("propertyNames" = {"pattern": "^[A-Za-z_][A-Za-z0-9_]*$"}))]
    pub vars: BTreeMap<String, VarValue>,
}

/// The project.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectFile {
    /// Part of consumer groups, transaction ids and job names. Default: the folder's name.
    pub name: Option<String>,
    /// The engine of streams that name none. Default: the only one.
    pub engine: Option<String>,
}

/// Where weir records what it did.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LedgerFile {
    /// `postgres://user:password@host:port/database`
    pub url: Option<SecretText>,
}

/// The brokers.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KafkaFile {
    /// `host:port`, several with commas.
    pub bootstrap_servers: Option<String>,
    #[serde(default)]
    #[allow(dead_code, reason = "its one value is the default")]
    pub security: SecurityFile,
    /// How long brokers keep a transaction of an exactly-once output open that nobody commits: at most their
    /// `transaction.max.timeout.ms`. Default: `15m`, the brokers' own default of that.
    pub transaction_timeout: Option<String>,
    /// Passed to librdkafka as they are.
    #[serde(default)]
    pub properties_rdkafka: BTreeMap<String, SecretText>,
    /// Passed to the engines' Java clients as they are.
    #[serde(default)]
    pub properties_java: BTreeMap<String, SecretText>,
}

/// How brokers are spoken to.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "its one value is the default")]
pub struct SecurityFile {
    /// Default: `plaintext`.
    pub protocol: Option<Protocol>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    Plaintext,
}

/// A cluster that runs SQL.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EngineFile {
    /// What the cluster is.
    pub kind: EngineKind,
    /// Flink: the SQL gateway.
    pub url: Option<String>,
    /// Flink: the JobManager.
    pub rest_url: Option<String>,
    /// The brokers as the engine sees them. Default: `kafka.bootstrap_servers`.
    pub kafka_bootstrap: Option<String>,
    /// URL of the folder for checkpoints, as the engine sees it.
    pub checkpoint_dir: Option<String>,
    /// URL of the folder for savepoints, as the engine sees it.
    pub savepoint_dir: Option<String>,
    /// Set on every job.
    #[serde(default)]
    pub options: BTreeMap<String, String>,
    /// Options that definitions may set beyond weir's own list: whole keys, or a prefix that ends in `.*`.
    #[serde(default)]
    pub allow_options: Vec<String>,
    /// Connectors that a script may use beyond kafka, upsert-kafka, datagen, print and blackhole.
    #[serde(default)]
    pub connectors: Vec<String>,
    /// Brokers that a script may name beside the engine's own, each as `host:port`.
    #[serde(default)]
    pub allow_bootstrap: Vec<String>,
}

/// Where definitions come from.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OriginFile {
    /// Default: `directory`.
    #[allow(dead_code, reason = "its one value is the default")]
    pub kind: Option<OriginKind>,
    /// Relative to the folder of `weir.toml`. Default: `streams`.
    pub path: Option<String>,
}

#[derive(Clone, Copy, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OriginKind {
    Directory,
}

/// How the wanted state is kept.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReconcileFile {
    /// `auto` applies, `manual` waits for approval. Default: `auto`.
    pub mode: Option<Mode>,
    /// Between two looks, as `30s`. Default: `30s`.
    pub interval: Option<String>,
    /// Streams that are changed at the same time. Default: 4.
    #[schemars(range(min = 1, max = 256))]
    pub parallelism: Option<usize>,
    /// More deletions in one plan wait for confirmation. Default: 3.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub max_deletions: Option<usize>,
    /// More restarts in one plan wait for confirmation. Default: 5.
    #[schemars(range(min = 0, max = 1_000_000))]
    pub max_restores: Option<usize>,
    /// A file must be absent so long before its stream is removed. Default: `10s`.
    pub settle: Option<String>,
    /// A job must be unseen so long before it counts as missing. Default: `15s`.
    pub missing_after: Option<String>,
}

/// How much SQL may be, in a stream as in a look.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitsFile {
    /// Characters of a text. Default: 5000.
    #[schemars(range(min = 1, max = 1_048_576))]
    pub sql_length: Option<usize>,
    /// Joins of tables in one statement. Default: 3.
    #[schemars(range(min = 0, max = 1_000))]
    pub joins: Option<usize>,
    /// Windows in one statement. Default: 2.
    #[schemars(range(min = 0, max = 1_000))]
    pub windows: Option<usize>,
}

/// Where secrets may be read from.
#[derive(Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecretsFile {
    /// `${file:path}` is read only below this folder.
    pub directory: Option<String>,
}

/// `vars.toml`: values for `${var:NAME}` in definitions.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(title = "vars.toml")]
pub struct VarsFile(pub BTreeMap<String, VarValue>);

/// The value of a variable.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum VarValue {
    Text(String),
    Number(i64),
}

impl VarValue {
    pub fn into_text(self) -> String {
        match self {
            VarValue::Text(text) => text,
            VarValue::Number(number) => number.to_string(),
        }
    }
}
