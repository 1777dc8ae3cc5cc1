use proptest::prelude::*;

use crate::model::tree::Span;
use crate::sql::error::SqlError;
use crate::sql::normal;
use crate::sql::statement::read;
use crate::sql::tests::STATEMENTS;

fn refused(sql: &str) -> SqlError {
    match read(sql) {
        Err(error) => error,
        Ok(statement) => panic!("{sql} was read: {statement:?}"),
    }
}

#[test]
fn what_flink_takes_is_read() {
    for sql in STATEMENTS {
        assert!(read(sql).is_ok(), "{sql}: {:?}", read(sql));
    }
}

#[test]
fn a_trailing_semicolon_and_comments_around_are_not_part_of_the_query() {
    let sql = "-- first\n  SELECT 1 FROM t ; ;\n-- last; really";
    let span = read(sql).map(|statement| statement.span);
    assert_eq!(span.map(|span| &sql[span.start..span.end]), Ok("SELECT 1 FROM t"));
}

#[test]
fn two_statements_are_refused_at_the_second() {
    let sql = "SELECT ';' FROM t; -- ;\n DROP TABLE t; SELECT 1";
    let error = refused(sql);
    assert_eq!(&sql[error.span.start..error.span.end], "DROP TABLE t");
}

#[test]
fn no_statement_is_an_error_that_covers_the_text() {
    for sql in ["", "  \n", ";", "-- only a comment", "/* SELECT 1 */ ;;"] {
        let error = refused(sql);
        assert_eq!(error.span, Span::new(0, sql.len()));
        assert_eq!(error.message, "there is no statement here");
    }
}

#[test]
fn only_a_query_is_a_stream() {
    for (sql, word) in [
        ("INSERT INTO x SELECT * FROM t", "INSERT"),
        ("  create table x (a int)", "create"),
        ("SET 'a' = 'b'", "SET"),
        ("EXPLAIN SELECT 1", "EXPLAIN"),
        ("`SELECT` 1", "`SELECT`"),
        ("VALUES (1)", "VALUES"),
        ("((x))", "x"),
        ("(", "("),
    ] {
        let error = refused(sql);
        assert_eq!(&sql[error.span.start..error.span.end], word);
        assert!(error.message.starts_with("a stream is one query"), "{error}");
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
    let hints = read(sql).map(|statement| statement.hints).unwrap_or_default();
    let texts: Vec<&str> = hints.iter().map(|hint| &sql[hint.start..hint.end]).collect();
    assert_eq!(texts, ["/*+ BROADCAST(t) */", "/*+ OPTIONS('a'='*/') */"]);
}

/// Reads whatever it is, and finds every span inside the text and between characters.
fn survives(sql: &str) {
    let spans = match read(sql) {
        Ok(statement) => statement.sources.iter().map(|source| source.span).chain([statement.span]).collect(),
        Err(error) => vec![error.span],
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
