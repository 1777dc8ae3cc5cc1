//! Job: a door to the ledger, the journal and the lease.
//! Never: a transaction open across a call to anything else; a write without the lease's epoch.
//! Start here: [`Store`].

pub mod postgres;

use std::time::Duration;

use async_trait::async_trait;
use serde::Serialize;
use uuid::Uuid;

use crate::model::check::{Check, CheckId};
use crate::model::history::Past;
use crate::model::job::Generation;
use crate::model::ledger::Ledger;
use crate::model::name::{Name, ProjectName};
use crate::model::step::{Receipt, Step};

#[async_trait]
pub trait Store: Send + Sync {
    /// The project's part of the ledger, in one round trip.
    async fn read(&self, project: &ProjectName) -> Result<Ledger, StoreError>;

    /// Takes the project's lease if it is free, has run out, or is `holder`'s own; the epoch rises with every
    /// taking. Time is the database's.
    async fn acquire(&self, project: &ProjectName, holder: &str, ttl: Duration) -> Result<Claim, StoreError>;

    /// Makes the lease last `ttl` from now. [`StoreError::Fenced`] if another has it.
    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<(), StoreError>;

    /// Gives the lease back, if it is still ours.
    async fn release(&self, lease: &Lease) -> Result<(), StoreError>;

    /// Writes the intent of a step, and with it what the ledger must know before the step is done: the stream's row
    /// for `record`, generation and deployment for `deploy`.
    ///
    /// Errors: [`StoreError::Fenced`] under a newer epoch; [`StoreError::Moved`] if the stream's generation is not
    /// `intent.guard`.
    async fn begin(&self, lease: &Lease, intent: &Intent) -> Result<(), StoreError>;

    /// Closes an intent, and writes in the same transaction what its outcome means for the ledger.
    async fn settle(&self, lease: &Lease, settled: &Settled) -> Result<(), StoreError>;

    async fn save_checks(&self, lease: &Lease, checks: &[(CheckId, Check)]) -> Result<(), StoreError>;

    /// Appends to the events.
    async fn event(&self, project: &ProjectName, event: &Event) -> Result<(), StoreError>;

    /// The newest events first.
    async fn events(&self, project: &ProjectName, limit: u32) -> Result<Vec<Event>, StoreError>;

    /// What is known of a stream's past: every deployment, and its newest `events`.
    async fn history(&self, project: &ProjectName, stream: &Name, events: u32) -> Result<History, StoreError>;
}

/// A lease held: what every write is made under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    pub project: ProjectName,
    pub holder: String,
    pub epoch: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    Held(Lease),
    /// Another has it, and for how much longer unless it renews.
    Taken {
        holder: String,
        remaining: Duration,
    },
}

/// A step about to be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    pub run: Uuid,
    pub stream: Name,
    /// The generation that the stream's row must show.
    pub guard: Generation,
    /// The generation that the step is about.
    pub generation: Generation,
    /// Its place in the change, from 0.
    pub ordinal: u32,
    pub step: Step,
}

/// An intent and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    pub run: Uuid,
    pub stream: Name,
    pub generation: Generation,
    pub step: Step,
    pub fate: Fate,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    Done(Receipt),
    /// Done and failed, or refused in a way that asking again under the same id would not change.
    Failed {
        reason: String,
    },
    /// The door does not know it; the same step may be asked for again under the same id. A late request may still
    /// arrive: see `Ledger::given_up`.
    Abandoned {
        reason: String,
    },
}

/// The newest first. Empty for a stream that the ledger does not know.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct History {
    pub deployments: Vec<Past>,
    pub events: Vec<Event>,
}

/// Something that happened, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Event {
    /// Milliseconds since the epoch; the store's clock, ignored when written.
    pub at: i64,
    pub who: String,
    pub stream: Option<Name>,
    pub what: String,
    /// Hash of the plan that it belongs to.
    pub plan: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("the ledger cannot be reached: {0}")]
    Unreachable(String),
    #[error("another holder has the lease under a newer epoch")]
    Fenced,
    #[error("`{stream}` is at generation {found} in the ledger, not {expected}")]
    Moved { stream: Name, expected: Generation, found: Generation },
    /// The ledger holds something that this version cannot read, or cannot be migrated.
    #[error("the ledger is not usable: {0}")]
    Unusable(String),
}
