//! Job: the command line.
//! Never: a decision that the API would not make too.
//! Start here: `run`.

pub mod snippet;
