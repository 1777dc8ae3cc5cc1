//! The way back: a change whose job never ran, after the one before it was stopped.
//!
//! A definition that did not come to run is not tried again by itself. What ran before goes on from its savepoint, as a
//! new generation, and the change stays blocked with the reason until the definition is another one.

use crate::model::definition::DesiredRun;
use crate::model::definition::Stream;
use crate::model::desired::DesiredStream;
use crate::model::job::JobState;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::Recorded;
use crate::model::ledger::Savepoint;
use crate::model::ledger::Setback;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Verdict;
use crate::model::step::Restore;
use crate::model::step::Step;
use crate::model::step::StepKind;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::handover::Left;
use super::join::Subject;
use super::paused;
use super::recording;
use super::rules;
use super::rules::Judgement;
use super::rules::Leave;
use super::running::Case;
use super::sight;
use super::sight::Sight;
use super::steps;
use super::world::World;

/// What ran before the setback, and what it left.
struct Before<'a> {
    deployment: &'a Deployment,
    savepoint: &'a Savepoint,
    setback: &'a Setback,
}

/// `None`: nothing went wrong that is not over.
pub fn back(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    newest: &Deployment,
    want: &DesiredStream,
) -> Option<Outcome> {
    if want.stream.run == DesiredRun::Stopped {
        return None;
    }
    if let Some(outcome) = unseen(world, subject, row, newest) {
        return Some(outcome);
    }
    let before = before(row, newest, want)?;
    let cancel = match never_ran(world, subject, newest)? {
        Ok(cancel) => cancel,
        Err(obstacle) => return Some(obstacle.stops(Action::Restart)),
    };
    let tried = Obstacle::new(Because::Refused, before.setback.reason.clone());
    let why_not = match left(newest, want, &before) {
        Some(left) => match instead(world, subject, row, want, &before, left) {
            Ok(outcome) => return Some(after(cancel, outcome)),
            Err(obstacle) => obstacle,
        },
        None => tried,
    };
    Some(match as_it_was(world, subject, row, want, &before, why_not) {
        Ok(outcome) => after(cancel, outcome),
        Err(obstacle) => obstacle.stops(Action::Restart),
    })
}

/// The run that deployed the newest job ended before that was seen to run, and it does not: the wait for it is made up
/// for. If it is in vain, that is a setback, and the way back is open.
fn unseen(world: &World<'_>, subject: &Subject<'_>, row: &Recorded, newest: &Deployment) -> Option<Outcome> {
    let waited_for = row.setback.as_ref().is_some_and(|setback| setback.generation == newest.generation);
    if newest.verified || newest.status != DeploymentStatus::Live || row.before.is_none() || waited_for {
        return None;
    }
    let waits = match sight::of(world, subject, newest) {
        Sight::Live(owned) => matches!(owned.job.state, JobState::Starting | JobState::Restarting),
        Sight::Ended(state) => state == JobState::Failed,
        Sight::Gone | Sight::Unclear(_) => false,
    };
    waits.then(|| {
        Outcome::change(Draft {
            action: Action::Restart,
            reason: format!("whether its job of generation {} runs was never seen", newest.generation),
            verdict: None,
            diff: None,
            steps: vec![steps::verify(world, subject, newest)],
        })
    })
}

/// What the definition may take up after all. `None`: it is the one that was tried, and no other way is left.
fn left<'a>(newest: &Deployment, want: &DesiredStream, before: &Before<'a>) -> Option<Left<'a>> {
    if before.setback.revision != want.revision {
        return Some(Left::Savepoint(before.savepoint));
    }
    tripped(newest, before.setback).then_some(Left::Untaken(before.savepoint))
}

fn before<'a>(row: &'a Recorded, newest: &'a Deployment, want: &DesiredStream) -> Option<Before<'a>> {
    let (setback, savepoint) = (row.setback.as_ref()?, row.savepoint.as_ref()?);
    let deployment = match &row.before {
        Some(before) => before,
        None => newest,
    };
    let fits = setback.generation == newest.generation && savepoint.generation == deployment.generation;
    // The same query over the same inputs would fail the same way.
    let other = deployment.revision != setback.revision || deployment.stream.sources != want.stream.sources;
    (fits && other).then_some(Before { deployment, savepoint, setback })
}

