//! The control topic read from its beginning to its end as it is now.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;
use rdkafka::producer::{BaseProducer, BaseRecord};
use rdkafka::{Offset, TopicPartitionList};

use crate::broker::kafka::client::Until;
use crate::broker::kafka::ears::Ears;
use crate::broker::kafka::failure::Failure;
use crate::model::job::JobId;
use crate::model::name::TopicName;
use crate::model::offsets::ControlRow;

/// The topic is made with one partition.
const PARTITION: i32 = 0;
const POLL: Duration = Duration::from_millis(100);

/// By scan, topic and partition, the first offset that a helper wrote.
pub(super) type Firsts = BTreeMap<(u32, String, u32), i64>;

/// Errors: [`Failure::Unasked`] for a row that no helper writes.
pub(super) fn firsts(
    config: &ClientConfig,
    control: &TopicName,
    helpers: &BTreeSet<JobId>,
    until: Until,
) -> Result<Firsts, Failure> {
    let mut config = config.clone();
    // Its end is not reached before it is told to be.
    config.set("enable.partition.eof", "true").set("group.id", "weir.control");
    let consumer: BaseConsumer<Ears> = config.create_with_context(Ears::default()).map_err(Failure::of)?;
    let (low, high) = consumer.fetch_watermarks(control.as_str(), PARTITION, until.left()).map_err(Failure::of)?;
    let mut all = TopicPartitionList::new();
    all.add_partition_offset(control.as_str(), PARTITION, Offset::Offset(low)).map_err(Failure::of)?;
    consumer.assign(&all).map_err(Failure::of)?;
    let mut found = Firsts::new();
    let mut next = low;
    while next < high {
        if until.over() {
            return Err(Failure::Silence(format!("topic {control} is not read to its end in time")));
        }
        match consumer.poll(POLL) {
            Some(Ok(message)) => {
                next = message.offset() + 1;
                let row = row(control, message.payload())?;
                if helpers.contains(&JobId::seen(&row.helper)) {
                    let first = found.entry((row.scan, row.topic, row.part)).or_insert(row.off);
                    *first = row.off.min(*first);
                }
            }
            Some(Err(KafkaError::PartitionEOF(_))) => break,
            Some(Err(error)) => match Failure::of(error) {
                // Trouble with a connection is told on the way.
                Failure::Silence(_) => {}
                failure @ (Failure::Said(_) | Failure::Unasked(_)) => return Err(failure),
            },
            None => {}
        }
    }
    Ok(found)
}

/// Writes rows of no helper, so that a helper's polls end.
pub(super) struct Beat {
    producer: BaseProducer<Ears>,
    control: TopicName,
    row: String,
}

impl Beat {
    pub fn new(config: &ClientConfig, control: &TopicName) -> Result<Beat, Failure> {
        let mut config = config.clone();
        config.set("linger.ms", "0");
        let producer = config.create_with_context(Ears::default()).map_err(Failure::of)?;
        let row = ControlRow { helper: String::new(), scan: 0, topic: String::new(), part: 0, off: 0 };
        let row = serde_json::to_string(&row).map_err(|error| Failure::Unasked(error.to_string()))?;
        Ok(Beat { producer, control: control.clone(), row })
    }

    /// Does not wait. One that is lost is followed by the next.
    pub fn strike(&self) -> Result<(), Failure> {
        let record = BaseRecord::<str, str>::to(self.control.as_str()).partition(PARTITION).payload(&self.row);
        let sent = self.producer.send(record).map_err(|(error, _)| Failure::of(error));
        self.producer.poll(Duration::ZERO);
        sent
    }
}

fn row(control: &TopicName, payload: Option<&[u8]>) -> Result<ControlRow, Failure> {
    serde_json::from_slice(payload.unwrap_or_default())
        .map_err(|error| Failure::Unasked(format!("topic {control} holds a row that is no helper's: {error}")))
}
