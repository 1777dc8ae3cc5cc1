//! Whether a new job runs.

use std::collections::BTreeMap;

use crate::engine::EngineError;
use crate::engine::flink::client::Pace;
use crate::engine::flink::{Flink, state, trip};
use crate::model::job::{JobId, JobState};
use crate::model::step::{Lookup, Receipt};

/// Looks until the job has run for a while with all its tasks.
///
/// Errors: [`EngineError::Refused`] with the reason where it fails, restarts, has ended or takes too long: looking
/// changes nothing, so nothing was done.
pub async fn verify(flink: &Flink, job: &JobId) -> Result<Receipt, EngineError> {
    let timing = flink.timing();
    let mut pace = Pace::new(timing.running, timing.pause);
    let mut steady: Option<Pace> = None;
    loop {
        let row = flink.job_manager().job(job).await;
        let row = row.map_err(|failure| EngineError::Unreachable(flink.job_manager_failed(&failure)))?;
        let Some(row) = row else {
            return Err(EngineError::Refused(format!("the JobManager knows no job {job}")));
        };
        match state::state(&row) {
            JobState::Running => {
                let steady = steady.get_or_insert_with(|| Pace::new(timing.steady, timing.pause));
                if !steady.again().await {
                    return Ok(Receipt::Running);
                }
            }
            JobState::Starting => {
                steady = None;
                if !pace.again().await {
                    let tasks = row.tasks.get("running").copied().unwrap_or_default();
                    let total = row.tasks.get("total").copied().unwrap_or_default();
                    let why = format!("the job is {} with {tasks} of {total} tasks running", row.state);
                    return Err(EngineError::Refused(why));
                }
            }
            JobState::Restarting | JobState::Failed => {
                let cause = flink.why_failed(job).await;
                return Err(EngineError::Refused(trip::told(cause, &BTreeMap::new())));
            }
            JobState::Ending | JobState::Finished | JobState::Cancelled => {
                return Err(EngineError::Refused(format!("the job is {}", row.state)));
            }
        }
    }
}

pub async fn lookup(flink: &Flink, job: &JobId) -> Lookup {
    match flink.job_manager().job(job).await {
        Ok(Some(row)) if state::state(&row) == JobState::Running => Lookup::Done(Receipt::Running),
        Ok(_) => Lookup::NotDone,
        Err(failure) => flink.lookup_failed(failure),
    }
}
