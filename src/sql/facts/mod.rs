//! What each statement of a text is, reads, writes and keeps.

mod create;
mod nouns;
mod statement;

pub use nouns::{
    Bound, Emit, Facts, Field, Foreign, Hint, Join, JoinKind, Kind, Limit, Object, Place, Reads, Source, State,
    Warning, Window, WindowKind,
};

use crate::sql::cursor::Cursor;
use crate::sql::dialect::Dialect;
use crate::sql::error::SqlError;
use crate::sql::script;
use crate::sql::script::Script;

/// Reads every statement of a text, in order.
///
/// Errors: a literal, name, comment or bracket that does not end, a name that is missing. What a parser does not know is
/// no error: the statement's sources are found by a walk over its tokens, it has the warning `not_parsed`, and it counts
/// as stateful. The engine is the judge of its validity.
pub fn read(text: &str, dialect: Dialect) -> Result<Vec<Facts>, Vec<SqlError>> {
    let script = Script::of(text, dialect).map_err(|error| vec![error])?;
    let mut found = Vec::new();
    let mut errors = Vec::new();
    for tokens in script::split(dialect, &script.tokens) {
        match statement::read(&mut Cursor::new(&script, tokens)) {
            Ok(facts) => found.push(facts),
            Err(error) => errors.push(error),
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}
