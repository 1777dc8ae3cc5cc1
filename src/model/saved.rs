//! A plan in a file, with what it was planned from.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::job::{Generation, JobId, JobState};
use crate::model::name::{EngineName, Name, TopicName};
use crate::model::plan::Plan;

/// What the file's `kind` says.
pub const KIND: &str = "weir_plan";
/// What the file's `format_version` says. Whatever reads a file differently than before raises it.
pub const FORMAT: &str = "1";

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedPlan {
    pub kind: String,
    pub format_version: String,
    /// The version of weir that wrote it.
    pub weir: String,
    pub ledger: Uuid,
    pub plan: Plan,
    /// Of every stream that the plan changes.
    pub inputs: BTreeMap<Name, Inputs>,
}

/// What one stream's change was planned from, short enough to be compared and told in words. Hashes are 64 hex digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inputs {
    /// Of the definition as it was understood; `None`: there is no file.
    pub definition: Option<String>,
    /// `None`: there is no row.
    pub generation: Option<Generation>,
    /// Of all else that the ledger has of it.
    pub recorded: Option<String>,
    /// Its jobs as the engines listed them.
    pub jobs: Vec<SeenJob>,
    pub engine: EngineName,
    /// `None`: the engine could not be asked.
    pub engine_version: Option<String>,
    /// Of the engine's answer about the query; `None`: there was none.
    pub check: Option<String>,
    /// Topics that it reads and writes.
    pub topics: BTreeMap<TopicName, SeenTopic>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SeenJob {
    pub engine: EngineName,
    pub generation: Generation,
    pub id: JobId,
    pub state: JobState,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeenTopic {
    There {
        partitions: u32,
        replication: u16,
        config: BTreeMap<String, String>,
    },
    Absent,
    /// The broker could not be asked.
    Unknown,
}

/// Why a file is no plan that can be applied or shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAPlan {
    #[error("it holds no plan that weir saved: {0}")]
    Foreign(String),
    #[error("weir {weir} saved it in format {format}; this version reads format {FORMAT}")]
    Format { weir: String, format: String },
    #[error("it is a damaged plan, or one of another version of weir ({weir}): {why}")]
    Damaged { weir: String, why: String },
}

impl SavedPlan {
    pub fn of(ledger: Uuid, plan: Plan, inputs: BTreeMap<Name, Inputs>) -> SavedPlan {
        let weir = env!("CARGO_PKG_VERSION").to_owned();
        SavedPlan { kind: KIND.to_owned(), format_version: FORMAT.to_owned(), weir, ledger, plan, inputs }
    }

    /// Ends with a line break.
    pub fn write(&self) -> String {
        let text = serde_json::to_string_pretty(self);
        text.expect("a plan is plain data: all its maps have strings as keys") + "\n"
    }

    pub fn read(text: &str) -> Result<SavedPlan, NotAPlan> {
        #[derive(Deserialize)]
        struct Head {
            kind: String,
            format_version: String,
            weir: String,
        }
        let head: Head = serde_json::from_str(text).map_err(|error| NotAPlan::Foreign(error.to_string()))?;
        if head.kind != KIND {
            return Err(NotAPlan::Foreign(format!("its `kind` is not `{KIND}`")));
        }
        let Head { weir, format_version: format, .. } = head;
        if format != FORMAT {
            return Err(NotAPlan::Format { weir, format });
        }
        serde_json::from_str(text).map_err(|error| NotAPlan::Damaged { weir, why: error.to_string() })
    }
}
