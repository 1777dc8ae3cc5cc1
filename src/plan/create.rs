//! Streams that never ran, or whose topic was dropped: only these begin at their `start`.

use crate::model::definition::DesiredRun;
use crate::model::desired::DesiredStream;
use crate::model::plan::Action;
use crate::model::step::Restore;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::join::Subject;
use super::needs;
use super::recording;
use super::steps;
use super::topic;
use super::world::World;

pub fn create(world: &World<'_>, subject: &Subject<'_>, want: &DesiredStream) -> Outcome {
    match want.stream.run {
        DesiredRun::Running => deploy(world, subject, want).unwrap_or_else(|obstacle| obstacle.stops(Action::Create)),
        DesiredRun::Stopped => only_record(world, subject, want),
    }
}

fn deploy(world: &World<'_>, subject: &Subject<'_>, want: &DesiredStream) -> Result<Outcome, Obstacle> {
    let (cluster, accepted) = needs::to_deploy(world, subject, want)?;
    needs::no_rows_before(world, subject, want)?;
    let (topic, words) = topic::make(world, subject, want)?;
    let again = subject.row.and_then(|row| row.deployment.as_ref());
    let mut reason = match again {
        Some(_) => "its topic was dropped with it; it begins anew".to_owned(),
        None => "no job of it yet".to_owned(),
    };
    if let Some(words) = words {
        reason = format!("{reason}; {words}");
    }
    let mut list = vec![steps::record(world, subject, want)];
    list.extend(topic);
    list.extend(steps::deploy(world, subject, want, (cluster, accepted), Restore::Start(want.stream.start)));
    let draft = Draft { action: Action::Create, reason, verdict: None, diff: None, steps: list };
    let mut outcome = Outcome::change(draft);
    outcome.notes.extend(needs::room(cluster, want));
    Ok(outcome)
}

fn only_record(world: &World<'_>, subject: &Subject<'_>, want: &DesiredStream) -> Outcome {
    if subject.row.is_some_and(|row| recording::changes(row, want).is_none()) {
        return Outcome::unchanged();
    }
    Outcome::change(Draft {
        action: Action::Record,
        reason: "it never ran and is not to run: it is only recorded".to_owned(),
        verdict: None,
        diff: None,
        steps: vec![steps::record(world, subject, want)],
    })
}
