//! Job: a plan's steps are done, each between its intent and its receipt.
//! Never: a decision: it cannot see what is desired.
//! Start here: `apply`.
