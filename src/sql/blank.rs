//! Comments by the rules of Flink's lexer (Calcite's `Parser.jj`), which are not those of the tokenizer: `//` begins a
//! comment as `--` does, a carriage return ends one, and a hint (`/*+ … */`) is code.

use crate::model::tree::Span;
use crate::sql::error::SqlError;

/// The text with every comment, and the marks of every hint, turned into as many spaces.
pub(in crate::sql) struct Blanked {
    pub text: String,
    /// From `/*+` to the end of `*/`, in order.
    pub hints: Vec<Span>,
}

/// Errors: a literal, a quoted name, a comment or a hint that does not end; the span is from its start to the end.
pub(in crate::sql) fn comments(sql: &str) -> Result<Blanked, SqlError> {
    let mut bytes = sql.as_bytes().to_vec();
    let mut hints = Vec::new();
    let mut hint = None;
    let mut at = 0;
    while at < sql.len() {
        let rest = &sql[at..];
        let next = if let Some(end) = line_comment(rest) {
            bytes[at..at + end].fill(b' ');
            end
        } else if rest.starts_with("/*+") && hint.is_none() {
            bytes[at..at + 3].fill(b' ');
            hint = Some(at);
            3
        } else if rest.starts_with("/*") {
            let end = block_comment(rest).ok_or_else(|| unended(sql, at, "comment", "*/"))?;
            bytes[at..at + end].fill(b' ');
            end
        } else if let Some(start) = hint.filter(|_| rest.starts_with("*/")) {
            bytes[at..at + 2].fill(b' ');
            hints.push(Span::new(start, at + 2));
            hint = None;
            2
        } else {
            plain(sql, at)?
        };
        at += next;
    }
    match hint {
        Some(start) => Err(unended(sql, start, "hint", "*/")),
        // Only whole characters were overwritten, by spaces.
        None => Ok(Blanked { text: String::from_utf8_lossy(&bytes).into_owned(), hints }),
    }
}

/// The length of the comment to the end of the line that begins here.
fn line_comment(rest: &str) -> Option<usize> {
    let begins = rest.starts_with("--") || rest.starts_with("//");
    begins.then(|| rest.find(['\n', '\r']).unwrap_or(rest.len()))
}

/// The length of the comment with an end mark that begins here.
fn block_comment(rest: &str) -> Option<usize> {
    // `/**` takes one character more, if that is no `/`: so `/***/` goes on.
    let mark = match rest.strip_prefix("/**").and_then(|behind| behind.chars().next()) {
        Some('/') | None => 2,
        Some(taken) => 3 + taken.len_utf8(),
    };
    rest[mark..].find("*/").map(|end| mark + end + 2)
}

/// The length of what begins here: something quoted, or else one character.
fn plain(sql: &str, at: usize) -> Result<usize, SqlError> {
    let rest = &sql[at..];
    match rest.chars().next() {
        Some('\'') => quoted(rest, '\'').ok_or_else(|| unended(sql, at, "literal", "a single quote")),
        Some('"') => quoted(rest, '"').ok_or_else(|| unended(sql, at, "text in double quotes", "a double quote")),
        Some('`') => name(sql, at),
        Some(other) => Ok(other.len_utf8()),
        None => Ok(1),
    }
}

/// The length of the name in backticks that begins here. It lies on one line and is not empty.
fn name(sql: &str, at: usize) -> Result<usize, SqlError> {
    let line = sql[at..].find(['\n', '\r']).map_or(sql.len(), |end| at + end);
    match quoted(&sql[at..line], '`') {
        Some(2) => Err(SqlError::new(Span::new(at, at + 2), "a name between backticks is empty")),
        Some(length) => Ok(length),
        None => {
            let error = SqlError::new(Span::new(at, line), "the quoted name that begins here does not end");
            Err(error.with_help("it ends with a backtick, on the same line"))
        }
    }
}

/// The length of the quoted piece that begins here; a doubled quote is a quote inside.
fn quoted(rest: &str, quote: char) -> Option<usize> {
    let mut at = 1;
    loop {
        at += rest[at..].find(quote)? + 1;
        if !rest[at..].starts_with(quote) {
            return Some(at);
        }
        at += 1;
    }
}

fn unended(sql: &str, start: usize, what: &str, end: &str) -> SqlError {
    SqlError::new(Span::new(start, sql.len()), format!("the {what} that begins here does not end"))
        .with_help(format!("it ends with {end}"))
}
