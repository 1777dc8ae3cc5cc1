//! Whole stories, told with the real program on real servers.

mod begin;
mod changes;
mod daemon;
mod failing;
mod foreign;
mod moments;
mod names;
mod orders;
mod refusals;
mod removal;
mod rows;
mod secrets;
mod starting;
mod stopping;
mod storm;
mod together;
mod totals;
mod window;
