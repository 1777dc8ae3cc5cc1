//! Flink's words and quotes for the tokenizer.

use sqlparser::dialect::Dialect;

#[derive(Debug)]
pub(in crate::sql) struct Flink;

impl Dialect for Flink {
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
