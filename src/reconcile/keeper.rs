//! The lease, held: renewed in the background until it is given back or lost.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use crate::model::name::ProjectName;
use crate::store::{Claim, Lease, Store, StoreError};

/// How long a lease lasts without being renewed: a killed holder's work is taken over after this.
pub const TTL: Duration = Duration::from_secs(9);
const RENEW_EVERY: Duration = Duration::from_secs(3);

/// A held lease and the task that renews it.
pub struct Keeper {
    store: Arc<dyn Store>,
    lease: Lease,
    lost: watch::Receiver<bool>,
    task: JoinHandle<()>,
}

pub enum Taking {
    Held(Keeper),
    Taken { holder: String, remaining: Duration },
}

impl Keeper {
    pub async fn take(store: Arc<dyn Store>, project: &ProjectName, holder: &str) -> Result<Taking, StoreError> {
        let lease = match store.acquire(project, holder, TTL).await? {
            Claim::Held(lease) => lease,
            Claim::Taken { holder, remaining } => return Ok(Taking::Taken { holder, remaining }),
        };
        let (tell, lost) = watch::channel(false);
        let task = tokio::spawn(renew(store.clone(), lease.clone(), tell));
        Ok(Taking::Held(Keeper { store, lease, lost, task }))
    }

    pub fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Whether another took the lease over, or may have.
    pub fn lost(&self) -> bool {
        *self.lost.borrow()
    }

    /// Gives the lease back, so that the next holder need not wait for it to run out.
    pub async fn release(self) -> Result<(), StoreError> {
        self.task.abort();
        self.store.release(&self.lease).await
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Renews until another holds the lease. A ledger that does not answer is asked again: whether the lease outlived
/// the outage is for the ledger to say, which refuses every write under a lease that ran out.
async fn renew(store: Arc<dyn Store>, lease: Lease, tell: watch::Sender<bool>) {
    let mut beat = tokio::time::interval(RENEW_EVERY);
    loop {
        beat.tick().await;
        match store.renew(&lease, TTL).await {
            Ok(()) | Err(StoreError::Unreachable(_)) => {}
            Err(StoreError::Fenced | StoreError::Moved { .. } | StoreError::Unusable(_)) => {
                let _ = tell.send(true);
                return;
            }
        }
    }
}

/// A new name for a holder of leases that a person can find: what, on which machine, which process. No two are the
/// same: in containers, two processes of one number on machines of one name are common, and whoever has the holder's
/// name may take its lease away.
pub fn holder(what: &str, machine: &str, process: u32) -> String {
    let own = Uuid::new_v4().simple().to_string();
    format!("{what} on {machine} (process {process}, {})", &own[..8])
}

#[cfg(test)]
mod tests;
