use proptest::prelude::*;

use crate::sql::Dialect;
use crate::sql::facts;
use crate::sql::flink::ident;
use crate::sql::flink::is_ident;
use crate::sql::flink::literal;
use crate::sql::lex::Kind;
use crate::sql::lex::Lexeme;
use crate::sql::lex::lex;

/// The only token of the text, which is the whole of it.
fn only(text: &str) -> Result<Lexeme, TestCaseError> {
    let lexemes = lex(text).map_err(|error| TestCaseError::fail(format!("{text:?}: {error}")))?;
    match <[Lexeme; 1]>::try_from(lexemes) {
        Ok([one]) if one.span.start == 0 && one.span.end == text.len() => Ok(one),
        other => Err(TestCaseError::fail(format!("{text:?} is {other:?}"))),
    }
}

/// Strings that try to end what they stand in, and any others.
fn foreign() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        "'",
        "''",
        "`",
        "``",
        "\"",
        "\\",
        "\\'",
        "--",
        "/*",
        "*/",
        "/*+",
        ";",
        "\n",
        "\r",
        "\u{0}",
        "\u{1a}",
        "é",
        "😀",
        "${x}",
        "$$",
        " ",
        "U&'\\0027'",
        "DROP TABLE t",
        "\u{2019}",
        "\u{ff07}",
    ]);
    prop_oneof![prop::collection::vec(hostile, 0..12).prop_map(|pieces| pieces.concat()), any::<String>(),]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn a_literal_is_one_token_with_the_text_as_its_value(text in foreign()) {
        let printed = literal(&text);
        prop_assert_eq!(only(&printed)?.kind, Kind::Literal);
        prop_assert_eq!(printed[1..printed.len() - 1].replace("''", "'"), text);
    }

    #[test]
    fn a_name_is_one_token_with_the_name_as_its_value(name in foreign().prop_filter("no name", |name| is_ident(name))) {
        prop_assert_eq!(only(&ident(&name))?.kind, Kind::Quoted(name));
    }

    #[test]
    fn what_cannot_be_a_name_is_an_error_to_the_lexer_and_never_more_tokens(
        start in foreign(),
        end in foreign(),
        line in prop::sample::select(vec!["\n", "\r"]),
    ) {
        let name = format!("{start}{line}{end}");
        prop_assert!(!is_ident(&name));
        prop_assert!(lex(&ident(&name)).is_err());
    }

    #[test]
    fn nothing_breaks_out_of_a_statement(name in foreign().prop_filter("no name", |name| is_ident(name)), text in foreign()) {
        let sql = format!("SELECT {} AS {} FROM {}", literal(&text), ident(&name), ident(&name));
        let facts = facts::read(&sql, Dialect::Flink).map_err(|errors| TestCaseError::fail(format!("{errors:?}")))?;
        prop_assert_eq!(facts.len(), 1);
        prop_assert_eq!(facts[0].sources.iter().map(|source| &source.name).collect::<Vec<_>>(), [&name]);
    }
}

#[test]
fn a_name_has_1_to_256_units_of_utf16() {
    assert!(!is_ident(""));
    assert!(lex(&ident("")).is_err());
    assert!(is_ident(&"😀".repeat(128)));
    assert!(!is_ident(&"😀".repeat(129)));
}
