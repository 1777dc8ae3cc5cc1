//! ksqlDB's own clauses.

use sqlparser::tokenizer::Token;

use crate::sql::cursor::{by_commas, enclosed, inside, outside, value};
use crate::sql::facts::{Emit, State, Window, WindowKind};
use crate::sql::lex::Tok;
use crate::sql::lower::Lower;
use crate::sql::script::words;

impl Lower<'_> {
    pub(super) fn ksqldb(&mut self, rest: &[Tok], before: Option<&Tok>) -> usize {
        let [first, behind @ ..] = rest else { return 0 };
        match &first.token {
            Token::Arrow => self.field(rest, before),
            Token::RArrow => {
                self.push(Token::Arrow, first.span);
                1
            }
            Token::Word(_) if behind.first().is_some_and(|tok| tok.token == Token::Assignment) => 2,
            Token::Word(word) if word.quote_style.is_none() => match word.value.as_str() {
                "EMIT" => self.emit(rest, before),
                "WINDOW" => self.window_clause(rest),
                "WITHIN" => self.within(rest),
                "PARTITION" if words(behind, &["BY"]) => self.partition_by(rest),
                _ => 0,
            },
            _ => 0,
        }
    }

    /// `a->b` becomes `a['b']`: whatever `a` is, `b` is no column. `a->*` becomes `a.*`, `a->b->*` becomes `a['b']`.
    fn field(&mut self, rest: &[Tok], before: Option<&Tok>) -> usize {
        let Some(field) = rest.get(1) else { return 0 };
        let begins = self.out.tokens.last().is_some_and(|last| Some(last) == before);
        if field.token == Token::Mul && begins && before.and_then(value).is_some() {
            self.push(Token::Period, rest[0].span);
            self.push(Token::Mul, field.span);
            return 2;
        }
        if let Some(name) = value(field) {
            self.push(Token::LBracket, rest[0].span);
            self.push(Token::SingleQuotedString(name), field.span);
            self.push(Token::RBracket, field.span);
        }
        2
    }

    fn emit(&mut self, rest: &[Tok], before: Option<&Tok>) -> usize {
        let Some(kind) = emits(rest, before) else { return 0 };
        let span = self.script.around(&rest[..2]);
        self.out.emit = Some((kind, self.script.place(span)));
        2
    }

    /// `WINDOW TUMBLING (SIZE 1 HOUR, GRACE PERIOD 1 DAY)`; between the words may be a name.
    fn window_clause(&mut self, rest: &[Tok]) -> usize {
        let Some((kind, at)) = window(rest) else { return 0 };
        let Some(inside) = inside(&rest[at + 1..]) else { return 0 };
        let pieces = by_commas(inside);
        let find = |start: &[&str]| {
            let piece = pieces.iter().find(|piece| words(piece, start))?;
            Some(self.text(&piece[start.len()..]))
        };
        let size = match kind {
            WindowKind::Session => pieces.first().map(|piece| self.text(piece)),
            WindowKind::Tumble | WindowKind::Hop | WindowKind::Cumulate | WindowKind::Over => find(&["SIZE"]),
        };
        let step = find(&["ADVANCE", "BY"]);
        let place = self.script.place(rest[at].span);
        self.out.windows.push(Window { kind, size, step, of: None, time: None, place });
        at + inside.len() + 3
    }

    /// `WITHIN 1 HOUR`, `WITHIN (1 HOUR, 2 HOURS)`, with or without a grace period.
    fn within(&mut self, rest: &[Tok]) -> usize {
        let Some(taken) = within(rest) else { return 0 };
        self.out.within.push(rest[0].span.start);
        taken
    }

    fn partition_by(&mut self, rest: &[Tok]) -> usize {
        const END: &[&str] = &["HAVING", "EMIT", "LIMIT", "WHERE", "GROUP"];
        let rest = enclosed(rest);
        let end = outside(rest).find(|(_, tok)| END.iter().any(|word| tok.is(word)));
        let end = end.map_or(rest.len(), |(at, _)| at);
        let by = &rest[2.min(end)..end];
        self.note(by);
        self.out.partition_by = Some(self.text(by));
        self.out.states.insert(State::Repartition);
        end
    }
}

/// EMIT CHANGES or EMIT FINAL behind a query, and no column or table with a name like it.
pub(in crate::sql) fn emits(rest: &[Tok], before: Option<&Tok>) -> Option<Emit> {
    let kind = match rest {
        [emit, kind, ..] if emit.is("EMIT") && kind.is("CHANGES") => Emit::Changes,
        [emit, kind, ..] if emit.is("EMIT") && kind.is("FINAL") => Emit::Final,
        _ => return None,
    };
    let name = before.is_none_or(|tok| {
        tok.token == Token::Comma || ["SELECT", "FROM", "JOIN", "AS", "BY"].iter().any(|word| tok.is(word))
    });
    let ends = rest.get(2).is_none_or(|tok| tok.token == Token::RParen || tok.is("LIMIT"));
    (ends && !name).then_some(kind)
}

/// The kind of a WINDOW clause, and where its word stands.
pub(in crate::sql) fn window(rest: &[Tok]) -> Option<(WindowKind, usize)> {
    if !words(rest, &["WINDOW"]) {
        return None;
    }
    (1..=2).find_map(|at| {
        let opens = rest.get(at + 1).is_some_and(|tok| tok.token == Token::LParen);
        let kind = match rest.get(at) {
            Some(tok) if tok.is("TUMBLING") => WindowKind::Tumble,
            Some(tok) if tok.is("HOPPING") => WindowKind::Hop,
            Some(tok) if tok.is("SESSION") => WindowKind::Session,
            Some(_) | None => return None,
        };
        opens.then_some((kind, at))
    })
}

/// How many tokens a WITHIN has.
pub(in crate::sql) fn within(rest: &[Tok]) -> Option<usize> {
    if !words(rest, &["WITHIN"]) {
        return None;
    }
    let taken = match (inside(&rest[1..]), &rest[1..]) {
        (Some(inside), _) => inside.len() + 3,
        (None, [number, unit, ..]) if matches!(number.token, Token::Number(..)) && value(unit).is_some() => 3,
        (None, _) => return None,
    };
    let grace = words(&rest[taken..], &["GRACE", "PERIOD"]);
    Some(if grace { (taken + 4).min(rest.len()) } else { taken })
}
