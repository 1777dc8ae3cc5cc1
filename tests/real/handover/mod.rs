//! From one query to another without a row lost or doubled, while rows never cease to come: executed step by step as
//! a plan's change, with the ledger, on a real Flink.

mod cases;
mod count;
mod hand;
mod load;
mod once;
mod places;
mod refusals;
