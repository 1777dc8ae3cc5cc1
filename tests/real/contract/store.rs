//! The laws of a store. Written against the trait: each kind of store is put through them unchanged, every law on an
//! empty ledger of its own.

mod given;
mod journal;
mod lease;
mod nouns;
mod rows;

use async_trait::async_trait;
use weir::store::Store;

pub use given::Given;
pub use journal::*;
pub use lease::*;
pub use nouns::refused;
pub use rows::*;

/// One ledger, and as many processes on it as a law needs.
#[async_trait]
pub trait Ledgers: Sync {
    /// The same ledger as another process sees it.
    async fn open(&self) -> Box<dyn Store>;
}
