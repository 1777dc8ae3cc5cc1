//! Output topics: which settings they are to have, and what may be done about them.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::model::definition::Output;
use crate::model::desired::DesiredStream;
use crate::model::ledger::Recorded;
use crate::model::name::TopicName;
use crate::model::observed::Topic;
use crate::model::observed::same_setting;
use crate::model::plan::Because;
use crate::model::step::Step;

use super::decision::Obstacle;
use super::join::Subject;
use super::steps;
use super::world::TopicFact;
use super::world::World;
use super::world::broker_unknown;

const CLEANUP: &str = "cleanup.policy";

/// As the file gives them; an upsert log is compacted unless the file says otherwise.
pub fn settings(output: &Output) -> BTreeMap<String, String> {
    let mut settings: BTreeMap<String, String> = output.config.clone().into_iter().collect();
    if !output.key.is_empty() {
        settings.entry(CLEANUP.to_owned()).or_insert_with(|| "compact".to_owned());
    }
    settings
}

/// Makes the topic of a stream that never ran, if it is not there. The words belong into the change's reason.
pub fn make(
    world: &World<'_>,
    subject: &Subject<'_>,
    want: &DesiredStream,
) -> Result<(Option<Step>, Option<String>), Obstacle> {
    let output = &want.stream.output;
    if want.stream.output_topic().is_none() {
        return Ok((None, None));
    }
    let made = subject.row.is_some_and(|row| row.topic_made && row.stream.output.topic == output.topic);
    match world.topic(&output.topic) {
        TopicFact::Unknown(reason) => Err(broker_unknown(reason)),
        TopicFact::Absent => Ok((Some(steps::create_topic(world, subject, output)), None)),
        TopicFact::There(topic) => {
            fits(output, topic)?;
            if made {
                return Ok((towards(world, subject, output, topic), None));
            }
            Ok((None, Some(format!("topic `{}` exists; weir will not delete it", output.topic))))
        }
    }
}

/// The step that gives the topic of a recorded stream the settings that its file asks for now.
pub fn alter(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    want: &DesiredStream,
) -> Result<Option<Step>, Obstacle> {
    let (old, new) = (&row.stream.output, &want.stream.output);
    let (had, asked) = (settings(old), settings(new));
    if old.topic != new.topic || had == asked {
        return Ok(None);
    }
    if !row.topic_made {
        let reason = format!("weir did not make topic `{}` and will not alter it", new.topic);
        return Err(Obstacle::new(Because::Needs, reason));
    }
    there(world, &new.topic)?;
    let keys: BTreeSet<&String> = had.keys().chain(asked.keys()).collect();
    let changed = keys.into_iter().filter(|key| had.get(*key) != asked.get(*key));
    let config = changed.map(|key| (key.clone(), asked.get(key).cloned())).collect();
    Ok(Some(steps::alter_topic(world, subject, &new.topic, config)))
}

fn there<'a>(world: &World<'a>, topic: &TopicName) -> Result<&'a Topic, Obstacle> {
    match world.topic(topic) {
        TopicFact::There(found) => Ok(found),
        TopicFact::Unknown(reason) => Err(broker_unknown(reason)),
        TopicFact::Absent => Err(Obstacle::new(Because::Needs, format!("topic `{topic}` does not exist"))),
    }
}

/// The step that gives the topic of a recorded stream as many partitions as its file asks for now.
pub fn grow(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    want: &DesiredStream,
) -> Result<Option<Step>, Obstacle> {
    let (old, new) = (&row.stream.output, &want.stream.output);
    let Some(asked) = new.partitions.filter(|asked| old.topic == new.topic && old.partitions != Some(*asked)) else {
        return Ok(None);
    };
    let topic = &new.topic;
    let there = there(world, topic)?.partitions();
    match there.cmp(&asked) {
        Ordering::Equal => Ok(None),
        Ordering::Greater => {
            let text = format!("topic `{topic}` has {there} partitions, the file asks for {asked}");
            Err(Obstacle::new(Because::Refused, format!("{text}: Kafka takes no partition away")))
        }
        Ordering::Less if !row.topic_made => {
            let reason = format!("weir did not make topic `{topic}` and will not grow it");
            Err(Obstacle::new(Because::Needs, reason))
        }
        Ordering::Less => Ok(Some(steps::grow_topic(world, subject, topic, asked))),
    }
}

fn fits(output: &Output, topic: &Topic) -> Result<(), Obstacle> {
    match output.partitions {
        Some(asked) if asked != topic.partitions() => Err(Obstacle::new(
            Because::Needs,
            format!(
                "topic `{}` exists with {} partitions, the file asks for {asked}",
                output.topic,
                topic.partitions()
            ),
        )),
        Some(_) | None => Ok(()),
    }
}

/// A topic that weir made before the stream ran once, perhaps from an older text of the file.
fn towards(world: &World<'_>, subject: &Subject<'_>, output: &Output, topic: &Topic) -> Option<Step> {
    let config: BTreeMap<String, Option<String>> = settings(output)
        .into_iter()
        .filter(|(key, asked)| !topic.config.get(key).is_some_and(|found| same_setting(found, asked)))
        .map(|(key, asked)| (key, Some(asked)))
        .collect();
    (!config.is_empty()).then(|| steps::alter_topic(world, subject, &output.topic, config))
}
