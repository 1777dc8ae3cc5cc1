//! Clauses that only the other dialect has: what no engine of this one can take, told by its grammar.

use sqlparser::tokenizer::Token;

use crate::sql::dialect::Dialect;
use crate::sql::facts::Foreign;
use crate::sql::lex::Tok;
use crate::sql::lower;
use crate::sql::script::Script;
use crate::sql::script::words;

/// Each such clause, in order.
pub(in crate::sql) fn clauses(script: &Script<'_>, tokens: &[Tok]) -> Vec<Foreign> {
    let mut found = Vec::new();
    for (at, tok) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &tokens[before]);
        // Behind a period every word is a name.
        if !matches!(tok.token, Token::Word(_) | Token::LParen) || before.is_some_and(|tok| tok.token == Token::Period)
        {
            continue;
        }
        let what = match script.dialect {
            Dialect::Flink => of_ksqldb(&tokens[at..], before),
            Dialect::Ksqldb => of_flink(&tokens[at..], before),
        };
        found.extend(what.map(|what| Foreign { what, place: script.place(tok.span) }));
    }
    found
}

fn of_ksqldb(rest: &[Tok], before: Option<&Tok>) -> Option<&'static str> {
    if lower::emits(rest, before).is_some() {
        return Some("EMIT");
    }
    if lower::window(rest).is_some() {
        return Some("WINDOW TUMBLING, HOPPING and SESSION");
    }
    let of_match = rest.get(1).is_some_and(|tok| tok.is("INTERVAL"));
    (lower::within(rest).is_some() && !of_match && before.is_some_and(is_name)).then_some("WITHIN")
}

fn is_name(tok: &Tok) -> bool {
    matches!(tok.token, Token::Word(_))
}

fn of_flink(rest: &[Tok], before: Option<&Tok>) -> Option<&'static str> {
    let opens = |at: usize| rest.get(at).is_some_and(|tok| tok.token == Token::LParen);
    let is = |word: &str| rest.first().is_some_and(|tok| tok.is(word));
    if opens(0) {
        return (words(&rest[1..], &["SELECT"])).then_some("a query in brackets");
    }
    let selects = |at: usize| words(&rest[at.min(rest.len())..], &["SELECT"]) || opens(at);
    let set = ["UNION", "INTERSECT", "EXCEPT", "MINUS"].iter().any(|word| is(word));
    if set && (selects(1) || (words(rest.get(1..).unwrap_or_default(), &["ALL"]) && selects(2))) {
        return Some("UNION, INTERSECT and EXCEPT");
    }
    let found = [
        (is("TABLE") && opens(1), "TABLE(…)"),
        (is("OVER") && opens(1) && before.is_some_and(|tok| tok.token == Token::RParen), "OVER"),
        (words(rest, &["FOR", "SYSTEM_TIME", "AS", "OF"]), "FOR SYSTEM_TIME AS OF"),
        (is("MATCH_RECOGNIZE") && opens(1), "MATCH_RECOGNIZE"),
        (words(rest, &["CROSS", "JOIN"]), "CROSS JOIN"),
        (words(rest, &["ORDER", "BY"]), "ORDER BY"),
        (words(rest, &["GROUPING", "SETS"]) && opens(2), "GROUPING SETS"),
        (before.is_none() && is("WITH"), "WITH before SELECT"),
        (words(rest, &["INSERT", "OVERWRITE"]), "INSERT OVERWRITE"),
    ];
    found.into_iter().find(|(there, _)| *there).map(|(_, what)| what)
}
