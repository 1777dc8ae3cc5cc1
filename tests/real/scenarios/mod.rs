//! Whole stories, told with the real program on real servers.

mod begin;
mod carried;
mod changes;
mod daemon;
mod failing;
mod foreign;
mod formats;
mod joins;
mod kept;
mod moments;
mod names;
mod orders;
mod past;
mod refusals;
mod removal;
mod rows;
mod scripts;
mod secrets;
mod stale;
mod starting;
mod stopping;
mod storm;
mod together;
mod told;
mod totals;
mod window;
