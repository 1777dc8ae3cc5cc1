//! The query of a statement: parsed, or else scanned.

mod fallback;
mod walk;

use crate::model::tree::Span;
use crate::sql::error::SqlError;
use crate::sql::facts::{Facts, Reads, Source, State, Warning};
use crate::sql::grammar;
use crate::sql::grammar::Unparsed;
use crate::sql::lex::{Lexeme, Tok};
use crate::sql::lower;
use crate::sql::scan;
use crate::sql::scan::Mention;
use crate::sql::script::Script;

/// Adds what the query reads and keeps.
///
/// Errors: a source whose name is missing.
pub(in crate::sql) fn read(script: &Script<'_>, tokens: &[Tok], facts: &mut Facts) -> Result<(), SqlError> {
    facts.sources = sources(script, tokens)?;
    let Some(mut lowered) = lower::lower(script, tokens) else {
        let why = Unparsed { message: "it is too long or nested too deeply".to_owned(), byte: None };
        not_parsed(script, tokens, why, facts);
        return Ok(());
    };
    let query = grammar::parse(script.dialect, std::mem::take(&mut lowered.tokens));
    facts.windows.append(&mut lowered.windows);
    facts.emit = lowered.emit.map(|(emit, _)| emit);
    facts.partition_by = lowered.partition_by.take();
    facts.stateful.append(&mut lowered.states);
    if !facts.windows.is_empty() {
        facts.stateful.insert(State::Window);
    }
    match query {
        Ok(query) => walk::walk(script, tokens, &lowered, &query, facts),
        Err(why) => not_parsed(script, tokens, why, facts),
    }
    Ok(())
}

/// Each mention of a table, with everything of it read.
///
/// Errors: a source whose name is missing.
pub(in crate::sql) fn sources(script: &Script<'_>, tokens: &[Tok]) -> Result<Vec<Source>, SqlError> {
    let lexemes: Vec<Lexeme> = tokens.iter().filter_map(Tok::lexeme).collect();
    let mentions = scan::sources(script.dialect, &lexemes)?;
    Ok(mentions.iter().map(|mention| source(script, mention)).collect())
}

fn source(script: &Script<'_>, mention: &Mention) -> Source {
    let place = script.place(mention.span);
    Source { name: mention.parts.join("."), alias: None, place, reads: Reads::All }
}

/// What is known of a query or statement that no parser read.
pub(in crate::sql) fn not_parsed(script: &Script<'_>, tokens: &[Tok], why: Unparsed, facts: &mut Facts) {
    let whole = script.around(tokens);
    let at = why.byte.and_then(|byte| tokens.iter().find(|tok| tok.span.start <= byte && byte < tok.span.end));
    // At the end of the text the parser names no place.
    let span = at.or(tokens.last()).map_or(Span::new(whole.start, whole.end), |tok| tok.span);
    let message = format!("weir does not understand this statement ({}): its changes count as stateful", why.message);
    facts.warnings.push(Warning { code: "not_parsed", message, place: script.place(span) });
    facts.parsed = false;
    facts.stateful.insert(State::NotParsed);
    fallback::scan(script, tokens, facts);
}
