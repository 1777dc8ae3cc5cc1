//! The meaning of a query by its tokens.

use crate::sql::error::SqlError;
use crate::sql::lex;
use crate::sql::lex::Kind;
use crate::sql::lex::Lexeme;
use crate::sql::reserved;

/// The tokens of a text, equal for two texts of one meaning: comments, white space and a trailing `;` are dropped, the
/// reserved words of Flink are in capitals. Everything else is as it is written: names (Flink tells `a` from `A`),
/// quoted names and literals with their quotes, hints. Two texts of one meaning may still differ (`` `a` `` and `a`);
/// two of different meanings never agree.
pub fn tokens(sql: &str) -> Result<Vec<String>, SqlError> {
    Ok(of(sql, &lex::lex(sql)?))
}

/// The normal form of a part of Flink's tokens.
pub(in crate::sql) fn of(sql: &str, lexemes: &[Lexeme]) -> Vec<String> {
    let kept = lexemes.iter().rposition(|lexeme| lexeme.kind != Kind::Semicolon).map_or(0, |last| last + 1);
    lexemes[..kept].iter().flat_map(|lexeme| normal(&sql[lexeme.span.start..lexeme.span.end], &lexeme.kind)).collect()
}

fn normal(text: &str, kind: &Kind) -> Vec<String> {
    match kind {
        Kind::Word(word) if reserved::is_same_in_any_case(word) => vec![word.to_ascii_uppercase()],
        // Two types end here: to Flink no operator begins so.
        Kind::Other if text == ">>" => vec![">".to_owned(), ">".to_owned()],
        Kind::Word(_) | Kind::Quoted(_) | Kind::Literal | Kind::Open(_) | Kind::Close(_) => vec![text.to_owned()],
        Kind::Comma | Kind::Period | Kind::Semicolon | Kind::HintBegin | Kind::HintEnd => vec![text.to_owned()],
        Kind::Other => vec![text.to_owned()],
    }
}
