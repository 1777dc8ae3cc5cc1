//! Creating, altering and deleting topics.
//!
//! *Flow*: look, return if it is as asked for, ask, look until it is.
//! *Guarantees*: asked for twice, it is done once; on return the broker that answers shows it.
//! *Assumptions*: nobody else changes settings of the same topic between our reading and writing them. librdkafka has
//! IncrementalAlterConfigs, but its binding only the older AlterConfigs, which replaces all settings of a topic; so
//! all that are set on it are read, changed and written back. A change by others in between would be lost.
//! *Errors*: before the request is sent, `Refused` and `Unreachable`; after it, `Uncertain` where no answer came.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::admin::{NewTopic, TopicReplication};
use rdkafka::error::RDKafkaErrorCode;

use crate::broker::BrokerError;
use crate::broker::kafka::Kafka;
use crate::broker::kafka::client::{Layout, Settings, Until};
use crate::broker::kafka::failure::Failure;
use crate::broker::kafka::shape::{Wanted, holds, merged};
use crate::model::name::TopicName;
use crate::model::step::{Lookup, Receipt, TopicAct};

/// Between two looks at whether a change is visible.
const PAUSE: Duration = Duration::from_millis(50);
/// Kafka's longest name of a topic.
const LONGEST_NAME: usize = 249;

/// A topic as it is.
struct Found {
    layout: Layout,
    settings: Settings,
}

impl Kafka {
    pub(super) async fn act(&self, act: &TopicAct, until: Until) -> Result<Receipt, BrokerError> {
        match act {
            TopicAct::Create { topic, partitions, replication, config } => {
                let wanted = Wanted { partitions: *partitions, replication: *replication, config };
                self.create(topic, wanted, until).await
            }
            TopicAct::Alter { topic, config } => self.alter(topic, config, until).await,
            TopicAct::Grow { topic, partitions } => self.grow(topic, *partitions, until).await,
            TopicAct::Delete { topic } => self.delete(topic, until).await,
            TopicAct::Offsets(act) => self.offsets_act(act, until).await,
        }
    }

    pub(super) async fn found(&self, act: &TopicAct, until: Until) -> Lookup {
        let topic = match act {
            TopicAct::Create { topic, .. }
            | TopicAct::Alter { topic, .. }
            | TopicAct::Grow { topic, .. }
            | TopicAct::Delete { topic } => topic,
            TopicAct::Offsets(act) => return self.offsets_found(act, until).await,
        };
        let found = match self.find(topic, until).await {
            Ok(found) => found,
            Err(failure) => return Lookup::Unknown { reason: failure.of_reading(&self.bootstrap).to_string() },
        };
        match (act, found) {
            (TopicAct::Offsets(_), _) => Lookup::NotDone,
            (TopicAct::Delete { .. }, None) => Lookup::Done(Receipt::TopicDeleted),
            (TopicAct::Delete { .. }, Some(_)) => Lookup::NotDone,
            (TopicAct::Create { .. } | TopicAct::Alter { .. } | TopicAct::Grow { .. }, None) => Lookup::NotDone,
            (TopicAct::Grow { partitions, .. }, Some(found)) => match is_grown(&found.layout, *partitions) {
                true => Lookup::Done(Receipt::TopicGrown),
                false => Lookup::NotDone,
            },
            (TopicAct::Alter { config, .. }, Some(found)) => match holds(&found.settings.own, config) {
                true => Lookup::Done(Receipt::TopicAltered),
                false => Lookup::NotDone,
            },
            (TopicAct::Create { partitions, replication, config, .. }, Some(found)) => {
                let wanted = Wanted { partitions: *partitions, replication: *replication, config };
                match compare(topic, wanted, &found) {
                    Err(refusal) => Lookup::Failed { reason: refusal.to_string() },
                    Ok(()) if found.layout.leaderless.is_empty() => Lookup::Done(Receipt::TopicCreated),
                    Ok(()) => Lookup::Unknown { reason: format!("topic {topic} has partitions without a leader") },
                }
            }
        }
    }

