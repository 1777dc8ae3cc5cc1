//! Numbered rows that never pause, and whatever comes out at the other end, with the time at which it came.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rdkafka::Offset;
use rdkafka::TopicPartitionList;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use serde::Deserialize;
use weir::model::name::TopicName;

use crate::support::stack::Stack;

const PER_SECOND: u64 = 900;
const TICK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(20);

/// Row n goes to partition n mod 2; partition 2 is idle.
pub const BUSY_PARTITIONS: u64 = 2;

fn config() -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &Stack::get().kafka).set_log_level(RDKafkaLogLevel::Emerg);
    config
}

/// Writes rows 0, 1, 2 … without a pause until it is stopped.
pub struct Load {
    stop: Arc<AtomicBool>,
    thread: std::thread::JoinHandle<(u64, Duration)>,
}

impl Load {
    pub fn start(topic: &TopicName, name: &str) -> Load {
        let stop = Arc::new(AtomicBool::new(false));
        let (topic, name, stopped) = (topic.clone(), name.to_owned(), Arc::clone(&stop));
        let thread = std::thread::spawn(move || {
            let producer: BaseProducer = config().set("linger.ms", "5").create().expect("the settings of a producer");
            let begun = Instant::now();
            let mut next = 0;
            while !stopped.load(Ordering::Relaxed) {
                let due = begun.elapsed().as_millis() as u64 * PER_SECOND / 1000;
                while next < due {
                    let text = format!(
                        "{{\"ORDER_ID\":{next},\"AMOUNT\":1.0,\"T\":\"{name}\",\"N\":{next},\"B\":\"a\",\"G\":1}}"
                    );
                    let record = BaseRecord::<str, str>::to(topic.as_str()).payload(&text);
                    let record = record.partition((next % BUSY_PARTITIONS) as i32);
                    // The topic goes with the test that failed.
                    if producer.send(record).is_err() {
                        return (next, begun.elapsed());
                    }
                    next += 1;
                }
                producer.poll(TICK);
            }
            producer.flush(PATIENCE).expect("the broker takes the rows");
            (next, begun.elapsed())
        });
        Load { stop, thread }
    }

    /// How many rows were written. Panics if they were too few a second for a proof.
    pub fn stop(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        let (rows, took) = self.thread.join().expect("every row was written");
        assert!(rows as f64 / took.as_secs_f64() > 500.0, "{rows} rows in {took:?}");
        rows
    }
}

/// A row of the output.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// The topic that it came from.
    #[serde(rename = "T")]
    pub topic: String,
    #[serde(rename = "N")]
    pub number: u64,
    /// Which part of the query gave it.
    #[serde(rename = "B")]
    pub branch: String,
    /// Which query gave it.
    #[serde(rename = "G")]
    pub generation: u32,
}

#[derive(Default)]
pub struct Came {
    pub rows: Vec<Row>,
    /// The first of generation 2.
    pub first_new: Option<Instant>,
}

/// Reads an output from its beginning for as long as it lives.
pub struct Tail {
    stop: Arc<AtomicBool>,
    pub came: Arc<Mutex<Came>>,
}

impl Tail {
    pub fn of(topic: &TopicName) -> Tail {
        let (stop, came) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Came::default())));
        let (topic, stopped, into) = (topic.clone(), Arc::clone(&stop), Arc::clone(&came));
        std::thread::spawn(move || {
            let mut config = config();
            config.set("group.id", "weir-test-tail").set("enable.auto.commit", "false");
            config.set("fetch.wait.max.ms", "10").set("isolation.level", "read_committed");
            let consumer: BaseConsumer = config.create().expect("the settings of a consumer");
            let mut all = TopicPartitionList::new();
            all.add_partition_offset(topic.as_str(), 0, Offset::Beginning).expect("an offset that exists");
            consumer.assign(&all).expect("a consumer takes partitions");
            while !stopped.load(Ordering::Relaxed) {
                let Some(Ok(message)) = consumer.poll(Duration::from_millis(50)) else { continue };
                let row: Row = serde_json::from_slice(message.payload().expect("no tombstone")).expect("a row");
                let mut came = into.lock().expect("no panic under the lock");
                if row.generation == 2 && came.first_new.is_none() {
                    came.first_new = Some(Instant::now());
                }
                came.rows.push(row);
            }
        });
        Tail { stop, came }
    }

    /// Nothing ever comes.
    pub fn none() -> Tail {
        Tail { stop: Arc::default(), came: Arc::default() }
    }

    pub fn rows(&self) -> Vec<Row> {
        self.came.lock().expect("no panic under the lock").rows.clone()
    }

    /// Until there are as many rows of this generation.
    pub async fn until(&self, generation: u32, rows: usize) {
        let begun = Instant::now();
        while self.rows().iter().filter(|row| row.generation == generation).count() < rows {
            assert!(begun.elapsed() < PATIENCE * 2, "no {rows} rows of generation {generation}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

impl Drop for Tail {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
