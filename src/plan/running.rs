//! Streams whose job runs as far as the ledger knows.

use crate::model::definition::DesiredRun;
use crate::model::definition::Stream;
use crate::model::desired::DesiredStream;
use crate::model::job::JobState;
use crate::model::ledger::Deployment;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Verdict;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::gone;
use super::handover;
use super::handover::Left;
use super::join::OwnedJob;
use super::join::Subject;
use super::recording;
use super::render::definition;
use super::rules;
use super::rules::Effect;
use super::rules::Judgement;
use super::rules::Leave;
use super::sight;
use super::sight::Sight;
use super::stop;
use super::world::World;

/// A stream, what it is asked to be, and what that does to its state.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    pub world: &'a World<'a>,
    pub subject: &'a Subject<'a>,
    pub row: &'a Recorded,
    /// The newest one that reached the engine.
    pub deployment: &'a Deployment,
    pub want: &'a DesiredStream,
    pub judged: &'a Judgement,
}

pub fn running(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    deployment: &Deployment,
    want: &DesiredStream,
) -> Outcome {
    // Its state is taken now, by the engine as it is.
    let leave = Leave::of(&want.policy, &row.policy);
    let judged = &rules::judge(&recording::baseline(row, deployment), &want.stream, ("", ""), leave);
    let case = Case { world, subject, row, deployment, want, judged };
    match sight::of(world, subject, deployment) {
        Sight::Unclear(obstacle) => unclear(&case, obstacle),
        Sight::Ended(state) => gone::ended(&case, state),
        Sight::Gone => gone::missing(&case),
        Sight::Live(owned) => match want.stream.run {
            DesiredRun::Running => up(&case, owned),
            DesiredRun::Stopped => stop::stop(&case, owned),
        },
    }
}

/// The ledger may still learn what the file says where no engine is needed for it.
fn unclear(case: &Case<'_>, obstacle: Obstacle) -> Outcome {
    let action = match (case.want.stream.run, case.judged.verdict) {
        (DesiredRun::Stopped, _) => Action::Stop,
        (DesiredRun::Running, Verdict::Unchanged) => Action::Restart,
        (
            DesiredRun::Running,
            Verdict::KeepsState | Verdict::CarriesOffsets | Verdict::DropsState | Verdict::Replays | Verdict::Refused,
        ) => Action::Update,
    };
    if action == Action::Restart && case.row.state == RowState::Live {
        return case.recorded_but(obstacle, action);
    }
    case.blocked(obstacle, action)
}

fn up(case: &Case<'_>, owned: OwnedJob<'_>) -> Outcome {
    if case.judged.verdict == Verdict::Refused {
        return case.blocked(case.refusal(case.judged.reason()), Action::Update);
    }
    let decided = if case.judged.asks_for_a_job() {
        replace(case, owned)
    } else {
        in_place(case).map(|outcome| restless(outcome, owned))
    };
    decided.unwrap_or_else(|obstacle| case.blocked(obstacle, Action::Update))
}

/// The job goes on; ledger and topic learn what the file says.
fn in_place(case: &Case<'_>) -> Result<Outcome, Obstacle> {
    let Some(words) = recording::changes(case.row, case.want) else { return Ok(Outcome::unchanged()) };
    let action = if case.judged.asks_for(Effect::Topic) { Action::Update } else { Action::Record };
    Ok(Outcome::change(Draft {
        action,
        reason: words,
        verdict: Some(case.judged.verdict),
        diff: case.diff(),
        steps: recording::steps(case.world, case.subject, case.row, case.want)?,
    }))
}

/// A job that fails and is tried again by its engine is as its file says, and does not do its work.
fn restless(outcome: Outcome, owned: OwnedJob<'_>) -> Outcome {
    match owned.job.state {
        JobState::Restarting => {
            outcome.note(format!("its job {} fails and is restarted by the engine, which knows why", owned.job.id))
        }
        JobState::Starting
        | JobState::Running
        | JobState::Ending
        | JobState::Failed
        | JobState::Finished
        | JobState::Cancelled => outcome,
    }
}

/// The job stops with a savepoint, and a new one follows it.
fn replace(case: &Case<'_>, owned: OwnedJob<'_>) -> Result<Outcome, Obstacle> {
    let left = if failing(case, owned) {
        Left::Failing
    } else {
        able_to_stop(owned)?;
        Left::Job
    };
    follow(case, left)
}