    pub(super) async fn create(
        &self,
        topic: &TopicName,
        wanted: Wanted<'_>,
        until: Until,
    ) -> Result<Receipt, BrokerError> {
        let before = self.find(topic, until).await.map_err(|failure| failure.of_reading(&self.bootstrap))?;
        let mut receipt = Receipt::TopicFound;
        if before.is_none() {
            match self.client.create(&new_topic(topic.as_str(), wanted), until).await {
                Ok(()) => receipt = Receipt::TopicCreated,
                // Somebody was faster; whether the shape is ours is seen below.
                Err(Failure::Said(RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err(failure) => {
                    return Err(failure.of_changing(&self.bootstrap, &format!("creating {}", described(topic, wanted))));
                }
            }
        }
        let mut found = before;
        loop {
            if let Some(found) = &found {
                compare(topic, wanted, found)?;
                if found.layout.leaderless.is_empty() {
                    return Ok(receipt);
                }
            }
            found = self.again(topic, until).await?;
        }
    }

    async fn alter(
        &self,
        topic: &TopicName,
        change: &BTreeMap<String, Option<String>>,
        until: Until,
    ) -> Result<Receipt, BrokerError> {
        let before = self.find(topic, until).await.map_err(|failure| failure.of_reading(&self.bootstrap))?;
        let Some(Found { settings, .. }) = before else {
            return Err(BrokerError::Refused(format!("topic {topic} does not exist")));
        };
        if let Some(hidden) = settings.hidden.iter().find(|key| !change.contains_key(*key)) {
            return Err(BrokerError::Refused(format!(
                "topic {topic}: the value of {hidden} is not shown and would be lost"
            )));
        }
        if holds(&settings.own, change) {
            return Ok(Receipt::TopicAltered);
        }
        let wanted = merged(&settings.own, change);
        self.try_settings(topic, &wanted, until).await?;
        let answer = self.client.replace_settings(topic, &wanted, until).await;
        answer.map_err(|failure| failure.of_changing(&self.bootstrap, &format!("altering topic {topic}")))?;
        loop {
            if let Some(found) = self.again(topic, until).await?
                && holds(&found.settings.own, change)
            {
                return Ok(Receipt::TopicAltered);
            }
        }
    }

    /// Kafka is told how many there are to be, so asked twice it is done once; more than that stay.
    async fn grow(&self, topic: &TopicName, partitions: u32, until: Until) -> Result<Receipt, BrokerError> {
        let mut found = self.find(topic, until).await.map_err(|failure| failure.of_reading(&self.bootstrap))?;
        match &found {
            None => return Err(BrokerError::Refused(format!("topic {topic} does not exist"))),
            Some(found) if found.layout.partitions < partitions => {
                let answer = self.client.grow(topic, partitions, until).await;
                let what = format!("growing topic {topic} to {partitions} partitions");
                answer.map_err(|failure| failure.of_changing(&self.bootstrap, &what))?;
            }
            Some(_) => {}
        }
        while !found.is_some_and(|found| is_grown(&found.layout, partitions)) {
            found = self.again(topic, until).await?;
        }
        Ok(Receipt::TopicGrown)
    }

    /// Asks the broker whether it would create a topic with these settings, since rdkafka does not tell when it
    /// refuses to alter them. Any other answer than that the settings are wrong says nothing about them.
    async fn try_settings(
        &self,
        topic: &TopicName,
        config: &BTreeMap<String, String>,
        until: Until,
    ) -> Result<(), BrokerError> {
        let wanted = Wanted { partitions: None, replication: None, config };
        let mut name = format!("weir-tries-{topic}");
        name.truncate(LONGEST_NAME);
        match self.client.try_create(&new_topic(&name, wanted), until).await {
            Err(Failure::Said(code @ RDKafkaErrorCode::InvalidConfig)) => Err(BrokerError::Refused(format!(
                "altering {}: {}",
                described(topic, wanted),
                Failure::Said(code).reason()
            ))),
            Ok(()) | Err(Failure::Said(_) | Failure::Silence(_) | Failure::Unasked(_)) => Ok(()),
        }
    }

    pub(super) async fn delete(&self, topic: &TopicName, until: Until) -> Result<Receipt, BrokerError> {
        let mut found = self.find(topic, until).await.map_err(|failure| failure.of_reading(&self.bootstrap))?;
        if found.is_some() {
            match self.client.delete(topic, until).await {
                Ok(()) | Err(Failure::Said(RDKafkaErrorCode::UnknownTopicOrPartition)) => {}
                Err(failure) => return Err(failure.of_changing(&self.bootstrap, &format!("deleting topic {topic}"))),
            }
        }
        while found.is_some() {
            found = self.again(topic, until).await?;
        }
        Ok(Receipt::TopicDeleted)
    }

    /// Looks once more, for a change that was asked for.
    async fn again(&self, topic: &TopicName, until: Until) -> Result<Option<Found>, BrokerError> {
        let uncertain =
            |reason: String| BrokerError::Uncertain(format!("topic {topic}: the change does not show: {reason}"));
        if until.over() {
            return Err(uncertain("no time is left".to_owned()));
        }
        tokio::time::sleep(PAUSE.min(until.left())).await;
        self.find(topic, until).await.map_err(|failure| uncertain(failure.of_reading(&self.bootstrap).to_string()))
    }

    async fn find(&self, topic: &TopicName, until: Until) -> Result<Option<Found>, Failure> {
        let listing = self.client.listing(until).await?;
        let Some(layout) = listing.layout(topic)?.cloned() else { return Ok(None) };
        match self.client.settings([topic.as_str()], until).await?.remove(topic.as_str()) {
            Some(settings) => Ok(Some(Found { layout, settings })),
            // It went in between, or its settings may not be read.
            None if self.client.listing(until).await?.layout(topic)?.is_some() => {
                Err(Failure::Unasked(format!("the settings of topic {topic} are not shown")))
            }
            None => Ok(None),
        }
    }
}

fn is_grown(layout: &Layout, partitions: u32) -> bool {
    layout.partitions >= partitions && layout.leaderless.is_empty()
}

fn compare(topic: &TopicName, wanted: Wanted<'_>, found: &Found) -> Result<(), BrokerError> {
    let differences = wanted.differences(&found.layout, &found.settings);
    match differences.is_empty() {
        true => Ok(()),
        false => Err(BrokerError::Refused(format!("topic {topic} exists with {}", differences.join(", ")))),
    }
}

/// -1 is the broker's default (Kafka protocol, CreateTopics from version 4).
fn new_topic<'a>(name: &'a str, wanted: Wanted<'a>) -> NewTopic<'a> {
    let partitions = wanted.partitions.map_or(-1, |count| i32::try_from(count).unwrap_or(i32::MAX));
    let replication = TopicReplication::Fixed(wanted.replication.map_or(-1, i32::from));
    let topic = NewTopic::new(name, partitions, replication);
    wanted.config.iter().fold(topic, |topic, (key, value)| topic.set(key, value))
}

/// The codes that come back do not say what of it the broker refuses.
fn described(topic: &TopicName, wanted: Wanted<'_>) -> String {
    let partitions = wanted.partitions.map(|count| format!("{count} partitions"));
    let replication = wanted.replication.map(|count| format!("{count} replicas"));
    let config = wanted.config.iter().map(|(key, value)| format!("{key} = {value}"));
    let shape: Vec<String> = partitions.into_iter().chain(replication).chain(config).collect();
    match shape.is_empty() {
        true => format!("topic {topic}"),
        false => format!("topic {topic} with {}", shape.join(", ")),
    }
}
