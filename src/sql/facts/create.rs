//! CREATE, ALTER and DROP.

use sqlparser::tokenizer::Token;

use crate::sql::body;
use crate::sql::cursor::Cursor;
use crate::sql::cursor::{literal, nested, value};
use crate::sql::dialect::Dialect;
use crate::sql::error::SqlError;
use crate::sql::facts::{Facts, Field, Kind, State};
use crate::sql::lex::Tok;

/// Words between CREATE, ALTER or DROP and the name, that say of what.
const OBJECTS: &[&str] = &[
    "OR",
    "REPLACE",
    "ALTER",
    "TEMPORARY",
    "TEMP",
    "SYSTEM",
    "SOURCE",
    "SINK",
    "MATERIALIZED",
    "STREAM",
    "TABLE",
    "VIEW",
    "FUNCTION",
    "CATALOG",
    "DATABASE",
    "MODEL",
    "CONNECTION",
    "CONNECTOR",
    "TYPE",
    "SECRET",
];

pub(super) fn create(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    cursor.skip(1);
    facts.kind = Kind::Create;
    let object = object(cursor);
    cursor.eat(&["IF", "NOT", "EXISTS"]);
    facts.name = Some(cursor.name(&called(&object))?);
    facts.object = Some(object);
    if cursor.sees_token(&Token::LParen)
        && let Some(inside) = cursor.brackets()
    {
        facts.columns = columns(cursor, inside)?;
    }
    clauses(cursor, facts)
}

/// `TABLE`, `TEMPORARY VIEW` …; `OR REPLACE` is not said.
fn object(cursor: &mut Cursor<'_>) -> String {
    let mut words = Vec::new();
    while let Some(word) = cursor.eat_one_of(OBJECTS) {
        words.push(word);
    }
    let behind = if words.first() == Some(&"OR") { words.len().min(2) } else { 0 };
    words.split_off(behind).join(" ")
}

fn called(object: &str) -> String {
    match object {
        "" => "object".to_owned(),
        object => object.to_ascii_lowercase(),
    }
}

/// What comes behind the name and the columns, in any order: WITH, USING JAR, AS query.
fn clauses(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    let function = facts.object.as_deref().is_some_and(|object| object.ends_with("FUNCTION"));
    while cursor.peek().is_some() {
        let with = cursor.sees(&["WITH"]) && cursor.rest().get(1).is_some_and(|tok| tok.token == Token::LParen);
        if with {
            cursor.skip(1);
            let before = cursor.rest();
            facts.with.append(&mut cursor.options()?);
            let taken = &before[..before.len() - cursor.rest().len()];
            facts.with_place = Some(cursor.place(cursor.script.around(taken)));
        } else if function && cursor.eat(&["USING"]) {
            facts.jars.extend(cursor.rest().iter().filter_map(literal));
            cursor.skip_to_end();
        } else if cursor.eat(&["AS"]) {
            filled_by(cursor, facts)?;
        } else if cursor.brackets().is_none() {
            cursor.skip(1);
        }
    }
    Ok(())
}

/// AS of a table, view or stream comes before its query; that of a function or a type does not.
fn filled_by(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    let object = facts.object.as_deref().unwrap_or_default();
    if !["TABLE", "VIEW", "STREAM"].iter().any(|end| object.ends_with(end)) {
        return Ok(());
    }
    facts.kind = Kind::CreateAs;
    if !object.ends_with("VIEW") {
        facts.sink = facts.name.clone();
    }
    if object.ends_with("TABLE") && cursor.script.dialect == Dialect::Ksqldb {
        facts.stateful.insert(State::Table);
    }
    if cursor.peek().is_none() {
        return Err(SqlError::new(cursor.here(), "the query behind AS is missing").with_help("AS SELECT …"));
    }
    let listed = std::mem::take(&mut facts.columns);
    body::read(cursor.script, cursor.rest(), facts)?;
    if !listed.is_empty() {
        facts.columns = listed;
    }
    cursor.skip_to_end();
    Ok(())
}

pub(super) fn alter(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    cursor.skip(1);
    facts.kind = Kind::Alter;
    let object = object(cursor);
    cursor.eat(&["IF", "EXISTS"]);
    // ksqlDB: ALTER SYSTEM 'key' = 'value'.
    if object == "SYSTEM" {
        let key = cursor.literal();
        cursor.skip(1);
        facts.with.extend(key.zip(cursor.literal()));
    } else {
        facts.name = Some(cursor.name(&called(&object))?);
        let with_query = object.ends_with("VIEW") || object == "MATERIALIZED TABLE";
        if with_query && cursor.eat(&["AS"]) {
            body::read(cursor.script, cursor.rest(), facts)?;
        }
    }
    facts.object = Some(object);
    Ok(())
}

pub(super) fn drop(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    cursor.skip(1);
    facts.kind = Kind::Drop;
    let object = object(cursor);
    cursor.eat(&["IF", "EXISTS"]);
    facts.name = Some(cursor.name(&called(&object))?);
    facts.object = Some(object);
    Ok(())
}

/// The names of a list: `a, b`.
pub(super) fn names(inside: &[Tok]) -> Vec<Field> {
    inside.iter().filter_map(value).map(Field::Named).collect()
}

/// The names of `name type …, name AS expression, …`; constraints and watermarks are no columns.
fn columns(cursor: &Cursor<'_>, inside: &[Tok]) -> Result<Vec<Field>, SqlError> {
    const NO_COLUMN: &[&str] = &["PRIMARY", "CONSTRAINT", "WATERMARK", "UNIQUE", "PERIOD"];
    let mut found = Vec::new();
    for piece in pieces(inside) {
        let Some(first) = piece.first() else {
            let wrong = SqlError::new(cursor.script.around(inside), "a column is missing before a comma in this list");
            return Err(wrong.with_help("name type, name type, …"));
        };
        let constraint = NO_COLUMN.iter().any(|word| first.is(word)) && piece.len() > 2;
        match value(first) {
            Some(name) if !constraint => found.push(Field::Named(name)),
            Some(_) => {}
            None => return Err(SqlError::new(first.span, "a column begins with its name")),
        }
    }
    Ok(found)
}

/// The pieces between commas outside of brackets, those of types (`MAP<a, b>`) too.
fn pieces(inside: &[Tok]) -> Vec<&[Tok]> {
    let mut depth = 0_usize;
    let mut angles = 0_usize;
    let mut found = Vec::new();
    let mut start = 0;
    for (at, tok) in inside.iter().enumerate() {
        let of_type =
            at > 0 && ["ARRAY", "MAP", "MULTISET", "ROW", "STRUCT"].iter().any(|word| inside[at - 1].is(word));
        depth = nested(depth, tok);
        match tok.token {
            Token::Lt if of_type => angles += 1,
            Token::Gt => angles = angles.saturating_sub(1),
            Token::ShiftRight => angles = angles.saturating_sub(2),
            Token::Comma if depth == 0 && angles == 0 => {
                found.push(&inside[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&inside[start..]);
    found
}
