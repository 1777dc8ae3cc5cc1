//! A job that does not do its work ends, and its newest checkpoint is found.

use std::time::Duration;

use crate::engine::EngineError;
use crate::engine::flink::client::Failure;
use crate::engine::flink::stop::{cancel, job_state, uncertain};
use crate::engine::flink::{Flink, verify};
use crate::model::job::{JobId, JobState};
use crate::model::step::{Lookup, Receipt};

/// Flow: looks whether the job runs after all; cancels it where it is live; then finds what it left.
///
/// Errors: [`EngineError::Refused`] where it runs steadily, or the JobManager does not know it any more.
pub async fn give_up(flink: &Flink, job: &JobId) -> Result<Receipt, EngineError> {
    let state = job_state(flink, job).await;
    let state = state.map_err(|failure| EngineError::Unreachable(flink.job_manager_failed(&failure)))?;
    match state {
        None => return Err(EngineError::Refused(forgotten(job))),
        // Between two failures it looks as if it ran.
        Some(JobState::Running) => match verify::verify(flink, job).await {
            Ok(_) => return Err(EngineError::Refused(format!("job {job} runs after all"))),
            Err(EngineError::Refused(_)) => {}
            Err(other) => return Err(other),
        },
        Some(
            JobState::Starting
            | JobState::Restarting
            | JobState::Ending
            | JobState::Failed
            | JobState::Finished
            | JobState::Cancelled,
        ) => {}
    }
    cancel(flink, job).await?;
    let checkpoint = newest_checkpoint(flink, job).await.map_err(|failure| uncertain(flink, failure))?;
    Ok(Receipt::GivenUp { checkpoint })
}

pub async fn lookup(flink: &Flink, job: &JobId) -> Lookup {
    match job_state(flink, job).await {
        Ok(None) => Lookup::Failed { reason: forgotten(job) },
        Ok(Some(state)) if state.is_live() => Lookup::NotDone,
        Ok(Some(_)) => match newest_checkpoint(flink, job).await {
            Ok(checkpoint) => Lookup::Done(Receipt::GivenUp { checkpoint }),
            Err(failure) => flink.lookup_failed(failure),
        },
        Err(failure) => flink.lookup_failed(failure),
    }
}

/// Of a job that has ended. What the JobManager shows of checkpoints may be as old as its cache, and a checkpoint that
/// it showed then is deleted once a newer one is complete.
async fn newest_checkpoint(flink: &Flink, job: &JobId) -> Result<Option<String>, Failure> {
    let age = flink.job_manager().refresh_interval().await?;
    tokio::time::sleep(age + Duration::from_millis(100)).await;
    match flink.job_manager().newest_checkpoint(job).await {
        // A job that failed before it was set up has no checkpoints to tell of.
        Err(Failure::Status { code: 404, .. }) => Ok(None),
        found => found,
    }
}

fn forgotten(job: &JobId) -> String {
    format!("job {job} is not known to the JobManager any more: which checkpoint it left, it cannot tell")
}
