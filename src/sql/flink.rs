//! The only two functions that put a foreign string into Flink's SQL.

/// A name in backticks. A backtick inside is doubled; nothing else is special to Flink's lexer (Calcite's
/// `BACK_QUOTED_IDENTIFIER`).
pub fn ident(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A string literal. A single quote inside is doubled; nothing else is special to Flink's lexer (Calcite's
/// `QUOTED_STRING`): a backslash and a line break stand for themselves.
///
/// Must not be written directly behind a letter: `N'…'`, `X'…'` and `U&'…'` are other literals.
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
