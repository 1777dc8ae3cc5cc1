//! Streams whose newest job weir ended, with a savepoint or without.

use crate::model::definition::DesiredRun;
use crate::model::desired::DesiredStream;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::Recorded;
use crate::model::ledger::Savepoint;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Verdict;
use crate::model::step::Restore;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::join::Subject;
use super::needs;
use super::recording;
use super::rules;
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
    let judged = &rules::judge(&recording::baseline(row, deployment), &want.stream);
    let case = Case { world, subject, row, deployment, want, judged };
    match (want.stream.run, savepoint(row, deployment)) {
        (DesiredRun::Stopped, _) => stay(&case),
        (DesiredRun::Running, Some(savepoint)) => start(&case, savepoint).unwrap_or_else(|obstacle| {
            let told = Some(judged.verdict).filter(|verdict| *verdict != Verdict::Unchanged);
            obstacle.stops_with(Action::Start, told, case.diff())
        }),
        (DesiredRun::Running, None) => without_savepoint(&case),
    }
}

/// The state that the newest job left, if it is that job's.
fn savepoint<'a>(row: &'a Recorded, deployment: &Deployment) -> Option<&'a Savepoint> {
    let stopped = deployment.status == DeploymentStatus::Stopped;
    row.savepoint.as_ref().filter(|savepoint| stopped && savepoint.generation == deployment.generation)
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

fn start(case: &Case<'_>, savepoint: &Savepoint) -> Result<Outcome, Obstacle> {
    let Case { world, subject, row, deployment, want, judged } = *case;
    if judged.verdict == Verdict::Refused {
        let text = format!("{}; its savepoint stays", judged.reason());
        return Err(case.refusal(text));
    }
    needs::own_topic(world, subject, want)?;
    let answer = needs::to_take_up(world, want, deployment)?;
    let restore = Restore::Savepoint { path: savepoint.path.clone() };
    let mut list = recording::steps(world, subject, row, want)?;
    list.extend(steps::deploy(world, subject, want, answer, restore));
    let mut reason = format!("it goes on from the savepoint of generation {}", savepoint.generation);
    if judged.verdict != Verdict::Unchanged {
        reason = format!("{reason}; {}", judged.reason());
    }
    let draft = Draft { action: Action::Start, reason, verdict: Some(judged.verdict), diff: case.diff(), steps: list };
    let mut outcome = Outcome::change(draft);
    outcome.notes.extend(needs::room(answer.0, want));
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
