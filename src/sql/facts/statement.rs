//! One statement by its first words.

use sqlparser::tokenizer::Token;

use crate::model::tree::Span;
use crate::sql::body;
use crate::sql::brackets::balanced;
use crate::sql::cursor::Cursor;
use crate::sql::cursor::{literal, value};
use crate::sql::dialect::Dialect;
use crate::sql::error::SqlError;
use crate::sql::facts::create;
use crate::sql::facts::{Facts, Hint, Kind, Limit, Object};
use crate::sql::foreign;
use crate::sql::grammar::Unparsed;
use crate::sql::lex::{Lexeme, Tok};
use crate::sql::normal;
use crate::sql::script;

/// Statements inside statements, at most: EXPLAIN of a statement set of INSERTs is the deepest there is.
const DEEPEST: usize = 3;

pub(super) fn read(cursor: &mut Cursor<'_>) -> Result<Facts, SqlError> {
    let lexemes: Vec<Lexeme> = cursor.tokens.iter().filter_map(Tok::lexeme).collect();
    balanced(cursor.script.text, &lexemes)?;
    let mut facts = at_depth(cursor, 0)?;
    facts.foreign = foreign::clauses(cursor.script, cursor.tokens);
    Ok(facts)
}

fn at_depth(cursor: &mut Cursor<'_>, depth: usize) -> Result<Facts, SqlError> {
    let span = cursor.script.around(cursor.tokens);
    let mut facts = Facts::new(Kind::Unknown, cursor.place(span));
    facts.hints = hints(cursor, &facts);
    facts.normal = normal_form(cursor, &facts);
    match depth {
        ..DEEPEST => begin(cursor, &mut facts, depth)?,
        DEEPEST.. => unknown(cursor, &mut facts),
    }
    Ok(facts)
}

/// Those between the token before the statement and the one behind it: the last may stand at its end.
fn hints(cursor: &Cursor<'_>, facts: &Facts) -> Vec<Hint> {
    let script = cursor.script;
    if script.hints.is_empty() {
        return Vec::new();
    }
    let first = script.tokens.partition_point(|tok| tok.span.start < facts.place.start);
    let behind = script.tokens.partition_point(|tok| tok.span.start < facts.place.end);
    let from = first.checked_sub(1).map_or(0, |before| script.tokens[before].span.end);
    let to = script.tokens.get(behind).map_or(script.text.len(), |tok| tok.span.start);
    let inside = script.hints.iter().filter(|hint| from <= hint.start && hint.start < to);
    inside.map(|hint| Hint { text: script.slice(*hint).to_owned(), place: script.place(*hint) }).collect()
}

fn normal_form(cursor: &Cursor<'_>, facts: &Facts) -> Vec<String> {
    match cursor.script.dialect {
        // Hints count, and they are not among the tokens.
        Dialect::Flink if facts.hints.is_empty() => {
            let lexemes: Vec<Lexeme> = cursor.tokens.iter().filter_map(Tok::lexeme).collect();
            normal::of(cursor.script.text, &lexemes)
        }
        Dialect::Flink => normal::tokens(cursor.script.slice(with_hints(facts))).unwrap_or_default(),
        Dialect::Ksqldb => cursor.tokens.iter().map(|tok| in_capitals(cursor, tok)).collect(),
    }
}

fn with_hints(facts: &Facts) -> Span {
    let starts = facts.hints.iter().map(|hint| hint.place.start);
    let ends = facts.hints.iter().map(|hint| hint.place.end);
    let start = starts.chain([facts.place.start]).min().unwrap_or_default();
    Span::new(start, ends.chain([facts.place.end]).max().unwrap_or(start))
}

/// To ksqlDB a word is the same in any case, a quoted name is not.
fn in_capitals(cursor: &Cursor<'_>, tok: &Tok) -> String {
    match &tok.token {
        Token::Word(word) if word.quote_style.is_none() => word.value.clone(),
        _ => cursor.script.slice(tok.span).to_owned(),
    }
}

