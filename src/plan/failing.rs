//! Jobs that do not do their work: how they end.
//!
//! Such a job cannot be stopped with a savepoint. It is given up by a change of its own, and what follows is planned
//! from what it left: its newest checkpoint, or nothing, where it never completed one.

use crate::model::job::JobState;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::Recorded;
use crate::model::ledger::Savepoint;
use crate::model::plan::Because;
use crate::model::step::Step;

use super::decision::Obstacle;
use super::join::Subject;
use super::sight;
use super::sight::Sight;
use super::steps;
use super::world::World;

/// `None`: the newest job runs after all. Else the step that ends it, if it has not ended by a step of ours.
pub fn end(world: &World<'_>, subject: &Subject<'_>, newest: &Deployment) -> Option<Result<Option<Step>, Obstacle>> {
    match newest.status {
        DeploymentStatus::Stopped | DeploymentStatus::GivenUp => Some(Ok(None)),
        // It lies under its id, and can be asked about while the engine remembers it.
        DeploymentStatus::Failed | DeploymentStatus::Cancelled => {
            Some(match (world.cluster(&newest.stream.engine), subject.job_of(newest)) {
                (Err(obstacle), _) => Err(obstacle),
                (Ok(_), Some(_)) => Ok(Some(steps::give_up(world, subject, newest))),
                (Ok(_), None) => Err(forgotten()),
            })
        }
        DeploymentStatus::Abandoned | DeploymentStatus::Dropped => None,
        DeploymentStatus::Submitting | DeploymentStatus::Live => match sight::of(world, subject, newest) {
            Sight::Unclear(obstacle) => Some(Err(obstacle)),
            Sight::Ended(JobState::Finished) => None,
            Sight::Gone => Some(Err(forgotten())),
            Sight::Ended(_) => Some(Ok(Some(steps::give_up(world, subject, newest)))),
            Sight::Live(owned) => match owned.job.state {
                JobState::Running => None,
                JobState::Ending => {
                    let text = format!("its job of generation {} is still ending", owned.generation);
                    Some(Err(Obstacle::new(Because::Waiting, text)))
                }
                JobState::Starting
                | JobState::Restarting
                | JobState::Failed
                | JobState::Finished
                | JobState::Cancelled => Some(Ok(Some(steps::give_up(world, subject, newest)))),
            },
        },
    }
}

/// The state that the newest job left, if it is that job's.
pub fn left_by<'a>(row: &'a Recorded, newest: &Deployment) -> Option<&'a Savepoint> {
    let ended = match newest.status {
        DeploymentStatus::Stopped | DeploymentStatus::GivenUp => true,
        DeploymentStatus::Submitting
        | DeploymentStatus::Live
        | DeploymentStatus::Cancelled
        | DeploymentStatus::Failed
        | DeploymentStatus::Abandoned
        | DeploymentStatus::Dropped => false,
    };
    row.savepoint.as_ref().filter(|savepoint| ended && savepoint.generation == newest.generation)
}

fn forgotten() -> Obstacle {
    let text =
        "its newest job is not known to the engine any more: whether it ever ran, and wrote rows, nobody can say";
    Obstacle::new(Because::Refused, text)
}
