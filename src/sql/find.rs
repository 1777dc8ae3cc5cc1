//! Where a name stands in a text, for telling it.

use sqlparser::tokenizer::Token;

use crate::model::tree::Span;
use crate::sql::dialect::Dialect;
use crate::sql::script::Script;

/// The first place of a name, written with or without quotes, as the dialect takes it.
pub fn name(text: &str, dialect: Dialect, name: &str) -> Option<Span> {
    let script = Script::of(text, dialect).ok()?;
    let found = script.tokens.iter().find(|tok| matches!(&tok.token, Token::Word(word) if word.value == name));
    found.map(|tok| tok.span)
}
