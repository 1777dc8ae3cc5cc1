//! The only two functions that put a foreign string into Flink's SQL. No string breaks out of either.

/// Whether Flink has a way to write this name: it is not empty, lies on one line, and has at most 256 UTF-16 units
/// (`FlinkPlannerImpl`'s `identifierMaxLength`).
pub fn is_ident(name: &str) -> bool {
    !name.is_empty() && !name.contains(['\n', '\r']) && name.encode_utf16().count() <= 256
}

/// A name in backticks. A backtick inside is doubled; nothing else is special to Flink's lexer (Calcite's
/// `BACK_QUOTED_IDENTIFIER`). What [`is_ident`] does not take is an error of Flink's lexer.
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
