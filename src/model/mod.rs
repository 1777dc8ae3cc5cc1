//! Job: every noun as plain data, ordered and comparable.
//! Never: I/O, clocks, randomness, or a decision.
//! Start here: [`plan::Plan`], then [`step::Act`].

pub mod check;
pub mod column;
pub mod config;
pub mod definition;
pub mod desired;
pub mod diagnostic;
pub mod digest;
pub mod few;
pub mod history;
pub mod inputs;
pub mod job;
pub mod ledger;
pub mod limits;
pub mod name;
pub mod observed;
pub mod offsets;
pub mod options;
pub mod plan;
pub mod renames;
pub mod run;
#[cfg(any(test, feature = "testing"))]
pub mod sample;
pub mod saved;
pub mod secret;
pub mod status;
pub mod step;
pub mod tree;
