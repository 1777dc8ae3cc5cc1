//! Streams whose file is gone: what was recorded rules.

use crate::model::definition::OnRemove;
use crate::model::job::JobState;
use crate::model::ledger::Deployment;
use crate::model::ledger::Elsewhere;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::step::Step;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::join::Subject;
use super::running::able_to_stop;
use super::sight;
use super::sight::Sight;
use super::steps;
use super::world::TopicFact;
use super::world::World;
use super::world::broker_unknown;

pub fn remove(world: &World<'_>, subject: &Subject<'_>, row: &Recorded) -> Outcome {
    decide(world, subject, row).unwrap_or_else(|obstacle| obstacle.stops(Action::Delete))
}

fn decide(world: &World<'_>, subject: &Subject<'_>, row: &Recorded) -> Result<Outcome, Obstacle> {
    may_go(world, subject, row)?;
    let mut words = vec!["its file is gone".to_owned()];
    let mut list = Vec::new();
    let mut state = RowState::Removed;
    match (row.policy.on_remove, subject.live_deployment()) {
        (OnRemove::Keep, Some(_)) => {
            words.push("its job is kept and runs on, unowned".to_owned());
            state = RowState::Kept;
        }
        (OnRemove::Keep | OnRemove::Stop, None) => words.push("it has no job".to_owned()),
        (OnRemove::Stop, Some(deployment)) => {
            list.extend(end(world, subject, deployment, &mut words)?);
        }
        (OnRemove::Drop, deployment) => {
            match deployment {
                Some(deployment) => list.extend(end(world, subject, deployment, &mut words)?),
                // Unseen jobs of older generations may still write.
                None => {
                    world.cluster(subject.engine())?;
                    words.push("it has no job".to_owned());
                }
            }
            list.extend(drop_topic(world, subject, row, &mut words)?);
        }
    }
    list.push(steps::close(world, subject, state));
    let reason = words.join("; ");
    Ok(Outcome::change(Draft { action: Action::Delete, reason, verdict: None, diff: None, steps: list }))
}

/// Neither a tree that cannot be trusted nor a protected stream nor a file that may be on its way back.
fn may_go(world: &World<'_>, subject: &Subject<'_>, row: &Recorded) -> Result<(), Obstacle> {
    if let Some(why) = &world.desired.frozen {
        return Err(Obstacle::new(Because::Waiting, format!("nothing is removed now: {why}")));
    }
    let settle = world.settings.settle;
    if world.observed.absent.get(&subject.name).is_none_or(|absent| *absent < settle) {
        let text = format!("its file is gone; it is removed when the file stays away for {}s", settle.as_secs());
        return Err(Obstacle::new(Because::Waiting, text));
    }
    if row.policy.protect {
        return Err(Obstacle::new(Because::Unconfirmed, "its file is gone, but it is protected"));
    }
    Ok(())
}

/// The step that ends the job, if it has not ended.
fn end(
    world: &World<'_>,
    subject: &Subject<'_>,
    deployment: &Deployment,
    words: &mut Vec<String>,
) -> Result<Option<Step>, Obstacle> {
    match sight::of(world, subject, deployment) {
        Sight::Unclear(obstacle) => Err(obstacle),
        Sight::Ended(_) | Sight::Gone => {
            words.push("its job runs no more".to_owned());
            Ok(None)
        }
        Sight::Live(owned) if owned.job.state == JobState::Restarting => {
            words.push("its job is restarting and is cancelled, its last checkpoint is kept".to_owned());
            Ok(Some(steps::give_up(world, subject, deployment)))
        }
        Sight::Live(owned) => {
            able_to_stop(owned)?;
            words.push("its job is stopped with a savepoint".to_owned());
            Ok(Some(steps::stop(world, subject, deployment)))
        }
    }
}

fn drop_topic(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    words: &mut Vec<String>,
) -> Result<Option<Step>, Obstacle> {
    let stream = row.deployment.as_ref().map_or(&row.stream, |newest| &newest.stream);
    let Some(topic) = stream.output_topic() else { return Ok(None) };
    if !row.topic_made {
        words.push(format!("topic `{topic}` stays: weir did not make it"));
        return Ok(None);
    }
    if let Some(user) = world.held.get(&subject.name).cloned().or_else(|| user_of(world, subject, topic)) {
        words.push(format!("topic `{topic}` stays: {user}"));
        return Ok(None);
    }
    match world.topic(topic) {
        TopicFact::Unknown(reason) => return Err(broker_unknown(reason)),
        // The step is taken nevertheless: by it the ledger learns that the stream may begin anew.
        TopicFact::Absent => words.push(format!("topic `{topic}` is gone already")),
        TopicFact::There(_) => words.push(format!("topic `{topic}` is deleted with all its rows")),
    }
    Ok(Some(steps::delete_topic(world, subject, topic)))
}

/// Who reads or writes the topic, of everything that a file asks for or that may run. A reader whose file is gone as
/// well is removed before: that it is not is seen when everything is decided.
fn user_of(world: &World<'_>, subject: &Subject<'_>, topic: &TopicName) -> Option<String> {
    if let Some((name, _)) = world.desired.sources.iter().find(|(_, source)| source.topic == *topic) {
        return Some(format!("source `{name}` reads it"));
    }
    let wanted = world.desired.streams.iter().map(|(name, want)| (name, &want.stream));
    let recorded = world.ledger.streams.iter().filter(|(_, row)| match row.state {
        RowState::Live | RowState::Kept => true,
        RowState::Removed => false,
    });
    let recorded = recorded.flat_map(|(name, row)| {
        let deployed = row.deployment.as_ref().map(|newest| (name, &newest.stream));
        std::iter::once((name, &row.stream)).chain(deployed)
    });
    for (name, stream) in wanted.chain(recorded).filter(|(name, _)| **name != subject.name) {
        if stream.writes().contains(topic) {
            return Some(format!("stream `{name}` writes it"));
        }
        if !is_going(world, name) && stream.sources.values().any(|source| source.topic == *topic) {
            return Some(format!("stream `{name}` reads it"));
        }
    }
    let used = |job: &&Elsewhere| job.writes.contains(topic) || job.reads.contains(topic);
    let job = world.jobs_elsewhere().find(used)?;
    Some(format!("the job of stream `{}` of project `{}` uses it", job.stream, job.project))
}

fn is_going(world: &World<'_>, name: &Name) -> bool {
    let stays = |row: &Recorded| match (row.state, row.policy.on_remove) {
        (RowState::Live, OnRemove::Stop | OnRemove::Drop) => false,
        (RowState::Live, OnRemove::Keep) | (RowState::Kept | RowState::Removed, _) => true,
    };
    !world.desired.streams.contains_key(name) && !world.ledger.streams.get(name).is_none_or(stays)
}
