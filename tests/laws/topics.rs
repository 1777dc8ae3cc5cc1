//! A broker in memory: what `plan` and `apply` see of Kafka, and an outage of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use weir::broker::{Broker, BrokerError};
use weir::model::name::TopicName;
use weir::model::observed::{BrokerView, Topic};
use weir::model::offsets::{Offsets, OffsetsAct};
use weir::model::step::{Lookup, Receipt, TopicAct};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    Open,
    Dead,
}

const DEAD: &str = "the brokers do not answer";

pub struct Topics {
    state: Mutex<(Line, BTreeMap<TopicName, Topic>)>,
}

impl Topics {
    /// A broker on which somebody else made these topics.
    pub fn with(names: &[&str]) -> Topics {
        let made = names.iter().map(|name| (topic(name), fresh(1, BTreeMap::new()))).collect();
        Topics { state: Mutex::new((Line::Open, made)) }
    }

    pub fn set_line(&self, line: Line) {
        self.state().0 = line;
    }

    /// Somebody else makes a topic.
    pub fn make(&self, name: &str) {
        self.state().1.insert(topic(name), fresh(1, BTreeMap::new()));
    }

    pub fn now(&self) -> BTreeMap<TopicName, Topic> {
        self.state().1.clone()
    }

    fn state(&self) -> MutexGuard<'_, (Line, BTreeMap<TopicName, Topic>)> {
        self.state.lock().expect("no panic under the lock")
    }
}

pub fn topic(name: &str) -> TopicName {
    TopicName::parse(name).expect("a topic's name")
}

fn fresh(partitions: u32, config: BTreeMap<String, String>) -> Topic {
    Topic { replication: 1, offsets: vec![(0, 0); partitions as usize], config }
}

/// Every job has read every topic to its end.
fn offsets(made: &mut BTreeMap<TopicName, Topic>, act: &OffsetsAct) -> Result<Receipt, BrokerError> {
    match act {
        OffsetsAct::ForgetGroups { .. } => Ok(Receipt::GroupsForgotten),
        OffsetsAct::OpenControl { control, .. } => {
            made.entry(control.clone()).or_insert_with(|| fresh(1, BTreeMap::new()));
            Ok(Receipt::ControlOpen { log_starts: BTreeMap::new() })
        }
        OffsetsAct::CloseControl { control, .. } => {
            made.remove(control);
            Ok(Receipt::ControlClosed)
        }
        OffsetsAct::Read(read) => {
            let mut found = Offsets::default();
            for scan in &read.scans {
                let Some(topic) = made.get(&scan.topic) else {
                    return Err(BrokerError::Refused(format!("no topic {}", scan.topic)));
                };
                let ends = topic.offsets.iter().enumerate().map(|(partition, (_, high))| (partition as u32, *high));
                found.0.insert(scan.source.clone(), ends.collect());
            }
            Ok(Receipt::Offsets(found))
        }
    }
}

#[async_trait]
impl Broker for Topics {
    async fn view(&self, topics: &BTreeSet<TopicName>) -> BrokerView {
        let (line, made) = &*self.state();
        match line {
            Line::Dead => BrokerView::Unknown { reason: DEAD.to_owned() },
            Line::Open => {
                let asked = made.iter().filter(|(name, _)| topics.contains(*name));
                BrokerView::Known { topics: asked.map(|(name, topic)| (name.clone(), topic.clone())).collect() }
            }
        }
    }

    async fn execute(&self, act: &TopicAct) -> Result<Receipt, BrokerError> {
        let (line, made) = &mut *self.state();
        if *line == Line::Dead {
            return Err(BrokerError::Unreachable(DEAD.to_owned()));
        }
        match act {
            TopicAct::Create { topic, partitions, config, .. } => {
                if made.contains_key(topic) {
                    return Ok(Receipt::TopicFound);
                }
                made.insert(topic.clone(), fresh(partitions.unwrap_or(1), config.clone()));
                Ok(Receipt::TopicCreated)
            }
            TopicAct::Alter { topic, config } => {
                let Some(found) = made.get_mut(topic) else {
                    return Err(BrokerError::Refused(format!("no topic {topic}")));
                };
                for (key, value) in config {
                    match value {
                        Some(value) => found.config.insert(key.clone(), value.clone()),
                        None => found.config.remove(key),
                    };
                }
                Ok(Receipt::TopicAltered)
            }
            TopicAct::Grow { topic, partitions } => match made.get_mut(topic) {
                Some(found) => {
                    let count = found.offsets.len().max(*partitions as usize);
                    found.offsets.resize(count, (0, 0));
                    Ok(Receipt::TopicGrown)
                }
                None => Err(BrokerError::Refused(format!("no topic {topic}"))),
            },
            TopicAct::Delete { topic } => {
                made.remove(topic);
                Ok(Receipt::TopicDeleted)
            }
            TopicAct::Offsets(act) => offsets(made, act),
        }
    }

    async fn lookup(&self, act: &TopicAct) -> Lookup {
        let (line, made) = &*self.state();
        if *line == Line::Dead {
            return Lookup::Unknown { reason: DEAD.to_owned() };
        }
        let done = |yes: bool, receipt: Receipt| if yes { Lookup::Done(receipt) } else { Lookup::NotDone };
        match act {
            TopicAct::Create { topic, .. } => done(made.contains_key(topic), Receipt::TopicCreated),
            TopicAct::Delete { topic } => done(!made.contains_key(topic), Receipt::TopicDeleted),
            TopicAct::Offsets(OffsetsAct::OpenControl { control, .. }) => {
                done(made.contains_key(control), Receipt::ControlOpen { log_starts: BTreeMap::new() })
            }
            TopicAct::Offsets(OffsetsAct::CloseControl { control, .. }) => {
                done(!made.contains_key(control), Receipt::ControlClosed)
            }
            TopicAct::Offsets(OffsetsAct::ForgetGroups { .. } | OffsetsAct::Read(_)) => Lookup::NotDone,
            TopicAct::Grow { topic, partitions } => {
                let grown = made.get(topic).is_some_and(|found| found.partitions() >= *partitions);
                done(grown, Receipt::TopicGrown)
            }
            TopicAct::Alter { topic, config } => {
                let is = |key: &String| made.get(topic).and_then(|found| found.config.get(key));
                done(config.iter().all(|(key, value)| is(key) == value.as_ref()), Receipt::TopicAltered)
            }
        }
    }
}
