//! Steps: what the executor does, each with its full payload, and what comes back.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::check::{Changelog, CheckKey, PlanSource};
use crate::model::column::Column;
use crate::model::definition::{Policy, Start, Stream};
use crate::model::desired::{Revision, Texts};
use crate::model::digest::{Digest, hex};
use crate::model::job::{Generation, JobId};
use crate::model::ledger::RowState;
use crate::model::name::{EngineName, Name, ProjectName, TopicName};
use crate::model::offsets::{HelperAct, Offsets, OffsetsAct};

/// 32 hex digits. Flink takes it as a savepoint's trigger id as it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StepId(String);

impl StepId {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Everything that a step's id is made of: the same step asked for twice has the same id, so that a door can see
/// that it was done already.
pub struct StepKey<'a> {
    pub ledger: Uuid,
    pub project: &'a ProjectName,
    pub stream: &'a Name,
    pub generation: Generation,
    pub kind: StepKind,
    /// How often this step failed before.
    pub attempt: u32,
}

impl StepKey<'_> {
    pub fn id(&self) -> StepId {
        let half = Digest::new()
            .field("step")
            .field(self.ledger.as_bytes())
            .field(self.project.as_str())
            .field(self.stream.as_str())
            .field(self.generation.to_be_bytes())
            .field(self.kind.word())
            .field(self.attempt.to_be_bytes())
            .first_128();
        StepId(hex(&half))
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Step {
    pub id: StepId,
    pub act: Act,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    Record,
    CreateTopic,
    AlterTopic,
    GrowTopic,
    Deploy,
    Verify,
    Stop,
    Cancel,
    GiveUp,
    DeleteTopic,
    Close,
    ForgetGroups,
    OpenControl,
    DeployHelper,
    ReadOffsets,
    CancelHelper,
    CloseControl,
}

impl StepKind {
    pub fn word(self) -> &'static str {
        match self {
            StepKind::Record => "record",
            StepKind::CreateTopic => "create_topic",
            StepKind::AlterTopic => "alter_topic",
            StepKind::GrowTopic => "grow_topic",
            StepKind::Deploy => "deploy",
            StepKind::Verify => "verify",
            StepKind::Stop => "stop",
            StepKind::Cancel => "cancel",
            StepKind::GiveUp => "give_up",
            StepKind::DeleteTopic => "delete_topic",
            StepKind::Close => "close",
            StepKind::ForgetGroups => "forget_groups",
            StepKind::OpenControl => "open_control",
            StepKind::DeployHelper => "deploy_helper",
            StepKind::ReadOffsets => "read_offsets",
            StepKind::CancelHelper => "cancel_helper",
            StepKind::CloseControl => "close_control",
        }
    }
}

/// Which door does it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    Ledger(LedgerAct),
    Topic(TopicAct),
    Engine(EngineName, EngineAct),
}

impl Act {
    /// The job that it submits.
    pub fn deploys(&self) -> Option<&Deploy> {
        match self {
            Act::Engine(_, EngineAct::Deploy(deploy)) => Some(deploy),
            Act::Engine(
                _,
                EngineAct::Verify { .. }
                | EngineAct::Stop { .. }
                | EngineAct::Cancel { .. }
                | EngineAct::GiveUp { .. }
                | EngineAct::Helper(_),
            )
            | Act::Topic(_)
            | Act::Ledger(_) => None,
        }
    }

    pub fn kind(&self) -> StepKind {
        match self {
            Act::Ledger(LedgerAct::Record(_)) => StepKind::Record,
            Act::Ledger(LedgerAct::Close { .. }) => StepKind::Close,
            Act::Topic(TopicAct::Create { .. }) => StepKind::CreateTopic,
            Act::Topic(TopicAct::Alter { .. }) => StepKind::AlterTopic,
            Act::Topic(TopicAct::Grow { .. }) => StepKind::GrowTopic,
            Act::Topic(TopicAct::Delete { .. }) => StepKind::DeleteTopic,
            Act::Engine(_, EngineAct::Deploy(_)) => StepKind::Deploy,
            Act::Engine(_, EngineAct::Verify { .. }) => StepKind::Verify,
            Act::Engine(_, EngineAct::Stop { .. }) => StepKind::Stop,
            Act::Engine(_, EngineAct::Cancel { .. }) => StepKind::Cancel,
            Act::Engine(_, EngineAct::GiveUp { .. }) => StepKind::GiveUp,
            Act::Topic(TopicAct::Offsets(OffsetsAct::ForgetGroups { .. })) => StepKind::ForgetGroups,
            Act::Topic(TopicAct::Offsets(OffsetsAct::OpenControl { .. })) => StepKind::OpenControl,
            Act::Topic(TopicAct::Offsets(OffsetsAct::Read(_))) => StepKind::ReadOffsets,
            Act::Topic(TopicAct::Offsets(OffsetsAct::CloseControl { .. })) => StepKind::CloseControl,
            Act::Engine(_, EngineAct::Helper(HelperAct::Deploy(_))) => StepKind::DeployHelper,
            Act::Engine(_, EngineAct::Helper(HelperAct::Cancel { .. })) => StepKind::CancelHelper,
        }
    }
}

