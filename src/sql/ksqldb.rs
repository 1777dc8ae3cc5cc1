//! ksqlDB's tokens, by the rules of its `SqlBase.g4`: words without quotes are capitals, names stand in backticks or
//! double quotes, `->` takes a field, `=>` begins the body of a lambda, `${name}` is a variable of the session.

use sqlparser::tokenizer::Token;

use crate::model::tree::Span;
use crate::sql::error::SqlError;
use crate::sql::lex::Tok;

/// Every token but white space and comments, in order.
pub(in crate::sql) fn tokens(sql: &str) -> Result<Vec<Tok>, SqlError> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < sql.len() {
        let (token, length) = next(sql, at)?;
        found.extend(token.map(|token| Tok { token, span: Span::new(at, at + length) }));
        at += length;
    }
    Ok(found)
}

/// What begins at `at`: `None` for white space and comments; the length in bytes is never 0.
fn next(sql: &str, at: usize) -> Result<(Option<Token>, usize), SqlError> {
    let rest = &sql[at..];
    let Some(first) = rest.chars().next() else { return Ok((None, 1)) };
    if first.is_whitespace() {
        return Ok((None, first.len_utf8()));
    }
    if rest.starts_with("--") {
        return Ok((None, rest.find(['\n', '\r']).unwrap_or(rest.len())));
    }
    if let Some(comment) = rest.strip_prefix("/*") {
        let end = comment.find("*/").ok_or_else(|| unended(sql, at, "comment", "*/"))?;
        return Ok((None, end + 4));
    }
    let (token, length) = match first {
        '\'' => {
            let end = quoted(rest, '\'').ok_or_else(|| unended(sql, at, "literal", "a single quote"))?;
            (Token::SingleQuotedString(rest[1..end - 1].replace("''", "'")), end)
        }
        '`' | '"' => {
            let end = quoted(rest, first).ok_or_else(|| unended(sql, at, "quoted name", "the same quote"))?;
            let doubled = [first, first].iter().collect::<String>();
            (Token::make_word(&rest[1..end - 1].replace(&doubled, &first.to_string()), Some(first)), end)
        }
        '0'..='9' => number(rest),
        _ if rest.starts_with("${") => {
            let end = rest.find('}').ok_or_else(|| unended(sql, at, "variable", "}"))? + 1;
            (Token::make_word(&rest[..end], Some('`')), end)
        }
        _ if letter(first) => {
            let end = word(rest);
            (Token::make_word(&rest[..end].to_uppercase(), None), end)
        }
        _ => operator(rest, first),
    };
    Ok((Some(token), length))
}

fn letter(c: char) -> bool {
    // The grammar knows A to Z only; the engine says what it does not take.
    c == '_' || c.is_alphabetic()
}

fn word(rest: &str) -> usize {
    rest.find(|c: char| !(letter(c) || c.is_numeric() || c == '@')).unwrap_or(rest.len())
}

/// A number, or a name that begins with a digit (`DIGIT_IDENTIFIER`).
fn number(rest: &str) -> (Token, usize) {
    let bytes = rest.as_bytes();
    let digits = |from: usize| from + bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end = digits(end + 1);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let signed = end + 1 + usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        if digits(signed) > signed {
            end = digits(signed);
        }
    }
    let as_word = word(rest);
    if as_word > end {
        (Token::make_word(&rest[..as_word].to_uppercase(), Some('`')), as_word)
    } else {
        (Token::Number(rest[..end].to_owned(), false), end)
    }
}

fn operator(rest: &str, first: char) -> (Token, usize) {
    const LONG: &[(&str, Token)] = &[
        ("->", Token::Arrow),
        ("=>", Token::RArrow),
        (":=", Token::Assignment),
        ("<>", Token::Neq),
        ("!=", Token::Neq),
        ("<=", Token::LtEq),
        (">=", Token::GtEq),
        ("||", Token::StringConcat),
    ];
    if let Some((text, token)) = LONG.iter().find(|(text, _)| rest.starts_with(text)) {
        return (token.clone(), text.len());
    }
    let token = match first {
        '(' => Token::LParen,
        ')' => Token::RParen,
        '[' => Token::LBracket,
        ']' => Token::RBracket,
        '{' => Token::LBrace,
        '}' => Token::RBrace,
        ',' => Token::Comma,
        '.' => Token::Period,
        ';' => Token::SemiColon,
        ':' => Token::Colon,
        '=' => Token::Eq,
        '<' => Token::Lt,
        '>' => Token::Gt,
        '+' => Token::Plus,
        '-' => Token::Minus,
        '*' => Token::Mul,
        '/' => Token::Div,
        '%' => Token::Mod,
        other => Token::Char(other),
    };
    (token, first.len_utf8())
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
