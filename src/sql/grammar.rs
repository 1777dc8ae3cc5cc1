//! The parser of queries, over tokens that are already there.

use std::any::TypeId;

use sqlparser::ast::Query;
use sqlparser::dialect::{Dialect as Hooks, GenericDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Location, Span as Range, Token, TokenWithSpan};

use crate::model::tree::Span;
use crate::sql::dialect;
use crate::sql::dialect::Dialect;
use crate::sql::lex::Tok;
use crate::sql::reserved;
use crate::sql::words::Words;

/// What both dialects have beyond the standard.
#[derive(Debug)]
struct Grammar;

impl Hooks for Grammar {
    // The parser asks for it where it has no hook: UNNEST.
    fn dialect(&self) -> TypeId {
        GenericDialect.dialect()
    }

    fn is_identifier_start(&self, c: char) -> bool {
        dialect::part(c)
    }

    fn is_identifier_part(&self, c: char) -> bool {
        dialect::part(c)
    }

    fn supports_filter_during_aggregation(&self) -> bool {
        true
    }

    fn supports_group_by_expr(&self) -> bool {
        true
    }

    fn supports_left_associative_joins_without_parens(&self) -> bool {
        true
    }

    fn supports_lambda_functions(&self) -> bool {
        true
    }

    fn supports_limit_comma(&self) -> bool {
        true
    }

    fn supports_parens_around_table_factor(&self) -> bool {
        true
    }

    fn supports_table_versioning(&self) -> bool {
        true
    }

    fn supports_values_as_table_factor(&self) -> bool {
        true
    }

    fn supports_window_clause_named_window_reference(&self) -> bool {
        true
    }

    fn supports_window_function_null_treatment_arg(&self) -> bool {
        true
    }

    fn allow_extract_custom(&self) -> bool {
        true
    }
}

/// What the parser did not take, and where (a byte), if it says so.
pub(in crate::sql) struct Unparsed {
    pub message: String,
    pub byte: Option<usize>,
}

/// Places in the tree are bytes of the text: see [`byte`].
pub(in crate::sql) fn parse(dialect: Dialect, tokens: Vec<Tok>) -> Result<Box<Query>, Unparsed> {
    let mut tokens = tokens;
    names_are_names(dialect, &mut tokens);
    let tokens = tokens.into_iter().map(|tok| {
        let range = Range::new(location(tok.span.start), location(tok.span.end));
        TokenWithSpan { token: tok.token, span: range }
    });
    let mut parser = Parser::new(&Grammar).with_tokens_with_locations(tokens.collect());
    let query = parser.parse_query().map_err(unparsed)?;
    let next = parser.peek_token();
    if next.token != Token::EOF {
        let message = match next.token {
            Token::Word(word) => format!("`{}` was not expected", word.value),
            other => format!("`{other}` was not expected"),
        };
        return Err(Unparsed { message, byte: Some(byte(next.span.start)) });
    }
    Ok(query)
}

/// The tokenizer's places are lines and columns; ours are bytes, all on one line.
fn location(byte: usize) -> Location {
    Location::new(1, byte as u64 + 1)
}

pub(in crate::sql) fn byte(location: Location) -> usize {
    usize::try_from(location.column).unwrap_or(usize::MAX).saturating_sub(1)
}

pub(in crate::sql) fn bytes(range: Range) -> Span {
    Span::new(byte(range.start), byte(range.end))
}

/// The parser writes line and column into its message.
fn unparsed(error: ParserError) -> Unparsed {
    let message = match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => message,
        ParserError::RecursionLimitExceeded => "it is nested too deeply".to_owned(),
    };
    match message.split_once(" at Line: ") {
        Some((said, place)) => {
            let column = place.rsplit("Column: ").next().and_then(|column| column.trim().parse::<u64>().ok());
            Unparsed { message: said.to_owned(), byte: column.map(|column| byte(Location::new(1, column))) }
        }
        None => Unparsed { message, byte: None },
    }
}

/// A word that is no keyword of the dialect is a name, whatever it means to the parser. Before a bracket it stays what
/// it is: some functions have a grammar of their own.
fn names_are_names(dialect: Dialect, tokens: &mut [Tok]) {
    for at in 0..tokens.len() {
        let opens = tokens.get(at + 1).is_some_and(|next| next.token == Token::LParen);
        let field = at > 0 && tokens[at - 1].token == Token::Period;
        if let Token::Word(word) = &mut tokens[at].token
            && word.quote_style.is_none()
            && (field || !opens && !keyword(dialect, &word.value))
        {
            word.quote_style = Some('`');
            word.keyword = Keyword::NoKeyword;
        }
    }
}

fn keyword(dialect: Dialect, word: &str) -> bool {
    match dialect {
        Dialect::Flink => reserved::is(word) || SOFT.holds(word),
        Dialect::Ksqldb => KSQLDB.holds(word),
    }
}

/// Words that Flink allows as names, and that its grammar of queries has.
const SOFT: Words = Words::new(
    "
    ASC CENTURY DAYS DECADE DESC DOW DOY EPOCH EXCLUDE FIRST FOLLOWING HOURS IF IGNORE ISODOW ISOYEAR LAST
    MICROSECOND MICROSECONDS MILLENNIUM MILLISECOND MILLISECONDS MINUTES MONTHS NANOSECOND NULLS ORDINALITY OTHERS
    PLACING PRECEDING QUALIFY QUARTER QUARTERS RESPECT SECONDS SETS TIES UNBOUNDED WEEK WEEKS YEARS ZONE
",
);

const KSQLDB: Words = Words::new(
    "
    AND ARRAY AS BETWEEN BY CASE CAST CROSS DISTINCT ELSE END ESCAPE FALSE FROM FULL GROUP HAVING IN INNER INT IS
    JOIN LEFT LIKE LIMIT MAP NOT NULL ON OR OUTER RIGHT SELECT STRUCT THEN TRUE VALUES WHEN WHERE
",
);

#[cfg(test)]
pub(in crate::sql) const ALL: [&Words; 2] = [&SOFT, &KSQLDB];
