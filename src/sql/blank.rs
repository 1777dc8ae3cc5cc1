//! Comments and literals by the rules of Flink's lexer (Calcite's `Parser.jj`), which are not those of the tokenizer:
//! `//` begins a comment as `--` does, a carriage return ends one, a hint (`/*+ … */`) is code, and a backslash is an
//! escape in `E'…'` and nowhere else.

use crate::model::tree::Span;
use crate::sql::dialect;
use crate::sql::error::SqlError;

/// The text, byte by byte in its place, with every comment, the marks of every hint and what stands in literals turned
/// into spaces.
pub(in crate::sql) struct Blanked {
    pub text: String,
    /// From `/*+` to the end of `*/`, in order.
    pub hints: Vec<Span>,
}

/// Errors: a literal, a quoted name, a comment or a hint that does not end; the span is from its start to the end.
pub(in crate::sql) fn blank(sql: &str) -> Result<Blanked, SqlError> {
    let mut bytes = sql.as_bytes().to_vec();
    let mut hints = Vec::new();
    let mut hint = None;
    let mut at = 0;
    while at < sql.len() {
        let piece = piece(sql, at, hint)?;
        match piece.kind {
            Kind::Comment => bytes[at..at + piece.length].fill(b' '),
            Kind::Literal => bytes[at + 1..at + piece.length - 1].fill(b' '),
            Kind::HintBegin => {
                bytes[at..at + piece.length].fill(b' ');
                hint = Some(at);
            }
            Kind::HintEnd { begin } => {
                bytes[at..at + piece.length].fill(b' ');
                hints.push(Span::new(begin, at + piece.length));
                hint = None;
            }
            Kind::Code => {}
        }
        at += piece.length;
    }
    match hint {
        Some(start) => Err(unended(sql, start, "hint", "*/")),
        // Only whole characters were overwritten, by spaces.
        None => Ok(Blanked { text: String::from_utf8_lossy(&bytes).into_owned(), hints }),
    }
}

struct Piece {
    kind: Kind,
    /// In bytes, never 0.
    length: usize,
}

enum Kind {
    Comment,
    Literal,
    HintBegin,
    HintEnd { begin: usize },
    Code,
}

/// What begins at `at`. `hint` is where the open hint began.
fn piece(sql: &str, at: usize, hint: Option<usize>) -> Result<Piece, SqlError> {
    let rest = &sql[at..];
    let (kind, length) = if rest.starts_with("--") || rest.starts_with("//") {
        (Kind::Comment, rest.find(['\n', '\r']).unwrap_or(rest.len()))
    } else if rest.starts_with("/*+") && hint.is_none() {
        (Kind::HintBegin, 3)
    } else if rest.starts_with("/*") {
        (Kind::Comment, comment(rest).ok_or_else(|| unended(sql, at, "comment", "*/"))?)
    } else if rest.starts_with("*/") {
        (Kind::HintEnd { begin: hint.ok_or_else(|| ends_nothing(at))? }, 2)
    } else if rest.starts_with('\'') {
        let end = if escapes(&sql[..at]) { escaped(rest) } else { quoted(rest, '\'') };
        (Kind::Literal, end.ok_or_else(|| unended(sql, at, "literal", "a single quote"))?)
    } else if rest.starts_with('"') {
        (Kind::Code, quoted(rest, '"').ok_or_else(|| unended(sql, at, "text in double quotes", "a double quote"))?)
    } else if rest.starts_with('`') {
        (Kind::Code, name(sql, at)?)
    } else {
        (Kind::Code, rest.chars().next().map_or(1, char::len_utf8))
    };
    Ok(Piece { kind, length })
}

/// The length of the comment with an end mark that begins here.
fn comment(rest: &str) -> Option<usize> {
    // `/**` takes one character more, if that is no `/`: so `/***/` goes on.
    let mark = match rest.strip_prefix("/**").and_then(|behind| behind.chars().next()) {
        Some('/') | None => 2,
        Some(taken) => 3 + taken.len_utf8(),
    };
    rest[mark..].find("*/").map(|end| mark + end + 2)
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

/// Whether a literal behind this text has backslash escapes: `E'…'`. Flink 1.20 has no such literal and refuses the
/// text however it is read.
fn escapes(before: &str) -> bool {
    let mut last = before.chars().rev();
    matches!(last.next(), Some('e' | 'E')) && !last.next().is_some_and(dialect::part)
}

/// The length of the literal with backslash escapes that begins here.
fn escaped(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => {
                characters.next()?;
            }
            '\'' if characters.next_if(|(_, next)| *next == '\'').is_none() => return Some(at + 1),
            _ => {}
        }
    }
    None
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

fn unended(sql: &str, start: usize, what: &str, end: &str) -> SqlError {
    SqlError::new(Span::new(start, sql.len()), format!("the {what} that begins here does not end"))
        .with_help(format!("it ends with {end}"))
}

fn ends_nothing(at: usize) -> SqlError {
    // To Flink this is a token of its own, also where a multiplication and a division were meant.
    SqlError::new(Span::new(at, at + 2), "no comment and no hint ends here")
        .with_help("if it is a multiplication before a comment or a division: write a blank between `*` and `/`")
}
