//! A query that no parser read, by a walk over its tokens: joins, windows, LIMIT and EMIT by their words.

use sqlparser::tokenizer::Token;

use crate::sql::facts::{Bound, Facts, Join, JoinKind, Limit, Window, WindowKind};
use crate::sql::lex::Tok;
use crate::sql::lower;
use crate::sql::script::Script;
use crate::sql::script::words;

pub(super) fn scan(script: &Script<'_>, tokens: &[Tok], facts: &mut Facts) {
    let lowered_windows = !facts.windows.is_empty();
    let mut depth = 0_usize;
    for (at, tok) in tokens.iter().enumerate() {
        let rest = &tokens[at..];
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        match tok.token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ if before.is_some_and(|tok| tok.token == Token::Period) => {}
            _ if tok.is("JOIN") => facts.joins.push(join(script, &tokens[..at], tok)),
            _ if tok.is("WHERE") => facts.filtered = true,
            _ if tok.is("LIMIT") && depth == 0 => facts.limit = limit(script, tok, rest),
            _ => {}
        }
        if !lowered_windows && let Some(kind) = window(rest) {
            facts.windows.push(Window {
                kind,
                size: None,
                step: None,
                of: None,
                time: None,
                place: script.place(tok.span),
            });
        }
        facts.emit = facts.emit.or(lower::emits(rest, before));
    }
}

fn limit(script: &Script<'_>, word: &Tok, rest: &[Tok]) -> Option<Limit> {
    let count = script.slice(rest.get(1)?.span).to_owned();
    Some(Limit { count, place: script.place(word.span) })
}

fn join(script: &Script<'_>, before: &[Tok], tok: &Tok) -> Join {
    let kinds = [
        ("LEFT", JoinKind::Left),
        ("RIGHT", JoinKind::Right),
        ("FULL", JoinKind::Full),
        ("CROSS", JoinKind::Cross),
        ("INNER", JoinKind::Inner),
    ];
    let mut words = before.iter().rev().filter(|tok| !tok.is("OUTER"));
    let word = words.next();
    let kind = kinds.iter().find(|(name, _)| word.is_some_and(|tok| tok.is(name)));
    let kind = kind.map_or(JoinKind::Unknown, |(_, kind)| *kind);
    Join { kind, bound: Bound::None, place: script.place(tok.span) }
}

fn window(rest: &[Tok]) -> Option<WindowKind> {
    let kinds = [
        ("TUMBLE", WindowKind::Tumble),
        ("HOP", WindowKind::Hop),
        ("CUMULATE", WindowKind::Cumulate),
        ("SESSION", WindowKind::Session),
        ("TUMBLING", WindowKind::Tumble),
        ("HOPPING", WindowKind::Hop),
    ];
    let opens = rest.get(1).is_some_and(|tok| tok.token == Token::LParen);
    kinds.iter().find(|(name, _)| opens && words(rest, &[name])).map(|(_, kind)| *kind)
}
