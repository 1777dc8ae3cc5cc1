//! One statement: that it is one, that it is a query, and what it reads.

use crate::model::tree::Span;
use crate::sql::dialect::Dialect;
use crate::sql::error::SqlError;
use crate::sql::lex;
use crate::sql::lex::Bracket;
use crate::sql::lex::Kind;
use crate::sql::lex::Lexeme;
use crate::sql::scan;
use crate::sql::scan::Mention;

/// One query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Each mention of a table, in order. Names of common table expressions are none.
    pub sources: Vec<SourceRef>,
    /// Each hint (`/*+ … */`), in order. A hint can change options of a table or of the job.
    pub hints: Vec<Span>,
    /// From the first to the last token, without a trailing `;` and without comments around: what may be written inside
    /// another statement.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRef {
    /// Without quotes.
    pub name: String,
    /// Bytes of the SQL text, with the quotes.
    pub span: Span,
}

/// Reads one statement that is a query; a trailing `;` is fine.
///
/// Errors: no statement, more than one, something else than a query, a literal, name, comment or bracket that does not
/// end, a source whose name is missing or has more than one part. What is no query to the engine only is no error here.
pub fn read(sql: &str) -> Result<Statement, SqlError> {
    let lexemes = lex::lex(sql)?;
    let one = only_one(sql, &lexemes)?;
    begins_as_query(sql, one)?;
    balanced(sql, one)?;
    let mentions = scan::sources(Dialect::Flink, one)?;
    let sources = mentions.into_iter().map(|mention| plain(sql, mention)).collect::<Result<_, _>>()?;
    let starts = one.iter().filter(|lexeme| lexeme.kind == Kind::HintBegin);
    let ends = one.iter().filter(|lexeme| lexeme.kind == Kind::HintEnd);
    let hints = starts.zip(ends).map(|(start, end)| Span::new(start.span.start, end.span.end)).collect();
    Ok(Statement { sources, hints, span: around(one) })
}

fn plain(sql: &str, mention: Mention) -> Result<SourceRef, SqlError> {
    let Mention { parts, span } = mention;
    match <[String; 1]>::try_from(parts) {
        Ok([name]) => Ok(SourceRef { name, span }),
        Err(_) => {
            let error = SqlError::new(span, format!("`{}` has more than one part", &sql[span.start..span.end]));
            Err(error.with_help("a source has a plain name: that of a definition"))
        }
    }
}

/// The tokens before the first `;`, if nothing but `;` follows.
fn only_one<'a>(sql: &str, lexemes: &'a [Lexeme]) -> Result<&'a [Lexeme], SqlError> {
    let end = lexemes.iter().position(|lexeme| lexeme.kind == Kind::Semicolon).unwrap_or(lexemes.len());
    let (one, rest) = lexemes.split_at(end);
    let second = rest.iter().skip_while(|lexeme| lexeme.kind == Kind::Semicolon);
    let second: Vec<Lexeme> = second.take_while(|lexeme| lexeme.kind != Kind::Semicolon).cloned().collect();
    if !second.is_empty() {
        let error = SqlError::new(around(&second), "a second statement begins here");
        return Err(error.with_help("a stream is one query; make a definition of its own for each"));
    }
    if one.is_empty() {
        let error = SqlError::new(Span::new(0, sql.len()), "there is no statement here");
        return Err(error.with_help("a stream is one query: SELECT … FROM …"));
    }
    Ok(one)
}

fn begins_as_query(sql: &str, one: &[Lexeme]) -> Result<(), SqlError> {
    let first = one.iter().find(|lexeme| lexeme.kind != Kind::Open(Bracket::Round)).unwrap_or(&one[0]);
    if first.is("SELECT") || first.is("WITH") {
        return Ok(());
    }
    let text = &sql[first.span.start..first.span.end];
    let error = SqlError::new(first.span, format!("a stream is one query, and no query begins with `{text}`"));
    Err(error.with_help("write only SELECT … or WITH … SELECT …: weir makes the tables and the INSERT"))
}

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

fn around(lexemes: &[Lexeme]) -> Span {
    let start = lexemes.first().map_or(0, |first| first.span.start);
    Span::new(start, lexemes.last().map_or(start, |last| last.span.end))
}
