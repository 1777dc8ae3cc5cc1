//! The laws of a store. Written against the trait: each kind of store is put through them unchanged, every law on an
//! empty ledger of its own.

pub mod given;
pub mod journal;
pub mod lease;
pub mod nouns;
pub mod offsets;
pub mod past;
pub mod renamed;
pub mod rows;

use async_trait::async_trait;
use weir::store::Store;

/// One ledger, and as many processes on it as a law needs.
#[async_trait]
pub trait Ledgers: Sync {
    /// The same ledger as another process sees it.
    async fn open(&self) -> Box<dyn Store>;
}
