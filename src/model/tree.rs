//! The files of an origin, read at one moment, and places in them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A range of bytes in one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        Span { start, end }
    }
}

impl From<std::ops::Range<usize>> for Span {
    fn from(range: std::ops::Range<usize>) -> Span {
        Span { start: range.start, end: range.end }
    }
}

/// What one file held, or why it could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum SourceFile {
    Text(String),
    Unreadable(String),
}

/// A whole tree: paths relative to its root, with `/` between parts, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceTree {
    /// How the root is called in messages: the path as the user gave it.
    pub root: String,
    pub files: BTreeMap<String, SourceFile>,
    /// Why the tree as a whole is not to be trusted for removals: the folder is gone, a git index lock stands.
    pub unsettled: Option<String>,
}
