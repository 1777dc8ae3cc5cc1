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
use crate::model::step::Restore;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::failing;
use super::handover;
use super::handover::Left;
use super::join::Subject;
use super::needs;
use super::recording;
use super::rules;
use super::rules::Leave;
use super::running;
use super::running::Case;
use super::steps;
use super::world::World;

pub fn paused(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    deployment: &Deployment,
    want: &DesiredStream,
) -> Outcome {
    let savepoint = failing::left_by(row, deployment);
    let versions = savepoint.map_or(("", ""), |savepoint| versions(world, savepoint, want));
    let leave = Leave::of(&want.policy, &row.policy);
    let judged = &rules::judge(&recording::baseline(row, deployment), &want.stream, versions, leave);
    let case = Case { world, subject, row, deployment, want, judged };
    match (want.stream.run, savepoint) {
        (DesiredRun::Stopped, _) => stay(&case),
        (DesiredRun::Running, Some(savepoint)) => {
            let (kind, generation) = (savepoint.kind.word(), savepoint.generation);
            let reason = format!("it goes on from the {kind} of generation {generation}");
            start(&case, Left::Savepoint(savepoint), &reason).unwrap_or_else(|obstacle| {
                let told = Some(judged.verdict).filter(|verdict| *verdict != Verdict::Unchanged);
                obstacle.stops_with(Action::Start, told, case.diff())
            })
        }
        (DesiredRun::Running, None) => without_savepoint(&case),
    }
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
        return Err(case.refusal(format!("{}; its {} stays", judged.reason(), left.word())));
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

/// The newest job left nothing: it failed as it was submitted, or never completed a checkpoint.
fn without_savepoint(case: &Case<'_>) -> Outcome {
    let not_yet = |action, text: &str| case.recorded_but(Obstacle::new(Because::Refused, text), action);
    match case.deployment.status {
        DeploymentStatus::Failed | DeploymentStatus::Cancelled if case.judged.asks_for_a_job() => {
            match failing::end(case.world, case.subject, case.deployment) {
                Some(Ok(Some(_))) => running::follow(case, Left::Failing)
                    .unwrap_or_else(|obstacle| case.blocked(obstacle, Action::Update)),
                Some(Err(obstacle)) => case.recorded_but(obstacle, Action::Update),
                Some(Ok(None)) | None => not_yet(Action::Restart, FAILED),
            }
        }
        DeploymentStatus::Failed => not_yet(Action::Restart, FAILED),
        DeploymentStatus::GivenUp => begun_again(case).unwrap_or_else(|obstacle| case.blocked(obstacle, Action::Start)),
        DeploymentStatus::Stopped
        | DeploymentStatus::Cancelled
        | DeploymentStatus::Submitting
        | DeploymentStatus::Live
        | DeploymentStatus::Abandoned
        | DeploymentStatus::Dropped => not_yet(Action::Start, "it ended without a savepoint; restoring it: not yet"),
    }
}

const FAILED: &str = "its job failed; restarting it: not yet";

/// Nothing is left of the newest job, nor of one before it: what follows begins as that one did.
fn begun_again(case: &Case<'_>) -> Result<Outcome, Obstacle> {
    let Case { world, subject, row, deployment, want, .. } = *case;
    if row.left_by.is_some() || !matches!(deployment.restore, Restore::Start(_)) {
        return followed_again(case);
    }
    let answer = needs::to_deploy(world, subject, want)?;
    let mut list = recording::steps(world, subject, row, want)?;
    list.extend(handover::new_topic(case)?);
    list.push(steps::forget_groups(world, subject, &want.stream));
    list.extend(steps::deploy(world, subject, want, answer, Restore::Start(want.stream.start)));
    let generation = deployment.generation;
    let reason = format!("generation {generation} never completed a checkpoint: it begins again as that one did");
    Ok(Outcome::change(Draft { action: Action::Start, reason, verdict: None, diff: case.diff(), steps: list }))
}

/// It had followed another one, whose state is there still: what follows needs the same leave for it.
fn followed_again(case: &Case<'_>) -> Result<Outcome, Obstacle> {
    let Case { world, subject, row, deployment: newest, want, .. } = *case;
    let Some((before, savepoint)) = row.left_by.as_deref().zip(row.savepoint.as_ref()) else {
        let text = "it never completed a checkpoint, and what it began with is not known any more";
        return Err(Obstacle::new(Because::Refused, text));
    };
    let leave = Leave::of(&want.policy, &row.policy);
    let versions = versions(world, savepoint, want);
    let judged = &rules::judge(&recording::baseline(row, before), &want.stream, versions, leave);
    let case = Case { world, subject, row, deployment: before, want, judged };
    let reason = format!(
        "generation {} never completed a checkpoint; it goes on from the {} of generation {}",
        newest.generation,
        savepoint.kind.word(),
        savepoint.generation
    );
    start(&case, Left::Savepoint(savepoint), &reason)
}
