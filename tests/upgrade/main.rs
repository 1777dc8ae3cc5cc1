//! Flink 1.20 goes and 2.x comes in its place: needs real servers of its own (`ci/stack up`, `eval "$(ci/stack env)"`),
//! and no other test program beside it.

#[path = "../real/contract/mod.rs"]
#[allow(dead_code, reason = "fixtures are shared with the tests on real servers")]
mod contract;
mod line;
#[path = "../real/scenarios/orders.rs"]
#[allow(dead_code, reason = "shared with the stories")]
mod orders;
mod story;
mod streams;
#[path = "../real/support/mod.rs"]
#[allow(dead_code, reason = "fixtures are shared with the tests on real servers")]
mod support;
