//! The dialects, and Flink's words and quotes for the tokenizer.

use serde::{Deserialize, Serialize};
use sqlparser::dialect::Dialect as Words;

/// Whose SQL a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    Flink,
    Ksqldb,
}

impl Dialect {
    /// As people write it.
    pub fn title(self) -> &'static str {
        match self {
            Dialect::Flink => "Flink",
            Dialect::Ksqldb => "ksqlDB",
        }
    }
}

#[derive(Debug)]
pub(in crate::sql) struct Flink;

impl Words for Flink {
    fn is_delimited_identifier_start(&self, c: char) -> bool {
        c == '`'
    }

    fn is_identifier_start(&self, c: char) -> bool {
        letter(c)
    }

    fn is_identifier_part(&self, c: char) -> bool {
        part(c)
    }

    // Else `$$` would begin a string of PostgreSQL.
    fn supports_dollar_placeholder(&self) -> bool {
        true
    }
}

/// What a word may hold behind its first letter.
pub(in crate::sql) fn part(c: char) -> bool {
    letter(c) || c.is_alphanumeric()
}

/// The `LETTER` of Calcite's `Parser.jj`, and every other letter: the engine says what it does not take.
fn letter(c: char) -> bool {
    c == '_' || c == '$' || c.is_alphabetic() || matches!(c, '\u{100}'..='\u{1fff}')
}
