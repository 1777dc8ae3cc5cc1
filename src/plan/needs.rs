//! What must be there before a job is submitted.

use crate::model::check::Accepted;
use crate::model::definition::Stream;
use crate::model::desired::DesiredStream;
use crate::model::ledger::Deployment;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::model::observed::Cluster;
use crate::model::plan::Because;

use super::decision::Obstacle;
use super::inputs::Coming;
use super::join::Subject;
use super::world::TopicFact;
use super::world::World;
use super::world::broker_unknown;
use super::writers::Writers;

/// For a stream without a job: the cluster that takes one and what it said of the query.
pub fn to_deploy<'a>(
    world: &World<'a>,
    subject: &Subject<'a>,
    want: &DesiredStream,
) -> Result<(&'a Cluster, &'a Accepted), Obstacle> {
    let cluster = world.ready_cluster(&want.stream.engine)?;
    world.broker()?;
    sources(world, want)?;
    other_outputs(world, want)?;
    own_topic(world, subject, want)?;
    Ok((cluster, world.check(want, cluster)?))
}

/// For a job that takes up the state of `deployment`. State belongs to columns too: where the engine derives others
/// than it did, it is another job.
pub fn to_take_up<'a>(
    world: &World<'a>,
    want: &DesiredStream,
    deployment: &Deployment,
) -> Result<(&'a Cluster, &'a Accepted), Obstacle> {
    let (cluster, accepted) = to_follow(world, want, deployment)?;
    if accepted.columns == deployment.columns {
        Ok((cluster, accepted))
    } else {
        let text = format!("engine `{}` derives other columns than it did: not yet", want.stream.engine);
        Err(Obstacle::new(Because::Refused, text))
    }
}

/// For a job that takes up nothing of `deployment` but its places.
pub fn to_follow<'a>(
    world: &World<'a>,
    want: &DesiredStream,
    deployment: &Deployment,
) -> Result<(&'a Cluster, &'a Accepted), Obstacle> {
    let cluster = world.ready_cluster(&want.stream.engine)?;
    world.broker()?;
    sources(world, want)?;
    other_outputs(world, want)?;
    if want.stream.output.topic == deployment.stream.output.topic {
        output(world, want)?;
    }
    Ok((cluster, world.check(want, cluster)?))
}

/// Whether something else claims the topic or the place of a stream that has no job.
pub fn own_topic(world: &World<'_>, subject: &Subject<'_>, want: &DesiredStream) -> Result<(), Obstacle> {
    let claim = world.writers(|writers| {
        let taken = want.stream.writes().into_iter().find_map(|topic| taken(world, writers, subject, topic));
        taken.or_else(|| namesake(writers, &subject.name)).or_else(|| carried(writers, subject))
    });
    match claim {
        Some(reason) => Err(Obstacle::new(Because::Needs, reason)),
        None => Ok(()),
    }
}

/// A stream that begins at its start would write again what a removed one wrote before it into the same topic: most
/// often it is the same stream under another name.
pub fn no_rows_before(world: &World<'_>, subject: &Subject<'_>, want: &DesiredStream) -> Result<(), Obstacle> {
    let Some(topic) = want.stream.output_topic() else { return Ok(()) };
    let TopicFact::There(found) = world.topic(topic) else { return Ok(()) };
    let wrote = world.writers(|writers| {
        let mut others = writers.recorded(topic).filter(|(name, _)| !subject.is_known_as(name));
        others.find(|(_, row)| found.records() > 0 && row.state == RowState::Removed && row.deployment.is_some())
    });
    match wrote {
        Some((other, _)) => {
            let text = format!(
                "topic `{topic}` holds rows of the removed stream `{other}`, and this one would write them again: say \
                 `renamed_from = \"{other}\"` in `[deploy]` if it is that stream under another name, or give it another \
                 topic"
            );
            Err(Obstacle::new(Because::Needs, text))
        }
        None => Ok(()),
    }
}

/// A job whose source topic is not there would restart for ever.
fn sources(world: &World<'_>, want: &DesiredStream) -> Result<(), Obstacle> {
    for (name, source) in &want.stream.sources {
        match world.topic(&source.topic) {
            TopicFact::There(_) => {}
            TopicFact::Absent => match world.earlier.coming(&source.topic) {
                Some(Coming::Made) => {}
                Some(Coming::Not(why)) => {
                    let text = format!("topic `{}` of source `{name}` does not exist: {why}", source.topic);
                    return Err(Obstacle::new(Because::Needs, text));
                }
                None => {
                    let text = format!("topic `{}` of source `{name}` does not exist", source.topic);
                    return Err(Obstacle::new(Because::Needs, text));
                }
            },
            TopicFact::Unknown(reason) => return Err(broker_unknown(reason)),
        }
    }
    Ok(())
}

