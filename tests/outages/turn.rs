//! Who uses the servers now: several tests together, as far as Flink has slots for their jobs, or one that kills them.

use tokio::sync::{Semaphore, SemaphorePermit};

/// Of the stack's one TaskManager.
const SLOTS: u32 = 8;
static FREE: Semaphore = Semaphore::const_new(SLOTS as usize);

/// Room for so many jobs at the same time.
pub async fn together(jobs: u32) -> SemaphorePermit<'static> {
    FREE.acquire_many(jobs).await.expect("never closed")
}

/// Nobody else is here.
pub async fn alone() -> SemaphorePermit<'static> {
    together(SLOTS).await
}
