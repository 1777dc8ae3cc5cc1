//! What holds for every text.

use proptest::prelude::*;

use weir::model::limits::SqlLimits;
use weir::sql::Dialect;
use weir::sql::facts;
use weir::sql::facts::{Facts, Kind};
use weir::sql::normal;
use weir::sql::outline;
use weir::sql::rules;
use weir::sql::rules::Purpose;

use crate::DIALECTS;
use crate::corpus;

/// Reads the text in every way there is, and checks what must hold whatever it is.
fn survives(text: &str) {
    let _ = normal::tokens(text);
    for (dialect, _) in DIALECTS {
        match facts::read(text, dialect) {
            Ok(facts) => {
                facts.iter().for_each(|facts| places_are_of_the_text(text, facts));
                every_statement_is_in_the_outline(text, &facts);
                for purpose in [Purpose::Stream, Purpose::AdHoc, Purpose::Script] {
                    for finding in rules::check(text, &facts, dialect, purpose, &SqlLimits::default()) {
                        assert!(text.get(finding.span.start..finding.span.end).is_some(), "{finding:?} of {text}");
                    }
                }
            }
            Err(errors) => {
                assert!(!errors.is_empty());
                for error in errors {
                    assert!(text.get(error.span.start..error.span.end).is_some(), "{error:?} of {text}");
                }
            }
        }
    }
}

/// So that nothing of a script is overlooked: each is in one of its lists, or it is the set of all the INSERTs there.
fn every_statement_is_in_the_outline(text: &str, facts: &[Facts]) {
    let outline = outline::of(facts);
    let lists = [outline.settings.len(), outline.declared.len(), outline.second_jobs.len(), outline.out_of_place.len()];
    let listed: usize = lists.iter().sum();
    let plain = listed + outline.inserts.len() == facts.len();
    let mut sets = facts.iter().filter(|statement| statement.kind == Kind::StatementSet);
    let as_set = listed + 1 == facts.len() && sets.any(|set| set.parts.len() == outline.inserts.len());
    assert!(plain || as_set, "{text}");
}

fn places_are_of_the_text(text: &str, facts: &Facts) {
    let places = facts.sources.iter().map(|source| source.place);
    let places = places.chain(facts.joins.iter().map(|join| join.place));
    let places = places.chain(facts.windows.iter().map(|window| window.place));
    let places = places.chain(facts.warnings.iter().map(|warning| warning.place)).chain([facts.place]);
    // Each is counted from the beginning of the text.
    for place in places.take(20) {
        assert!(text.get(place.start..place.end).is_some(), "{place:?} of {text}");
        let here = weir::sql::place::line_column(text, place.start);
        assert_eq!((here.line, here.column), (place.line, place.column), "{text}");
    }
    assert!(facts.parsed || !facts.stateful.is_empty(), "what is not understood counts as stateful: {text}");
    facts.parts.iter().for_each(|part| places_are_of_the_text(text, part));
}

#[test]
fn no_prefix_of_a_statement_panics() {
    for (_, folder) in DIALECTS {
        for text in corpus::texts(folder) {
            for (at, _) in text.char_indices() {
                survives(&text[..at]);
            }
        }
    }
}

#[test]
fn no_statement_of_one_dialect_panics_in_the_other() {
    for (_, folder) in DIALECTS {
        corpus::texts(folder).iter().for_each(|text| survives(text));
    }
}

#[test]
fn comments_and_white_space_change_nothing_but_places() {
    for (dialect, folder) in DIALECTS {
        for text in corpus::texts(folder) {
            let wide = format!("-- SELECT * FROM x EMIT CHANGES LIMIT 1\n /* JOIN y PRINT */ {text}\n -- ;PRINT x\n");
            let (Ok(a), Ok(b)) = (facts::read(&text, dialect), facts::read(&wide, dialect)) else { continue };
            assert_eq!(a.len(), b.len(), "{text}");
            for (a, b) in a.iter().zip(&b) {
                assert_eq!(a.normal, b.normal, "{text}");
                let limit = |facts: &Facts| facts.limit.as_ref().map(|limit| limit.count.clone());
                assert_eq!((&a.stateful, limit(a), a.emit), (&b.stateful, limit(b), b.emit), "{text}");
                let names = |facts: &Facts| -> Vec<_> {
                    facts.sources.iter().map(|source| (source.name.clone(), source.reads.clone())).collect()
                };
                assert_eq!(names(a), names(b), "{text}");
            }
        }
    }
}

