//! librdkafka as plain calls: each has a deadline, none blocks the runtime, none tells it to stderr.
//!
//! Requests: listing = one Metadata, settings = one DescribeConfigs, offsets = two ListOffsets to each broker that
//! leads a partition, whatever the number of topics. Metadata is always asked for *all* topics: a request that
//! names a topic would create it on brokers with `auto.create.topics.enable`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::admin::{
    AdminClient, AdminOptions, AlterConfig, ConfigResource, ConfigSource, NewPartitions, NewTopic,
    OwnedResourceSpecifier, ResourceSpecifier, TopicResult,
};
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaResult, RDKafkaErrorCode};
use rdkafka::metadata::{Metadata, MetadataTopic};
use rdkafka::{Offset, TopicPartitionList};

use crate::broker::kafka::ears::Ears;
use crate::broker::kafka::failure::Failure;
use crate::model::name::TopicName;

/// For how long the first try for metadata waits; each further one waits twice as long. Between two tries it is seen
/// whether all brokers refuse, so that this is said long before the deadline.
const FIRST_TRY: Duration = Duration::from_secs(1);

/// A moment at which a call gives up.
#[derive(Clone, Copy)]
pub(super) struct Until(Instant);

impl Until {
    pub fn within(limit: Duration) -> Until {
        Until(Instant::now() + limit)
    }

    pub fn over(self) -> bool {
        self.0 <= Instant::now()
    }

    /// Never zero, which some calls would take for "no limit".
    pub fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now()).max(Duration::from_millis(1))
    }
}

/// All that one Metadata response says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Listing {
    pub brokers: Vec<i32>,
    pub topics: BTreeMap<String, Layout>,
    /// Topics that the brokers cannot tell of now.
    ill: BTreeMap<String, RDKafkaErrorCode>,
}

