//! A text cut into statements: at every `;`, but not at those inside a statement set.

use sqlparser::tokenizer::Token;

use crate::model::tree::Span;
use crate::sql::dialect::Dialect;
use crate::sql::error::SqlError;
use crate::sql::facts::Place;
use crate::sql::ksqldb;
use crate::sql::lex;
use crate::sql::lex::Tok;
use crate::sql::lines::Lines;

/// A text with its tokens.
pub(in crate::sql) struct Script<'a> {
    pub text: &'a str,
    pub dialect: Dialect,
    /// Without those inside of hints.
    pub tokens: Vec<Tok>,
    pub hints: Vec<Span>,
    lines: Lines<'a>,
}

impl<'a> Script<'a> {
    pub fn of(text: &'a str, dialect: Dialect) -> Result<Script<'a>, SqlError> {
        let (mut tokens, hints) = match dialect {
            Dialect::Flink => {
                let mut read = lex::tokens(text)?;
                read.tokens.iter_mut().for_each(|tok| fill(text, tok));
                (read.tokens, read.hints)
            }
            Dialect::Ksqldb => (ksqldb::tokens(text)?, Vec::new()),
        };
        if !hints.is_empty() {
            tokens.retain(|tok| {
                let before = hints.partition_point(|hint| hint.start <= tok.span.start);
                before == 0 || hints[before - 1].end <= tok.span.start
            });
        }
        Ok(Script { text, dialect, tokens, hints, lines: Lines::of(text) })
    }

    pub fn slice(&self, span: Span) -> &'a str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    pub fn place(&self, span: Span) -> Place {
        let here = self.lines.place(span.start);
        Place { start: span.start, end: span.end, line: here.line, column: here.column }
    }

    /// From the first to the last of some tokens.
    pub fn around(&self, tokens: &[Tok]) -> Span {
        let start = tokens.first().map_or(self.text.len(), |first| first.span.start);
        Span::new(start, tokens.last().map_or(start, |last| last.span.end))
    }
}

/// Puts a literal's text into its token: Flink's lexer left blanks there.
fn fill(text: &str, tok: &mut Tok) {
    if let Token::SingleQuotedString(inside) = &mut tok.token {
        let quoted = text.get(tok.span.start + 1..tok.span.end.saturating_sub(1)).unwrap_or_default();
        *inside = quoted.replace("''", "'");
    }
}

/// The statements, without their `;`; empty ones are none.
pub(in crate::sql) fn split(dialect: Dialect, tokens: &[Tok]) -> Vec<&[Tok]> {
    let mut found = Vec::new();
    let mut start = 0;
    let mut inside = false;
    for (at, tok) in tokens.iter().enumerate() {
        let begins = at == start || semicolon(&tokens[at - 1]) || tokens[at - 1].is("BEGIN");
        if dialect == Dialect::Flink && !inside {
            inside = (at == start && words(&tokens[at..], &["BEGIN", "STATEMENT", "SET"]))
                || words(&tokens[at..], &["STATEMENT", "SET", "BEGIN"]);
        } else if inside && begins && tok.is("END") {
            inside = false;
        }
        if semicolon(tok) && !inside {
            found.push(&tokens[start..at]);
            start = at + 1;
        }
    }
    found.push(&tokens[start..]);
    found.retain(|tokens| !tokens.is_empty());
    found
}

pub(in crate::sql) fn semicolon(tok: &Tok) -> bool {
    tok.token == Token::SemiColon
}

/// Whether the tokens begin with these words.
pub(in crate::sql) fn words(tokens: &[Tok], wanted: &[&str]) -> bool {
    tokens.len() >= wanted.len() && tokens.iter().zip(wanted).all(|(tok, word)| tok.is(word))
}