fn begin(cursor: &mut Cursor<'_>, facts: &mut Facts, depth: usize) -> Result<(), SqlError> {
    let first = cursor.peek().and_then(|tok| match &tok.token {
        Token::Word(word) if word.quote_style.is_none() => Some(word.value.to_ascii_uppercase()),
        _ => None,
    });
    match first.as_deref() {
        None if cursor.sees_token(&Token::LParen) => query(cursor, facts),
        Some("SELECT" | "WITH" | "VALUES" | "TABLE" | "FROM") => query(cursor, facts),
        Some("INSERT") => insert(cursor, facts),
        Some("CREATE") => create::create(cursor, facts),
        Some("ALTER") => create::alter(cursor, facts),
        Some("DROP") => create::drop(cursor, facts),
        Some("EXPLAIN") => explain(cursor, facts, depth),
        Some("BEGIN" | "EXECUTE" | "COMPILE") => plans_and_sets(cursor, facts, depth),
        Some("DELETE" | "UPDATE" | "TRUNCATE" | "ANALYZE") => rows(cursor, facts),
        Some("SET" | "RESET" | "UNSET" | "DEFINE" | "UNDEFINE" | "USE") => settings(cursor, facts),
        Some("SHOW" | "LIST" | "DESCRIBE" | "DESC" | "PRINT" | "CALL" | "ASSERT") => look(cursor, facts),
        Some("ADD" | "REMOVE" | "LOAD" | "UNLOAD" | "RUN") => code(cursor, facts),
        Some("STOP" | "TERMINATE" | "PAUSE" | "RESUME") => jobs(cursor, facts),
        Some(_) | None => {
            unknown(cursor, facts);
            Ok(())
        }
    }
}

/// Nothing is known of the statement: what looks like a source may be one.
fn unknown(cursor: &Cursor<'_>, facts: &mut Facts) {
    let why = Unparsed { message: "no statement known here begins so".to_owned(), byte: Some(facts.place.start) };
    facts.sources = body::sources(cursor.script, cursor.tokens).unwrap_or_default();
    body::not_parsed(cursor.script, cursor.tokens, why, facts);
}

fn query(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    facts.kind = Kind::Query;
    body::read(cursor.script, cursor.rest(), facts)
}

/// INSERT INTO|OVERWRITE [TABLE] name [PARTITION (…)] [(columns)] [WITH (…)] query.
fn insert(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    cursor.skip(1);
    facts.kind = Kind::Insert;
    if cursor.eat_one_of(&["INTO", "OVERWRITE"]).is_none() {
        return Err(SqlError::new(cursor.here(), "INTO is missing here").with_help("INSERT INTO table SELECT …"));
    }
    cursor.eat(&["TABLE"]);
    facts.sink = Some(cursor.name("table that is inserted into")?);
    if cursor.eat(&["PARTITION"]) {
        cursor.brackets();
    }
    let listed = cursor.sees_token(&Token::LParen) && !begins_query(&cursor.rest()[1..]);
    let columns = if listed { cursor.brackets().map(create::names) } else { None };
    if cursor.sees(&["WITH"]) && cursor.rest().get(1).is_some_and(|tok| tok.token == Token::LParen) {
        cursor.skip(1);
        facts.with = cursor.options()?;
    }
    if cursor.sees(&["VALUES"]) {
        facts.kind = Kind::InsertValues;
    }
    if cursor.peek().is_none() {
        return Err(
            SqlError::new(cursor.here(), "the query behind INSERT is missing").with_help("SELECT … or VALUES …")
        );
    }
    let end = cursor.find(&["ON", "CONFLICT"]).unwrap_or(cursor.rest().len());
    body::read(cursor.script, &cursor.rest()[..end], facts)?;
    if let Some(columns) = columns {
        facts.columns = columns;
    }
    Ok(())
}

fn begins_query(tokens: &[Tok]) -> bool {
    let first = tokens.iter().find(|tok| tok.token != Token::LParen);
    first.is_some_and(|tok| ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| tok.is(word)))
}

fn explain(cursor: &mut Cursor<'_>, facts: &mut Facts, depth: usize) -> Result<(), SqlError> {
    const BEGIN: &[&str] =
        &["SELECT", "INSERT", "CREATE", "WITH", "VALUES", "EXECUTE", "STATEMENT", "BEGIN", "DELETE", "UPDATE", "TABLE"];
    cursor.skip(1);
    facts.kind = Kind::Explain;
    // The details (`ESTIMATED_COST, JSON_EXECUTION_PLAN`, `PLAN FOR`) are words before the statement.
    let begins = |tok: &Tok| tok.token == Token::LParen || BEGIN.iter().any(|word| tok.is(word));
    match cursor.rest().iter().position(begins) {
        Some(at) => {
            cursor.skip(at);
            inner(cursor, facts, depth)
        }
        // ksqlDB explains a query by its id.
        None => {
            facts.name = cursor.name("query").ok();
            Ok(())
        }
    }
}

