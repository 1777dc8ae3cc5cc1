//! What became of a plan's changes.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::name::Name;
use crate::model::plan::Action;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub id: Uuid,
    /// In the plan's order.
    pub outcomes: Vec<Outcome>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub stream: Name,
    pub action: Action,
    pub result: ChangeResult,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeResult {
    Done,
    /// A step failed for good; the steps after it were not begun.
    Failed {
        reason: String,
    },
    /// A step's outcome is not known: it is settled at the next look.
    Unsettled {
        reason: String,
    },
    /// The guard no longer held, or a change that comes before it was not done; nothing was done.
    Stale {
        reason: String,
    },
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let action = self.action.word();
        match &self.result {
            ChangeResult::Done => write!(f, "{action}: done"),
            ChangeResult::Failed { reason } => write!(f, "{action}: failed: {reason}"),
            ChangeResult::Unsettled { reason } => write!(f, "{action}: outcome not known yet: {reason}"),
            ChangeResult::Stale { reason } => write!(f, "{action}: not begun: {reason}"),
        }
    }
}