impl Listing {
    /// Nothing of a topic that does not exist. What ails other topics does not matter.
    pub fn layout(&self, topic: &TopicName) -> Result<Option<&Layout>, Failure> {
        match self.ill.get(topic.as_str()) {
            Some(code) => Err(Failure::of_code(*code)),
            None => Ok(self.topics.get(topic.as_str())),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Layout {
    pub partitions: u32,
    pub replication: u16,
    /// Partitions that have no leader now.
    pub leaderless: Vec<i32>,
}

/// A topic's settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Settings {
    /// Set on the topic itself (source DYNAMIC_TOPIC_CONFIG).
    pub own: BTreeMap<String, String>,
    /// What holds, wherever it was set.
    pub effective: BTreeMap<String, String>,
    /// Set on the topic, but the broker does not show the value.
    pub hidden: BTreeSet<String>,
}

pub(super) struct Client {
    consumer: Arc<BaseConsumer<Ears>>,
    pub(super) admin: AdminClient<Ears>,
    /// For consumers that are made for one task. Holds secrets.
    pub(super) config: ClientConfig,
}

impl Client {
    pub fn connect(bootstrap: &str, properties: &BTreeMap<String, String>) -> KafkaResult<Client> {
        let mut config = ClientConfig::new();
        config.set("client.id", "weir");
        // The default of ten seconds would hide for as long that the brokers are back.
        config.set("reconnect.backoff.max.ms", "500");
        config.extend(properties.clone());
        config.set("bootstrap.servers", bootstrap);
        config.set("allow.auto.create.topics", "false");
        config.set("enable.auto.commit", "false");
        // Otherwise a partition would end where the oldest open transaction begins.
        config.set("isolation.level", "read_uncommitted");
        // A member of no group: nothing is ever joined or committed.
        config.remove("group.id");
        let consumer = config.set_log_level(RDKafkaLogLevel::Warning).create_with_context(Ears::default())?;
        let of_tasks = config.clone();
        // Nothing can read this client's queue of log lines, so none must be written to it.
        config.set("log_level", "0");
        let admin = config.set_log_level(RDKafkaLogLevel::Emerg).create_with_context(Ears::default())?;
        Ok(Client { consumer: Arc::new(consumer), admin, config: of_tasks })
    }

    pub async fn listing(&self, until: Until) -> Result<Listing, Failure> {
        let consumer = Arc::clone(&self.consumer);
        blocking(move || listing(&consumer, until)).await
    }

    /// Of topics that exist. One of which nothing is shown is left out.
    pub async fn settings(
        &self,
        topics: impl IntoIterator<Item = &str>,
        until: Until,
    ) -> Result<BTreeMap<String, Settings>, Failure> {
        let wanted: Vec<_> = topics.into_iter().map(ResourceSpecifier::Topic).collect();
        let mut found = BTreeMap::new();
        for resource in self.describe(&wanted, until).await? {
            match &resource.specifier {
                // A resource of which the broker tells an error comes without entries.
                OwnedResourceSpecifier::Topic(name) if !resource.entries.is_empty() => {
                    found.insert(name.clone(), read_settings(&resource));
                }
                OwnedResourceSpecifier::Topic(_)
                | OwnedResourceSpecifier::Group(_)
                | OwnedResourceSpecifier::Broker(_) => {}
            }
        }
        Ok(found)
    }

    pub async fn broker_settings(&self, broker: i32, until: Until) -> Result<BTreeMap<String, String>, Failure> {
        let resources = self.describe(&[ResourceSpecifier::Broker(broker)], until).await?;
        Ok(resources.iter().flat_map(|resource| read_settings(resource).effective).collect())
    }

    async fn describe(&self, wanted: &[ResourceSpecifier<'_>], until: Until) -> Result<Vec<ConfigResource>, Failure> {
        let answers = self.admin.describe_configs(wanted, &options(until)).await.map_err(Failure::of)?;
        answers.into_iter().map(|answer| answer.map_err(Failure::of_code)).collect()
    }

    /// First offset held and the next to be written, by partition.
    ///
    /// `offsets_for_times` writes the times it is given into ListOffsets as they are, and there -2 and -1 ask for the
    /// first and the next offset (Kafka protocol, ListOffsets), which are `Offset::Beginning` and `Offset::End`.
    pub async fn offsets(
        &self,
        partitions: BTreeMap<String, u32>,
        until: Until,
    ) -> Result<BTreeMap<String, Vec<(i64, i64)>>, Failure> {
        let consumer = Arc::clone(&self.consumer);
        blocking(move || {
            let low = edge(&consumer, &partitions, Offset::Beginning, until)?;
            let high = edge(&consumer, &partitions, Offset::End, until)?;
            let both = |(name, low): (String, Vec<i64>)| {
                let pairs = high.get(&name).into_iter().flatten().copied();
                (name, low.into_iter().zip(pairs).collect())
            };
            Ok(low.into_iter().map(both).collect())
        })
        .await
    }

    pub async fn create(&self, topic: &NewTopic<'_>, until: Until) -> Result<(), Failure> {
        let options = options(until).operation_timeout(Some(until.left()));
        one(self.admin.create_topics([topic], &options).await)
    }

    /// What the broker says to creating `topic`, which it does not create.
    pub async fn try_create(&self, topic: &NewTopic<'_>, until: Until) -> Result<(), Failure> {
        one(self.admin.create_topics([topic], &options(until).validate_only(true)).await)
    }

    pub async fn delete(&self, topic: &TopicName, until: Until) -> Result<(), Failure> {
        let options = options(until).operation_timeout(Some(until.left()));
        one(self.admin.delete_topics(&[topic.as_str()], &options).await)
    }

    pub async fn grow(&self, topic: &TopicName, partitions: u32, until: Until) -> Result<(), Failure> {
        let wanted = NewPartitions::new(topic.as_str(), partitions as usize);
        one(self.admin.create_partitions([&wanted], &options(until).operation_timeout(Some(until.left()))).await)
    }

    /// Replaces all settings of the topic. The broker's refusal does not come through rdkafka's binding: only looking
    /// at the settings tells.
    pub async fn replace_settings(
        &self,
        topic: &TopicName,
        settings: &BTreeMap<String, String>,
        until: Until,
    ) -> Result<(), Failure> {
        let start = AlterConfig::new(ResourceSpecifier::Topic(topic.as_str()));
        let change = settings.iter().fold(start, |change, (key, value)| change.set(key, value));
        let answers = self.admin.alter_configs([&change], &options(until)).await.map_err(Failure::of)?;
        answers.into_iter().try_for_each(|answer| match answer {
            Ok(_) => Ok(()),
            Err((_, code)) => Err(Failure::of_code(code)),
        })
    }
}

pub(super) fn options(until: Until) -> AdminOptions {
    AdminOptions::new().request_timeout(Some(until.left()))
}

fn one(answers: KafkaResult<Vec<TopicResult>>) -> Result<(), Failure> {
    answers.map_err(Failure::of)?.into_iter().try_for_each(|answer| match answer {
        Ok(_) => Ok(()),
        Err((_, code)) => Err(Failure::of_code(code)),
    })
}

pub(super) async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> Result<T, Failure> {
    match tokio::task::spawn_blocking(call).await {
        Ok(result) => result,
        Err(stopped) => Err(Failure::Silence(stopped.to_string())),
    }
}

fn listing(consumer: &BaseConsumer<Ears>, until: Until) -> Result<Listing, Failure> {
    let ears = Arc::clone(consumer.client().context());
    ears.listen(consumer);
    let mut wait = FIRST_TRY;
    loop {
        let error = match consumer.fetch_metadata(None, wait.min(until.left())) {
            Ok(metadata) => {
                ears.listen(consumer);
                ears.forget();
                return Ok(read_listing(&metadata));
            }
            Err(error) => Failure::of(error),
        };
        ears.listen(consumer);
        match error {
            Failure::Silence(silence) if ears.all_down() || until.over() => {
                return Err(Failure::Silence(ears.last().unwrap_or(silence)));
            }
            Failure::Silence(_) => wait *= 2,
            Failure::Said(_) | Failure::Unasked(_) => return Err(error),
        }
    }
}

fn read_listing(metadata: &Metadata) -> Listing {
    let mut listing =
        Listing { brokers: metadata.brokers().iter().map(|broker| broker.id()).collect(), ..Default::default() };
    for topic in metadata.topics() {
        match topic.error().map(RDKafkaErrorCode::from) {
            None => _ = listing.topics.insert(topic.name().to_owned(), read_layout(topic)),
            // On its way out.
            Some(RDKafkaErrorCode::UnknownTopicOrPartition) => {}
            Some(code) => _ = listing.ill.insert(topic.name().to_owned(), code),
        }
    }
    listing
}

fn read_layout(topic: &MetadataTopic) -> Layout {
    let partitions = topic.partitions();
    Layout {
        partitions: partitions.len() as u32,
        replication: partitions.iter().map(|partition| partition.replicas().len()).min().unwrap_or_default() as u16,
        leaderless: partitions.iter().filter(|partition| partition.leader() < 0).map(|found| found.id()).collect(),
    }
}

fn read_settings(resource: &ConfigResource) -> Settings {
    let mut settings = Settings::default();
    for entry in &resource.entries {
        let own = entry.source == ConfigSource::DynamicTopic;
        match &entry.value {
            Some(value) => {
                settings.effective.insert(entry.name.clone(), value.clone());
                if own {
                    settings.own.insert(entry.name.clone(), value.clone());
                }
            }
            None if own => _ = settings.hidden.insert(entry.name.clone()),
            None => {}
        }
    }
    settings
}

/// One offset of each partition, by partition number.
fn edge(
    consumer: &BaseConsumer<Ears>,
    partitions: &BTreeMap<String, u32>,
    edge: Offset,
    until: Until,
) -> Result<BTreeMap<String, Vec<i64>>, Failure> {
    let mut asked = TopicPartitionList::new();
    for (topic, count) in partitions {
        asked.add_partition_range(topic, 0, *count as i32 - 1);
    }
    if asked.count() == 0 {
        return Ok(BTreeMap::new());
    }
    asked.set_all_offsets(edge).map_err(Failure::of)?;
    let answered = consumer.offsets_for_times(asked, until.left()).map_err(Failure::of)?;
    let mut found: BTreeMap<String, BTreeMap<i32, i64>> = BTreeMap::new();
    for element in answered.elements() {
        element.error().map_err(Failure::of)?;
        let Offset::Offset(offset) = element.offset() else {
            return Err(Failure::Unasked(format!(
                "no offset is shown of {} [{}]",
                element.topic(),
                element.partition()
            )));
        };
        found.entry(element.topic().to_owned()).or_default().insert(element.partition(), offset);
    }
    Ok(found.into_iter().map(|(topic, offsets)| (topic, offsets.into_values().collect())).collect())
}
