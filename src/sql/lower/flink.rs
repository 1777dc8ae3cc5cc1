//! Flink's own clauses.

use std::collections::BTreeSet;

use sqlparser::tokenizer::Token;

use crate::model::tree::Span;
use crate::sql::cursor::{by_commas, close, enclosed, inside, outside, parts, value};
use crate::sql::facts::{Object, State, Window, WindowKind};
use crate::sql::lex::Tok;
use crate::sql::lower::Lower;
use crate::sql::reserved;
use crate::sql::script::words;

impl Lower<'_> {
    pub(super) fn flink(&mut self, rest: &[Tok], before: Option<&Tok>) -> usize {
        let [first, behind @ ..] = rest else { return 0 };
        let Token::Word(word) = &first.token else { return 0 };
        if word.quote_style.is_some() {
            return 0;
        }
        if let Some(mark) = literal_mark(rest) {
            return mark;
        }
        let opens = behind.first().is_some_and(|tok| tok.token == Token::LParen);
        match word.value.to_ascii_uppercase().as_str() {
            "TABLE" if opens => self.window_in_table(rest),
            "TABLE" => self.table(rest),
            "TUMBLE" | "HOP" | "SESSION" | "CUMULATE" if opens => self.window(rest),
            "LATERAL" if words(behind, &["TABLE"]) => 1,
            "MATCH_RECOGNIZE" if opens => self.match_recognize(rest),
            "MAP" | "MULTISET" if behind.first().is_some_and(|tok| tok.token == Token::LBracket) => {
                self.push_word("ARRAY", first.span);
                1
            }
            "MODEL" if argument(before) && parts(behind) > 0 => {
                self.push_word("NULL", first.span);
                1 + parts(behind)
            }
            "JSON_OBJECT" | "JSON_ARRAY" | "JSON_VALUE" | "JSON_QUERY" | "JSON_EXISTS" | "JSON_OBJECTAGG"
            | "JSON_ARRAYAGG"
                if opens =>
            {
                self.json(rest)
            }
            "JSON" if before.is_some_and(|tok| tok.is("IS") || tok.is("NOT")) => self.is_json(rest),
            _ => 0,
        }
    }

    /// `TABLE(TUMBLE(…))`; what else stands in `TABLE(…)` the parser knows.
    fn window_in_table(&mut self, rest: &[Tok]) -> usize {
        let Some(inside) = rest.get(1..).and_then(inside) else { return 0 };
        let whole = close(&rest[1..]).map_or(0, |end| end + 2);
        let starts = ["TUMBLE", "HOP", "SESSION", "CUMULATE"].iter().any(|word| words(inside, &[word]));
        if starts && inside.len() > 1 && self.window(inside) == inside.len() { whole } else { 0 }
    }

    /// `TUMBLE(TABLE t, DESCRIPTOR(ts), INTERVAL '1' HOUR)` becomes `t`. 0 if it is no window over a table.
    fn window(&mut self, rest: &[Tok]) -> usize {
        let Some(inside) = rest.get(1..).and_then(inside) else { return 0 };
        let kind = match value(&rest[0]).map(|word| word.to_ascii_uppercase()).as_deref() {
            Some("TUMBLE") => WindowKind::Tumble,
            Some("HOP") => WindowKind::Hop,
            Some("CUMULATE") => WindowKind::Cumulate,
            Some(_) | None => WindowKind::Session,
        };
        let order: &[&str] = match kind {
            WindowKind::Hop => &["DATA", "TIMECOL", "SLIDE", "SIZE"],
            WindowKind::Cumulate => &["DATA", "TIMECOL", "STEP", "SIZE"],
            WindowKind::Session => &["DATA", "TIMECOL", "GAP"],
            WindowKind::Tumble | WindowKind::Over => &["DATA", "TIMECOL", "SIZE"],
        };
        let arguments: Vec<(String, &[Tok])> =
            by_commas(inside).into_iter().enumerate().map(|(at, tokens)| named(order, at, tokens)).collect();
        let get = |name: &str| arguments.iter().find(|(of, _)| of == name).map(|(_, tokens)| *tokens);
        let Some(data) = get("DATA") else { return 0 };
        if !self.data(data) {
            return 0;
        }
        let time = get("TIMECOL").and_then(|tokens| tokens.get(1..)).unwrap_or_default();
        self.note(time);
        let time = match inside_of(time) {
            [column] => value(column),
            _ => None,
        };
        let size = get("SIZE").or(get("GAP")).map(|tokens| self.text(tokens));
        let step = get("SLIDE").or(get("STEP")).map(|tokens| self.text(tokens));
        let place = self.script.place(rest[0].span);
        self.out.windows.push(Window { kind, size, step, of: self.table_of(data), time, place });
        inside.len() + 3
    }

    /// The table of a window: `TABLE t PARTITION BY k`, or a query in brackets.
    fn data(&mut self, data: &[Tok]) -> bool {
        let named = words(data, &["TABLE"]);
        let data = if named { &data[1..] } else { data };
        let tokens = match inside(data) {
            Some(query) if words(query, &["SELECT"]) || words(query, &["WITH"]) => query.len() + 2,
            None if named => parts(data),
            // A column, of a window in GROUP BY.
            Some(_) | None => return false,
        };
        let (table, rest) = data.split_at(tokens);
        self.run(table);
        self.note(rest);
        tokens > 0
    }

    /// The name in `TABLE t`.
    fn table_of(&self, data: &[Tok]) -> Option<Object> {
        let name = data.get(1..).filter(|_| words(data, &["TABLE"]))?;
        let name = &name[..parts(name)];
        let last = name.last()?;
        let parts: Vec<String> = name.iter().filter_map(value).collect();
        let place = self.script.place(Span::new(name[0].span.start, last.span.end));
        Some(Object { name: parts.join("."), place })
    }

    /// `TABLE t` given to a function, or in place of a query.
    fn table(&mut self, rest: &[Tok]) -> usize {
        let names = parts(&rest[1..]);
        let keyword = rest.get(1).and_then(value).is_some_and(|word| reserved::is(&word));
        if names == 0 || keyword && !rest[1..].first().is_some_and(quoted) {
            return 0;
        }
        let (span, name) = (rest[0].span, &rest[1..=names]);
        self.push(Token::LParen, span);
        self.push_word("SELECT", span);
        self.push(Token::Mul, span);
        self.push_word("FROM", span);
        self.out.tokens.extend_from_slice(name);
        self.push(Token::RParen, span);
        // `TABLE t PARTITION BY k ORDER BY ts` of a function's argument.
        let behind = &rest[names + 1..];
        if words(behind, &["PARTITION", "BY"]) || words(behind, &["ORDER", "BY"]) {
            self.out.states.insert(State::TableArgument);
            let end = by_commas(enclosed(behind)).first().map_or(0, |piece| piece.len());
            self.note(&behind[..end]);
            return names + 1 + end;
        }
        names + 1
    }

    fn match_recognize(&mut self, rest: &[Tok]) -> usize {
        let Some(inside) = rest.get(1..).and_then(inside) else { return 0 };
        self.out.states.insert(State::MatchRecognize);
        self.note(inside);
        inside.len() + 3
    }

    /// `JSON_OBJECT(KEY 'a' VALUE x NULL ON NULL)` becomes `JSON_OBJECT('a', x)`.
    fn json(&mut self, rest: &[Tok]) -> usize {
        let Some(inside) = rest.get(1..).and_then(inside) else { return 0 };
        self.out.tokens.extend_from_slice(&rest[..2]);
        let end = outside(inside).map(|(at, _)| at).find(|at| json_tail(&inside[*at..]));
        let (arguments, tail) = inside.split_at(end.unwrap_or(inside.len()));
        let top: BTreeSet<usize> = outside(arguments).map(|(at, _)| at).collect();
        let mut plain: Vec<Tok> = Vec::new();
        for (at, tok) in arguments.iter().enumerate() {
            let top = top.contains(&at);
            let begins = plain.last().is_none_or(|last| last.token == Token::Comma);
            if top && (tok.is("VALUE") || tok.token == Token::Colon) && !begins {
                plain.push(Tok { token: Token::Comma, span: tok.span });
            } else if !(top && (tok.is("KEY") && begins || tok.is("FORMAT"))) {
                plain.push(tok.clone());
            }
        }
        self.run(&plain);
        self.note_defaults(tail);
        self.push(Token::RParen, rest[inside.len() + 2].span);
        inside.len() + 3
    }

    /// Of what stands for a wrong value only the default can hold a column.
    fn note_defaults(&mut self, tail: &[Tok]) {
        for (at, _) in tail.iter().enumerate().filter(|(_, tok)| tok.is("DEFAULT")) {
            let behind = &tail[at + 1..];
            self.note(&behind[..behind.iter().position(|tok| tok.is("ON")).unwrap_or(behind.len())]);
        }
    }

    /// `x IS JSON OBJECT` becomes `x IS NOT NULL`.
    fn is_json(&mut self, rest: &[Tok]) -> usize {
        if !self.out.tokens.last().is_some_and(|tok| tok.is("NOT")) {
            self.push_word("NOT", rest[0].span);
        }
        self.push_word("NULL", rest[0].span);
        let kind = ["VALUE", "OBJECT", "ARRAY", "SCALAR"].iter().any(|kind| words(&rest[1..], &[kind]));
        1 + usize::from(kind)
    }
}

