//! Apache Kafka. Start here: [`Kafka`].

mod act;
mod client;
mod control;
mod ears;
mod failure;
mod groups;
mod offsets;
mod shape;
#[cfg(test)]
mod tests;
mod transactions;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_trait::async_trait;
use rdkafka::admin::{NewTopic, TopicReplication};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::types::RDKafkaConfRes;

use crate::broker::kafka::client::{Client, Layout, Settings, Until};
use crate::broker::kafka::failure::Failure;
use crate::broker::{Broker, BrokerError};
use crate::model::name::TopicName;
use crate::model::observed::{BrokerView, Topic};
use crate::model::offsets::OffsetsAct;
use crate::model::step::{Lookup, Receipt, TopicAct};

const DEADLINE: Duration = Duration::from_secs(10);
/// Reading offsets may take so many times the deadline: a helper with nothing to read commits only after ten seconds.
const READING: u32 = 5;
/// How often a look begins anew because a topic came or went in the midst of it.
const LOOKS: usize = 3;

/// A Kafka cluster.
pub struct Kafka {
    bootstrap: String,
    client: Client,
    /// Each call of the trait ends within this; the reading of offsets within [`READING`] times as much.
    deadline: Duration,
}

impl Kafka {
    /// `bootstrap` is `host:port,…`; `properties` are librdkafka's. Connects to nothing yet.
    ///
    /// Errors: [`BrokerError::Refused`] names the property that librdkafka does not take, never its value.
    pub fn new(bootstrap: &str, properties: &BTreeMap<String, String>) -> Result<Kafka, BrokerError> {
        let client = Client::connect(bootstrap, properties).map_err(|error| BrokerError::Refused(unusable(error)))?;
        Ok(Kafka { bootstrap: bootstrap.to_owned(), client, deadline: DEADLINE })
    }

    pub fn with_deadline(self, deadline: Duration) -> Kafka {
        Kafka { deadline, ..self }
    }

    /// What a person wants to know before trusting the cluster: subject and finding, for each thing looked at.
    /// `transaction_timeout`: that of exactly-once outputs.
    pub async fn examine(&self, transaction_timeout: Duration) -> Vec<(String, Result<String, String>)> {
        let until = self.until();
        let listing = match self.client.listing(until).await {
            Ok(listing) => listing,
            Err(failure) => return vec![("brokers".to_owned(), Err(failure.of_reading(&self.bootstrap).to_string()))],
        };
        let brokers = format!("{} at {}", counted(listing.brokers.len(), "broker"), self.bootstrap);
        let topics = format!("{} can be listed", counted(listing.topics.len(), "topic"));
        let settings = match listing.brokers.first() {
            Some(broker) => self.client.broker_settings(*broker, until).await,
            None => Err(Failure::Silence("no broker is listed".to_owned())),
        };
        let settings = settings.map_err(|failure| failure.reason());
        vec![
            ("brokers".to_owned(), Ok(brokers)),
            ("topics".to_owned(), Ok(topics)),
            ("defaults of new topics".to_owned(), settings.as_ref().map(defaults).map_err(String::clone)),
            (
                "transactions".to_owned(),
                settings.map(|found| transactions::told(&listing, &found, transaction_timeout)),
            ),
            ("making topics".to_owned(), self.may_create(until).await),
        ]
    }

    /// Asks for a topic without making it.
    async fn may_create(&self, until: Until) -> Result<String, String> {
        let topic = NewTopic::new("weir-tries-doctor", -1, TopicReplication::Fixed(-1));
        let tried = self.client.try_create(&topic, until).await;
        tried.map(|()| "allowed".to_owned()).map_err(|failure| failure.reason())
    }

    fn until(&self) -> Until {
        Until::within(self.deadline)
    }

    async fn look(&self, topics: &BTreeSet<TopicName>, until: Until) -> Result<BTreeMap<TopicName, Topic>, Failure> {
        let listing = self.client.listing(until).await?;
        let mut here: BTreeMap<&TopicName, &Layout> = BTreeMap::new();
        for topic in topics {
            here.extend(listing.layout(topic)?.map(|layout| (topic, layout)));
        }
        if here.is_empty() {
            return Ok(BTreeMap::new());
        }
        // librdkafka would wait for a leader until the deadline.
        if let Some((topic, layout)) = here.iter().find(|(_, layout)| !layout.leaderless.is_empty()) {
            let text = format!("topic {topic} has no leader for partition {}", layout.leaderless[0]);
            return Err(Failure::Unasked(text));
        }
        let partitions = here.iter().map(|(topic, layout)| (topic.to_string(), layout.partitions)).collect();
        let mut settings = self.client.settings(here.keys().map(|topic| topic.as_str()), until).await?;
        let mut offsets = self.client.offsets(partitions, until).await?;
        let assemble = |(topic, layout): (&TopicName, &Layout)| {
            let settings = settings.remove(topic.as_str());
            let offsets = offsets.remove(topic.as_str());
            // Of a topic that went between the calls, nothing is shown.
            let (Some(Settings { own, .. }), Some(offsets)) = (settings, offsets) else {
                return Err(Failure::Said(RDKafkaErrorCode::UnknownTopicOrPartition));
            };
            Ok((topic.clone(), Topic { replication: layout.replication, offsets, config: own }))
        };
        here.into_iter().map(assemble).collect()
    }
}

#[async_trait]
impl Broker for Kafka {
    async fn view(&self, topics: &BTreeSet<TopicName>) -> BrokerView {
        if topics.is_empty() {
            return BrokerView::default();
        }
        let until = self.until();
        let mut looks = 1;
        loop {
            match self.look(topics, until).await {
                Ok(topics) => return BrokerView::Known { topics },
                Err(failure) if failure.passes() && looks < LOOKS && !until.over() => looks += 1,
                Err(failure) => return BrokerView::Unknown { reason: failure.of_reading(&self.bootstrap).to_string() },
            }
        }
    }

    async fn execute(&self, act: &TopicAct) -> Result<Receipt, BrokerError> {
        let until = match act {
            TopicAct::Offsets(OffsetsAct::Read(_)) => Until::within(self.deadline * READING),
            TopicAct::Create { .. }
            | TopicAct::Alter { .. }
            | TopicAct::Grow { .. }
            | TopicAct::Delete { .. }
            | TopicAct::Offsets(_) => self.until(),
        };
        self.act(act, until).await
    }

    async fn lookup(&self, act: &TopicAct) -> Lookup {
        self.found(act, self.until()).await
    }
}

fn defaults(settings: &BTreeMap<String, String>) -> String {
    let value = |key: &str| settings.get(key).map_or("unknown", String::as_str);
    format!("replication {}, partitions {}", value("default.replication.factor"), value("num.partitions"))
}

fn unusable(error: KafkaError) -> String {
    match error {
        // Neither librdkafka's description nor the value: both could show a secret.
        KafkaError::ClientConfig(RDKafkaConfRes::RD_KAFKA_CONF_UNKNOWN, _, key, _) => {
            format!("librdkafka knows no property {key}")
        }
        KafkaError::ClientConfig(_, _, key, _) => format!("librdkafka does not take the value of property {key}"),
        KafkaError::ClientCreation(reason) => format!("the Kafka client cannot be made: {reason}"),
        other => format!("the Kafka client cannot be made: {other}"),
    }
}

fn counted(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}
