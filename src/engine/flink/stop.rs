//! The two ways a job ends: with a savepoint, or cancelled.

use crate::engine::EngineError;
use crate::engine::flink::client::{Failure, Pace};
use crate::engine::flink::wire::SavepointStatus;
use crate::engine::flink::words::failure_words;
use crate::engine::flink::{Flink, state};
use crate::model::job::{JobId, JobState};
use crate::model::step::{Lookup, Receipt, StepId};

/// What the JobManager says of a stop that was asked for.
enum Progress {
    Going,
    Saved(String),
    Failed(String),
}

/// Flow: one request under the step's id, which Flink answers with the same savepoint however often it comes; then
/// looks until the savepoint is complete and the job FINISHED.
/// Errors: [`EngineError::Refused`] only where the savepoint failed and the job goes on.
pub async fn stop(flink: &Flink, id: &StepId, job: &JobId, folder: &str) -> Result<Receipt, EngineError> {
    let target = target(flink, folder);
    flink.job_manager().stop(job, &target, id).await.map_err(|failure| after_request(flink, failure))?;
    let savepoint = saved(flink, id, job).await?;
    ended(flink, job).await?;
    Ok(Receipt::Stopped { savepoint })
}

async fn saved(flink: &Flink, id: &StepId, job: &JobId) -> Result<String, EngineError> {
    let mut pace = flink.pace();
    loop {
        let status = flink.job_manager().savepoint(job, id).await.map_err(|failure| uncertain(flink, failure))?;
        match progress(flink, status) {
            Progress::Saved(savepoint) => return Ok(savepoint),
            Progress::Failed(why) => return Err(not_stopped(flink, job, why).await),
            Progress::Going => {}
        }
        if !pace.again().await {
            return Err(EngineError::Uncertain("the savepoint is not complete yet".to_owned()));
        }
    }
}

fn progress(flink: &Flink, status: SavepointStatus) -> Progress {
    let Some(operation) = status.operation.filter(|_| status.status.id == "COMPLETED") else {
        return Progress::Going;
    };
    match (operation.location, operation.failure_cause) {
        (_, Some(cause)) => Progress::Failed(flink.hide(match cause.stack_trace.is_empty() {
            true => cause.class,
            false => failure_words(&cause.stack_trace),
        })),
        (Some(location), None) => Progress::Saved(location),
        (None, None) => Progress::Failed("the savepoint has no path".to_owned()),
    }
}

/// A savepoint that failed: did the job go on?
async fn not_stopped(flink: &Flink, job: &JobId, why: String) -> EngineError {
    match job_state(flink, job).await {
        Ok(Some(state)) if state.is_live() => EngineError::Refused(format!("no savepoint, the job goes on: {why}")),
        Ok(_) | Err(_) => EngineError::Uncertain(why),
    }
}

/// Flow: one request, which may be repeated; then looks until the job has ended. One that ended before, or that nobody
/// knows, counts as cancelled.
pub async fn cancel(flink: &Flink, job: &JobId) -> Result<Receipt, EngineError> {
    match flink.job_manager().cancel(job).await {
        Ok(()) | Err(Failure::Status { code: 404 | 409, .. }) => {}
        Err(failure) => return Err(after_request(flink, failure)),
    }
    ended(flink, job).await?;
    Ok(Receipt::Cancelled)
}

/// Waits until the job is no longer live.
async fn ended(flink: &Flink, job: &JobId) -> Result<(), EngineError> {
    let mut pace: Pace = flink.pace();
    loop {
        let live = job_state(flink, job).await.map_err(|failure| uncertain(flink, failure))?;
        if !live.is_some_and(JobState::is_live) {
            return Ok(());
        }
        if !pace.again().await {
            return Err(EngineError::Uncertain(format!("job {job} has not ended yet")));
        }
    }
}

/// `None`: the JobManager does not know the job.
pub async fn job_state(flink: &Flink, job: &JobId) -> Result<Option<JobState>, Failure> {
    Ok(flink.job_manager().job(job).await?.map(|row| state::state(&row)))
}

/// Settles a stop. A savepoint is the stop's only once the job has ended: until then the job may still write.
pub async fn lookup_stop(flink: &Flink, id: &StepId, job: &JobId, folder: &str) -> Lookup {
    let state = match job_state(flink, job).await {
        Ok(state) => state,
        Err(failure) => return flink.lookup_failed(failure),
    };
    let status = match flink.job_manager().savepoint(job, id).await {
        Ok(status) => progress(flink, status),
        Err(Failure::Status { code: 404, .. }) => return untriggered(flink, job, folder, state).await,
        Err(failure) => return flink.lookup_failed(failure),
    };
    let live = state.is_some_and(JobState::is_live);
    match status {
        Progress::Going => Lookup::Unknown { reason: "the savepoint is not complete yet".to_owned() },
        Progress::Saved(_) if live => Lookup::Unknown { reason: format!("job {job} has not ended yet") },
        Progress::Saved(savepoint) => Lookup::Done(Receipt::Stopped { savepoint }),
        Progress::Failed(reason) => match untriggered(flink, job, folder, state).await {
            Lookup::NotDone => Lookup::Failed { reason },
            settled => settled,
        },
    }
}

/// The JobManager forgets triggers after some minutes, and all of them when it is started anew. A job that FINISHED
/// with a savepoint in our folder was stopped by us.
async fn untriggered(flink: &Flink, job: &JobId, folder: &str, state: Option<JobState>) -> Lookup {
    if state != Some(JobState::Finished) {
        return Lookup::NotDone;
    }
    match flink.job_manager().newest_savepoint(job).await {
        Ok(Some(savepoint)) if lies_under(&savepoint, &target(flink, folder)) => {
            Lookup::Done(Receipt::Stopped { savepoint })
        }
        Ok(_) => Lookup::NotDone,
        Err(failure) => flink.lookup_failed(failure),
    }
}

pub async fn lookup_cancel(flink: &Flink, job: &JobId) -> Lookup {
    match job_state(flink, job).await {
        Ok(Some(state)) if state.is_live() => Lookup::NotDone,
        Ok(_) => Lookup::Done(Receipt::Cancelled),
        Err(failure) => flink.lookup_failed(failure),
    }
}

fn target(flink: &Flink, folder: &str) -> String {
    format!("{}/{folder}", flink.settings().savepoint_dir.trim_end_matches('/'))
}

/// Flink prints `file:///a` as `file:/a`.
fn lies_under(path: &str, folder: &str) -> bool {
    let plain = |url: &str| match url.split_once(':') {
        Some((scheme, rest)) => format!("{scheme}:{}", rest.trim_start_matches('/')),
        None => url.to_owned(),
    };
    plain(path).starts_with(&format!("{}/", plain(folder)))
}

fn after_request(flink: &Flink, failure: Failure) -> EngineError {
    let words = flink.job_manager_failed(&failure);
    match failure {
        Failure::NotSent(_) => EngineError::Unreachable(words),
        Failure::Status { code: 400..=499, .. } => EngineError::Refused(words),
        Failure::Status { .. } | Failure::Lost(_) | Failure::Strange(_) => EngineError::Uncertain(words),
    }
}

pub fn uncertain(flink: &Flink, failure: Failure) -> EngineError {
    EngineError::Uncertain(flink.job_manager_failed(&failure))
}

#[cfg(test)]
mod tests;
