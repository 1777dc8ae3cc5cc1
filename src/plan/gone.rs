//! Streams that should run and whose job does not: told; never deployed from their `start` again.

use crate::model::definition::DesiredRun;
use crate::model::job::JobState;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Verdict;

use super::decision::Obstacle;
use super::decision::Outcome;
use super::handover::Left;
use super::running;
use super::running::Case;

/// The engine remembers the end of the job.
pub fn ended(case: &Case<'_>, state: JobState) -> Outcome {
    match state {
        JobState::Finished => finished(case),
        JobState::Failed => mended(case).unwrap_or_else(|| over(case, "its job failed")),
        JobState::Cancelled => mended(case).unwrap_or_else(|| over(case, "its job was cancelled by others")),
        JobState::Starting | JobState::Running | JobState::Restarting | JobState::Ending => {
            lost(case, "its job is not to be told from one that ended; restarting it: not yet")
        }
    }
}

/// By an edit: another query goes on from the last checkpoint.
fn mended(case: &Case<'_>) -> Option<Outcome> {
    let edited = case.want.stream.run == DesiredRun::Running && case.judged.asks_for_a_job();
    if !edited || case.judged.verdict == Verdict::Refused {
        return None;
    }
    let followed = running::follow(case, Left::Failing);
    Some(followed.unwrap_or_else(|obstacle| case.blocked(obstacle, Action::Update)))
}

/// What it left can be found.
fn over(case: &Case<'_>, what: &str) -> Outcome {
    lost(case, &format!("{what}; `weir restart {}` lets it go on from its last checkpoint", case.want.stream.name))
}

pub fn missing(case: &Case<'_>) -> Outcome {
    lost(case, "its job is gone; restarting it: not yet")
}

fn lost(case: &Case<'_>, what: &str) -> Outcome {
    match case.want.stream.run {
        DesiredRun::Stopped => nothing_to_stop(case),
        DesiredRun::Running => {
            let text = match case.judged.verdict {
                Verdict::Refused => format!("{what}. {}", case.judged.reason()),
                Verdict::Unchanged
                | Verdict::KeepsState
                | Verdict::CarriesOffsets
                | Verdict::DropsState
                | Verdict::Replays => what.to_owned(),
            };
            case.recorded_but(Obstacle::new(Because::Refused, text), Action::Restart)
        }
    }
}

/// A bounded query that came to its end is as it should be, until its file changes.
fn finished(case: &Case<'_>) -> Outcome {
    if case.want.stream.run == DesiredRun::Stopped {
        return nothing_to_stop(case);
    }
    if case.judged.asks_for_a_job() {
        let text = format!("its job finished; running it again: not yet. {}", case.judged.words);
        return case.recorded_but(Obstacle::new(Because::Refused, text), Action::Update);
    }
    nothing_to_stop(case).note("its job finished; it is never deployed again unless its file changes")
}

fn nothing_to_stop(case: &Case<'_>) -> Outcome {
    match case.recorded() {
        None => Outcome::unchanged(),
        Some(Ok(draft)) => Outcome::change(draft),
        Some(Err(obstacle)) => obstacle.stops(Action::Record),
    }
}
