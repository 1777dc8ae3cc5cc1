//! Who uses the servers now: many tests together, or one that kills them.

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

static SERVERS: RwLock<()> = RwLock::const_new(());

pub async fn together() -> RwLockReadGuard<'static, ()> {
    SERVERS.read().await
}

pub async fn alone() -> RwLockWriteGuard<'static, ()> {
    SERVERS.write().await
}
