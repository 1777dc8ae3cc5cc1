//! Where the job of a deployment is, as far as its engine can be asked.

use crate::model::job::JobState;
use crate::model::ledger::Deployment;
use crate::model::plan::Because;

use super::decision::Obstacle;
use super::join::OwnedJob;
use super::join::Subject;
use super::world::World;

pub enum Sight<'a> {
    Live(OwnedJob<'a>),
    /// The engine remembers how it ended: failed, finished or cancelled.
    Ended(JobState),
    /// A ready cluster has not shown it for long enough.
    Gone,
    /// The engine does not answer, or has not been looked at for long enough.
    Unclear(Obstacle),
}

pub fn of<'a>(world: &World<'a>, subject: &Subject<'a>, deployment: &Deployment) -> Sight<'a> {
    let engine = &deployment.stream.engine;
    let own = subject.job_of(deployment);
    if let Some(owned) = own.filter(|owned| owned.job.state.is_live()) {
        return Sight::Live(owned);
    }
    if let Some(other) = elsewhere(subject, deployment) {
        let text = format!("its job runs on engine `{}`, not on `{engine}`: was an address changed?", other.engine);
        return Sight::Unclear(Obstacle::new(Because::Unknown, text));
    }
    match own {
        Some(owned) => Sight::Ended(owned.job.state),
        None => unseen(world, subject, deployment),
    }
}

/// The very job, live, under another engine's name.
fn elsewhere<'a>(subject: &Subject<'a>, deployment: &Deployment) -> Option<OwnedJob<'a>> {
    subject.jobs.iter().copied().find(|owned| owned.job.id == deployment.job_id && owned.job.state.is_live())
}

fn unseen<'a>(world: &World<'a>, subject: &Subject<'a>, deployment: &Deployment) -> Sight<'a> {
    if let Err(obstacle) = world.ready_cluster(&deployment.stream.engine) {
        return Sight::Unclear(obstacle);
    }
    let after = world.settings.missing_after;
    if world.observed.missing.get(subject.recorded_as()).is_some_and(|unseen| *unseen >= after) {
        return Sight::Gone;
    }
    let text = format!(
        "engine `{}` does not list its job; it counts as missing when it was not seen for {}s",
        deployment.stream.engine,
        after.as_secs()
    );
    Sight::Unclear(Obstacle::new(Because::Waiting, text))
}
