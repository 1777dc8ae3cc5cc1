//! The SQL gateway: one session per task, closed always.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use crate::engine::flink::client::{Failure, Http, Pace, Timing};
use crate::engine::flink::wire::{ApiVersions, GatewayInfo, OperationStarted, Page, ResultType, SessionOpened};
use crate::engine::flink::words::{Place, causes, place, words};

/// The versions of the gateway's API that are understood, newest first.
const VERSIONS: [&str; 4] = ["V4", "V3", "V2", "V1"];

#[derive(Clone)]
pub struct Gateway {
    http: Http,
    timing: Timing,
}

/// Why a statement gave no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StatementError {
    /// The planner says no, to this statement, now and later.
    Refused(Refusal),
    /// It failed for a reason that is not the statement's.
    Failed(String),
    Call(Failure),
}

/// What the planner says of a statement, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub words: String,
    /// In the statement as it was sent.
    pub place: Option<Place>,
}

/// What a statement gave: all rows of the first page that has any.
#[derive(Debug)]
pub struct Outcome {
    pub rows: Vec<Vec<Value>>,
    pub job_id: Option<String>,
}

impl Gateway {
    pub fn new(http: Http, timing: Timing) -> Gateway {
        Gateway { http, timing }
    }

    pub fn address(&self) -> String {
        self.http.shown()
    }

    /// Flink's version on the gateway's side.
    pub async fn version(&self) -> Result<String, Failure> {
        let prefix = self.probe().await?;
        self.http.get(&format!("{prefix}/info")).await.map(|info: GatewayInfo| info.version)
    }

    /// Opens a session in which `properties` are set.
    pub async fn open(&self, properties: &BTreeMap<String, String>) -> Result<Session, Failure> {
        let prefix = self.probe().await?;
        let body = json!({"sessionName": "weir", "properties": properties});
        let opened: SessionOpened = self.http.post(&format!("{prefix}/sessions"), &body).await?;
        let path = format!("{prefix}/sessions/{}", opened.session_handle);
        Ok(Session { gateway: self.clone(), path, state: SessionState::Open })
    }

    /// The path of the newest API version that both sides know: the versions differ in what is added.
    async fn probe(&self) -> Result<String, Failure> {
        let offered: ApiVersions = self.http.get("/api_versions").await?;
        let newest = VERSIONS.into_iter().find(|version| offered.versions.iter().any(|other| other == version));
        newest.map(|version| format!("/{}", version.to_ascii_lowercase())).ok_or_else(|| {
            Failure::Strange(format!("it offers the API versions {}, none of them known", offered.versions.join(", ")))
        })
    }
}

/// A session. Everything made in it is temporary; closing it ends what still runs in it, but not the jobs of INSERTs.
pub struct Session {
    gateway: Gateway,
    path: String,
    state: SessionState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SessionState {
    Open,
    Closed,
}

impl Session {
    /// Runs one statement to its first result.
    pub async fn run(&self, sql: &str) -> Result<Outcome, StatementError> {
        self.run_with(sql, &BTreeMap::new()).await
    }

    /// As [`Session::run`], with configuration for this statement alone.
    ///
    /// Flow: POST answers with an operation's handle whatever the statement is; its errors come with the result.
    /// NOT_READY is asked again, and so is a page without rows. The operation is closed, also after an error.
    /// Errors: [`StatementError::Call`] after the POST leaves open whether the statement was run.
    pub async fn run_with(&self, sql: &str, config: &BTreeMap<String, String>) -> Result<Outcome, StatementError> {
        let http = &self.gateway.http;
        let body = json!({"statement": sql, "executionConfig": config});
        let started: Result<OperationStarted, Failure> = http.post(&format!("{}/statements", self.path), &body).await;
        let operation = format!("{}/operations/{}", self.path, started.map_err(failed)?.operation_handle);
        let outcome = self.first_result(&operation).await;
        let closed: Result<IgnoredAny, Failure> = http.call(Method::DELETE, &format!("{operation}/close"), None).await;
        if let Err(failure) = closed {
            // The session's end closes it too.
            tracing::debug!(?failure, "an operation of the SQL gateway was not closed");
        }
        outcome
    }

    async fn first_result(&self, operation: &str) -> Result<Outcome, StatementError> {
        let timing = &self.gateway.timing;
        let mut pace = Pace::new(timing.task, timing.pause);
        let mut token: u64 = 0;
        loop {
            let path = format!("{operation}/result/{token}?rowFormat=JSON");
            let page: Page = self.gateway.http.get(&path).await.map_err(failed)?;
            let rows: Vec<_> = page.results.into_iter().flat_map(|rows| rows.data).map(|row| row.fields).collect();
            match page.result_type {
                ResultType::Payload if rows.is_empty() && page.job_id.is_none() => token += 1,
                ResultType::Payload | ResultType::Eos => return Ok(Outcome { rows, job_id: page.job_id }),
                ResultType::NotReady => {}
            }
            if !pace.again().await {
                return Err(StatementError::Call(Failure::Lost("the statement gave no result in time".to_owned())));
            }
        }
    }

    pub async fn close(mut self) {
        self.state = SessionState::Closed;
        delete(&self.gateway.http, &self.path).await;
    }
}

/// A task that is dropped half-way closes its session all the same.
impl Drop for Session {
    fn drop(&mut self) {
        if self.state == SessionState::Open
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let (http, path) = (self.gateway.http.clone(), self.path.clone());
            runtime.spawn(async move { delete(&http, &path).await });
        }
    }
}

async fn delete(http: &Http, path: &str) {
    let closed: Result<IgnoredAny, Failure> = http.call(Method::DELETE, path, None).await;
    if let Err(failure) = closed {
        // The gateway closes idle sessions by itself.
        tracing::debug!(?failure, "a session of the SQL gateway was not closed");
    }
}

fn failed(failure: Failure) -> StatementError {
    match failure {
        Failure::Status { code: 500, errors } => of_trace(&errors.join("\n")),
        Failure::Status { .. } | Failure::NotSent(_) | Failure::Lost(_) | Failure::Strange(_) => {
            StatementError::Call(failure)
        }
    }
}

/// Tells the planner's word from a gateway that is out of order. What is not known to be the planner's counts as the
/// gateway's: it is asked again, where a refusal would stand until the query changes.
fn of_trace(trace: &str) -> StatementError {
    let of_planner = |class: &str| {
        ["org.apache.flink.table.api.", "org.apache.flink.table.planner.", "org.apache.flink.sql.parser."]
            .iter()
            .chain(&["org.apache.calcite.", "java.lang.IllegalArgumentException", "java.lang.UnsupportedOperation"])
            .any(|start| class.starts_with(start))
    };
    let chain = causes(trace);
    let ran = chain.iter().any(|cause| cause.class.ends_with(".SqlExecutionException"));
    match ran && chain.iter().any(|cause| of_planner(&cause.class)) {
        true => StatementError::Refused(Refusal { words: words(trace), place: place(trace) }),
        false => StatementError::Failed(words(trace)),
    }
}

#[cfg(test)]
mod tests;
