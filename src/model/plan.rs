//! A plan: what would be done, why, and what it does to state. Plain data, a pure function's result.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::diagnostic::Diagnostic;
use crate::model::job::{Generation, JobId, JobState};
use crate::model::name::{EngineName, Name, ProjectName};
use crate::model::step::{Step, StepKind};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub project: ProjectName,
    /// What is read before what reads it, but what ends before what it reads; otherwise in the order of names. A change
    /// may begin when those before it have ended that are in its `downstream`, or in whose it is.
    pub changes: Vec<Change>,
    pub blocked: Vec<Blocked>,
    pub unmanaged: Vec<Unmanaged>,
    pub diagnostics: Vec<Diagnostic>,
    /// Things worth knowing that ask for nothing, as a topic's settings that drifted.
    pub notes: Vec<Note>,
    pub unchanged: usize,
    /// Where the plan was narrowed to some streams: what it would do to the others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_out: Option<LeftOut>,
}

/// What is in a plan and not in a narrowed one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    pub changes: BTreeMap<Action, usize>,
    pub blocked: usize,
}

impl Plan {
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.blocked.is_empty()
    }

    pub fn count(&self, action: Action) -> usize {
        self.changes.iter().filter(|change| change.action == action).count()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub stream: Name,
    pub engine: EngineName,
    pub action: Action,
    /// In words.
    pub reason: String,
    /// `None`: there is no state yet, or it ends.
    pub verdict: Option<Verdict>,
    /// Unified diff of the definition, where there were two.
    pub diff: Option<String>,
    /// In order; a step that fails ends the change.
    pub steps: Vec<Step>,
    pub downstream: Vec<Name>,
    pub guard: Guard,
}

impl Change {
    /// Whether it only ends a job that does not run: what follows is planned from what that leaves.
    pub fn gives_up(&self) -> bool {
        let follows = match self.action {
            Action::Update | Action::Start | Action::Restart => true,
            Action::Create | Action::Record | Action::Stop | Action::Delete => false,
        };
        follows && self.steps.iter().any(|step| step.act.kind() == StepKind::GiveUp)
    }
}

/// What must still hold when the change begins; the executor stops the change where it does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guard {
    /// The recorded generation that the plan was made from.
    pub generation: Generation,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Create,
    Update,
    Restart,
    Record,
    Stop,
    Start,
    Delete,
}

impl Action {
    pub fn word(self) -> &'static str {
        match self {
            Action::Create => "create",
            Action::Update => "update",
            Action::Restart => "restart",
            Action::Record => "record",
            Action::Stop => "stop",
            Action::Start => "start",
            Action::Delete => "delete",
        }
    }
}

/// What a change does to state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Unchanged,
    KeepsState,
    /// Nothing is kept but the place in every input.
    CarriesOffsets,
    /// Goes on from the same places, with state that begins empty.
    DropsState,
    /// Old input is read again.
    Replays,
    Refused,
}

impl Verdict {
    pub fn word(self) -> &'static str {
        match self {
            Verdict::Unchanged => "unchanged",
            Verdict::KeepsState => "keeps_state",
            Verdict::CarriesOffsets => "carries_offsets",
            Verdict::DropsState => "drops_state",
            Verdict::Replays => "replays",
            Verdict::Refused => "refused",
        }
    }
}

/// What a change leaves of a job's state, whether or not there is any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bearing {
    /// All, and the job itself: it means the same.
    Same,
    /// All of it: a new job takes it up.
    Keeps,
    /// The places in the inputs. What the query keeps beside them is lost; a query that keeps nothing loses nothing.
    Places,
    /// Nothing: the inputs are read again.
    Nothing,
    /// It cannot be done to a stream that has run.
    Never,
}

impl Bearing {
    /// The verdicts that may come of it, for people.
    pub fn words(self) -> &'static str {
        match self {
            Bearing::Same => "unchanged",
            Bearing::Keeps => "keeps_state",
            Bearing::Places => "carries_offsets; of a query with state drops_state or replays",
            Bearing::Nothing => "replays",
            Bearing::Never => "refused",
        }
    }
}

/// What would be done but is not, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocked {
    pub stream: Name,
    pub engine: EngineName,
    pub action: Action,
    pub reason: String,
    pub verdict: Option<Verdict>,
    pub diff: Option<String>,
    /// Why not, by kind: an engine that is down is waited for, a refused change wants a person.
    pub because: Because,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// An engine or the broker cannot be asked, or a step's outcome is not known.
    Unknown,
    /// The verdict, or a capability that is not built yet.
    Refused,
    /// The definition has errors, or the engine refuses it.
    Invalid,
    /// Something it needs is not there: a topic, a free name.
    Needs,
    /// More than the limits let pass, or `protect`.
    Unconfirmed,
    /// Time must pass first: a file absent for too short a time, a job that is starting.
    Waiting,
}

/// A live job that the ledger does not own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unmanaged {
    pub engine: EngineName,
    pub job_id: JobId,
    pub name: String,
    pub state: JobState,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Note {
    pub stream: Name,
    pub text: String,
}
