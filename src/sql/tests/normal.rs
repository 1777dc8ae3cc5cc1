use proptest::prelude::*;

use crate::sql::lex::lex;
use crate::sql::normal::tokens;
use crate::sql::tests::STATEMENTS;

fn same(a: &str, b: &str) -> bool {
    let (a, b) = (tokens(a), tokens(b));
    assert!(a.is_ok() && b.is_ok(), "{a:?} {b:?}");
    a == b
}

#[test]
fn comments_white_space_keywords_and_a_trailing_semicolon_mean_nothing() {
    for (a, b) in [
        ("SELECT a FROM t", "select\n\ta -- why\nFrom/* x */t ;"),
        ("SELECT a FROM t", "SELECT a // why\rFROM t;;"),
        ("SELECT CAST(a AS ARRAY<ARRAY<INT>>) FROM t", "SELECT cast(a as array<array<int> >) FROM t"),
        ("SELECT COUNT(*) FROM t /*+ OPTIONS('a'='b') */", "SELECT count( * ) FROM t /*+OPTIONS ( 'a' = 'b' )*/"),
        ("", " -- nothing"),
    ] {
        assert!(same(a, b), "{a} and {b}");
    }
}

#[test]
fn what_flink_tells_apart_differs() {
    for (a, b) in [
        ("SELECT a FROM t", "SELECT A FROM t"),
        ("SELECT a FROM t", "SELECT a FROM T"),
        // NAME is no reserved word: a column may be called so.
        ("SELECT name FROM t", "SELECT NAME FROM t"),
        // The column of the result is called as it is written here.
        ("SELECT current_date FROM t", "SELECT CURRENT_DATE FROM t"),
        ("SELECT 'a' FROM t", "SELECT a FROM t"),
        ("SELECT 'a' FROM t", "SELECT `a` FROM t"),
        ("SELECT 'a' FROM t", "SELECT 'A' FROM t"),
        ("SELECT 'a  b' FROM t", "SELECT 'a b' FROM t"),
        ("SELECT 'a--b' FROM t", "SELECT 'a' FROM t"),
        ("SELECT N'a' FROM t", "SELECT 'a' FROM t"),
        ("SELECT `select` FROM t", "SELECT `SELECT` FROM t"),
        ("SELECT a FROM t", "SELECT a FROM t /*+ OPTIONS('a'='b') */"),
        ("SELECT a - -b FROM t", "SELECT a --b FROM t\n FROM t"),
        ("SELECT a < b FROM t", "SELECT a <> b FROM t"),
        ("SELECT 1, 2 FROM t", "SELECT 1.2 FROM t"),
        ("SELECT ab FROM t", "SELECT a b FROM t"),
    ] {
        assert!(!same(a, b), "{a} and {b}");
    }
}

/// What may stand between two tokens. A blank comes first: `*/* x */` and `//* x */` are other tokens.
fn gap() -> impl Strategy<Value = String> {
    let blank = prop::sample::select(vec![
        " ",
        "\t",
        "\n",
        "\r\n",
        "\r",
        "\u{c}",
        "/* FROM x */",
        "/***/ ' */",
        "/**/",
        "-- ' ` \"\n",
        "// /* \r",
        "--\n",
    ]);
    prop::collection::vec(blank, 0..4).prop_map(|blanks| format!(" {}", blanks.concat()))
}

proptest! {
    #[test]
    fn blanks_and_comments_between_tokens_change_nothing(
        sql in prop::sample::select(STATEMENTS),
        gaps in prop::collection::vec(gap(), 80),
    ) {
        let mut wide = String::new();
        let lexemes = lex(sql).expect("the statements can be read");
        for (lexeme, gap) in lexemes.iter().zip(gaps.iter().cycle()) {
            wide.push_str(gap);
            wide.push_str(&sql[lexeme.span.start..lexeme.span.end]);
        }
        prop_assert_eq!(tokens(&wide), tokens(sql));
    }
}

#[test]
fn the_reserved_words_are_found_in_any_case() {
    for word in ["abs", "Select", "YEAR", "values", "current_date"] {
        assert!(crate::sql::reserved::is(word), "{word}");
    }
    for word in ["", "name", "MODEL", "qualify", "selec", "selectt", "zone", "é"] {
        assert!(!crate::sql::reserved::is(word), "{word}");
    }
}
