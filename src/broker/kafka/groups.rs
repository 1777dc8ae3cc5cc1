//! Consumer groups: what they have committed, and their end. None is ever joined.

use std::collections::BTreeMap;

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};

use crate::broker::kafka::client::{Client, Until, blocking, options};
use crate::broker::kafka::ears::Ears;
use crate::broker::kafka::failure::Failure;

impl Client {
    /// Deletes groups with their offsets; one that is not there counts as deleted.
    ///
    /// Errors: [`Failure::Unasked`] names a group that has members.
    pub async fn delete_groups(&self, groups: &[&str], until: Until) -> Result<(), Failure> {
        if groups.is_empty() {
            return Ok(());
        }
        let answers = self.admin.delete_groups(groups, &options(until)).await.map_err(Failure::of)?;
        answers.into_iter().try_for_each(|answer| match answer {
            Ok(_) | Err((_, RDKafkaErrorCode::GroupIdNotFound)) => Ok(()),
            Err((name, RDKafkaErrorCode::NonEmptyGroup)) => {
                Err(Failure::Unasked(format!("consumer group {name} has members")))
            }
            Err((_, code)) => Err(Failure::of_code(code)),
        })
    }

    /// Whether any of the groups is there.
    pub async fn any_group(&self, groups: Vec<String>, until: Until) -> Result<bool, Failure> {
        let config = self.config.clone();
        blocking(move || {
            let consumer: BaseConsumer<Ears> = config.create_with_context(Ears::default()).map_err(Failure::of)?;
            for group in &groups {
                let list = consumer.fetch_group_list(Some(group), until.left()).map_err(Failure::of)?;
                if list.groups().iter().any(|found| found.name() == group && found.state() != "Dead") {
                    return Ok(true);
                }
            }
            Ok(false)
        })
        .await
    }
}

/// What one group has committed.
pub(super) struct Group {
    consumer: BaseConsumer<Ears>,
}

/// By topic and partition; `None`: nothing.
pub(super) type Committed = BTreeMap<String, Vec<Option<i64>>>;

impl Group {
    pub fn new(config: &ClientConfig, name: &str) -> Result<Group, Failure> {
        let mut config = config.clone();
        config.set("group.id", name);
        let consumer = config.create_with_context(Ears::default()).map_err(Failure::of)?;
        Ok(Group { consumer })
    }

    /// Of these topics, each with its number of partitions.
    pub fn committed(&self, topics: &BTreeMap<String, u32>, until: Until) -> Result<Committed, Failure> {
        let mut asked = TopicPartitionList::new();
        for (topic, partitions) in topics {
            asked.add_partition_range(topic, 0, *partitions as i32 - 1);
        }
        self.consumer.client().context().listen(&self.consumer);
        let answered = self.consumer.committed_offsets(asked, until.left()).map_err(Failure::of)?;
        let mut found: Committed =
            topics.iter().map(|(topic, partitions)| (topic.clone(), vec![None; *partitions as usize])).collect();
        for element in answered.elements() {
            element.error().map_err(Failure::of)?;
            let place = found.get_mut(element.topic()).and_then(|all| all.get_mut(element.partition() as usize));
            if let (Some(place), Offset::Offset(offset)) = (place, element.offset()) {
                *place = Some(offset);
            }
        }
        Ok(found)
    }
}

/// Whether asking once more may help: the group's coordinator is on its way.
pub(super) fn passes(failure: &Failure) -> bool {
    let moving = [
        RDKafkaErrorCode::NotCoordinator,
        RDKafkaErrorCode::CoordinatorNotAvailable,
        RDKafkaErrorCode::CoordinatorLoadInProgress,
    ];
    match failure {
        Failure::Said(code) => moving.contains(code),
        Failure::Silence(_) => true,
        Failure::Unasked(_) => false,
    }
}