/// `None`: the newest job runs after all. Else what ends it, if it has not ended.
fn never_ran(world: &World<'_>, subject: &Subject<'_>, newest: &Deployment) -> Option<Result<Option<Step>, Obstacle>> {
    match newest.status {
        DeploymentStatus::Stopped | DeploymentStatus::Cancelled => Some(Ok(None)),
        // It lies under its id, and can be asked about while the engine remembers it.
        DeploymentStatus::Failed => Some(match (world.cluster(&newest.stream.engine), subject.job_of(newest)) {
            (Err(obstacle), _) => Err(obstacle),
            (Ok(_), Some(_)) => Ok(Some(steps::give_up(world, subject, newest))),
            (Ok(_), None) => Err(forgotten()),
        }),
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

fn forgotten() -> Obstacle {
    let text =
        "its newest job is not known to the engine any more: whether it ever ran, and wrote rows, nobody can say";
    Obstacle::new(Because::Refused, text)
}

/// A job behind the trip-wire did not come to run. Whatever it ran into, as places that it did not find or a transaction
/// that the savepoint names and Kafka has forgotten: its places can be read out by a job without a sink.
fn tripped(newest: &Deployment, setback: &Setback) -> bool {
    let direct = matches!(newest.restore, Restore::Direct { .. } | Restore::DirectOf { .. });
    let of_the_job = matches!(setback.step, StepKind::Verify | StepKind::Deploy);
    direct && of_the_job
}

/// The definition as it is now follows what ran before.
fn instead(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    want: &DesiredStream,
    before: &Before<'_>,
    left: Left<'_>,
) -> Result<Outcome, Obstacle> {
    let judged = &judge(world, row, want, before);
    let case = Case { world, subject, row, deployment: before.deployment, want, judged };
    let reason = format!(
        "generation {} never ran ({}); it goes on from the savepoint of generation {}",
        before.setback.generation, before.setback.reason, before.savepoint.generation
    );
    paused::start(&case, left, &reason)
}

/// What the definition does to the state of what ran before.
fn judge(world: &World<'_>, row: &Recorded, want: &DesiredStream, before: &Before<'_>) -> Judgement {
    let versions = paused::versions(world, before.savepoint, want);
    let leave = Leave::of(&want.policy, &row.policy);
    rules::judge(&recording::baseline(row, before.deployment), &want.stream, versions, leave)
}

/// What ran before goes on; the change is told as blocked, and why.
fn as_it_was(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    want: &DesiredStream,
    before: &Before<'_>,
    why_not: Obstacle,
) -> Result<Outcome, Obstacle> {
    let Before { deployment, savepoint, setback } = *before;
    // Under the name that it has now.
    let stream = Stream { name: want.stream.name.clone(), ..deployment.stream.clone() };
    let old = DesiredStream { stream, revision: deployment.revision.clone(), ..want.clone() };
    let cluster = world.ready_cluster(&deployment.stream.engine)?;
    world.broker()?;
    let restore = Restore::Savepoint { path: savepoint.path.clone() };
    let deploys = steps::deploy_again(world, subject, &old, (cluster, deployment), restore);
    let draft = Draft {
        action: Action::Restart,
        reason: format!(
            "the change did not come to run: {}; the query of generation {} goes on from its savepoint",
            setback.reason, deployment.generation
        ),
        verdict: Some(Verdict::KeepsState),
        diff: None,
        steps: deploys.to_vec(),
    };
    let judged = &judge(world, row, want, before);
    let case = Case { world, subject, row, deployment, want, judged };
    Ok(Outcome { change: Some(draft), ..case.blocked(why_not, Action::Update) })
}

fn after(cancel: Option<Step>, outcome: Outcome) -> Outcome {
    let change = outcome.change.map(|draft| Draft { steps: cancel.into_iter().chain(draft.steps).collect(), ..draft });
    Outcome { change, ..outcome }
}
