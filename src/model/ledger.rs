//! What weir recorded: the streams it owns, their jobs, and the steps whose outcome it does not know.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::check::{Check, CheckId, PlanSource};
use crate::model::column::{Column, list};
use crate::model::definition::{Policy, Stream};
use crate::model::desired::Revision;
use crate::model::inputs::Written;
use crate::model::job::{Generation, JobId};
use crate::model::name::{Name, ProjectName, TopicName};
use crate::model::offsets::Offsets;
use crate::model::step::{Restore, Step, StepId, StepKind};

/// One project's part of the ledger, read in one round trip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    /// Made by the first migration; part of every job id.
    pub id: Uuid,
    pub streams: BTreeMap<Name, Recorded>,
    pub checks: BTreeMap<CheckId, Check>,
    /// Intents without a receipt, oldest first.
    pub open: Vec<OpenIntent>,
    /// Deploys that were given up because the engine had no such job, where no newer one followed, and stops that were
    /// given up because the job went on: a late request may still have arrived.
    pub given_up: Vec<OpenIntent>,
    /// The jobs of the other projects of this ledger, as far as it knows: one topic has one writer among all of them.
    pub elsewhere: Vec<Elsewhere>,
    /// Who holds the project's lease, if it has not run out.
    pub holder: Option<String>,
}

/// A job of another project, and the topics of its definition as deployed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Elsewhere {
    pub project: ProjectName,
    pub stream: Name,
    pub job_id: JobId,
    pub writes: BTreeSet<TopicName>,
    pub reads: BTreeSet<TopicName>,
}

/// A row of `streams` with what else is known of the stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub path: String,
    pub origin: String,
    pub stream: Stream,
    pub policy: Policy,
    pub revision: Revision,
    pub state: RowState,
    /// Whether weir made the output topic.
    pub topic_made: bool,
    /// The highest one given away.
    pub generation: Generation,
    /// The newest deployment that reached the engine.
    pub deployment: Option<Deployment>,
    /// A newer one whose submission never arrived: its generation is taken up again if it is the same.
    pub abandoned: Option<Box<Deployment>>,
    /// The newest good state that still exists, of what ran since its topic was dropped last.
    pub savepoint: Option<Savepoint>,
    /// The deployment that left it, where a newer one reached the engine.
    #[serde(default)]
    pub left_by: Option<Box<Deployment>>,
    /// What ran before the newest deployment: the newest one before it that was seen to run, or could be stopped.
    #[serde(default)]
    pub before: Option<Box<Deployment>>,
    /// What the newest definition ran into, if it did.
    #[serde(default)]
    pub setback: Option<Setback>,
    /// The newest `open_control` that no `close_control` followed: what it made is still there.
    #[serde(default)]
    pub reading: Option<Step>,
    /// How often a kind of step failed for the present generation: the next attempt's number. Of helpers all count that
    /// were asked for, whatever became of them.
    pub failures: BTreeMap<StepKind, u32>,
}

/// A definition that was tried and whose job never ran. It is not tried again until it is another one, or was stopped in
/// between.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Setback {
    pub revision: Revision,
    /// The newest one when it happened.
    pub generation: Generation,
    /// What failed.
    pub step: StepKind,
    pub reason: String,
}

impl Recorded {
    /// What its newest job writes or wrote; `None`: there is no output of it.
    pub fn writes(&self) -> Option<Written<'_>> {
        let newest = self.deployment.as_ref()?;
        let came_to_grief = self.setback.as_ref().is_some_and(|setback| setback.generation == newest.generation);
        match newest.status {
            DeploymentStatus::Submitting | DeploymentStatus::Live | DeploymentStatus::Stopped => Some(newest.writes()),
            DeploymentStatus::Cancelled | DeploymentStatus::GivenUp | DeploymentStatus::Failed => match &self.before {
                Some(before) if came_to_grief => Some(before.writes()),
                Some(_) | None => Some(newest.writes()),
            },
            DeploymentStatus::Abandoned | DeploymentStatus::Dropped => None,
        }
    }
}

impl Deployment {
    pub fn writes(&self) -> Written<'_> {
        Written { stream: &self.stream.name, output: &self.stream.output, columns: &self.columns }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// A definition asks for it, or asked for it last.
    Live,
    /// Removed with `on_remove = "keep"`: its job runs on, unowned.
    Kept,
    Removed,
}

/// One job that was submitted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Deployment {
    pub generation: Generation,
    pub revision: Revision,
    pub engine_version: String,
    pub job_id: JobId,
    pub status: DeploymentStatus,
    /// The definition as applied.
    pub stream: Stream,
    /// The sink's columns.
    #[serde(deserialize_with = "list")]
    pub columns: Vec<Column>,
    /// Its scans, as the check told them; empty where that was not recorded.
    #[serde(default, deserialize_with = "list")]
    pub sources: Vec<PlanSource>,
    pub restore: Restore,
    /// Whether its job was seen to run.
    pub verified: bool,
    /// Where its sources stopped, if that was read.
    #[serde(default)]
    pub ended_at: Option<Offsets>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeploymentStatus {
    /// Intent written, outcome not known.
    Submitting,
    /// The engine has the job.
    Live,
    /// Ended by weir with a savepoint.
    Stopped,
    /// Ended by weir without one: what it left is not known.
    Cancelled,
    /// Ended by weir as it did not run. Its newest checkpoint is in the ledger, if it ever completed one.
    GivenUp,
    /// The job's id is burnt: a failed job lies under it.
    Failed,
    /// It never reached the engine.
    Abandoned,
    /// Ended, and its output topic was deleted: the stream may begin anew.
    Dropped,
}

/// State that a job left.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Savepoint {
    /// URL as the engine gave it.
    pub path: String,
    pub kind: SavepointKind,
    pub generation: Generation,
    pub engine_version: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SavepointKind {
    /// Of a stop: the job wrote nothing after it.
    Savepoint,
    /// The newest one of a job that did not run any more. What an exactly-once job wrote before it may still have to be
    /// committed, what it wrote after it an at-least-once job has written.
    Checkpoint,
}

impl SavepointKind {
    pub fn word(self) -> &'static str {
        match self {
            SavepointKind::Savepoint => "savepoint",
            SavepointKind::Checkpoint => "checkpoint",
        }
    }
}

/// An intent whose receipt was never written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenIntent {
    pub run: Uuid,
    pub stream: Name,
    pub generation: Generation,
    pub step: Step,
}

impl OpenIntent {
    pub fn id(&self) -> &StepId {
        &self.step.id
    }
}
