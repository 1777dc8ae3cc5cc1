//! What both dialects have and the parser has not.

use sqlparser::tokenizer::Token;

use crate::sql::cursor::{inside, outside, value};
use crate::sql::lex::Tok;
use crate::sql::lower::Lower;

/// Functions whose first argument is a unit of time.
const UNIT_FIRST: &[&str] =
    &["TIMESTAMPADD", "TIMESTAMPDIFF", "TIMESTAMPSUB", "DATEADD", "DATESUB", "TIMEADD", "TIMESUB"];

impl Lower<'_> {
    pub(super) fn shared(&mut self, rest: &[Tok], before: Option<&Tok>) -> usize {
        let [first, ..] = rest else { return 0 };
        if first.is("CAST") || first.is("TRY_CAST") {
            return self.cast(rest);
        }
        if UNIT_FIRST.iter().any(|name| first.is(name)) {
            return self.unit(rest);
        }
        // BETWEEN SYMMETRIC a AND b
        if (first.is("SYMMETRIC") || first.is("ASYMMETRIC")) && before.is_some_and(|before| before.is("BETWEEN")) {
            return 1;
        }
        0
    }

    /// `TIMESTAMPDIFF(MINUTE, a, b)`: the unit is no column.
    fn unit(&mut self, rest: &[Tok]) -> usize {
        let [name, open, unit, comma, ..] = rest else { return 0 };
        if open.token != Token::LParen || value(unit).is_none() || comma.token != Token::Comma {
            return 0;
        }
        self.out.tokens.extend([name.clone(), open.clone()]);
        self.push(Token::SingleQuotedString(String::new()), unit.span);
        3
    }

    /// `CAST(x AS any type)`: the type is of no concern.
    fn cast(&mut self, rest: &[Tok]) -> usize {
        let Some(inside) = rest.get(1..).and_then(inside) else { return 0 };
        let Some(at) = outside(inside).filter(|(_, tok)| tok.is("AS")).map(|(at, _)| at).last() else { return 0 };
        let (span, end) = (rest[0].span, rest[inside.len() + 2].span);
        self.push_word("CAST", span);
        self.push(Token::LParen, rest[1].span);
        self.run(&inside[..at]);
        self.push_word("AS", inside[at].span);
        self.push_word("INT", inside[at].span);
        self.push(Token::RParen, end);
        inside.len() + 3
    }
}
