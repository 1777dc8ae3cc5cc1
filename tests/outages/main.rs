//! Processes and servers are killed: needs real servers of its own (`ci/stack up`, `eval "$(ci/stack env)"`), and no
//! other test program beside it. Within it, tests that kill a server wait until they are alone.

#[path = "../real/contract/mod.rs"]
#[allow(dead_code, reason = "fixtures are shared with the tests on real servers")]
mod contract;
mod gateway;
mod killed;
mod once;
#[path = "../real/scenarios/orders.rs"]
#[allow(dead_code, reason = "shared with the stories")]
mod orders;
mod process;
mod servers;
mod silent;
#[path = "../real/support/mod.rs"]
#[allow(dead_code, reason = "fixtures are shared with the tests on real servers")]
mod support;
mod telling;
mod turn;
