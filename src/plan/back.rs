//! The way back: a change whose job did not come to run, after the one before it was stopped.
//!
//! A definition that did not come to run is not tried again by itself. Its job is given up; what ran before goes on from
//! what is newest, its own savepoint or a checkpoint of the job that was given up, as a new generation; and the change
//! stays blocked with the reason until the definition is another one. What had failed itself is not put back.

use std::collections::BTreeSet;

use crate::model::definition::DesiredRun;
use crate::model::definition::Stream;
use crate::model::desired::DesiredStream;
use crate::model::job::JobState;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::Recorded;
use crate::model::ledger::Savepoint;
use crate::model::ledger::SavepointKind;
use crate::model::ledger::Setback;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Verdict;
use crate::model::step::Restore;
use crate::model::step::StepKind;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::failing;
use super::handover;
use super::handover::Left;
use super::join::Subject;
use super::join::is_live;
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

/// What ran before the setback, and what is left.
struct Before<'a> {
    deployment: &'a Deployment,
    savepoint: &'a Savepoint,
    /// The deployment that left it.
    of: &'a Deployment,
    setback: &'a Setback,
}

impl Before<'_> {
    /// It was no change that ended it.
    fn failed(&self) -> bool {
        self.deployment.status != DeploymentStatus::Stopped
    }
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
    let edited = before.setback.revision != want.revision;
    let left = left(newest, want, &before);
    if left.is_none() && before.failed() && is_live(newest.status) {
        // Nothing would follow: it may still come to run.
        return None;
    }
    match failing::end(world, subject, newest)? {
        Err(obstacle) => return Some(obstacle.stops(Action::Restart)),
        Ok(Some(step)) => {
            return Some(Outcome::change(Draft {
                action: Action::Restart,
                reason: match edited {
                    true => format!(
                        "the change before did not come to run: {}; its job is given up first, and the definition as it \
                         is now goes on from what is left",
                        before.setback.reason
                    ),
                    false => format!("the change did not come to run: {}; its job is given up", before.setback.reason),
                },
                verdict: None,
                diff: None,
                steps: vec![step],
            }));
        }
        Ok(None) => {}
    }
    let came_far = before.of.generation == newest.generation && before.savepoint.kind == SavepointKind::Checkpoint;
    if edited && came_far {
        // It goes on from there as any other that was stopped.
        return None;
    }
    let tried = Obstacle::new(Because::Refused, before.setback.reason.clone());
    let why_not = match left {
        Some(left) => match instead(world, subject, row, want, &before, left) {
            Ok(outcome) => return Some(outcome),
            Err(obstacle) => obstacle,
        },
        None => tried,
    };
    let as_it_was = as_it_was(world, subject, row, want, &before, why_not);
    Some(as_it_was.unwrap_or_else(|obstacle| obstacle.stops(Action::Restart)))
}

