use crate::engine::flink::words::{Cause, Place, causes, failure_words, place, words};

/// As the gateway frames it, shortened.
fn framed(causes: &[&str]) -> String {
    let causes: Vec<String> =
        causes.iter().map(|cause| format!("Caused by: {cause}\n\tat a.B.c(B.java:1)\n\t... 3 more")).collect();
    format!(
        "<Exception on server side:\na.SqlGatewayException: a.SqlGatewayException: Failed to fetchResults.\n\tat a.B.c(B.java:1)\n{}\n\nEnd of exception on server side>",
        causes.join("\n")
    )
}

#[test]
fn a_chain_is_read_outermost_first() {
    let trace = framed(&["a.b.Outer: says\nmore", "a.Inner$Kind"]);
    let cause = |class: &str, message: &str| Cause { class: class.to_owned(), message: message.to_owned() };
    assert_eq!(
        causes(&trace),
        [
            cause("a.SqlGatewayException", "a.SqlGatewayException: Failed to fetchResults."),
            cause("a.b.Outer", "says\nmore"),
            cause("a.Inner$Kind", ""),
        ]
    );
}

#[test]
fn the_innermost_cause_is_what_people_read() {
    let cases: &[(&[&str], &str)] = &[
        (
            &[
                "org.apache.calcite.runtime.CalciteContextException: From line 2, column 8 to line 2, column 11: Column 'nope' not found in any table",
                "org.apache.calcite.sql.validate.SqlValidatorException: Column 'nope' not found in any table",
            ],
            "Column 'nope' not found in any table",
        ),
        (
            &[
                "org.apache.flink.sql.parser.impl.ParseException: Encountered \"<EOF>\" at line 2, column 9.\nWas expecting one of:\n    \"EXCEPT\" ...\n    \"FETCH\" ...",
            ],
            "Encountered \"<EOF>\".",
        ),
        (
            &[
                "org.apache.flink.sql.parser.impl.TokenMgrError: Lexical error at line 3, column 36.  Encountered: \"\\n\" (10), after : \"`b;\"",
            ],
            "Lexical error. Encountered: \"\\n\" (10), after : \"`b;\"",
        ),
        (
            &[
                "org.apache.flink.table.api.ValidationException: Column types of query result and sink for 'x' do not match.\nCause: Different number of columns.\n\nQuery schema: [A: INT]\nSink schema:  [C: INT, N: BIGINT]",
            ],
            "Column types of query result and sink for 'x' do not match. Cause: Different number of columns.",
        ),
        (
            &[
                "org.apache.flink.table.api.ValidationException: Unsupported options found for 'kafka'.\n\nUnsupported options:\n\nfoo\n\nSupported options:\n\nbar",
            ],
            "Unsupported options found for 'kafka'. Unsupported options: foo",
        ),
        (
            &[
                "java.lang.IllegalArgumentException: Could not parse value 'abc' for key 'parallelism.default'.",
                "java.lang.NumberFormatException: For input string: \"abc\"",
            ],
            "Could not parse value 'abc' for key 'parallelism.default'.",
        ),
        (&["a.Outer: says something", "java.lang.NullPointerException"], "says something"),
    ];
    for (chain, want) in cases {
        assert_eq!(words(&framed(chain)), *want);
    }
    assert_eq!(words("java.lang.NullPointerException\n\tat a.B.c(B.java:1)"), "NullPointerException");
    assert_eq!(words("Internal server error."), "Internal server error.");
    assert_eq!(words(""), "");
}

#[test]
fn a_place_is_found_wherever_the_chain_names_it() {
    let at = |from, to| Some(Place { from, to });
    let calcite =
        ["a.Validation: SQL validation failed. From line 2, column 8 to line 12, column 11: no", "a.Inner: no"];
    assert_eq!(place(&framed(&calcite)), at((2, 8), (12, 11)));
    assert_eq!(place(&framed(&["a.Parse: Encountered \"x\" at line 2, column 9.\nWas expecting"])), at((2, 9), (2, 9)));
    assert_eq!(place(&framed(&["a.Parse: Non-query expression"])), None);
    assert_eq!(place(&framed(&["a.Parse: From line x, column 8 to"])), None);
}

#[test]
fn a_failure_names_its_cause_and_what_stands_around_it() {
    let trace = "java.io.IOException: Failed to deserialize consumer record\n\tat a\nCaused by: java.io.IOException: Failed to deserialize JSON 'x'.\n\tat b\nCaused by: a.JsonMappingException: end of input\n at [Source: UNKNOWN; line: 1]\n\tat c";
    assert_eq!(
        failure_words(trace),
        "Failed to deserialize JSON 'x'. (JsonMappingException: end of input at [Source: UNKNOWN; line: 1])"
    );
    let wrapped =
        "a.Completion: java.io.FileNotFoundException: no file\nCaused by: java.io.FileNotFoundException: no file";
    assert_eq!(failure_words(wrapped), "FileNotFoundException: no file");
    assert_eq!(failure_words("java.lang.NullPointerException\n\tat a"), "NullPointerException");
}

#[test]
fn words_have_an_end() {
    let long = format!("a.Long: {}", "ä".repeat(5000));
    assert!(words(&long).chars().count() <= 601);
}