/// A statement set or a single statement that is the rest of this one.
fn inner(cursor: &mut Cursor<'_>, facts: &mut Facts, depth: usize) -> Result<(), SqlError> {
    if cursor.eat(&["STATEMENT", "SET", "BEGIN"]) {
        return set(cursor, facts, depth);
    }
    let part = at_depth(&mut Cursor::new(cursor.script, cursor.rest()), depth + 1)?;
    cursor.skip_to_end();
    facts.parts.push(part);
    Ok(())
}

/// The INSERTs before END.
fn set(cursor: &mut Cursor<'_>, facts: &mut Facts, depth: usize) -> Result<(), SqlError> {
    let rest = cursor.rest();
    let Some((end, inserts)) = rest.split_last().filter(|(end, _)| end.is("END")) else {
        let wrong = SqlError::new(cursor.here(), "the statement set that begins here does not end");
        return Err(wrong.with_help("BEGIN STATEMENT SET; INSERT …; INSERT …; END;"));
    };
    let inserts = inserts.split(script::semicolon).filter(|tokens| !tokens.is_empty());
    for tokens in inserts {
        facts.parts.push(at_depth(&mut Cursor::new(cursor.script, tokens), depth + 1)?);
    }
    if facts.parts.is_empty() {
        return Err(
            SqlError::new(end.span, "the statement set is empty").with_help("it holds INSERTs, each with a `;`")
        );
    }
    Ok(())
}

fn plans_and_sets(cursor: &mut Cursor<'_>, facts: &mut Facts, depth: usize) -> Result<(), SqlError> {
    if cursor.eat(&["BEGIN", "STATEMENT", "SET"]) || cursor.eat(&["EXECUTE", "STATEMENT", "SET", "BEGIN"]) {
        facts.kind = Kind::StatementSet;
        return set(cursor, facts, depth);
    }
    if cursor.eat(&["EXECUTE", "PLAN"]) {
        facts.kind = Kind::ExecutePlan;
        return Ok(());
    }
    if cursor.eat(&["COMPILE", "PLAN"]) || cursor.eat(&["COMPILE", "AND", "EXECUTE", "PLAN"]) {
        facts.kind = Kind::CompilePlan;
        if cursor.eat_until(&["FOR"]) {
            return inner(cursor, facts, depth);
        }
        return Ok(());
    }
    if cursor.eat(&["EXECUTE"]) && cursor.sees(&["INSERT"]) {
        return insert(cursor, facts);
    }
    Ok(())
}

/// DELETE, UPDATE, TRUNCATE and ANALYZE: the table that they change or measure.
fn rows(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    facts.kind = match cursor.eat_one_of(&["DELETE", "UPDATE", "TRUNCATE", "ANALYZE"]) {
        Some("DELETE") => Kind::Delete,
        Some("UPDATE") => Kind::Update,
        Some("TRUNCATE") => Kind::Truncate,
        Some(_) | None => Kind::Analyze,
    };
    cursor.eat(&["FROM"]);
    cursor.eat(&["TABLE"]);
    facts.sink = Some(cursor.name("table")?);
    Ok(())
}

fn settings(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    let word = cursor.eat_one_of(&["SET", "RESET", "UNSET", "DEFINE", "UNDEFINE", "USE"]);
    facts.kind = match word {
        Some("SET") => Kind::Set,
        Some("DEFINE") => Kind::Define,
        Some("UNDEFINE") => Kind::Undefine,
        Some("USE") => Kind::Use,
        Some(_) | None => Kind::Reset,
    };
    if facts.kind == Kind::Use {
        cursor.eat_one_of(&["CATALOG", "MODULES"]);
        facts.name = Some(cursor.name("database")?);
        return Ok(());
    }
    let equals = cursor.rest().iter().position(|tok| tok.token == Token::Eq);
    let (key, text) = cursor.rest().split_at(equals.unwrap_or(cursor.rest().len()));
    let plain = |tokens: &[Tok]| match tokens {
        [one] => literal(one),
        _ => None,
    };
    let written =
        |tokens: &[Tok]| plain(tokens).unwrap_or_else(|| cursor.script.slice(cursor.script.around(tokens)).to_owned());
    if key.is_empty() {
        return Ok(());
    }
    let place = cursor.place(cursor.script.around(key));
    facts.name = Some(Object { name: written(key), place });
    if let Some((_, text)) = text.split_first() {
        facts.with.insert(written(key), written(text));
    }
    Ok(())
}

