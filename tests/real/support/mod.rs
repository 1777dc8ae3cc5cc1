//! Fixtures of the tests on real servers.

pub mod flink;
pub mod kafka;
pub mod postgres;
pub mod project;
pub mod proxy;
pub mod stack;
pub mod tcp;
