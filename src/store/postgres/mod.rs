//! The ledger in Postgres: times are the database's own, every write is one transaction that begins with the lease.

mod begin;
mod checks;
mod events;
mod history;
mod lease;
mod pool;
mod read;
mod rename;
mod settle;

use std::time::Duration;

use async_trait::async_trait;

use crate::model::check::{Check, CheckId};
use crate::model::ledger::Ledger;
use crate::model::name::{Name, ProjectName};
use crate::store::postgres::pool::Pool;
use crate::store::{Claim, Event, History, Intent, Lease, Settled, Store, StoreError};

/// A few connections, made when they are needed and made again after an outage.
pub struct Postgres {
    pool: Pool,
}

impl Postgres {
    /// Reaches nothing yet: the first call connects and migrates, and each call tries that until one succeeds.
    ///
    /// Errors: [`StoreError::Unusable`] if `url` is no `postgres://` URL.
    pub fn lazy(url: &str) -> Result<Postgres, StoreError> {
        Ok(Postgres { pool: Pool::new(url)? })
    }

    /// Connects and migrates now.
    pub async fn connect(url: &str) -> Result<Postgres, StoreError> {
        let postgres = Postgres::lazy(url)?;
        postgres.pool.migrated().await?;
        Ok(postgres)
    }
}

/// Every call borrows one connection and gives it back only if all went well: one in an unknown state is closed,
/// which rolls back what it had begun.
#[async_trait]
impl Store for Postgres {
    async fn read(&self, project: &ProjectName) -> Result<Ledger, StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            let ledger = read::ledger(&mut lent.connection, project).await?;
            lent.keep();
            Ok(ledger)
        };
        self.pool.call(work).await
    }

    async fn acquire(&self, project: &ProjectName, holder: &str, ttl: Duration) -> Result<Claim, StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            let claim = lease::acquire(&mut lent.connection, project, holder, ttl).await?;
            lent.keep();
            Ok(claim)
        };
        self.pool.call(work).await
    }

    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<(), StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            lease::renew(&mut lent.connection, lease, ttl).await?;
            lent.keep();
            Ok(())
        };
        self.pool.call(work).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            lease::release(&mut lent.connection, lease).await?;
            lent.keep();
            Ok(())
        };
        self.pool.call(work).await
    }

    async fn begin(&self, lease: &Lease, intent: &Intent) -> Result<(), StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            begin::begin(&mut lent.connection, lease, intent).await?;
            lent.keep();
            Ok(())
        };
        self.pool.call(work).await
    }

    async fn settle(&self, lease: &Lease, settled: &Settled) -> Result<(), StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            settle::settle(&mut lent.connection, lease, settled).await?;
            lent.keep();
            Ok(())
        };
        self.pool.call(work).await
    }

    async fn save_checks(&self, lease: &Lease, checks: &[(CheckId, Check)]) -> Result<(), StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            checks::save(&mut lent.connection, lease, checks).await?;
            lent.keep();
            Ok(())
        };
        self.pool.call(work).await
    }

    async fn event(&self, project: &ProjectName, event: &Event) -> Result<(), StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            events::append(&mut lent.connection, project, event).await?;
            lent.keep();
            Ok(())
        };
        self.pool.call(work).await
    }

    async fn history(&self, project: &ProjectName, stream: &Name, events: u32) -> Result<History, StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            let history = history::of(&mut lent.connection, project, stream, events).await?;
            lent.keep();
            Ok(history)
        };
        self.pool.call(work).await
    }

    async fn events(&self, project: &ProjectName, limit: u32) -> Result<Vec<Event>, StoreError> {
        let work = async {
            let mut lent = self.pool.take().await?;
            let events = events::newest(&mut lent.connection, project, limit).await?;
            lent.keep();
            Ok(events)
        };
        self.pool.call(work).await
    }
}

/// Text of others, such as an engine's message, may hold the one character that Postgres cannot.
fn printable(text: &str) -> String {
    text.replace('\0', "\u{fffd}")
}
