//! Tokens with their place in bytes; comments and white space are gone, hints are kept.

use sqlparser::tokenizer::{Location, Token, Tokenizer};

use crate::model::tree::Span;
use crate::sql::blank;
use crate::sql::dialect::Flink;
use crate::sql::error::SqlError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sql) struct Lexeme {
    pub kind: Kind,
    /// Bytes of the SQL text.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sql) enum Kind {
    /// A keyword or a name without quotes, as it is written.
    Word(String),
    /// A name in backticks, without them.
    Quoted(String),
    /// Something between single quotes.
    Literal,
    Open(Bracket),
    Close(Bracket),
    Comma,
    Period,
    Semicolon,
    HintBegin,
    HintEnd,
    /// Numbers, operators, prefixed literals, and what no token begins with.
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sql) enum Bracket {
    Round,
    Square,
    Curly,
}

impl Lexeme {
    /// Whether this is the keyword (given in capitals).
    pub fn is(&self, keyword: &str) -> bool {
        matches!(&self.kind, Kind::Word(word) if word.eq_ignore_ascii_case(keyword))
    }

    /// The word or the name without quotes.
    pub fn name(&self) -> Option<String> {
        match &self.kind {
            Kind::Word(name) | Kind::Quoted(name) => Some(name.clone()),
            Kind::Literal | Kind::Open(_) | Kind::Close(_) | Kind::Comma | Kind::Period | Kind::Semicolon => None,
            Kind::HintBegin | Kind::HintEnd | Kind::Other => None,
        }
    }
}

/// A token of the tokenizer with its place in bytes. What a literal holds is to be read from the text.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::sql) struct Tok {
    pub token: Token,
    /// Bytes of the SQL text.
    pub span: Span,
}

impl Tok {
    /// Whether this is the keyword (given in capitals), without quotes.
    pub fn is(&self, keyword: &str) -> bool {
        matches!(&self.token, Token::Word(word) if word.quote_style.is_none() && word.value.eq_ignore_ascii_case(keyword))
    }

    pub fn lexeme(&self) -> Option<Lexeme> {
        kind(&self.token).map(|kind| Lexeme { kind, span: self.span })
    }
}

/// Every token of the text but white space and comments, in order, and the hints.
pub(in crate::sql) struct Tokens {
    pub tokens: Vec<Tok>,
    /// From `/*+` to the end of `*/`, in order. What stands inside is among the tokens.
    pub hints: Vec<Span>,
}

/// The tokens by Flink's rules.
pub(in crate::sql) fn tokens(sql: &str) -> Result<Tokens, SqlError> {
    let blanked = blank::blank(sql)?;
    let text = blanked.text.as_str();
    let mut tokens = Vec::new();
    let mut start = 0;
    while start < text.len() {
        start = piece(text, start, &mut tokens)?;
    }
    Ok(Tokens { tokens, hints: blanked.hints })
}

/// Every token of the text, in order.
pub(in crate::sql) fn lex(sql: &str) -> Result<Vec<Lexeme>, SqlError> {
    Ok(lexemes(&tokens(sql)?))
}

/// The same, with the marks of hints.
pub(in crate::sql) fn lexemes(read: &Tokens) -> Vec<Lexeme> {
    let mut found: Vec<Lexeme> = read.tokens.iter().filter_map(Tok::lexeme).collect();
    found.extend(read.hints.iter().flat_map(|hint| {
        let begin = Lexeme { kind: Kind::HintBegin, span: Span::new(hint.start, hint.start + 3) };
        let end = Lexeme { kind: Kind::HintEnd, span: Span::new(hint.end - 2, hint.end) };
        [begin, end]
    }));
    found.sort_by_key(|lexeme| lexeme.span);
    found
}

/// Tokenizes from `start` as far as the tokenizer comes, and returns the byte after that.
fn piece(text: &str, start: usize, found: &mut Vec<Tok>) -> Result<usize, SqlError> {
    let mut tokens = Vec::new();
    let result = Tokenizer::new(&Flink, &text[start..]).tokenize_with_location_into_buf(&mut tokens);
    let mut cursor = Cursor::at(text, start);
    for token in tokens {
        let span = Span::new(cursor.advance(token.span.start), cursor.advance(token.span.end));
        if !matches!(token.token, Token::Whitespace(_) | Token::EOF) {
            found.push(Tok { token: token.token, span });
        }
    }
    let Err(error) = result else { return Ok(text.len()) };
    let place = cursor.advance(error.location);
    if text[place..].starts_with('.') {
        // The tokenizer knows `._name` only behind a word; behind a bracket it is a field of a row all the same.
        found.push(Tok { token: Token::Period, span: Span::new(place, place + 1) });
        return Ok(place + 1);
    }
    Err(SqlError::new(Span::new(place, text.len()), error.message))
}

fn kind(token: &Token) -> Option<Kind> {
    match token {
        Token::Whitespace(_) | Token::EOF => None,
        Token::Word(word) if word.quote_style.is_some() => Some(Kind::Quoted(word.value.clone())),
        Token::Word(word) => Some(Kind::Word(word.value.clone())),
        Token::SingleQuotedString(_) => Some(Kind::Literal),
        Token::LParen => Some(Kind::Open(Bracket::Round)),
        Token::RParen => Some(Kind::Close(Bracket::Round)),
        Token::LBracket => Some(Kind::Open(Bracket::Square)),
        Token::RBracket => Some(Kind::Close(Bracket::Square)),
        Token::LBrace => Some(Kind::Open(Bracket::Curly)),
        Token::RBrace => Some(Kind::Close(Bracket::Curly)),
        Token::Comma => Some(Kind::Comma),
        Token::Period => Some(Kind::Period),
        Token::SemiColon => Some(Kind::Semicolon),
        _ => Some(Kind::Other),
    }
}

/// Turns the tokenizer's places (line and column in characters, from 1, of a piece) into bytes of the whole text.
struct Cursor<'a> {
    text: &'a str,
    byte: usize,
    here: Location,
}

impl<'a> Cursor<'a> {
    fn at(text: &'a str, byte: usize) -> Cursor<'a> {
        Cursor { text, byte, here: Location::new(1, 1) }
    }

    /// Places come in order, so that one walk over the text serves all.
    fn advance(&mut self, to: Location) -> usize {
        for c in self.text[self.byte..].chars() {
            if self.here >= to {
                break;
            }
            self.byte += c.len_utf8();
            self.here = match c {
                '\n' => Location::new(self.here.line + 1, 1),
                _ => Location::new(self.here.line, self.here.column + 1),
            };
        }
        self.byte
    }
}
