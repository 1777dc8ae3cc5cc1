//! Places in topics: where a job stopped to read, and the acts that find it out.
//!
//! A stream whose new query cannot take up the old one's state goes on where the old one stopped. Flink does not tell
//! that place: what a consumer group has committed lies before it. So a helper job takes up the savepoint, reads the
//! same topics and writes partition and offset of every row into a control topic: the first row of a partition is
//! where the old job would have gone on.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::definition::Stream;
use crate::model::few::Few;
use crate::model::job::{Generation, JobId};
use crate::model::name::{Name, ProjectName, TopicName};
use crate::model::step::StepId;

/// By source and partition, the next offset to be read.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Offsets(pub BTreeMap<Name, BTreeMap<u32, i64>>);

impl Offsets {
    /// The same places under other sources' names; `renamed`: new and old.
    pub fn renamed(mut self, renamed: &BTreeMap<Name, Name>) -> Offsets {
        let moved: Vec<_> = renamed.iter().filter_map(|(new, old)| Some((new.clone(), self.0.remove(old)?))).collect();
        self.0.extend(moved);
        self
    }
}

/// The consumer group of each source of a stream: `group`, and where several sources read one topic, `<group>.<n>` for
/// the n-th.
pub fn groups<'a>(group: &str, stream: &'a Stream) -> BTreeMap<&'a Name, String> {
    let mut scans: BTreeMap<&TopicName, u32> = BTreeMap::new();
    let named = stream.sources.iter().map(|(name, source)| {
        let scan = scans.entry(&source.topic).or_default();
        *scan += 1;
        (name, if *scan == 1 { group.to_owned() } else { format!("{group}.{scan}") })
    });
    named.collect()
}

/// One scan of the job that ended. In their order they are the sources of its plan, as its check told them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Scan {
    pub source: Name,
    pub topic: TopicName,
    /// How many operators were chained to it: state is found again by place and shape.
    pub outputs: u32,
    /// A consumer group that only this scan of this helper uses.
    pub group: String,
}

/// Whether a helper's operators are chained: only without can a source have no chained output at all. A job that had
/// sources of both kinds needs two helpers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chaining {
    On,
    Off,
}

impl Scan {
    /// The helper that can read this scan.
    pub fn chaining(&self) -> Chaining {
        match self.outputs {
            0 => Chaining::Off,
            _ => Chaining::On,
        }
    }

    /// The group of the n-th scan, from 0: `weir.<project>.<stream>.offsets.<generation>.<attempt>.<n>`
    pub fn group(project: &ProjectName, stream: &Name, generation: Generation, attempt: u32, nth: usize) -> String {
        format!("weir.{project}.{stream}.offsets.{generation}.{attempt}.{nth}")
    }
}

/// `weir-<project>-<stream>-offsets`: where a stream's helpers write what they read. No dot stands in it: Kafka takes
/// no topic whose name differs from another's only by dots for underscores. `None` where that is no topic's name: it
/// is too long.
pub fn control_topic(project: &ProjectName, stream: &Name) -> Option<TopicName> {
    TopicName::parse(&format!("weir-{project}-{stream}-offsets")).ok()
}

/// State that a job takes up.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Taken {
    Savepoint {
        path: String,
    },
    /// The savepoint that the `stop` of the same change will give. The executor puts its path here before it writes
    /// the intent.
    StopOf {
        step: StepId,
    },
}

/// What is done on an engine to read offsets out of state.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HelperAct {
    /// Returns once it is submitted. It runs until it is cancelled.
    Deploy(Box<Helper>),
    Cancel {
        job_id: JobId,
    },
}

/// The job that writes where each scan goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Helper {
    pub job_id: JobId,
    /// `weir:<project>/<stream>@<generation>#offsets.<attempt>`
    pub job_name: String,
    pub state: Taken,
    /// Those of the scans whose [`Scan::chaining`] this is are read.
    pub chaining: Chaining,
    /// All, in the order of the plan of the job that ended.
    pub scans: Vec<Scan>,
    pub control: TopicName,
    /// Engine options of the stream that ended: they are part of the shape of its job.
    pub options: Few<String, String>,
    /// By topic and partition, the first offset that its log holds: with it the helper's failure can say how many
    /// records are lost. The executor takes it from the receipt of the change's `open_control`.
    pub log_starts: BTreeMap<TopicName, Vec<i64>>,
}

/// What is done to consumer groups and to the control topic.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OffsetsAct {
    /// Deletes consumer groups with all that they committed: a job whose offsets do not come along with its state
    /// then fails before it writes a row. One that is not there counts as forgotten.
    ForgetGroups { groups: BTreeSet<String> },
    /// The control topic is there, the groups are not.
    OpenControl { control: TopicName, scans: Vec<Scan> },
    /// Waits until each scan's group has committed an offset of every partition of its topic, then reads the control
    /// topic to its end.
    Read(Box<OffsetsRead>),
    /// Neither the control topic nor the groups are there.
    CloseControl { control: TopicName, groups: BTreeSet<String> },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OffsetsRead {
    /// The deployment that ended there.
    pub generation: Generation,
    /// The helpers whose rows count.
    pub helpers: BTreeSet<JobId>,
    pub control: TopicName,
    /// As in [`Helper::scans`].
    pub scans: Vec<Scan>,
}

/// One row of the control topic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ControlRow {
    /// The helper that wrote it: rows of an earlier one may still lie there.
    pub helper: String,
    /// Which of its scans, from 0.
    pub scan: u32,
    pub topic: String,
    pub part: u32,
    pub off: i64,
}

#[cfg(test)]
mod tests;
