//! Tests on real servers: start them with `ci/stack up` and read their addresses with `eval "$(ci/stack env)"`.

mod broker_kafka;
mod contract;
mod faults;
mod store_postgres;
mod support;
