//! Streams that run and are asked not to.

use crate::model::job::JobState;
use crate::model::plan::Action;
use crate::model::plan::Verdict;

use super::decision::Draft;
use super::decision::Outcome;
use super::join::OwnedJob;
use super::recording;
use super::running::Case;
use super::running::able_to_stop;
use super::steps;

pub fn stop(case: &Case<'_>, owned: OwnedJob<'_>) -> Outcome {
    let restarting = owned.job.state == JobState::Restarting;
    if let (Err(obstacle), false) = (able_to_stop(owned), restarting) {
        return obstacle.stops(Action::Stop);
    }
    // Stopping is always possible: what cannot be recorded now shows when the job is gone.
    let mut list = recording::steps(case.world, case.subject, case.row, case.want).unwrap_or_default();
    let (mut reason, kept) = if restarting {
        list.push(steps::give_up(case.world, case.subject, case.deployment));
        let text = "the file says `run = \"stopped\"`; its job is restarting and cannot give a savepoint: it is \
                    cancelled, its last checkpoint is kept";
        (text.to_owned(), None)
    } else {
        list.push(steps::stop(case.world, case.subject, case.deployment));
        ("the file says `run = \"stopped\"`".to_owned(), Some(Verdict::KeepsState))
    };
    let verdict = match case.judged.verdict {
        Verdict::Unchanged => kept,
        Verdict::KeepsState | Verdict::CarriesOffsets | Verdict::DropsState | Verdict::Replays | Verdict::Refused => {
            reason = format!("{reason}; at its start: {}", case.judged.reason());
            Some(case.judged.verdict)
        }
    };
    Outcome::change(Draft { action: Action::Stop, reason, verdict, diff: case.diff(), steps: list })
}
