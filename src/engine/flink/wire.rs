//! Flink's JSON, as far as it is read. Unknown fields are accepted: versions add some.
//!
//! Source: Flink's `docs/static/generated/rest_v1_dispatcher.yml` and `rest_v3_sql_gateway.yml`, and replies of 1.20
//! and 2.x.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Debug, Deserialize)]
pub struct Errors {
    pub errors: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct ApiVersions {
    /// `V1`, `V2` …
    pub versions: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GatewayInfo {
    pub version: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionOpened {
    pub session_handle: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OperationStarted {
    pub operation_handle: String,
}

/// One page of a statement's result.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Page {
    pub result_type: ResultType,
    #[serde(rename = "jobID")]
    pub job_id: Option<String>,
    pub results: Option<Rows>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResultType {
    NotReady,
    Payload,
    Eos,
}

#[derive(Debug, Deserialize)]
pub struct Rows {
    #[serde(default)]
    pub data: Vec<Row>,
}

#[derive(Debug, Deserialize)]
pub struct Row {
    pub fields: Vec<Value>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Overview {
    pub taskmanagers: u32,
    pub slots_total: u32,
    pub slots_available: u32,
    pub flink_version: String,
}

#[derive(Debug, Deserialize)]
pub struct JobsOverview {
    pub jobs: Vec<JobRow>,
}

#[derive(Debug, Deserialize)]
pub struct JobRow {
    pub jid: String,
    pub name: String,
    pub state: String,
    /// Number of tasks by state in lower case, and `total`.
    #[serde(default)]
    pub tasks: BTreeMap<String, u64>,
}

#[derive(Debug, Deserialize)]
pub struct SavepointStatus {
    pub status: StatusId,
    pub operation: Option<SavepointOperation>,
}

#[derive(Debug, Deserialize)]
pub struct StatusId {
    /// `IN_PROGRESS` or `COMPLETED`
    pub id: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct SavepointOperation {
    pub location: Option<String>,
    pub failure_cause: Option<FailureCause>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct FailureCause {
    pub class: String,
    #[serde(default)]
    pub stack_trace: String,
}

#[derive(Debug, Deserialize)]
pub struct Checkpoints {
    pub latest: Option<LatestCheckpoints>,
}

#[derive(Debug, Deserialize)]
pub struct LatestCheckpoints {
    pub completed: Option<Completed>,
    pub restored: Option<Restored>,
    pub savepoint: Option<LatestSavepoint>,
}

#[derive(Debug, Deserialize)]
pub struct Completed {
    pub external_path: Option<String>,
    /// Whether its files were deleted since.
    pub discarded: bool,
}

/// What the job began from last: the savepoint that it was given, or a checkpoint of its own.
#[derive(Debug, Deserialize)]
pub struct Restored {
    pub is_savepoint: bool,
    pub external_path: Option<String>,
}

/// `GET /config`
#[derive(Debug, Deserialize)]
pub struct WebConfig {
    /// Milliseconds.
    #[serde(rename = "refresh-interval")]
    pub refresh_interval: u64,
}

#[derive(Debug, Deserialize)]
pub struct LatestSavepoint {
    pub external_path: Option<String>,
}

#[derive(Debug, Deserialize)]
pub struct Exceptions {
    #[serde(rename = "root-exception")]
    pub root: Option<String>,
    #[serde(rename = "exceptionHistory")]
    pub history: Option<ExceptionHistory>,
}

#[derive(Debug, Deserialize)]
pub struct ExceptionHistory {
    #[serde(default)]
    pub entries: Vec<ExceptionEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExceptionEntry {
    #[serde(default)]
    pub stacktrace: String,
    #[serde(default)]
    pub concurrent_exceptions: Vec<ExceptionEntry>,
}

/// `EXPLAIN JSON_EXECUTION_PLAN`: the graph of operators.
#[derive(Debug, Deserialize)]
pub struct ExecutionPlan {
    pub nodes: Vec<PlanNode>,
}

#[derive(Debug, Deserialize)]
pub struct PlanNode {
    pub id: i64,
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(default)]
    pub contents: String,
    #[serde(default)]
    pub predecessors: Vec<PlanEdge>,
}

#[derive(Debug, Deserialize)]
pub struct PlanEdge {
    pub id: i64,
    pub ship_strategy: String,
}
