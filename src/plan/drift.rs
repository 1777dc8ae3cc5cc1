//! Topics that were changed behind weir's back: told, not mended.

use crate::model::desired::DesiredStream;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::observed::Topic;
use crate::model::observed::same_setting;

use super::join::Subject;
use super::topic;
use super::world::TopicFact;
use super::world::World;

/// Where the topic that weir made is not what file and ledger agree on.
pub fn notes(world: &World<'_>, subject: &Subject<'_>) -> Vec<String> {
    let (Some(want), Some(row)) = (subject.want, subject.row) else { return Vec::new() };
    let agreed = row.state == RowState::Live && row.stream.output == want.stream.output;
    if !row.topic_made || !agreed || row.deployment.is_none() {
        return Vec::new();
    }
    match world.topic(&want.stream.output.topic) {
        TopicFact::There(topic) => compare(want, row, topic),
        TopicFact::Absent => vec![format!("topic `{}` does not exist any more", want.stream.output.topic)],
        TopicFact::Unknown(_) => Vec::new(),
    }
}

fn compare(want: &DesiredStream, row: &Recorded, topic: &Topic) -> Vec<String> {
    let output = &want.stream.output;
    let mut notes = Vec::new();
    for (key, asked) in topic::settings(&row.stream.output) {
        match topic.config.get(&key) {
            Some(found) if same_setting(found, &asked) => {}
            Some(found) => notes.push(format!("topic `{}`: {key} is {found}, the file says {asked}", output.topic)),
            None => notes.push(format!("topic `{}`: {key} is not set, the file says {asked}", output.topic)),
        }
    }
    if let Some(asked) = output.partitions.filter(|asked| *asked != topic.partitions()) {
        notes.push(format!("topic `{}` has {} partitions, the file says {asked}", output.topic, topic.partitions()));
    }
    notes
}
