//! How a recorded stream's job is.

use std::time::Duration;

use crate::model::job::Job;
use crate::model::job::JobState;
use crate::model::job::Purpose;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::Ledger;
use crate::model::ledger::Recorded;
use crate::model::name::Name;
use crate::model::name::ProjectName;
use crate::model::observed::EngineView;
use crate::model::status::Health;

use super::join::is_live;
use super::owner::Owners;

/// `name`: that of its row. `view` is that of the engine on which the newest deployment ran; `missing_for`: for how long a ready cluster has
/// not shown its job.
pub fn health(
    recorded: &Recorded,
    name: &Name,
    project: &ProjectName,
    ledger: &Ledger,
    view: &EngineView,
    missing_for: Option<Duration>,
    missing_after: Duration,
) -> Health {
    let Some(newest) = &recorded.deployment else { return Health::Stopped };
    let EngineView::Known(cluster) = view else { return unasked(newest) };
    let owners = Owners::of(project, ledger);
    let is_ours =
        |job: &&Job| owners.whose(job).is_some_and(|(stream, key)| stream == *name && key.purpose == Purpose::Run);
    let ours: Vec<&Job> = cluster.jobs.iter().filter(is_ours).collect();
    let expected = |job: &Job| is_live(newest.status) && job.id == newest.job_id;
    if ours.iter().any(|job| job.state.is_live() && !expected(job)) {
        return Health::Duplicate;
    }
    if !is_live(newest.status) {
        return unasked(newest);
    }
    match ours.iter().find(|job| expected(job)) {
        Some(job) => of_state(job.state),
        None if cluster.ready && missing_for.is_some_and(|unseen| unseen >= missing_after) => Health::Missing,
        None => Health::Unknown,
    }
}

/// What the ledger alone can tell.
fn unasked(newest: &Deployment) -> Health {
    match newest.status {
        DeploymentStatus::Submitting | DeploymentStatus::Live => Health::Unknown,
        DeploymentStatus::Failed => Health::Failed,
        DeploymentStatus::Stopped
        | DeploymentStatus::Cancelled
        | DeploymentStatus::GivenUp
        | DeploymentStatus::Abandoned
        | DeploymentStatus::Dropped => Health::Stopped,
    }
}

fn of_state(state: JobState) -> Health {
    match state {
        JobState::Starting => Health::Starting,
        JobState::Running => Health::Running,
        JobState::Restarting => Health::Restarting,
        JobState::Failed => Health::Failed,
        JobState::Finished => Health::Finished,
        JobState::Ending | JobState::Cancelled => Health::Stopped,
    }
}
