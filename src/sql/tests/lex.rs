use crate::sql::lex::lex;
use crate::sql::tests::STATEMENTS;

fn pieces(sql: &str) -> Vec<&str> {
    let lexemes = lex(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    lexemes.iter().map(|lexeme| &sql[lexeme.span.start..lexeme.span.end]).collect()
}

#[test]
fn tokens_are_those_of_flink() {
    for (sql, want) in [
        ("a$b _c é漢 Ⅷ", vec!["a$b", "_c", "é漢", "Ⅷ"]),
        ("'a''b' `c``d`", vec!["'a''b'", "`c``d`"]),
        ("'\\' , '\\\\'", vec!["'\\'", ",", "'\\\\'"]),
        ("E'\\'' e'''' xe'\\'", vec!["E", "'\\''", "e", "''''", "xe", "'\\'"]),
        ("X'\\' x'0'", vec!["X'\\'", "x'0'"]),
        ("f(x)._b.c", vec!["f", "(", "x", ")", ".", "_b", ".", "c"]),
        ("$$ FROM t $$", vec!["$$", "FROM", "t", "$$"]),
        ("b'x' r'x'", vec!["b", "'x'", "r", "'x'"]),
        ("1.5e-3 .5", vec!["1.5e-3", ".5"]),
        ("/*+ a('*/') /* c */ */", vec!["/*+", "a", "(", "'*/'", ")", "*/"]),
    ] {
        assert_eq!(pieces(sql), want, "{sql}");
    }
}

#[test]
fn tokens_lie_in_order_and_only_blanks_and_comments_between_them() {
    for sql in STATEMENTS {
        let lexemes = lex(sql).unwrap_or_default();
        assert!(!lexemes.is_empty());
        let mut before = 0;
        for lexeme in &lexemes {
            let gap = sql[before..lexeme.span.start].trim();
            assert!(gap.is_empty() || gap.starts_with("--") || gap.starts_with("/*"), "{gap}");
            assert!(lexeme.span.start < lexeme.span.end);
            before = lexeme.span.end;
        }
    }
}
