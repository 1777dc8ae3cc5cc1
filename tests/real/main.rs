//! Tests on real servers: start them with `ci/stack up` and read their addresses with `eval "$(ci/stack env)"`.

#[cfg(feature = "testing")]
mod broker_kafka;
mod contract;
mod engine_fake;
mod engine_flink;
mod faults;
mod store_postgres;
mod support;
