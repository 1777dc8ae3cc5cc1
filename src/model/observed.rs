//! What engines and Kafka say now. Not being able to ask is an answer of its own.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::model::check::{Check, CheckId};
use crate::model::job::Job;
use crate::model::name::{EngineName, Name, TopicName};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    pub engines: BTreeMap<EngineName, EngineView>,
    pub broker: BrokerView,
    /// Answers that the ledger does not hold yet.
    pub checks: BTreeMap<CheckId, Check>,
    /// Streams whose check could not be asked for, and why.
    pub unchecked: BTreeMap<Name, String>,
    /// For how long the looks of this process have not found a stream's definition.
    pub absent: BTreeMap<Name, Duration>,
    /// For how long the looks of this process have not found a stream's job on a ready cluster.
    pub missing: BTreeMap<Name, Duration>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineView {
    Known(Cluster),
    Unknown { reason: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cluster {
    pub version: String,
    /// A worker is registered: only then does an empty list of jobs mean anything.
    pub ready: bool,
    pub slots_free: u32,
    /// Live and ended ones, as far as the engine remembers.
    pub jobs: Vec<Job>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BrokerView {
    /// Only topics that exist and were asked for.
    Known {
        topics: BTreeMap<TopicName, Topic>,
    },
    Unknown {
        reason: String,
    },
}

impl Default for BrokerView {
    fn default() -> BrokerView {
        BrokerView::Known { topics: BTreeMap::new() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    pub replication: u16,
    /// By partition number from 0: first offset held, and the next to be written.
    pub offsets: Vec<(i64, i64)>,
    /// Settings that were set on the topic itself.
    pub config: BTreeMap<String, String>,
}

impl Topic {
    pub fn partitions(&self) -> u32 {
        self.offsets.len() as u32
    }

    /// How many records the log holds (an upper bound where it is compacted).
    pub fn records(&self) -> u64 {
        self.offsets.iter().map(|(low, high)| (high - low).max(0) as u64).sum()
    }
}

/// Whether two texts of one topic setting mean the same. Kafka shows a setting as it has read it, not as it was written
/// (`ConfigDef.convertToString`): `compact,delete` for `compact, delete`, `0.1` for `0.10`, `true` for `TRUE`.
pub fn same_setting(one: &str, other: &str) -> bool {
    let items = |text: &str| text.split(',').map(|item| item.trim().to_owned()).collect::<Vec<_>>();
    let (one, other) = (items(one), items(other));
    one.len() == other.len() && one.iter().zip(&other).all(|(one, other)| same_item(one, other))
}

fn same_item(one: &str, other: &str) -> bool {
    if let (Ok(one), Ok(other)) = (one.parse::<i64>(), other.parse::<i64>()) {
        return one == other;
    }
    let is_truth = |text: &str| ["true", "false"].iter().any(|word| text.eq_ignore_ascii_case(word));
    match (one.parse::<f64>(), other.parse::<f64>()) {
        (Ok(one), Ok(other)) => one == other,
        (Ok(_) | Err(_), Ok(_) | Err(_)) => one == other || is_truth(one) && one.eq_ignore_ascii_case(other),
    }
}

#[cfg(test)]
mod tests;
