//! One stream: which of its states it is in, and so who decides.

use crate::model::desired::DesiredStream;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::step::StepKind;

use super::back;
use super::create;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::drift;
use super::join::Subject;
use super::join::is_live;
use super::paused;
use super::readers;
use super::remove;
use super::renamed;
use super::running;
use super::stale;
use super::world::World;

/// `inputs`: whether it is known what the stream reads.
pub fn decide(world: &World<'_>, subject: &Subject<'_>, inputs: Result<(), Obstacle>) -> Outcome {
    if let Some(outcome) = unsettled(subject).or_else(|| outrun(subject)) {
        return outcome;
    }
    if let Some(obstacle) = renamed::obstacle(world, subject) {
        return obstacle.stops(Action::Record);
    }
    if let (Some(_), Some(outcome)) = (subject.moved, broken(world, subject)) {
        return outcome;
    }
    let outcome = readers::hold(by_state(world, subject, inputs), world.held.get(&subject.name));
    let mut outcome = stale::with_cancels(world, subject, outcome);
    outcome.notes.extend(drift::notes(world, subject));
    renamed::take_over(world, subject, outcome)
}

fn by_state(world: &World<'_>, subject: &Subject<'_>, inputs: Result<(), Obstacle>) -> Outcome {
    if let Some(outcome) = broken(world, subject) {
        return outcome;
    }
    if let Err(obstacle) = inputs {
        return obstacle.stops(unread(subject));
    }
    match (subject.want, subject.row) {
        (None, None) => Outcome::unchanged(),
        (None, Some(row)) => match row.state {
            RowState::Live => remove::remove(world, subject, row),
            RowState::Kept | RowState::Removed => Outcome::unchanged(),
        },
        (Some(want), None) => create::create(world, subject, want),
        (Some(want), Some(row)) => wanted(world, subject, row, want),
    }
}

/// What would be done to a stream whose inputs are not known: it is judged by none.
fn unread(subject: &Subject<'_>) -> Action {
    match subject.deployment().map(|newest| newest.status) {
        None | Some(DeploymentStatus::Dropped) => Action::Create,
        Some(DeploymentStatus::Submitting | DeploymentStatus::Live) => Action::Update,
        Some(
            DeploymentStatus::Stopped
            | DeploymentStatus::Cancelled
            | DeploymentStatus::GivenUp
            | DeploymentStatus::Failed
            | DeploymentStatus::Abandoned,
        ) => Action::Start,
    }
}

fn wanted(world: &World<'_>, subject: &Subject<'_>, row: &Recorded, want: &DesiredStream) -> Outcome {
    if let Some(obstacle) = kept(world, subject, row) {
        return obstacle.stops(Action::Update);
    }
    match &row.deployment {
        None => create::create(world, subject, want),
        Some(newest) if newest.status == DeploymentStatus::Dropped => create::create(world, subject, want),
        Some(newest) => {
            back::back(world, subject, row, newest, want).unwrap_or_else(|| ran(world, subject, row, newest, want))
        }
    }
}

fn ran(world: &World<'_>, subject: &Subject<'_>, row: &Recorded, newest: &Deployment, want: &DesiredStream) -> Outcome {
    match is_live(newest.status) {
        true => running::running(world, subject, row, newest, want),
        false => paused::paused(world, subject, row, newest, want),
    }
}

/// A job that was kept is nobody's until it is gone.
fn kept(world: &World<'_>, subject: &Subject<'_>, row: &Recorded) -> Option<Obstacle> {
    if row.state != RowState::Kept {
        return None;
    }
    if subject.jobs.iter().any(|owned| owned.job.state.is_live()) {
        let text = "its job was kept when its file went, and runs unowned; taking it over: not yet";
        return Some(Obstacle::new(Because::Refused, text));
    }
    world.ready_cluster(subject.engine()).err()
}

/// While it is not known what an earlier run did, nothing of the stream is touched.
fn unsettled(subject: &Subject<'_>) -> Option<Outcome> {
    let kind = subject.open?.step.act.kind();
    let action = match kind {
        StepKind::CreateTopic => Action::Create,
        StepKind::Deploy | StepKind::Verify => match subject.deployment() {
            Some(_) => Action::Update,
            None => Action::Create,
        },
        StepKind::AlterTopic
        | StepKind::GrowTopic
        | StepKind::ForgetGroups
        | StepKind::OpenControl
        | StepKind::DeployHelper
        | StepKind::ReadOffsets
        | StepKind::CancelHelper
        | StepKind::CloseControl => Action::Update,
        StepKind::Record => Action::Record,
        StepKind::Stop | StepKind::Cancel | StepKind::GiveUp => Action::Stop,
        StepKind::DeleteTopic | StepKind::Close => Action::Delete,
    };
    let text = format!("an earlier run was interrupted at `{}`; the next apply settles it", kind.word());
    Some(Obstacle::new(Because::Unknown, text).stops(action))
}

/// A job that proves to be ours and that the ledger has not heard of: the ledger was put back to an older state.
fn outrun(subject: &Subject<'_>) -> Option<Outcome> {
    let known = subject.generation();
    let jobs = subject.jobs.iter().map(|owned| (owned.generation, owned.engine));
    let helpers = subject.helpers.iter().map(|helper| (helper.generation, helper.engine));
    let (newer, engine) = jobs.chain(helpers).find(|(generation, _)| *generation > known)?;
    let action = match (subject.want, subject.row.map(|row| row.state)) {
        (None, Some(RowState::Kept)) => return None,
        (None, Some(RowState::Live)) => Action::Delete,
        (None, Some(RowState::Removed) | None) => Action::Stop,
        (Some(_), Some(_)) => Action::Update,
        (Some(_), None) => Action::Create,
    };
    let text =
        format!("the ledger is older than the job: engine `{}` knows generation {}, the ledger {known}", engine, newer);
    Some(Obstacle::new(Because::Unknown, text).stops(action))
}

/// The file of a recorded stream, or of a new one, has errors.
fn broken(world: &World<'_>, subject: &Subject<'_>) -> Option<Outcome> {
    let broken = &world.desired.broken;
    let path = subject.want.map(|want| &want.path).or(subject.row.map(|row| &row.path))?;
    if !broken.names.contains(&subject.name) && !broken.paths.contains(path) {
        return None;
    }
    let (action, stays) = match (subject.want, subject.row.map(|row| row.state)) {
        (_, Some(RowState::Live)) => (Action::Update, "; the last good definition stays"),
        (Some(_), _) => (Action::Create, ""),
        (None, Some(RowState::Kept | RowState::Removed) | None) => return None,
    };
    Some(Obstacle::new(Because::Invalid, format!("its file has errors: {path}{stays}")).stops(action))
}
