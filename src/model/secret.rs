//! References to secrets. The value behind one is known only to the function that opens a door.

use std::fmt;

/// A key of `weir.toml` typed Secret: a reference, or text that must not be shown.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Secret {
    /// `${env:NAME}`
    Env(String),
    /// `${file:path}`, only below `[secrets] directory`
    File(String),
    /// Written out in the file. Usable, never printed.
    Plain(String),
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Secret::Env(name) => write!(f, "${{env:{name}}}"),
            Secret::File(path) => write!(f, "${{file:{path}}}"),
            Secret::Plain(_) => f.write_str("***"),
        }
    }
}
