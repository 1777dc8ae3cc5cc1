//! Topics of tests: made under names of their own, filled, read, and gone at the end.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::types::RDKafkaErrorCode;
use rdkafka::{Offset, TopicPartitionList};
use serde_json::Value;
use tokio::task::JoinHandle;
use uuid::Uuid;
use weir::broker::Broker;
use weir::broker::kafka::Kafka;
use weir::model::name::TopicName;
use weir::model::observed::BrokerView;

use crate::support::stack::Stack;

const PATIENCE: Duration = Duration::from_secs(20);

/// Names of topics that no other test uses. Those that exist when this is dropped are deleted, by whomever they were
/// made.
#[derive(Default)]
pub struct Topics {
    names: Vec<TopicName>,
}

impl Topics {
    pub fn new() -> Topics {
        Topics::default()
    }

    /// A name; nothing is created.
    pub fn name(&mut self, stem: &str) -> TopicName {
        let id = Uuid::new_v4().simple().to_string();
        let name = TopicName::parse(&format!("{stem}-{}", &id[..12])).expect("the stem is part of a topic's name");
        self.names.push(name.clone());
        name
    }

    /// A topic that exists.
    pub async fn create(&mut self, stem: &str, partitions: i32) -> TopicName {
        let name = self.name(stem);
        let topic = NewTopic::new(name.as_str(), partitions, TopicReplication::Fixed(1));
        let options = AdminOptions::new().operation_timeout(Some(PATIENCE));
        let answers = admin().create_topics([&topic], &options).await.expect("Kafka answers");
        answers[0].as_ref().expect("the topic is created");
        shown(&name, partitions).await;
        name
    }
}

