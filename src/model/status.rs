//! How a stream is: two axes, derived on read, never stored as truth.

use serde::{Deserialize, Serialize};

use crate::model::job::{Generation, JobId};
use crate::model::name::{EngineName, Name, TopicName};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    pub stream: Name,
    pub engine: EngineName,
    pub sync: Sync,
    pub health: Health,
    pub generation: Generation,
    pub job_id: Option<JobId>,
    /// `None`: a script that writes none.
    pub output_topic: Option<TopicName>,
    /// Why it is not synced or not healthy, in words.
    pub reason: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sync {
    Synced,
    OutOfSync,
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Running,
    Starting,
    Restarting,
    Failed,
    Finished,
    Stopped,
    Missing,
    Duplicate,
    Unknown,
}
