//! Tests on real servers: start them with `ci/stack up` and read their addresses with `eval "$(ci/stack env)"`.

mod broker_kafka;
mod broker_offsets;
mod contract;
#[cfg(feature = "testing")]
mod engine_fake;
mod engine_flink;
mod faults;
mod handover;
mod scenarios;
mod sql_flink;
mod store_postgres;
mod support;
mod verdicts;
