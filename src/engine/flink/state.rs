//! The table of job states.

use crate::engine::flink::wire::JobRow;
use crate::model::job::{Job, JobId, JobState};

pub fn job(row: &JobRow) -> Job {
    Job { id: JobId::seen(&row.jid), name: row.name.clone(), state: state(row) }
}

/// Source: `org.apache.flink.api.common.JobStatus`. A state that is not known counts as live: nothing is started beside
/// it.
pub fn state(row: &JobRow) -> JobState {
    match row.state.as_str() {
        "RUNNING" if tasks_run(row) => JobState::Running,
        "RESTARTING" | "FAILING" => JobState::Restarting,
        "CANCELLING" => JobState::Ending,
        "FAILED" | "SUSPENDED" => JobState::Failed,
        "FINISHED" => JobState::Finished,
        "CANCELED" => JobState::Cancelled,
        // INITIALIZING, CREATED, RECONCILING, and RUNNING with tasks on their way.
        _ => JobState::Starting,
    }
}

/// A task that has read a bounded source to its end has finished and is not waited for.
fn tasks_run(row: &JobRow) -> bool {
    let count = |state: &str| row.tasks.get(state).copied().unwrap_or_default();
    count("running") + count("finished") >= count("total")
}

#[cfg(test)]
mod tests;
