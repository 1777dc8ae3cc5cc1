//! A walk over one statement's tokens: keywords, names, maps of options.

use std::collections::BTreeMap;

use sqlparser::tokenizer::Token;

use crate::model::tree::Span;
use crate::sql::error::SqlError;
use crate::sql::facts::{Object, Place};
use crate::sql::lex::Tok;
use crate::sql::reserved;
use crate::sql::script;
use crate::sql::script::Script;

pub(in crate::sql) struct Cursor<'a> {
    pub script: &'a Script<'a>,
    /// All of the statement.
    pub tokens: &'a [Tok],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub fn new(script: &'a Script<'a>, tokens: &'a [Tok]) -> Cursor<'a> {
        Cursor { script, tokens, at: 0 }
    }

    pub fn rest(&self) -> &'a [Tok] {
        &self.tokens[self.at..]
    }

    pub fn peek(&self) -> Option<&'a Tok> {
        self.tokens.get(self.at)
    }

    pub fn next(&mut self) -> Option<&'a Tok> {
        let next = self.tokens.get(self.at);
        self.at = (self.at + 1).min(self.tokens.len());
        next
    }

    pub fn skip(&mut self, tokens: usize) {
        self.at = (self.at + tokens).min(self.tokens.len());
    }

    pub fn skip_to_end(&mut self) {
        self.at = self.tokens.len();
    }

    /// Whether these words (in capitals) come next.
    pub fn sees(&self, words: &[&str]) -> bool {
        script::words(self.rest(), words)
    }

    pub fn sees_token(&self, token: &Token) -> bool {
        self.peek().is_some_and(|tok| tok.token == *token)
    }

    /// Takes these words if they come next.
    pub fn eat(&mut self, words: &[&str]) -> bool {
        let there = self.sees(words);
        if there {
            self.at += words.len();
        }
        there
    }

    /// Takes one of these words if it comes next.
    pub fn eat_one_of(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().copied().find(|word| self.eat(&[word]))
    }

    /// Passes the tokens before these words; whether they were found outside of brackets and taken.
    pub fn eat_until(&mut self, words: &[&str]) -> bool {
        match self.find(words) {
            Some(tokens) => {
                self.at += tokens + words.len();
                true
            }
            None => false,
        }
    }

    /// How many tokens come before these words, outside of brackets.
    pub fn find(&self, words: &[&str]) -> Option<usize> {
        let rest = self.rest();
        outside(rest).map(|(at, _)| at).find(|at| script::words(&rest[*at..], words))
    }

    /// The place of the next token, or of the end.
    pub fn here(&self) -> Span {
        match (self.peek(), self.tokens.last()) {
            (Some(tok), _) => tok.span,
            (None, Some(last)) => last.span,
            (None, None) => Span::new(self.script.text.len(), self.script.text.len()),
        }
    }

    pub fn place(&self, span: Span) -> Place {
        self.script.place(span)
    }

    /// A name of one or more parts.
    pub fn name(&mut self, of: &str) -> Result<Object, SqlError> {
        let parts = parts(self.rest());
        if parts == 0 || self.keyword_in_place_of_name() {
            return Err(self.missing(of));
        }
        let tokens = &self.rest()[..parts];
        self.at += parts;
        let name = tokens.iter().filter_map(value).collect::<Vec<_>>().join(".");
        Ok(Object { name, place: self.place(self.script.around(tokens)) })
    }

    fn keyword_in_place_of_name(&self) -> bool {
        match self.peek().map(|tok| &tok.token) {
            Some(Token::Word(word)) => {
                word.quote_style.is_none() && reserved::in_dialect(self.script.dialect, &word.value)
            }
            _ => false,
        }
    }

    fn missing(&self, of: &str) -> SqlError {
        let error = SqlError::new(self.here(), format!("the name of the {of} is missing here"));
        error.with_help("a reserved word as a name, and a name that is no plain word, stand in backticks")
    }

    /// A literal's text, if one comes next.
    pub fn literal(&mut self) -> Option<String> {
        let text = literal(self.peek()?)?;
        self.at += 1;
        Some(text)
    }

    /// The tokens between the bracket that comes next and its partner; both are taken.
    pub fn brackets(&mut self) -> Option<&'a [Tok]> {
        let inside = inside(self.rest())?;
        self.at += inside.len() + 2;
        Some(inside)
    }

    /// `('key' = 'value', …)`. Keys and values may be words or numbers, as ksqlDB has them.
    pub fn options(&mut self) -> Result<BTreeMap<String, String>, SqlError> {
        let mut options = BTreeMap::new();
        let Some(inside) = self.brackets() else {
            return Err(SqlError::new(self.here(), "the options are missing here").with_help("('key' = 'value', …)"));
        };
        if inside.is_empty() {
            return Ok(options);
        }
        for entry in inside.split(|tok| tok.token == Token::Comma) {
            let mut entry = Cursor::new(self.script, entry);
            let whole = entry.script.around(entry.tokens);
            let key = entry.option_text();
            let equals = entry.sees_token(&Token::Eq);
            entry.skip(1);
            let value = entry.option_text();
            let (Some(key), true, Some(value), None) = (key, equals, value, entry.peek()) else {
                let wrong = SqlError::new(whole, "an option is `'key' = 'value'`");
                return Err(wrong.with_help("a quote inside a literal is doubled; options are parted by commas"));
            };
            options.insert(key, value);
        }
        Ok(options)
    }

    fn option_text(&mut self) -> Option<String> {
        if let Some(text) = self.literal() {
            return Some(text);
        }
        let minus = self.sees_token(&Token::Minus);
        self.skip(usize::from(minus));
        match &self.next()?.token {
            Token::Word(word) => Some(word.value.clone()),
            Token::Number(number, _) => Some(format!("{}{number}", if minus { "-" } else { "" })),
            _ => None,
        }
    }
}

