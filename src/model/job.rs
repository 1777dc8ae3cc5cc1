//! Jobs: the ids that we choose before we submit, the names they carry, and what an engine says of them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::digest::{Digest, hex};
use crate::model::name::{Name, ProjectName};

/// 1, 2, 3 … per stream, never reused: one per job submitted. 0: no job yet.
pub type Generation = u32;

/// 128 bits, printed as 32 hex digits: Flink's own form of a job id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct JobId(String);

impl JobId {
    /// An id as an engine prints it.
    pub fn seen(text: &str) -> JobId {
        JobId(text.to_ascii_lowercase())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What a job is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// The stream's own job.
    Run,
    /// Writes where the job of the same generation stopped to read.
    Offsets,
}

impl Purpose {
    fn word(self) -> &'static str {
        match self {
            Purpose::Run => "run",
            Purpose::Offsets => "offsets",
        }
    }
}

/// Everything that a job's id is made of, beside the ledger's id; also what its name says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobKey {
    pub project: ProjectName,
    pub stream: Name,
    pub purpose: Purpose,
    pub generation: Generation,
    pub attempt: u32,
}

impl JobKey {
    pub fn run(project: &ProjectName, stream: &Name, generation: Generation) -> JobKey {
        JobKey { project: project.clone(), stream: stream.clone(), purpose: Purpose::Run, generation, attempt: 0 }
    }

    /// The n-th helper that reads out where the job of this generation stopped.
    pub fn offsets(project: &ProjectName, stream: &Name, generation: Generation, attempt: u32) -> JobKey {
        JobKey { purpose: Purpose::Offsets, attempt, ..JobKey::run(project, stream, generation) }
    }

    /// The first 128 bits of SHA-256 over the length-prefixed parts. The same parts give the same id on every
    /// machine, so a second submission of one job is refused by the engine itself.
    pub fn id(&self, ledger: Uuid) -> JobId {
        let half = Digest::new()
            .field(ledger.as_bytes())
            .field(self.project.as_str())
            .field(self.stream.as_str())
            .field(self.purpose.word())
            .field(self.generation.to_be_bytes())
            .field(self.attempt.to_be_bytes())
            .first_128();
        JobId(hex(&half))
    }

    /// `weir:<project>/<stream>@<generation>`; a helper's ends in `#offsets.<attempt>`.
    pub fn name(&self) -> String {
        let run = format!("weir:{}/{}@{}", self.project, self.stream, self.generation);
        match self.purpose {
            Purpose::Run => run,
            Purpose::Offsets => format!("{run}#{}.{}", self.purpose.word(), self.attempt),
        }
    }

    /// Reads a name back. A name alone proves nothing: compare [`JobKey::id`] with the job's id.
    pub fn parse(name: &str) -> Option<JobKey> {
        let (project, rest) = name.strip_prefix("weir:")?.split_once('/')?;
        let (stream, rest) = rest.split_once('@')?;
        let (project, stream) = (ProjectName::parse(project).ok()?, Name::parse(stream).ok()?);
        let key = match rest.split_once('#') {
            None => JobKey::run(&project, &stream, rest.parse().ok()?),
            Some((generation, helper)) => {
                let attempt = helper.strip_prefix(Purpose::Offsets.word())?.strip_prefix('.')?;
                JobKey::offsets(&project, &stream, generation.parse().ok()?, attempt.parse().ok()?)
            }
        };
        (key.name() == name).then_some(key)
    }
}

/// A job as an engine lists it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Job {
    pub id: JobId,
    pub name: String,
    pub state: JobState,
}

/// An engine's states in our words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    Starting,
    Running,
    Restarting,
    /// Asked to end, not ended yet.
    Ending,
    Failed,
    Finished,
    Cancelled,
}

impl JobState {
    /// Whether the job may still write a row.
    pub fn is_live(self) -> bool {
        match self {
            JobState::Starting | JobState::Running | JobState::Restarting | JobState::Ending => true,
            JobState::Failed | JobState::Finished | JobState::Cancelled => false,
        }
    }
}

#[cfg(test)]
mod tests;
