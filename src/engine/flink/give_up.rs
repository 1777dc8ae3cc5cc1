//! A job that does not do its work ends, and its newest checkpoint is found.

use std::time::Duration;

use crate::engine::EngineError;
use crate::engine::flink::client::Failure;
use crate::engine::flink::client::rest::NewestCheckpoint;
use crate::engine::flink::stop::{cancel, job_state, uncertain};
use crate::engine::flink::{Flink, verify};
use crate::model::job::{JobId, JobState};
use crate::model::step::{Lookup, Receipt};

/// Flow: looks whether the job runs after all; cancels it where it is live; then finds what it left.
///
/// Errors: [`EngineError::Refused`] where it runs steadily or finished, or the JobManager cannot tell what it left.
pub async fn give_up(flink: &Flink, job: &JobId) -> Result<Receipt, EngineError> {
    let state = job_state(flink, job).await;
    let state = state.map_err(|failure| EngineError::Unreachable(flink.job_manager_failed(&failure)))?;
    match state {
        None => return Err(EngineError::Refused(forgotten(job))),
        Some(JobState::Finished) => return Err(EngineError::Refused(finished(job))),
        // Between two failures it looks as if it ran.
        Some(JobState::Running) => match verify::verify(flink, job).await {
            Ok(_) => return Err(EngineError::Refused(format!("job {job} runs after all"))),
            Err(EngineError::Refused(_)) => {}
            Err(other) => return Err(other),
        },
        Some(JobState::Starting | JobState::Restarting | JobState::Ending | JobState::Failed | JobState::Cancelled) => {
        }
    }
    cancel(flink, job).await?;
    match left(flink, job).await.map_err(|failure| uncertain(flink, failure))? {
        Ok(checkpoint) => Ok(Receipt::GivenUp { checkpoint }),
        Err(reason) => Err(EngineError::Refused(reason)),
    }
}

pub async fn lookup(flink: &Flink, job: &JobId) -> Lookup {
    match job_state(flink, job).await {
        Ok(None) => Lookup::Failed { reason: forgotten(job) },
        Ok(Some(JobState::Finished)) => Lookup::Failed { reason: finished(job) },
        Ok(Some(state)) if state.is_live() => Lookup::NotDone,
        Ok(Some(_)) => match left(flink, job).await {
            Ok(Ok(checkpoint)) => Lookup::Done(Receipt::GivenUp { checkpoint }),
            Ok(Err(reason)) => Lookup::Failed { reason },
            Err(failure) => flink.lookup_failed(failure),
        },
        Err(failure) => flink.lookup_failed(failure),
    }
}

/// The newest checkpoint of a job that has ended, if it ever completed one, or why that cannot be told. What the
/// JobManager shows of checkpoints may be as old as its cache, and a checkpoint that it showed then is deleted once a
/// newer one is complete.
async fn left(flink: &Flink, job: &JobId) -> Result<Result<Option<String>, String>, Failure> {
    let age = flink.job_manager().refresh_interval().await?;
    tokio::time::sleep(age + Duration::from_millis(100)).await;
    match flink.job_manager().newest_checkpoint(job).await {
        Ok(NewestCheckpoint::At(path)) => Ok(Ok(Some(path))),
        Ok(NewestCheckpoint::Never) => Ok(Ok(None)),
        Ok(NewestCheckpoint::Gone) => Ok(Err(format!("the newest checkpoint of job {job} is not there any more"))),
        // A job that failed before it was set up has no checkpoints to tell of, nor has one that is forgotten since.
        Err(Failure::Status { code: 404, .. }) => match job_state(flink, job).await? {
            Some(_) => Ok(Ok(None)),
            None => Ok(Err(forgotten(job))),
        },
        Err(failure) => Err(failure),
    }
}

fn finished(job: &JobId) -> String {
    format!("job {job} finished: it wrote all that it had, and keeps no checkpoint")
}

fn forgotten(job: &JobId) -> String {
    format!("job {job} is not known to the JobManager any more: which checkpoint it left, it cannot tell")
}

#[cfg(test)]
mod tests;