/// Of the topics that a script writes weir makes one.
fn other_outputs(world: &World<'_>, want: &DesiredStream) -> Result<(), Obstacle> {
    for topic in want.stream.writes().into_iter().filter(|topic| Some(*topic) != want.stream.output_topic()) {
        match world.topic(topic) {
            TopicFact::There(_) => {}
            TopicFact::Absent => {
                let text =
                    format!("topic `{topic}`, which the script writes, does not exist, and weir makes only its output");
                return Err(Obstacle::new(Because::Needs, text));
            }
            TopicFact::Unknown(reason) => return Err(broker_unknown(reason)),
        }
    }
    Ok(())
}

/// The topic that a deployed stream writes has to be there still.
fn output(world: &World<'_>, want: &DesiredStream) -> Result<(), Obstacle> {
    let Some(topic) = want.stream.output_topic() else { return Ok(()) };
    match world.topic(topic) {
        TopicFact::There(_) => Ok(()),
        TopicFact::Absent => {
            Err(Obstacle::new(Because::Needs, format!("its output topic `{topic}` does not exist any more")))
        }
        TopicFact::Unknown(reason) => Err(broker_unknown(reason)),
    }
}

/// A job that runs is not given up for one that has no room: it would wait for slots, and not be stopped any more.
pub fn room_to_replace(cluster: &Cluster, old: &Stream, want: &DesiredStream) -> Result<(), Obstacle> {
    let held = if old.engine == want.stream.engine { slots(old) } else { 0 };
    let asked = slots(&want.stream);
    if asked <= held || asked - held <= cluster.slots_free {
        return Ok(());
    }
    let text = format!(
        "engine `{}` has {} free task slots beside the {held} of its job, the new one wants {asked}",
        want.stream.engine, cluster.slots_free
    );
    Err(Obstacle::new(Because::Needs, text))
}

pub fn slots(stream: &Stream) -> u32 {
    stream.options.get("parallelism.default").and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Words for the note when the cluster has no room: the job would wait for it.
pub fn room(cluster: &Cluster, want: &DesiredStream) -> Option<String> {
    let asked = slots(&want.stream);
    (cluster.slots_free < asked).then(|| {
        format!("engine `{}` has {} free task slots, the job wants {asked}", want.stream.engine, cluster.slots_free)
    })
}

/// Who else writes the topic: one topic has one writer.
fn taken(world: &World<'_>, writers: &Writers<'_>, subject: &Subject<'_>, topic: &TopicName) -> Option<String> {
    if let Some(other) = writers.desired(topic).find(|other| **other != subject.name) {
        return Some(format!("stream `{other}` writes topic `{topic}` too"));
    }
    for (other, row) in writers.recorded(topic).filter(|(other, _)| !subject.is_known_as(other)) {
        let is_seen = || writers.is_seen(ran_on(row), other);
        match row.state {
            RowState::Live => return Some(format!("stream `{other}` still writes topic `{topic}`")),
            // Unless the row's cluster is ready and shows no job of it.
            RowState::Kept if world.ready_cluster(ran_on(row)).is_err() || is_seen() => {
                return Some(format!(
                    "the job of `{other}`, which was kept when its file went, writes topic `{topic}`"
                ));
            }
            RowState::Removed if is_seen() => {
                return Some(format!("a job of the removed stream `{other}` still writes topic `{topic}`"));
            }
            RowState::Kept | RowState::Removed => {}
        }
    }
    writers
        .elsewhere(topic)
        .map(|job| format!("the job of stream `{}` of project `{}` writes topic `{topic}`", job.stream, job.project))
}

/// A live job with the stream's name that this ledger never submitted: most likely of a ledger that was lost, or weir
/// was given the wrong one. It is left alone, and no second one joins its consumer group and its topic.
fn namesake(writers: &Writers<'_>, name: &Name) -> Option<String> {
    writers.namesake(name).map(|(engine, job)| {
        format!(
            "engine `{engine}` runs {} ({}), which this ledger does not know: use the ledger that it is of, or cancel \
             that job",
            job.name, job.id
        )
    })
}

/// A live job that began under the stream's name and is another stream's now. A second one of that name would join its
/// consumer group, and end its transactions.
pub fn carried_by_another(world: &World<'_>, subject: &Subject<'_>) -> Option<String> {
    world.writers(|writers| carried(writers, subject))
}

fn carried(writers: &Writers<'_>, subject: &Subject<'_>) -> Option<String> {
    let owner = writers.carriers(&subject.name).find(|owner| !subject.is_known_as(owner))?;
    Some(format!(
        "the job of stream `{owner}`, which was renamed, began as `{}` and still carries that name: `weir restart {owner}` \
         gives it its own",
        subject.name
    ))
}

fn ran_on(row: &Recorded) -> &EngineName {
    row.deployment.as_ref().map_or(&row.stream.engine, |newest| &newest.stream.engine)
}
