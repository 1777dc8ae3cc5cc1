//! Tokens of an engine's own clauses turned into tokens that the parser takes: each keeps its place in the text. What is
//! cut out is told beside.

mod flink;
mod ksqldb;
mod shared;

pub(in crate::sql) use ksqldb::{emits, window, within};

use std::collections::BTreeSet;

use sqlparser::tokenizer::Token;

use crate::model::tree::Span;
use crate::sql::cursor::{nested, value};
use crate::sql::dialect::Dialect;
use crate::sql::facts::{Emit, Place, State, Window};
use crate::sql::lex::Tok;
use crate::sql::reserved;
use crate::sql::script::Script;

/// Brackets in brackets: the parser takes no more anyway.
const DEEPEST: usize = 60;
/// Tokens of one query: a longer one would be a tree too deep to walk in the stack of a thread.
const LONGEST: usize = 12_000;

#[derive(Default)]
pub(in crate::sql) struct Lowered {
    pub tokens: Vec<Tok>,
    pub windows: Vec<Window>,
    /// Names in what was cut out: they may be columns of any source.
    pub read: BTreeSet<String>,
    pub emit: Option<(Emit, Place)>,
    pub partition_by: Option<String>,
    /// Where a join's WITHIN stands, in bytes.
    pub within: Vec<usize>,
    pub states: BTreeSet<State>,
}

pub(in crate::sql) struct Lower<'a> {
    script: &'a Script<'a>,
    out: Lowered,
}

/// `None` if the query is too deep or too long for the parser.
pub(in crate::sql) fn lower(script: &Script<'_>, tokens: &[Tok]) -> Option<Lowered> {
    if tokens.len() > LONGEST || depth(tokens) > DEEPEST {
        return None;
    }
    let mut lower = Lower { script, out: Lowered::default() };
    lower.run(tokens);
    Some(lower.out)
}

fn depth(tokens: &[Tok]) -> usize {
    let depths = tokens.iter().scan(0, |depth, tok| {
        *depth = nested(*depth, tok);
        Some(*depth)
    });
    depths.max().unwrap_or(0)
}

impl Lower<'_> {
    fn run(&mut self, tokens: &[Tok]) {
        let mut at = 0;
        while let Some(tok) = tokens.get(at) {
            let before = at.checked_sub(1).map(|before| &tokens[before]);
            // Behind a period every word is a name.
            let name = before.is_some_and(|before| before.token == Token::Period);
            let taken = if name { 0 } else { self.clause(&tokens[at..], before) };
            if taken == 0 {
                self.out.tokens.push(tok.clone());
            }
            at += taken.max(1);
        }
    }

    /// How many tokens were taken; 0 if no clause of the engine begins here.
    fn clause(&mut self, rest: &[Tok], before: Option<&Tok>) -> usize {
        let taken = self.shared(rest, before);
        match (taken, self.script.dialect) {
            (0, Dialect::Flink) => self.flink(rest, before),
            (0, Dialect::Ksqldb) => self.ksqldb(rest, before),
            (taken, Dialect::Flink | Dialect::Ksqldb) => taken,
        }
    }

    fn push(&mut self, token: Token, span: Span) {
        self.out.tokens.push(Tok { token, span });
    }

    fn push_word(&mut self, word: &str, span: Span) {
        self.push(Token::make_word(word, None), span);
    }

    /// Notes every name in tokens that the parser will not see.
    fn note(&mut self, tokens: &[Tok]) {
        let names = tokens.iter().filter(|tok| !keyword(tok)).filter_map(value);
        self.out.read.extend(names);
    }

    fn text(&self, tokens: &[Tok]) -> String {
        self.script.slice(self.script.around(tokens)).to_owned()
    }
}

fn keyword(tok: &Tok) -> bool {
    matches!(&tok.token, Token::Word(word) if word.quote_style.is_none() && reserved::is(&word.value))
}
