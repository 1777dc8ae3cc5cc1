//! What is wrong with a text of SQL, and where.

use crate::model::tree::Span;

/// `span` counts bytes of the SQL text; `code` is stable, snake case: `sql` for what is no statement at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SqlError {
    pub code: &'static str,
    pub message: String,
    pub span: Span,
    pub help: Option<String>,
}

impl SqlError {
    pub(in crate::sql) fn new(span: Span, message: impl Into<String>) -> SqlError {
        SqlError { code: "sql", message: message.into(), span, help: None }
    }

    pub(in crate::sql) fn with_help(mut self, help: impl Into<String>) -> SqlError {
        self.help = Some(help.into());
        self
    }
}
