//! Flink: the SQL gateway plans and submits, the JobManager lists, stops and cancels.
//!
//! A job's id is ours, chosen before it is submitted; Flink itself refuses a second submission under it. So nothing
//! here remembers anything: whatever went wrong is settled by looking the id up.

mod begin;
mod check;
mod client;
mod ddl;
mod deploy;
mod examine;
mod explain;
mod give_up;
mod helper;
mod limits;
mod script;
mod state;
mod stop;
mod trip;
mod verify;
mod wire;
mod words;

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;

pub use crate::engine::flink::client::Timing;
use crate::engine::flink::client::gateway::{Gateway, Session, StatementError};
use crate::engine::flink::client::rest::JobManager;
use crate::engine::flink::client::{Failure, Http, Pace};
use crate::engine::flink::ddl::Kafka;
use crate::engine::flink::words::words;
use crate::engine::{Engine, EngineError, Finding};
use crate::model::check::Check;
use crate::model::definition::Stream;
use crate::model::job::JobId;
use crate::model::name::EngineName;
use crate::model::observed::{Cluster, EngineView};
use crate::model::step::{EngineAct, Lookup, Receipt, StepId};

/// Where the cluster is and what every job of it is given. Holds secrets: it has no `Debug`.
#[derive(Clone)]
pub struct FlinkSettings {
    /// URL of the SQL gateway.
    pub gateway: String,
    /// URL of the JobManager's REST.
    pub rest: String,
    /// The brokers as the engine sees them.
    pub kafka_bootstrap: String,
    /// For the engine's Kafka clients, by Kafka's names, references resolved.
    pub kafka_properties: BTreeMap<String, String>,
    /// How long brokers keep a transaction of an exactly-once output open that nobody commits.
    pub transaction_timeout: Duration,
    /// URLs as the engine sees them.
    pub checkpoint_dir: String,
    pub savepoint_dir: String,
    /// Set on every job; a stream's own options win.
    pub options: BTreeMap<String, String>,
    pub timing: Timing,
}

pub struct Flink {
    name: EngineName,
    settings: FlinkSettings,
    kafka: Kafka,
    /// Takes secrets out of texts, for both servers alike.
    jobs_http: Http,
    gateway: Gateway,
    job_manager: JobManager,
}

/// Kafka properties whose values are taken out of whatever Flink says.
const SECRET_WORDS: [&str; 6] = ["password", "secret", "jaas", "token", "credential", "key"];
const IDLE_CONNECTION: Duration = Duration::from_secs(5);
/// A shorter text is left: it would stand in too many words by chance.
const SHORTEST_SECRET: usize = 4;

impl Flink {
    /// Errors: the HTTP client cannot be set up, in words.
    pub fn new(name: EngineName, settings: FlinkSettings) -> Result<Flink, String> {
        // An error says that the process has one already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let timing = settings.timing;
        let client = reqwest::Client::builder()
            .connect_timeout(timing.connect)
            .timeout(timing.request)
            // A connection that a restarted server has forgotten must not cost the next look.
            .pool_idle_timeout(IDLE_CONNECTION)
            .build()
            .map_err(|error| error.to_string())?;
        let hidden = hidden(&settings.kafka_properties);
        let jobs_http = Http::new(client.clone(), &settings.rest, hidden.clone());
        Ok(Flink {
            name,
            kafka: Kafka {
                bootstrap: settings.kafka_bootstrap.clone(),
                properties: settings.kafka_properties.clone(),
                transaction_timeout: settings.transaction_timeout,
            },
            gateway: Gateway::new(Http::new(client, &settings.gateway, hidden), timing),
            job_manager: JobManager::new(jobs_http.clone()),
            jobs_http,
            settings,
        })
    }

    fn settings(&self) -> &FlinkSettings {
        &self.settings
    }

    fn timing(&self) -> &Timing {
        &self.settings.timing
    }

    fn kafka(&self) -> &Kafka {
        &self.kafka
    }

    fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    fn job_manager(&self) -> &JobManager {
        &self.job_manager
    }

    fn pace(&self) -> Pace {
        Pace::new(self.timing().task, self.timing().pause)
    }

    fn hide(&self, text: String) -> String {
        self.jobs_http.hide(text)
    }

    /// A session in which the stream is planned as its job will be.
    async fn open_session(&self, stream: &Stream) -> Result<Session, EngineError> {
        let mut properties = self.settings.options.clone();
        properties.extend(stream.options.clone());
        properties.insert("execution.runtime-mode".to_owned(), "STREAMING".to_owned());
        // A hint in the query could else put another topic or other brokers under a source.
        properties.insert("table.dynamic-table-options.enabled".to_owned(), "false".to_owned());
        self.open_session_with(&properties).await
    }