/// A new job follows the old one, or what that leaves when it is given up.
pub fn follow(case: &Case<'_>, left: Left<'_>) -> Result<Outcome, Obstacle> {
    if let Some(setback) = case.row.setback.as_ref().filter(|setback| setback.revision == case.want.revision) {
        let before = match left {
            Left::Failing => "the query before it does not run either",
            Left::Job | Left::Savepoint(_) | Left::Untaken(_) => "the query before it runs on",
        };
        let text = format!(
            "this was tried and did not come to run: {}; {before}. Change the definition, or stop and start the stream to \
             try it again",
            setback.reason
        );
        return Err(Obstacle::new(Because::Refused, text));
    }
    let steps = handover::follow(case, left)?;
    let first = match left {
        Left::Failing => {
            "; its job does not run: it is given up first, and the new one goes on from its last checkpoint"
        }
        Left::Job | Left::Savepoint(_) | Left::Untaken(_) => "",
    };
    Ok(Outcome::change(Draft {
        action: Action::Update,
        reason: format!("{}{}{first}", case.judged.reason(), handover::told(case)),
        verdict: Some(case.judged.verdict),
        diff: case.diff(),
        steps,
    }))
}

/// It fails again and again, or was waited for in vain.
fn failing(case: &Case<'_>, owned: OwnedJob<'_>) -> bool {
    let in_vain = || case.row.setback.as_ref().is_some_and(|setback| setback.generation == owned.generation);
    match owned.job.state {
        JobState::Restarting => true,
        JobState::Starting => in_vain(),
        JobState::Running | JobState::Ending | JobState::Failed | JobState::Finished | JobState::Cancelled => false,
    }
}

/// Only a job whose tasks all run can be stopped with a savepoint.
pub fn able_to_stop(owned: OwnedJob<'_>) -> Result<(), Obstacle> {
    let what = match owned.job.state {
        JobState::Running => return Ok(()),
        JobState::Starting => "starting",
        JobState::Restarting => "restarting",
        JobState::Ending => "ending",
        JobState::Failed | JobState::Finished | JobState::Cancelled => "over",
    };
    Err(Obstacle::new(Because::Waiting, format!("its job is {what}: no savepoint can be taken now")))
}

impl Case<'_> {
    /// What the file changes, against the job where its meaning differs, else against what was recorded.
    pub fn diff(&self) -> Option<String> {
        let old = match self.judged.verdict {
            Verdict::Unchanged => self.row.stream.clone(),
            Verdict::KeepsState
            | Verdict::CarriesOffsets
            | Verdict::DropsState
            | Verdict::Replays
            | Verdict::Refused => {
                let run = self.row.stream.run;
                Stream { run, ..recording::baseline(self.row, self.deployment) }
            }
        };
        definition::diff((&old, &self.row.policy), (&self.want.stream, &self.want.policy))
    }

    /// Nothing of the edit is done; what the engine says against it is told all the same.
    pub fn refusal(&self, reason: String) -> Obstacle {
        let Case { world, want, .. } = *self;
        let said = world.cluster(&want.stream.engine).and_then(|cluster| world.check(want, cluster));
        let diagnostics = said.err().map(|obstacle| obstacle.diagnostics).unwrap_or_default();
        Obstacle { diagnostics, ..Obstacle::new(Because::Refused, reason) }
    }

    /// Nothing of it is done.
    pub fn blocked(&self, obstacle: Obstacle, action: Action) -> Outcome {
        let verdict = if obstacle.because == Because::Refused { Verdict::Refused } else { self.judged.verdict };
        let verdict = Some(verdict).filter(|verdict| *verdict != Verdict::Unchanged);
        obstacle.stops_with(action, verdict, self.diff())
    }

    /// Something cannot be done; what needs no job is recorded nevertheless, unless the definition is refused.
    pub fn recorded_but(&self, obstacle: Obstacle, action: Action) -> Outcome {
        let (verdict, diff) = match self.judged.verdict {
            Verdict::Unchanged => (None, None),
            Verdict::KeepsState
            | Verdict::CarriesOffsets
            | Verdict::DropsState
            | Verdict::Replays
            | Verdict::Refused => (Some(self.judged.verdict), self.diff()),
        };
        let blocked = obstacle.stops_with(action, verdict, diff);
        if self.judged.verdict == Verdict::Refused {
            return blocked;
        }
        match self.recorded() {
            Some(Ok(draft)) => Outcome { change: Some(draft), ..blocked },
            Some(Err(_)) | None => blocked,
        }
    }

    /// The change that only records; `None`: there is nothing to record.
    pub fn recorded(&self) -> Option<Result<Draft, Obstacle>> {
        let words = recording::changes(self.row, self.want)?;
        let steps = recording::steps(self.world, self.subject, self.row, self.want);
        Some(steps.map(|steps| Draft {
            action: Action::Record,
            reason: words,
            verdict: Some(self.judged.verdict),
            diff: self.diff(),
            steps,
        }))
    }
}