#[test]
fn a_source_stands_where_it_is_said_to_stand() {
    for (dialect, folder) in DIALECTS {
        for text in corpus::texts(folder) {
            for facts in facts::read(&text, dialect).unwrap_or_default() {
                for source in &facts.sources {
                    let written = text[source.place.start..source.place.end].replace("``", "`");
                    let plain = written.replace(['`', '"'], "");
                    let same = plain == source.name.replace('`', "") || plain.to_uppercase() == source.name;
                    assert!(same, "{written} is not {}: {text}", source.name);
                }
            }
        }
    }
}

#[test]
fn a_query_that_is_long_or_deep_is_no_danger() {
    let long = 60_000;
    for text in [
        format!("SELECT {} FROM t", vec!["a"; long].join(" + ")),
        format!("SELECT {} FROM t", vec!["a"; 5_900].join(" + ")),
        format!("SELECT {} FROM t", vec!["a"; 5_900].join(" AND ")),
        vec!["SELECT a FROM t"; 2_900].join(" UNION ALL "),
        format!("SELECT a FROM t WHERE {} a", "NOT ".repeat(5_900)),
        format!("SELECT a FROM t WHERE a {}", "IS NULL ".repeat(5_900)),
        format!("SELECT a{} FROM t", "[1]".repeat(3_900)),
        format!("SELECT a{} FROM t", ".b".repeat(5_900)),
        format!("SELECT a FROM t {}", "JOIN u ON TRUE ".repeat(2_300)),
        format!("SELECT a FROM {}t{}", "(".repeat(long), ")".repeat(long)),
        format!("SELECT a FROM {}t{}", "(SELECT * FROM ".repeat(55), ")".repeat(55)),
        format!("SELECT {}a{} FROM t", "CAST(".repeat(55), " AS INT)".repeat(55)),
        format!("SELECT {}a{} FROM t", "JSON_VALUE(".repeat(55), ", '$')".repeat(55)),
        "EXPLAIN ".repeat(long),
        format!("{}SELECT 1", "EXPLAIN STATEMENT SET BEGIN ".repeat(long)),
        format!("CREATE TABLE t ({}) WITH ('a' = 'b')", vec!["a INT"; long].join(", ")),
        ";".repeat(long),
    ] {
        survives(&text);
    }
}

/// Pieces that mean something to one of the dialects.
const PIECES: &[&str] = &[
    "SELECT",
    "*",
    "FROM",
    "t",
    "`a b`",
    "JOIN",
    "LEFT",
    "ON",
    "a.b",
    "WHERE",
    "GROUP BY",
    "WINDOW",
    "TUMBLING",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ".",
    "'x'",
    "'",
    "1",
    "1.5e",
    "TABLE",
    "TUMBLE",
    "DESCRIPTOR",
    "INTERVAL",
    "EMIT",
    "CHANGES",
    "LIMIT",
    "CREATE",
    "STREAM",
    "WITH",
    "=",
    "=>",
    "->",
    ":=",
    "INSERT INTO",
    "STATEMENT SET BEGIN",
    "END",
    "BEGIN STATEMENT SET",
    "CAST",
    "AS",
    "JSON_OBJECT",
    "VALUE",
    "IS JSON",
    "MATCH_RECOGNIZE",
    "PARTITION BY",
    "OVER",
    "ORDER BY",
    "UNION",
    "ALL",
    "EXPLAIN",
    "SET",
    "DROP",
    "PRINT",
    "/*+",
    "*/",
    "/*",
    "--",
    "\n",
    "`",
    "\"",
    "${v}",
    "WITHIN",
    "1 HOUR",
    "FOR SYSTEM_TIME AS OF",
    "UNNEST",
    "LATERAL",
    "VALUES",
    "😀",
    "é",
    "MODEL",
    "x",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_soup_of_tokens_panics(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        survives(&pieces.join(" "));
        survives(&pieces.concat());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        survives(&text);
    }
}

#[test]
fn one_statement_takes_microseconds() {
    let text = "SELECT o.id, o.amount, c.name, TIMESTAMPDIFF(DAY, o.ts, c.since) AS days FROM orders AS o LEFT JOIN customers \
                FOR SYSTEM_TIME AS OF o.ts AS c ON o.customer_id = c.id WHERE o.amount > 500 AND c.name LIKE 'A%' OR c.vip";
    let start = std::time::Instant::now();
    for _ in 0..1000 {
        assert!(facts::read(text, Dialect::Flink).is_ok());
    }
    println!("{} bytes: {:?} each", text.len(), start.elapsed() / 1000);
}
