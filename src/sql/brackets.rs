//! Brackets and their partners.

use crate::model::tree::Span;
use crate::sql::error::SqlError;
use crate::sql::lex::Bracket;
use crate::sql::lex::Kind;
use crate::sql::lex::Lexeme;

/// Every bracket has its partner: else the text could reach out of the place it is written in.
pub(in crate::sql) fn balanced(sql: &str, one: &[Lexeme]) -> Result<(), SqlError> {
    let mut open: Vec<(Bracket, Span)> = Vec::new();
    for lexeme in one {
        match lexeme.kind {
            Kind::Open(bracket) => open.push((bracket, lexeme.span)),
            Kind::Close(bracket) if open.pop().is_none_or(|(opened, _)| opened != bracket) => {
                return Err(SqlError::new(lexeme.span, "this bracket closes none"));
            }
            Kind::Close(_) => {}
            Kind::Word(_) | Kind::Quoted(_) | Kind::Literal | Kind::Comma | Kind::Period | Kind::Semicolon => {}
            Kind::HintBegin | Kind::HintEnd | Kind::Other => {}
        }
    }
    match open.pop() {
        None => Ok(()),
        Some((_, span)) => Err(SqlError::new(span, format!("`{}` is not closed", &sql[span.start..span.end]))),
    }
}
