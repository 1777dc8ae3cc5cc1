//! A user's mistake, told with its place and the way out.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::tree::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Error,
    Warning,
}

/// One finding. Order: file, place, code.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Path relative to the origin's root (or the path of `weir.toml` as given).
    pub file: String,
    pub span: Option<Span>,
    /// Stable, snake case: `unknown_key`, `not_yet`, `unknown_source` …
    pub code: String,
    pub severity: Severity,
    pub message: String,
    pub help: Option<String>,
}

impl Diagnostic {
    pub fn error(code: &str, file: &str, span: Option<Span>, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            file: file.to_owned(),
            span,
            code: code.to_owned(),
            severity: Severity::Error,
            message: message.into(),
            help: None,
        }
    }

    pub fn warning(code: &str, file: &str, span: Option<Span>, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, file, span, message) }
    }

    /// A key or value that the contract knows and this version does not build yet.
    pub fn not_yet(file: &str, span: Option<Span>, what: &str) -> Diagnostic {
        Diagnostic::error("not_yet", file, span, format!("{what}: not yet"))
            .with_help("this version of weir does not build it; remove the key")
    }

    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
