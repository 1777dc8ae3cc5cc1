//! Whole stories, told with the real program on real servers.

mod begin;
mod changes;
mod daemon;
mod foreign;
mod moments;
mod names;
mod orders;
mod refusals;
mod removal;
mod rows;
mod stopping;
mod together;
mod window;
