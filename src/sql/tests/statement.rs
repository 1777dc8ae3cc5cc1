use proptest::prelude::*;

use crate::model::limits::SqlLimits;
use crate::model::tree::Span;
use crate::sql::Dialect;
use crate::sql::error::SqlError;
use crate::sql::facts;
use crate::sql::facts::Facts;
use crate::sql::normal;
use crate::sql::rules;
use crate::sql::rules::{Finding, Purpose};
use crate::sql::tests::STATEMENTS;

fn read(sql: &str) -> Result<Vec<Facts>, Vec<SqlError>> {
    facts::read(sql, Dialect::Flink)
}

fn refused(sql: &str) -> SqlError {
    match read(sql) {
        Err(mut errors) => errors.remove(0),
        Ok(facts) => panic!("{sql} was read: {facts:?}"),
    }
}

/// The first error of a stream with this text.
fn no_stream(sql: &str) -> Finding {
    let facts = read(sql).unwrap_or_else(|errors| panic!("{sql}: {errors:?}"));
    let found = rules::check(sql, &facts, Dialect::Flink, Purpose::Stream, &SqlLimits::default());
    found.into_iter().find(Finding::is_error).unwrap_or_else(|| panic!("{sql} is a stream"))
}

#[test]
fn what_flink_takes_is_read() {
    for sql in STATEMENTS {
        let facts = read(sql).unwrap_or_else(|errors| panic!("{sql}: {errors:?}"));
        let found = rules::check(sql, &facts, Dialect::Flink, Purpose::Stream, &SqlLimits::default());
        assert_eq!(found.iter().find(|finding| finding.is_error()), None, "{sql}");
    }
}

#[test]
fn a_trailing_semicolon_and_comments_around_are_not_part_of_the_query() {
    let sql = "-- first\n  SELECT 1 FROM t ; ;\n-- last; really";
    let spans: Vec<Span> = read(sql).unwrap_or_default().iter().map(|facts| facts.place.span()).collect();
    assert_eq!(spans.iter().map(|span| &sql[span.start..span.end]).collect::<Vec<_>>(), ["SELECT 1 FROM t"]);
}

#[test]
fn two_statements_are_refused_at_the_second_and_nowhere_else() {
    let sql = "SELECT ';' FROM t; -- ;\n DROP TABLE t; PRINT x";
    let wrong = no_stream(sql);
    assert_eq!((wrong.code, &sql[wrong.span.start..wrong.span.end]), ("several_statements", "DROP TABLE t"));
}

#[test]
fn no_statement_is_an_error_that_covers_the_text() {
    for sql in ["", "  \n", ";", "-- only a comment", "/* SELECT 1 */ ;;"] {
        let wrong = no_stream(sql);
        assert_eq!((wrong.code, wrong.span), ("no_statement", Span::new(0, sql.len())));
    }
}

#[test]
fn only_a_query_is_a_stream() {
    for (sql, code, word) in [
        ("INSERT INTO x SELECT * FROM t", "not_a_query", "INSERT"),
        ("  create table x (a int)", "not_a_query", "create"),
        ("EXPLAIN SELECT 1", "not_a_query", "EXPLAIN"),
        ("`SELECT` 1", "not_a_query", "`"),
        ("x", "not_a_query", "x"),
        ("SET 'a' = 'b'", "blocked_operation", "'a'"),
        ("TERMINATE x", "wrong_dialect", "TERMINATE x"),
    ] {
        let wrong = no_stream(sql);
        assert_eq!((wrong.code, &sql[wrong.span.start..wrong.span.end]), (code, word), "{sql}");
    }
}

#[test]
fn what_does_not_end_is_told_from_where_it_begins() {
    for (sql, start, what) in [
        ("SELECT 'it''s FROM t", "'it''s", "literal"),
        ("SELECT E'it\\' FROM t", "'it\\'", "literal"),
        ("SELECT x FROM `t WHERE 'a'", "`t", "quoted name"),
        ("SELECT \"x FROM t", "\"x", "text in double quotes"),
        ("SELECT 1 /* FROM t", "/*", "comment"),
        ("SELECT 1 /* FROM /* t */ /**", "/**", "comment"),
        ("SELECT 1 FROM t /*+ OPTIONS('a'='*/')", "/*+", "hint"),
    ] {
        let error = refused(sql);
        assert_eq!(error.message, format!("the {what} that begins here does not end"));
        assert_eq!(Some(error.span.start), sql.find(start), "{sql}");
        assert_eq!(error.span.end, sql.len());
    }
}