/// Kafka answers before each of its threads knows of a new topic.
async fn shown(topic: &TopicName, partitions: i32) {
    let kafka = Kafka::new(&Stack::get().kafka, &BTreeMap::new()).expect("no properties are asked for");
    let until = Instant::now() + PATIENCE;
    loop {
        match kafka.view(&[topic.clone()].into()).await {
            BrokerView::Known { topics }
                if topics.get(topic).is_some_and(|it| it.partitions() == partitions as u32) =>
            {
                return;
            }
            seen => assert!(Instant::now() < until, "{topic} does not show within {PATIENCE:?}: {seen:?}"),
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

impl Drop for Topics {
    fn drop(&mut self) {
        let names = std::mem::take(&mut self.names);
        let delete = move || {
            let names: Vec<&str> = names.iter().map(TopicName::as_str).collect();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let request = async { admin().delete_topics(&names, &AdminOptions::new()).await.map(drop) };
            // A test that ends Kafka has nothing left to clean.
            runtime.map(|runtime| runtime.block_on(request))
        };
        // A thread of its own: the test's runtime must not be blocked, and may be gone.
        _ = std::thread::spawn(delete).join();
    }
}

/// A row as it lies in the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    pub partition: i32,
    pub offset: i64,
    pub key: Option<String>,
    /// `None`: a tombstone.
    pub value: Option<String>,
    /// Milliseconds since 1970: the writer's clock, or the broker's where the topic says so.
    pub at: i64,
}

impl Record {
    /// The value as JSON. Panics if it is none.
    pub fn json(&self) -> Value {
        let value = self.value.as_deref().expect("a tombstone has no JSON");
        serde_json::from_str(value).unwrap_or_else(|error| panic!("no JSON ({error}): {value}"))
    }
}

/// Writes the rows in their order, and returns when the broker has them.
pub async fn produce(topic: &TopicName, partition: i32, rows: impl IntoIterator<Item = Value>) {
    let producer = producer();
    let mut sent = Vec::new();
    for row in rows {
        let text = row.to_string();
        let record = FutureRecord::<str, String>::to(topic.as_str()).partition(partition).payload(&text);
        sent.push(producer.send_result(record).map_err(|(error, _)| error).expect("the queue holds a test's rows"));
    }
    for delivery in sent {
        delivery.await.expect("the producer lives").map_err(|(error, _)| error).expect("the broker takes the row");
    }
}

/// All committed rows from the first to the end as it is now, ordered by partition and offset.
pub async fn read_all(topic: &TopicName) -> Vec<Record> {
    let topic = topic.clone();
    tokio::task::spawn_blocking(move || read(&topic)).await.expect("reading does not panic")
}

/// Reads until there are as many rows. Panics, showing what there is, if that takes longer than `within`.
pub async fn read_at_least(topic: &TopicName, rows: usize, within: Duration) -> Vec<Record> {
    let until = Instant::now() + within;
    loop {
        let found = read_all(topic).await;
        if found.len() >= rows {
            return found;
        }
        assert!(Instant::now() < until, "{topic}: {} rows of {rows} within {within:?}: {found:#?}", found.len());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

fn read(topic: &TopicName) -> Vec<Record> {
    let mut config = config();
    config.set("group.id", format!("weir-test-{}", Uuid::new_v4())).set("enable.auto.commit", "false");
    config.set("enable.partition.eof", "true").set("isolation.level", "read_committed");
    let consumer: BaseConsumer = config.create().expect("the settings of a consumer");
    let metadata = consumer.fetch_metadata(Some(topic.as_str()), PATIENCE).expect("Kafka answers");
    let partitions = metadata.topics().iter().map(|topic| topic.partitions().len()).sum::<usize>();
    let mut all = TopicPartitionList::new();
    for partition in 0..partitions as i32 {
        all.add_partition_offset(topic.as_str(), partition, Offset::Beginning).expect("an offset that exists");
    }
    consumer.assign(&all).expect("a consumer takes partitions");
    let until = Instant::now() + PATIENCE;
    // Where rows never cease to come, a consumer is never told that it is at the end.
    let end = |partition| consumer.fetch_watermarks(topic.as_str(), partition, PATIENCE).expect("Kafka answers").1;
    let ends: Vec<i64> = (0..partitions as i32).map(end).collect();
    let (mut found, mut ended) = (Vec::new(), vec![false; partitions]);
    while ended.contains(&false) {
        assert!(Instant::now() < until, "{topic} was not read to its end within {PATIENCE:?}");
        match consumer.poll(Duration::from_millis(100)) {
            Some(Ok(message)) => {
                let (partition, offset) = (message.partition(), message.offset());
                ended[partition as usize] |= offset + 1 >= ends[partition as usize];
                found.push(Record {
                    partition,
                    offset,
                    key: message.key().map(|key| String::from_utf8_lossy(key).into_owned()),
                    value: message.payload().map(|value| String::from_utf8_lossy(value).into_owned()),
                    at: message.timestamp().to_millis().unwrap_or_default(),
                });
            }
            Some(Err(KafkaError::PartitionEOF(partition))) => ended[partition as usize] = true,
            // It connects again; how long that may take is said above.
            Some(Err(KafkaError::MessageConsumption(
                RDKafkaErrorCode::AllBrokersDown | RDKafkaErrorCode::BrokerTransportFailure,
            ))) => {}
            Some(Err(error)) => panic!("{topic} cannot be read: {error}"),
            None => {}
        }
    }
    found.sort();
    found
}

/// Writes rows 0, 1, 2 … at a steady pace over the partitions in turn until it is stopped.
pub struct Flow {
    stop: Arc<AtomicBool>,
    task: JoinHandle<u64>,
}

impl Flow {
    /// `row` makes the row of a number.
    pub fn start(topic: &TopicName, partitions: i32, per_second: u32, row: fn(u64) -> Value) -> Flow {
        let stop = Arc::new(AtomicBool::new(false));
        let (topic, stopped) = (topic.clone(), Arc::clone(&stop));
        let task = tokio::spawn(async move {
            let producer = producer();
            // Some at a time, or the way there and back of each would be the limit.
            let together = per_second.div_ceil(100);
            let mut clock = tokio::time::interval(Duration::from_secs(1) * together / per_second);
            let mut number = 0;
            while !stopped.load(Ordering::Relaxed) {
                clock.tick().await;
                let texts: Vec<(i32, String)> = (number..number + u64::from(together))
                    .map(|number| ((number % partitions as u64) as i32, row(number).to_string()))
                    .collect();
                let sent = texts.iter().map(|(partition, text)| {
                    let record = FutureRecord::<str, String>::to(topic.as_str()).partition(*partition).payload(text);
                    producer.send(record, PATIENCE)
                });
                for outcome in join_all(sent).await {
                    outcome.map_err(|(error, _)| error).expect("the broker takes the row");
                }
                number += u64::from(together);
            }
            number
        });
        Flow { stop, task }
    }

    /// How many rows were written: the last one has this number less one.
    pub async fn stop(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.task.await.expect("every row was written")
    }
}

fn config() -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", Stack::get().kafka).set_log_level(RDKafkaLogLevel::Emerg);
    config
}

fn admin() -> AdminClient<DefaultClientContext> {
    config().create().expect("the settings of an admin client")
}

fn producer() -> FutureProducer {
    let mut config = config();
    config.set("linger.ms", "1").set("message.timeout.ms", PATIENCE.as_millis().to_string());
    config.create().expect("the settings of a producer")
}
