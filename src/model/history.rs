//! The past of one stream.

use serde::{Deserialize, Serialize};

use crate::model::definition::Stream;
use crate::model::desired::{Revision, Texts};
use crate::model::job::{Generation, JobId};
use crate::model::ledger::DeploymentStatus;
use crate::model::name::EngineName;
use crate::model::step::Restore;

/// One job that was submitted, as the ledger has it. Times are milliseconds since the epoch, by the store's clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    pub generation: Generation,
    pub status: DeploymentStatus,
    pub revision: Revision,
    pub engine: EngineName,
    pub engine_version: String,
    pub job_id: JobId,
    /// What it began with.
    pub restore: Restore,
    /// The definition as applied.
    pub stream: Stream,
    /// `None`: it was applied by a weir that did not keep them, or is a query that weir took up again by itself.
    pub texts: Option<Texts>,
    /// Who held the lease.
    pub by: String,
    pub submitted_at: i64,
    /// When every task of it was seen to run.
    pub verified_at: Option<i64>,
    pub ended_at: Option<i64>,
    /// The newest savepoint of it that still exists.
    pub savepoint: Option<String>,
}