#[test]
fn a_quoted_name_is_not_empty_and_ends_on_its_line() {
    let sql = "SELECT 1 AS `a\nb` FROM t";
    let error = refused(sql);
    assert_eq!(&sql[error.span.start..error.span.end], "`a");
    assert_eq!(refused("SELECT 1 AS `` FROM t").span, Span::new(12, 14));
}

#[test]
fn a_bracket_without_its_partner_is_refused() {
    for (sql, at) in [
        ("SELECT 1 FROM t) UNION (SELECT 2", 15),
        ("SELECT (1 FROM t", 7),
        ("SELECT a[1) FROM t", 10),
        ("SELECT ')' FROM (t", 16),
        ("SELECT 2 */ 1 FROM t", 9),
    ] {
        assert_eq!(refused(sql).span.start, at, "{sql}");
    }
}

#[test]
fn hints_are_told_with_their_places() {
    let sql = "SELECT /*+ BROADCAST(t) */ * FROM t /*+ OPTIONS('a'='*/') */ /* no hint */";
    let hints = |sql: &str| -> Vec<Vec<String>> {
        let facts = read(sql).unwrap_or_else(|errors| panic!("{sql}: {errors:?}"));
        facts.into_iter().map(|facts| facts.hints.into_iter().map(|hint| hint.text).collect()).collect()
    };
    assert_eq!(hints(sql), [["/*+ BROADCAST(t) */", "/*+ OPTIONS('a'='*/') */"]]);
    let two = "SELECT * FROM t /*+ A */; /*+ B */ SELECT * FROM u /*+ C */ ;";
    assert_eq!(hints(two), [vec!["/*+ A */"], vec!["/*+ B */", "/*+ C */"]]);
}

/// It stands behind the last token.
#[test]
fn a_hint_at_the_end_counts_in_the_normal_form() {
    let normal = |sql: &str| read(sql).map(|facts| facts[0].normal.clone());
    let plain = "SELECT a FROM t";
    for hint in ["/*+ OPTIONS('a'='b') */", "/*+ OPTIONS('a'='c') */"] {
        let hinted = format!("{plain} {hint}");
        assert_eq!(normal(&hinted), normal(&format!("{hinted} ; ")));
        assert_ne!(normal(&hinted), normal(plain));
    }
    assert_eq!(normal(plain).ok(), normal::tokens(plain).ok());
}

/// Reads whatever it is, and finds every span inside the text and between characters.
fn survives(sql: &str) {
    let spans: Vec<Span> = match read(sql) {
        Ok(facts) => {
            let places = facts.iter().flat_map(|facts| facts.sources.iter().map(|source| source.place));
            places.chain(facts.iter().map(|facts| facts.place)).map(|place| place.span()).collect()
        }
        Err(errors) => errors.iter().map(|error| error.span).collect(),
    };
    for span in spans {
        assert!(sql.get(span.start..span.end).is_some(), "{span:?} of {sql:?}");
    }
    let _ = normal::tokens(sql);
}

#[test]
fn every_prefix_and_every_suffix_of_a_statement_is_read_or_refused() {
    for sql in STATEMENTS {
        for (at, _) in sql.char_indices() {
            survives(&sql[..at]);
            survives(&sql[at..]);
        }
    }
}

#[test]
fn brackets_as_deep_as_the_text_is_long_are_no_danger() {
    survives(&format!("SELECT {}1{} FROM t", "(".repeat(100_000), ")".repeat(100_000)));
    survives(&format!("SELECT * FROM {}t{}", "(SELECT * FROM ".repeat(20_000), ")".repeat(20_000)));
}

/// Pieces of SQL that stand badly beside each other.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "SELECT",
        "FROM",
        "WITH",
        "AS",
        "TABLE",
        "JOIN",
        "DISTINCT",
        "RECURSIVE",
        "LATERAL",
        "t",
        "`",
        "``",
        "'",
        "\"",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ".",
        ";",
        "--",
        "//",
        "/*",
        "/*+",
        "*/",
        "*",
        "/",
        "\n",
        "\r",
        " ",
        "E'",
        "\\",
        "X'",
        "N'",
        "U&'",
        "$$",
        "$",
        "@",
        "#",
        "1",
        "0x",
        "1e",
        "._b",
        "é",
        "😀",
        "\u{0}",
        "\u{a0}",
        "<",
        ">",
        "=",
        "%",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn no_text_makes_the_reader_panic(sql in any::<String>()) {
        survives(&sql);
    }

    #[test]
    fn no_pieces_of_sql_make_the_reader_panic(sql in pieces()) {
        survives(&sql);
        survives(&format!("SELECT {sql}"));
        survives(&format!("SELECT * FROM {sql}"));
    }
}
