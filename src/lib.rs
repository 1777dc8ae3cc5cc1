//! weir turns a folder of `.toml` files into streaming SQL jobs that run, and keeps them that way.
//!
//! ```text
//! origin ─ tree ─▶ load ─▶ Desired ──┐
//! Postgres ─ store ─▶ Ledger ────────┼─ plan ─▶ Plan ─ apply ─▶ engines, topics ─▶ journal, Ledger ─▶ status
//! engines, Kafka ─ observe ─▶ Observed ┘
//! ```
//!
//! Each room below has one job; `tests/rooms.rs` holds who may import whom.

#![forbid(unsafe_code)]

pub mod apply;
pub mod broker;
pub mod cli;
pub mod engine;
pub mod graph;
pub mod load;
pub mod model;
pub mod observe;
pub mod origin;
pub mod plan;
pub mod reconcile;
pub mod sql;
pub mod store;