    async fn open_session_with(&self, properties: &BTreeMap<String, String>) -> Result<Session, EngineError> {
        let opened = self.gateway.open(properties).await;
        opened.map_err(|failure| EngineError::Unreachable(self.gateway_failed(&failure)))
    }

    /// A statement that starts nothing has failed.
    fn statement_failed(&self, error: StatementError) -> EngineError {
        match error {
            StatementError::Refused(refusal) => EngineError::Refused(refusal.words),
            StatementError::Failed(words) => EngineError::Uncertain(format!("SQL gateway: {words}")),
            StatementError::Call(failure) => EngineError::Unreachable(self.gateway_failed(&failure)),
        }
    }

    fn gateway_failed(&self, failure: &Failure) -> String {
        said(&format!("SQL gateway at {}", self.gateway.address()), failure)
    }

    fn job_manager_failed(&self, failure: &Failure) -> String {
        said(&format!("JobManager at {}", self.job_manager.address()), failure)
    }

    fn lookup_failed(&self, failure: Failure) -> Lookup {
        Lookup::Unknown { reason: self.job_manager_failed(&failure) }
    }

    async fn why_failed(&self, job: &JobId) -> String {
        let cause = self.job_manager.root_cause(job).await;
        cause.unwrap_or_else(|| "the job failed; the JobManager does not say why".to_owned())
    }

    async fn cluster(&self) -> Result<Cluster, Failure> {
        let (overview, rows) = tokio::try_join!(self.job_manager.overview(), self.job_manager.jobs())?;
        Ok(Cluster {
            version: overview.flink_version,
            ready: overview.taskmanagers > 0,
            slots_free: overview.slots_available,
            jobs: rows.iter().map(state::job).collect(),
        })
    }
}

#[async_trait]
impl Engine for Flink {
    fn name(&self) -> &EngineName {
        &self.name
    }

    async fn jobs(&self) -> EngineView {
        match self.cluster().await {
            Ok(cluster) => EngineView::Known(cluster),
            Err(failure) => EngineView::Unknown { reason: self.job_manager_failed(&failure) },
        }
    }

    async fn check(&self, stream: &Stream) -> Result<Check, EngineError> {
        check::check(self, stream).await
    }

    async fn execute(&self, id: &StepId, act: &EngineAct) -> Result<Receipt, EngineError> {
        match act {
            EngineAct::Deploy(deploy) => deploy::deploy(self, deploy).await,
            EngineAct::Verify { job_id } => verify::verify(self, job_id).await,
            EngineAct::Stop { job_id, folder } => stop::stop(self, id, job_id, folder).await,
            EngineAct::Cancel { job_id } => stop::cancel(self, job_id).await,
            EngineAct::GiveUp { job_id } => give_up::give_up(self, job_id).await,
            EngineAct::Helper(act) => helper::execute(self, act).await,
        }
    }

    async fn lookup(&self, id: &StepId, act: &EngineAct) -> Lookup {
        match act {
            EngineAct::Deploy(deploy) => deploy::lookup(self, deploy).await,
            EngineAct::Verify { job_id } => verify::lookup(self, job_id).await,
            EngineAct::Stop { job_id, folder } => stop::lookup_stop(self, id, job_id, folder).await,
            EngineAct::Cancel { job_id } => stop::lookup_cancel(self, job_id).await,
            EngineAct::GiveUp { job_id } => give_up::lookup(self, job_id).await,
            EngineAct::Helper(act) => helper::lookup(self, act).await,
        }
    }

    async fn examine(&self) -> Vec<Finding> {
        examine::examine(self).await
    }
}

/// A server's failure in one line.
fn said(server: &str, failure: &Failure) -> String {
    match failure {
        Failure::NotSent(why) | Failure::Lost(why) => format!("{server} does not answer: {why}"),
        Failure::Status { code, errors } => format!("{server} answers {code}: {}", words(&errors.join("\n"))),
        Failure::Strange(why) => format!("{server} does not answer as Flink does: {why}"),
    }
}

fn hidden(properties: &BTreeMap<String, String>) -> Vec<String> {
    let secret = |key: &str| SECRET_WORDS.iter().any(|word| key.to_ascii_lowercase().contains(word));
    properties
        .iter()
        .filter(|(key, value)| secret(key) && value.len() >= SHORTEST_SECRET)
        .map(|(_, value)| value.clone())
        .collect()
}

#[cfg(test)]
mod tests;
