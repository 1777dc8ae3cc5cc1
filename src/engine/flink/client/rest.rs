//! The JobManager's REST.

use std::time::Duration;

use reqwest::Method;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::engine::flink::client::{Failure, Http};
use crate::engine::flink::wire::{Checkpoints, Exceptions, JobRow, JobsOverview, Overview, SavepointStatus, WebConfig};
use crate::engine::flink::words::failure_words;
use crate::model::job::JobId;
use crate::model::step::StepId;

#[derive(Clone)]
pub struct JobManager {
    http: Http,
}

/// The newest checkpoint of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewestCheckpoint {
    /// Where it lies.
    At(String),
    /// The job never completed one.
    Never,
    /// It was deleted: the job took up nothing older than that.
    Gone,
}

impl JobManager {
    pub fn new(http: Http) -> JobManager {
        JobManager { http }
    }

    pub async fn overview(&self) -> Result<Overview, Failure> {
        self.http.get("/overview").await
    }

    /// Every job, ended ones too, for as long as the JobManager remembers them.
    pub async fn jobs(&self) -> Result<Vec<JobRow>, Failure> {
        self.http.get("/jobs/overview").await.map(|overview: JobsOverview| overview.jobs)
    }

    pub async fn job(&self, id: &JobId) -> Result<Option<JobRow>, Failure> {
        Ok(self.jobs().await?.into_iter().find(|row| JobId::seen(&row.jid) == *id))
    }

    /// Begins a stop with savepoint. The same trigger again is answered with the same savepoint; an unknown job is
    /// told of only by [`JobManager::savepoint`].
    pub async fn stop(&self, job: &JobId, directory: &str, trigger: &StepId) -> Result<(), Failure> {
        let body = json!({"targetDirectory": directory, "drain": false, "triggerId": trigger.as_str()});
        self.http.post(&format!("/jobs/{job}/stop"), &body).await.map(|_: IgnoredAny| ())
    }

    /// What became of a stop; 404 if the JobManager knows no such trigger.
    pub async fn savepoint(&self, job: &JobId, trigger: &StepId) -> Result<SavepointStatus, Failure> {
        self.http.get(&format!("/jobs/{job}/savepoints/{trigger}")).await
    }

    /// The newest savepoint that was taken of a job.
    pub async fn newest_savepoint(&self, job: &JobId) -> Result<Option<String>, Failure> {
        let checkpoints: Checkpoints = self.http.get(&format!("/jobs/{job}/checkpoints")).await?;
        Ok(checkpoints.latest.and_then(|latest| latest.savepoint).and_then(|savepoint| savepoint.external_path))
    }

    /// A JobManager that took over knows no checkpoint that was completed before; the job has then begun again from one
    /// of its own. 404 for an unknown job, and for one that was never set up.
    pub async fn newest_checkpoint(&self, job: &JobId) -> Result<NewestCheckpoint, Failure> {
        let checkpoints: Checkpoints = self.http.get(&format!("/jobs/{job}/checkpoints")).await?;
        let latest = checkpoints.latest;
        let (completed, restored) = latest.map_or((None, None), |latest| (latest.completed, latest.restored));
        let restored = restored.filter(|restored| !restored.is_savepoint);
        let path = match (completed, restored) {
            (None, None) => return Ok(NewestCheckpoint::Never),
            (Some(completed), _) => completed.external_path.filter(|_| !completed.discarded),
            (None, Some(restored)) => restored.external_path,
        };
        Ok(path.map_or(NewestCheckpoint::Gone, NewestCheckpoint::At))
    }

    /// What is shown of a job may be so old (`web.refresh-interval`).
    pub async fn refresh_interval(&self) -> Result<Duration, Failure> {
        let config: WebConfig = self.http.get("/config").await?;
        Ok(Duration::from_millis(config.refresh_interval))
    }

    /// 202 also for a job that was cancelled before; 409 for one that ended otherwise; 404 for an unknown one.
    pub async fn cancel(&self, job: &JobId) -> Result<(), Failure> {
        self.http.call(Method::PATCH, &format!("/jobs/{job}?mode=cancel"), None).await.map(|_: IgnoredAny| ())
    }

    /// Why a job failed last, in words.
    pub async fn root_cause(&self, job: &JobId) -> Option<String> {
        let exceptions: Exceptions = self.http.get(&format!("/jobs/{job}/exceptions?maxExceptions=1")).await.ok()?;
        let newest = exceptions.history.and_then(|history| history.entries.into_iter().next());
        let root = exceptions.root.or_else(|| newest.as_ref().map(|entry| entry.stacktrace.clone()))?;
        // After the last retry the root only says that there is none, and where a task was spoken to while it failed, only
        // that it did not hear; the cause stands beside it.
        let unheard = |trace: &str| trace.contains("An OperatorEvent from an OperatorCoordinator to a task was lost");
        let only_follows = root.contains("Recovery is suppressed") || unheard(&root);
        let beside = newest.into_iter().flat_map(|entry| entry.concurrent_exceptions);
        let cause = beside.map(|beside| beside.stacktrace).find(|trace| !trace.is_empty() && !unheard(trace));
        let trace = cause.filter(|_| only_follows).unwrap_or(root);
        Some(self.http.hide(failure_words(&trace)))
    }

    pub fn address(&self) -> String {
        self.http.shown()
    }
}