/// Only the ledger changes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LedgerAct {
    Record(Box<Record>),
    /// The stream's definition is gone and its removal is done.
    Close {
        state: RowState,
    },
}

/// What is asked for from now on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Record {
    pub path: String,
    pub origin: String,
    pub stream: Stream,
    pub policy: Policy,
    pub revision: Revision,
    /// The row of this name becomes the stream's, with its jobs, savepoints and journal. Under the old name stays a row
    /// without any, `removed`, that holds its generations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicAct {
    /// `None`: the broker's default.
    Create {
        topic: TopicName,
        partitions: Option<u32>,
        replication: Option<u16>,
        config: BTreeMap<String, String>,
    },
    /// Settings to set, and (`None`) to give back to the broker's default. All others stay.
    Alter {
        topic: TopicName,
        config: BTreeMap<String, Option<String>>,
    },
    /// Adds partitions until there are so many; those that are there keep their rows.
    Grow {
        topic: TopicName,
        partitions: u32,
    },
    Delete {
        topic: TopicName,
    },
    Offsets(OffsetsAct),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineAct {
    Deploy(Box<Deploy>),
    /// Waits until every task of the job runs. Starts and ends nothing.
    Verify {
        job_id: JobId,
    },
    /// One request, one receipt: the savepoint's path. Its trigger id is the step's id.
    Stop {
        job_id: JobId,
        /// Below the engine's `savepoint_dir`: `<project>/<stream>/<generation>`.
        folder: String,
    },
    /// Ends the job without a savepoint, whatever it does.
    Cancel {
        job_id: JobId,
    },
    /// Ends a job that does not run, or has ended, and tells the newest checkpoint that it left. Refused where the job
    /// runs after all.
    GiveUp {
        job_id: JobId,
    },
    /// A job beside the stream's own.
    Helper(HelperAct),
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deploy {
    pub generation: Generation,
    pub job_id: JobId,
    /// `weir:<project>/<stream>@<generation>`
    pub job_name: String,
    /// `weir.<project>.<stream>`, stable over generations; the n-th scan of a topic adds `.<n>`.
    pub group: String,
    pub stream: Stream,
    pub revision: Revision,
    pub check: CheckKey,
    pub engine_version: String,
    /// The sink's columns, from the check.
    pub columns: Vec<Column>,
    pub changelog: Changelog,
    /// The scans of its plan.
    #[serde(default)]
    pub sources: Vec<PlanSource>,
    pub restore: Restore,
    /// The files of the definition, kept with the deployment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub texts: Option<Texts>,
}

/// What a job begins with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Restore {
    /// No state; reads from here.
    Start(Start),
    /// Takes up this savepoint, strictly: state without a taker is an error.
    Savepoint { path: String },
    /// Takes up the savepoint that the `stop` of the same change will give. The executor puts its path here before
    /// it writes the intent.
    StopOf { step: StepId },
    /// Takes up the offsets of this savepoint's sources and lets other state go. Behind a trip-wire: the consumer
    /// groups' offsets were deleted before, and a source that finds neither state nor group fails.
    Direct { path: String },
    /// As [`Restore::Direct`], of the savepoint that the `stop` of the same change will give.
    DirectOf { step: StepId },
    /// No state; every source reads from here. One that is not named begins where the stream says.
    Offsets(Offsets),
    /// As [`Restore::Offsets`], with what the `read_offsets` of the same change will tell. `renamed`: sources that have
    /// another name than in the job that ended, new and old.
    OffsetsOf {
        step: StepId,
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        renamed: BTreeMap<Name, Name>,
    },
}

/// What came back from a step that was done.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    Recorded,
    TopicCreated,
    /// It was there already, made by others: it does not become weir's to delete.
    TopicFound,
    TopicAltered,
    TopicGrown,
    TopicDeleted,
    Deployed,
    Running,
    Stopped {
        savepoint: String,
    },
    Cancelled,
    /// `checkpoint`: where the newest one lies; `None`: it never completed any.
    GivenUp {
        checkpoint: Option<String>,
    },
    GroupsForgotten,
    /// By topic and partition, the first offset that its log holds.
    ControlOpen {
        log_starts: BTreeMap<TopicName, Vec<i64>>,
    },
    HelperDeployed,
    Offsets(Offsets),
    HelperGone,
    ControlClosed,
}

/// What a door finds when it is asked about a step whose reply was lost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lookup {
    Done(Receipt),
    NotDone,
    /// It was done and it failed: asking again under the same id gives the same answer.
    Failed {
        reason: String,
    },
    /// The door cannot tell now.
    Unknown {
        reason: String,
    },
}