fn look(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    let word = cursor.eat_one_of(&["SHOW", "LIST", "DESCRIBE", "DESC", "PRINT", "CALL", "ASSERT"]);
    facts.kind = match word {
        Some("SHOW" | "LIST") => Kind::Show,
        Some("PRINT") => Kind::Print,
        Some("CALL") => Kind::Call,
        Some("ASSERT") => Kind::Assert,
        Some(_) | None => Kind::Describe,
    };
    if facts.kind == Kind::Print {
        facts.name = Some(word_or_literal(cursor, "topic")?);
        let at = cursor.find(&["LIMIT"]).map(|tokens| cursor.rest()[tokens].span);
        cursor.eat_until(&["LIMIT"]);
        facts.limit = at
            .zip(cursor.peek())
            .map(|(at, tok)| Limit { count: cursor.script.slice(tok.span).to_owned(), place: cursor.place(at) });
    } else if facts.kind == Kind::Call {
        facts.name = Some(cursor.name("procedure")?);
    } else if facts.kind == Kind::Describe {
        describe(cursor, facts)?;
    } else {
        let words = cursor.rest().iter().take(4).map_while(value).collect::<Vec<_>>();
        facts.object = Some(words.join(" ").to_ascii_uppercase());
    }
    Ok(())
}

fn describe(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    const OBJECTS: &[&str] =
        &["JOB", "CATALOG", "DATABASE", "FUNCTION", "CONNECTOR", "MODEL", "STREAMS", "TABLES", "MATERIALIZED"];
    let object = cursor.eat_one_of(OBJECTS);
    cursor.eat_one_of(&["EXTENDED", "TABLE"]);
    facts.object = object.map(str::to_owned);
    if object.is_none() || cursor.peek().is_some() {
        facts.name = Some(word_or_literal(cursor, "table")?);
    }
    Ok(())
}

/// A name that may be a word, a quoted name or a literal.
fn word_or_literal(cursor: &mut Cursor<'_>, of: &str) -> Result<Object, SqlError> {
    let place = cursor.place(cursor.here());
    match cursor.literal() {
        Some(name) => Ok(Object { name, place }),
        None => cursor.name(of),
    }
}

fn code(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    let kinds = [
        (&["ADD", "JAR"][..], Kind::AddJar),
        (&["REMOVE", "JAR"], Kind::RemoveJar),
        (&["LOAD", "MODULE"], Kind::LoadModule),
        (&["UNLOAD", "MODULE"], Kind::UnloadModule),
        (&["RUN", "SCRIPT"], Kind::RunScript),
    ];
    for (words, kind) in kinds {
        if cursor.eat(words) {
            facts.kind = kind;
            facts.jars.extend(cursor.literal());
            if kind == Kind::LoadModule || kind == Kind::UnloadModule {
                facts.name = Some(cursor.name("module")?);
            }
            return Ok(());
        }
    }
    Ok(())
}

fn jobs(cursor: &mut Cursor<'_>, facts: &mut Facts) -> Result<(), SqlError> {
    facts.kind = match cursor.eat_one_of(&["STOP", "TERMINATE", "PAUSE", "RESUME"]) {
        Some("STOP") => Kind::StopJob,
        Some("PAUSE") => Kind::Pause,
        Some("RESUME") => Kind::Resume,
        Some(_) | None => Kind::Terminate,
    };
    cursor.eat_one_of(&["JOB", "QUERY"]);
    // ALL is a word that a query cannot be called by.
    if !cursor.eat(&["ALL"]) {
        facts.name = Some(word_or_literal(cursor, "query")?);
    }
    Ok(())
}
