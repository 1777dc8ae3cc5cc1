//! Flink's names of types: a text becomes a value, and what goes into SQL is printed from the value.

mod names;
mod parse;
mod print;
#[cfg(test)]
mod tests;
mod text;

pub use parse::parse;
pub use print::print;

use crate::model::tree::Span;

/// `span` counts bytes of the type's text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TypeError {
    pub message: String,
    pub span: Span,
    pub help: Option<String>,
}

impl TypeError {
    fn new(span: Span, message: impl Into<String>) -> TypeError {
        TypeError { message: message.into(), span, help: None }
    }

    fn with_help(mut self, help: impl Into<String>) -> TypeError {
        self.help = Some(help.into());
        self
    }
}

/// Types inside types, at most.
const DEEPEST: usize = 32;
/// The length of a STRING or BYTES: VARCHAR and VARBINARY of it are these types.
const LONGEST: u32 = i32::MAX as u32;
