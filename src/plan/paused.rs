//! Streams whose newest job weir ended, with a savepoint or without.

use crate::model::definition::DesiredRun;
use crate::model::desired::DesiredStream;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::Recorded;
use crate::model::ledger::Savepoint;
use crate::model::observed::EngineView;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Verdict;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::handover;
use super::handover::Left;
use super::join::Subject;
use super::needs;
use super::recording;
use super::rules;
use super::rules::Leave;
use super::running::Case;
use super::world::World;

pub fn paused(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    deployment: &Deployment,
    want: &DesiredStream,
) -> Outcome {
    let savepoint = savepoint(row, deployment);
    let versions = savepoint.map_or(("", ""), |savepoint| versions(world, savepoint, want));
    let leave = Leave::of(&want.policy, &row.policy);
    let judged = &rules::judge(&recording::baseline(row, deployment), &want.stream, versions, leave);
    let case = Case { world, subject, row, deployment, want, judged };
    match (want.stream.run, savepoint) {
        (DesiredRun::Stopped, _) => stay(&case),
        (DesiredRun::Running, Some(savepoint)) => {
            let reason = format!("it goes on from the savepoint of generation {}", savepoint.generation);
            start(&case, Left::Savepoint(savepoint), &reason).unwrap_or_else(|obstacle| {
                let told = Some(judged.verdict).filter(|verdict| *verdict != Verdict::Unchanged);
                obstacle.stops_with(Action::Start, told, case.diff())
            })
        }
        (DesiredRun::Running, None) => without_savepoint(&case),
    }
}

/// The state that the newest job left, if it is that job's.
fn savepoint<'a>(row: &'a Recorded, deployment: &Deployment) -> Option<&'a Savepoint> {
    let stopped = deployment.status == DeploymentStatus::Stopped;
    row.savepoint.as_ref().filter(|savepoint| stopped && savepoint.generation == deployment.generation)
}

/// Versions of the engine: that gave the savepoint, and that would take it up.
pub fn versions<'a>(world: &World<'a>, savepoint: &'a Savepoint, want: &DesiredStream) -> (&'a str, &'a str) {
    match world.observed.engines.get(&want.stream.engine) {
        Some(EngineView::Known(cluster)) => (&savepoint.engine_version, &cluster.version),
        // Nothing starts there now.
        Some(EngineView::Unknown { .. }) | None => ("", ""),
    }
}

fn stay(case: &Case<'_>) -> Outcome {
    match case.recorded() {
        None => Outcome::unchanged(),
        Some(Err(obstacle)) => obstacle.stops(Action::Record),
        Some(Ok(draft)) => {
            let reason = match case.judged.verdict {
                Verdict::Unchanged => draft.reason,
                Verdict::KeepsState
                | Verdict::CarriesOffsets
                | Verdict::DropsState
                | Verdict::Replays
                | Verdict::Refused => {
                    format!("it is stopped; at its start: {}", case.judged.reason())
                }
            };
            Outcome::change(Draft { reason, ..draft })
        }
    }
}

/// A job that takes up what is left of another; `goes_on` says of what.
pub fn start(case: &Case<'_>, left: Left<'_>, goes_on: &str) -> Result<Outcome, Obstacle> {
    let Case { want, judged, .. } = *case;
    if judged.verdict == Verdict::Refused {
        return Err(case.refusal(format!("{}; its savepoint stays", judged.reason())));
    }
    let steps = handover::follow(case, left)?;
    let mut reason = goes_on.to_owned();
    if judged.verdict != Verdict::Unchanged {
        reason = format!("{reason}; {}{}", judged.reason(), handover::told(case));
    }
    let draft = Draft { action: Action::Start, reason, verdict: Some(judged.verdict), diff: case.diff(), steps };
    let mut outcome = Outcome::change(draft);
    let room = case.world.cluster(&want.stream.engine).ok().and_then(|cluster| needs::room(cluster, want));
    outcome.notes.extend(room);
    Ok(outcome)
}

fn without_savepoint(case: &Case<'_>) -> Outcome {
    let (action, text) = match case.deployment.status {
        DeploymentStatus::Failed => (Action::Restart, "its job failed; restarting it: not yet"),
        DeploymentStatus::Stopped
        | DeploymentStatus::Cancelled
        | DeploymentStatus::Submitting
        | DeploymentStatus::Live
        | DeploymentStatus::Abandoned
        | DeploymentStatus::Dropped => {
            (Action::Start, "it ended without a savepoint; going on from its last checkpoint: not yet")
        }
    };
    case.recorded_but(Obstacle::new(Because::Refused, text), action)
}
