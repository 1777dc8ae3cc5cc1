//! The numbered rows that every case reads, and who writes them without a pause.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use serde_json::{Map, Value, json};
use weir::model::name::TopicName;

use crate::support::stack::Stack;

/// A proof needs 500; what is above makes up for a busy machine.
const PER_SECOND: u64 = 600;
const TICK: Duration = Duration::from_millis(10);
const PATIENCE: Duration = Duration::from_secs(20);

/// Of three partitions one is idle: row n lies in partition n mod 2.
pub const PARTITIONS: i32 = 3;
pub const BUSY: u64 = 2;

/// Row `number` of an input. `K`, by which totals are kept, tells the partition, and so does `T`, the input's name,
/// the topic. Event time goes on 2 ms a row.
pub fn row(input: &str, number: u64) -> Map<String, Value> {
    let begin = Timestamp::from_second(1_735_689_600).expect("2025-01-01T00:00:00Z");
    let at = begin + SignedDuration::from_millis(2 * number as i64);
    let row = json!({
        "T": input, "N": number, "K": number % 10, "P": format!("p{}", number % 7), "A": (number % 100) as f64 + 0.5,
        "R": number % 4, "MOMENT": at.strftime("%Y-%m-%dT%H:%M:%S%.f").to_string(),
    });
    match row {
        Value::Object(row) => row,
        _ => unreachable!("an object was written"),
    }
}

/// As it lies in the topic. Those of `lines` are bare numbers, which several formats can read; those of `pairs` are CSV.
fn text(input: &str, number: u64) -> String {
    let row = row(input, number);
    match input {
        "lines" => number.to_string(),
        "pairs" => format!("{number},{},{}", row["K"], row["R"]),
        _ => Value::Object(row).to_string(),
    }
}

/// Writes rows 0, 1, 2 … until it is told how many are enough.
pub struct Load {
    written: Arc<AtomicU64>,
    enough: Arc<AtomicU64>,
    thread: std::thread::JoinHandle<Duration>,
}

impl Load {
    pub fn start(topic: &TopicName, input: &str) -> Load {
        let (written, enough) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(u64::MAX)));
        let (topic, input, so_far, until) =
            (topic.clone(), input.to_owned(), Arc::clone(&written), Arc::clone(&enough));
        Load { written, enough, thread: std::thread::spawn(move || write(&topic, &input, &so_far, &until)) }
    }
}

/// Ends them all at the same row, so that each has its partner in every input; how many rows each has, in what time.
pub fn stop(loads: Vec<(String, Load)>) -> (u64, Vec<(String, Duration)>) {
    let furthest = loads.iter().map(|(_, load)| load.written.load(Ordering::Relaxed)).max().unwrap_or_default();
    let rows = furthest + PER_SECOND / 2;
    loads.iter().for_each(|(_, load)| load.enough.store(rows, Ordering::Relaxed));
    let ended = |(input, load): (String, Load)| (input, load.thread.join().expect("every row was written"));
    (rows, loads.into_iter().map(ended).collect())
}

fn write(topic: &TopicName, input: &str, written: &AtomicU64, enough: &AtomicU64) -> Duration {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", Stack::get().kafka).set_log_level(RDKafkaLogLevel::Emerg);
    let producer: BaseProducer = config.set("linger.ms", "5").create().expect("the settings of a producer");
    let begun = Instant::now();
    let mut next = 0;
    loop {
        let due = begun.elapsed().as_millis() as u64 * PER_SECOND / 1000;
        let until = enough.load(Ordering::Relaxed);
        while next < due.min(until) {
            let text = text(input, next);
            let record = BaseRecord::<str, str>::to(topic.as_str()).payload(&text).partition((next % BUSY) as i32);
            // The topic goes with a case that failed.
            if producer.send(record).is_err() {
                return begun.elapsed();
            }
            next += 1;
            written.store(next, Ordering::Relaxed);
        }
        if next >= until {
            break;
        }
        producer.poll(TICK);
    }
    let took = begun.elapsed();
    producer.flush(PATIENCE).expect("the broker takes the rows");
    took
}