/// The text of a literal.
pub(in crate::sql) fn literal(tok: &Tok) -> Option<String> {
    match &tok.token {
        Token::SingleQuotedString(text) => Some(text.clone()),
        _ => None,
    }
}

/// The word or the name without quotes.
pub(in crate::sql) fn value(tok: &Tok) -> Option<String> {
    match &tok.token {
        Token::Word(word) => Some(word.value.clone()),
        _ => None,
    }
}

/// How many tokens the name has that begins here: `a`, or `a . b . c`; 0 where none does.
pub(in crate::sql) fn parts(tokens: &[Tok]) -> usize {
    let is_word = |tok: &Tok| matches!(tok.token, Token::Word(_));
    if !tokens.first().is_some_and(is_word) {
        return 0;
    }
    let mut parts = 1;
    while let [dot, part, ..] = &tokens[parts..]
        && dot.token == Token::Period
        && is_word(part)
    {
        parts += 2;
    }
    parts
}

/// What stands between a round bracket at the beginning and its partner.
pub(in crate::sql) fn inside(tokens: &[Tok]) -> Option<&[Tok]> {
    if tokens.first()?.token != Token::LParen {
        return None;
    }
    close(tokens).map(|end| &tokens[1..end])
}

/// Where the bracket closes that the tokens begin with.
pub(in crate::sql) fn close(tokens: &[Tok]) -> Option<usize> {
    let mut depth = 0_usize;
    tokens.iter().position(|tok| {
        depth = nested(depth, tok);
        depth == 0
    })
}

/// How many brackets are open behind a token, if `depth` are before it.
pub(in crate::sql) fn nested(depth: usize, tok: &Tok) -> usize {
    match tok.token {
        Token::LParen | Token::LBracket | Token::LBrace => depth + 1,
        Token::RParen | Token::RBracket | Token::RBrace => depth.saturating_sub(1),
        _ => depth,
    }
}

/// The tokens before the bracket closes that is around them.
pub(in crate::sql) fn enclosed(tokens: &[Tok]) -> &[Tok] {
    let mut depth = 0_usize;
    let end = tokens.iter().position(|tok| {
        let closes = depth == 0 && matches!(tok.token, Token::RParen | Token::RBracket | Token::RBrace);
        depth = nested(depth, tok);
        closes
    });
    &tokens[..end.unwrap_or(tokens.len())]
}

/// The tokens outside of brackets, with their places in the slice; no bracket is among them.
pub(in crate::sql) fn outside(tokens: &[Tok]) -> impl Iterator<Item = (usize, &Tok)> {
    let mut depth = 0_usize;
    tokens.iter().enumerate().filter(move |(_, tok)| {
        let before = depth;
        depth = nested(depth, tok);
        before == 0 && depth == 0 && !matches!(tok.token, Token::RParen | Token::RBracket | Token::RBrace)
    })
}

/// The pieces between commas outside of brackets.
pub(in crate::sql) fn by_commas(tokens: &[Tok]) -> Vec<&[Tok]> {
    let mut start = 0;
    let mut found = Vec::new();
    for (at, _) in outside(tokens).filter(|(_, tok)| tok.token == Token::Comma) {
        found.push(&tokens[start..at]);
        start = at + 1;
    }
    found.push(&tokens[start..]);
    found
}