/// The run that deployed the newest job ended before that was seen to run, and it does not: the wait for it is made up
/// for. If it is in vain, that is a setback, and the way back is open.
fn unseen(world: &World<'_>, subject: &Subject<'_>, row: &Recorded, newest: &Deployment) -> Option<Outcome> {
    let waited_for = row.setback.as_ref().is_some_and(|setback| setback.generation == newest.generation);
    // What was put back is no definition that is tried.
    let put_back = newest.revision != row.revision;
    if newest.verified || newest.status != DeploymentStatus::Live || row.before.is_none() || waited_for || put_back {
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
    let far = before.of.generation == newest.generation;
    (!far && tripped(newest, before.setback)).then_some(Left::Untaken(before.savepoint))
}

fn before<'a>(row: &'a Recorded, newest: &'a Deployment, want: &DesiredStream) -> Option<Before<'a>> {
    let (setback, savepoint) = (row.setback.as_ref()?, row.savepoint.as_ref()?);
    let by_newest = savepoint.generation == newest.generation;
    let (deployment, of) = match (by_newest, savepoint.kind) {
        // It ended, and its places could not be read.
        (true, SavepointKind::Savepoint) => (newest, newest),
        (true, SavepointKind::Checkpoint) if !is_of_its_job(setback) => (newest, newest),
        (true, SavepointKind::Checkpoint) => (row.before.as_deref()?, newest),
        (false, SavepointKind::Savepoint | SavepointKind::Checkpoint) => {
            (row.before.as_deref()?, row.left_by.as_deref()?)
        }
    };
    let fits = setback.generation == newest.generation && savepoint.generation == of.generation;
    // The same query over the same inputs would fail the same way.
    let other = deployment.revision != setback.revision || deployment.stream.sources != want.stream.sources;
    (fits && other).then_some(Before { deployment, savepoint, of, setback })
}

/// A job behind the trip-wire did not come to run. Whatever it ran into, as places that it did not find or a transaction
/// that the savepoint names and Kafka has forgotten: its places can be read out by a job without a sink.
fn tripped(newest: &Deployment, setback: &Setback) -> bool {
    let direct = matches!(newest.restore, Restore::Direct { .. } | Restore::DirectOf { .. });
    direct && is_of_its_job(setback)
}

/// Not of what had to be done before that was submitted.
fn is_of_its_job(setback: &Setback) -> bool {
    matches!(setback.step, StepKind::Verify | StepKind::Deploy)
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
    let judged = &judge(world, row, want, before, before.of);
    let case = Case { world, subject, row, deployment: before.of, want, judged };
    let reason = format!(
        "generation {} never ran ({}); it goes on from the {} of generation {}",
        before.setback.generation,
        before.setback.reason,
        before.savepoint.kind.word(),
        before.savepoint.generation
    );
    paused::start(&case, left, &reason)
}

/// What the definition does to what is left of an earlier one.
fn judge(
    world: &World<'_>,
    row: &Recorded,
    want: &DesiredStream,
    before: &Before<'_>,
    earlier: &Deployment,
) -> Judgement {
    let versions = paused::versions(world, before.savepoint, want);
    let leave = Leave::of(&want.policy, &row.policy);
    rules::judge(&recording::baseline(row, earlier), &want.stream, versions, leave)
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
    let Before { deployment, savepoint, of, setback } = *before;
    let blocked = |why_not: Obstacle| {
        let judged = &judge(world, row, want, before, deployment);
        Case { world, subject, row, deployment, want, judged }.blocked(why_not, Action::Update)
    };
    if before.failed() {
        return Ok(blocked(nothing_to_put_back(why_not)));
    }
    // Under the name that it has now.
    let named = |of: &Deployment| Stream { name: want.stream.name.clone(), ..of.stream.clone() };
    let old = DesiredStream { stream: named(deployment), revision: deployment.revision.clone(), ..want.clone() };
    let versions = paused::versions(world, savepoint, &old);
    // What may be lost by the change may not be lost by its way back.
    let leave = Leave { allow: &BTreeSet::new(), protect: row.policy.protect };
    let judged = &rules::judge(&named(of), &old.stream, versions, leave);
    if judged.verdict == Verdict::Refused {
        let text = format!(
            "the change did not come to run: {}; its job had completed a checkpoint, and the query of generation {} cannot \
             go on from there ({}): nothing runs until the definition is changed",
            setback.reason, deployment.generation, judged.words
        );
        return Err(Obstacle::new(Because::Refused, text));
    }
    let case = Case { world, subject, row, deployment: of, want: &old, judged };
    let steps = handover::again(&case, Left::Savepoint(savepoint), deployment)?;
    let draft = Draft {
        action: Action::Restart,
        reason: format!(
            "the change did not come to run: {}; the query of generation {} goes on from the {} of generation {}{}",
            setback.reason,
            deployment.generation,
            savepoint.kind.word(),
            savepoint.generation,
            handover::told(&case),
        ),
        verdict: Some(match judged.verdict {
            Verdict::Unchanged => Verdict::KeepsState,
            other => other,
        }),
        diff: None,
        steps,
    };
    Ok(Outcome { change: Some(draft), ..blocked(why_not) })
}

fn nothing_to_put_back(why_not: Obstacle) -> Obstacle {
    let reason = match why_not.because {
        Because::Refused => format!(
            "{}; what ran before had failed and is not put back: nothing runs until the definition is changed",
            why_not.reason
        ),
        Because::Unknown | Because::Waiting | Because::Invalid | Because::Needs | Because::Unconfirmed => {
            why_not.reason
        }
    };
    Obstacle { reason, ..why_not }
}