fn inside_of(tokens: &[Tok]) -> &[Tok] {
    inside(tokens).unwrap_or_default()
}

/// How many tokens the mark of a literal has: `E'…'`, `U&'…'`. It stands directly before the quote.
fn literal_mark(rest: &[Tok]) -> Option<usize> {
    let marks = match rest {
        [mark, and, _, ..] if mark.is("U") && and.token == Token::Ampersand => 2,
        [mark, ..] if mark.is("E") => 1,
        _ => return None,
    };
    let literal = rest.get(marks)?;
    let joined = rest[..=marks].windows(2).all(|pair| pair[0].span.end == pair[1].span.start);
    (joined && matches!(literal.token, Token::SingleQuotedString(_))).then_some(marks)
}

fn quoted(tok: &Tok) -> bool {
    matches!(&tok.token, Token::Word(word) if word.quote_style.is_some())
}

fn argument(before: Option<&Tok>) -> bool {
    before.is_some_and(|tok| matches!(tok.token, Token::LParen | Token::Comma | Token::RArrow))
}

/// An argument with its name: written (`SIZE => x`) or by its place.
fn named<'a>(order: &[&str], at: usize, tokens: &'a [Tok]) -> (String, &'a [Tok]) {
    match tokens {
        [name, arrow, rest @ ..] if arrow.token == Token::RArrow => {
            (value(name).unwrap_or_default().to_ascii_uppercase(), rest)
        }
        _ => (order.get(at).map_or_else(String::new, |name| (*name).to_owned()), tokens),
    }
}

/// Whether what a JSON function does with NULL, empty or wrong values begins here.
fn json_tail(rest: &[Tok]) -> bool {
    let starts = ["RETURNING", "ABSENT", "WITH", "WITHOUT", "DEFAULT"];
    let on = ["NULL", "ERROR", "TRUE", "FALSE", "UNKNOWN"];
    starts.iter().any(|word| words(rest, &[word]))
        || on.iter().any(|word| words(rest, &[word, "ON"]))
        || words(rest, &["EMPTY", "ARRAY"])
        || words(rest, &["EMPTY", "OBJECT"])
}
