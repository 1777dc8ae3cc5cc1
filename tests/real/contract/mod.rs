//! What every implementation of a door must do, written against its trait.

pub mod broker;
pub mod engine;
pub mod helper;
pub mod store;
