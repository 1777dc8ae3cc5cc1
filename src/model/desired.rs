//! What the files ask for.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::model::definition::{Policy, Source, Stream};
use crate::model::diagnostic::Diagnostic;
use crate::model::name::{Name, ProjectName};
use crate::model::tree::Span;

/// Hash of what a stream's job means (64 hex digits): comments, white space, key order, file names and policy do
/// not count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub String);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Desired {
    pub project: ProjectName,
    /// Where the definitions came from, as it is recorded.
    pub origin: String,
    pub sources: BTreeMap<Name, Source>,
    /// An input that is another stream's output has no columns here: they are those of that stream's check.
    pub streams: BTreeMap<Name, DesiredStream>,
    /// Every stream's name, what a stream reads before itself.
    pub order: Vec<Name>,
    /// What cannot be read: these streams keep what was recorded.
    pub broken: Broken,
    /// Why no removal may be planned now, if so.
    pub frozen: Option<String>,
    /// Sorted.
    pub diagnostics: Vec<Diagnostic>,
}

/// Definitions with an error, by file and, where it could be made out, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Broken {
    pub paths: BTreeSet<String>,
    pub names: BTreeSet<Name>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DesiredStream {
    pub stream: Stream,
    pub policy: Policy,
    pub revision: Revision,
    /// The definition's file, relative to the origin's root.
    pub path: String,
    pub place: SqlPlace,
    pub texts: Texts,
    /// The name that it had: what was recorded under that is its own. No part of what the stream means.
    pub renamed_from: Option<Name>,
}

/// The files that a definition came from, as they were.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Texts {
    /// Of the definition, relative to the origin's root.
    pub path: String,
    pub definition: String,
    /// Where the query stands in a file of its own.
    pub sql: Option<SqlText>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SqlText {
    /// Relative to the origin's root.
    pub path: String,
    pub text: String,
}

/// Where the SQL text stands, so that a place in it can be shown in its file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct SqlPlace {
    pub file: String,
    /// `(byte in the SQL, byte in the file)` at the start of each run of bytes that map one to one; the first entry
    /// is for byte 0. Escapes of a TOML string and filled-in variables break a run.
    pub runs: Vec<(usize, usize)>,
}

impl SqlPlace {
    /// A range of the SQL text as a range of its file.
    pub fn span(&self, span: Span) -> Span {
        let start = self.byte(span.start);
        // By its last byte, so that an escape that follows does not count.
        let end = if span.end > span.start { self.byte(span.end - 1) + 1 } else { start };
        Span::new(start, end.max(start))
    }

    fn byte(&self, at: usize) -> usize {
        let next = self.runs.partition_point(|&(sql, _)| sql <= at);
        match next.checked_sub(1) {
            Some(run) => self.runs[run].1 + (at - self.runs[run].0),
            None => at,
        }
    }
}
