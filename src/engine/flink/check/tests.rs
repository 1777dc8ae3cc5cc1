use serde_json::{Value, json};

use crate::engine::flink::check::{Stop, column_type, columns, of_query, of_sink, span};
use crate::engine::flink::client::gateway::{Outcome, Refusal};
use crate::engine::flink::words::Place;
use crate::model::column::{Column, ColumnType, TypeKind};
use crate::model::definition::Stream;
use crate::model::diagnostic::Diagnostic;
use crate::model::sample;
use crate::model::tree::Span;

fn stream(sql: &str, key: &[&str]) -> Stream {
    let mut stream = Stream { sql: sql.to_owned(), ..sample::stream("large") };
    stream.output.key = key.iter().map(|name| (*name).to_owned()).collect();
    stream
}

/// As DESCRIBE answers: name, type, null, key, extras, watermark.
fn described(rows: &[(&str, &str)]) -> Outcome {
    let row = |(name, kind): &(&str, &str)| vec![json!(name), json!(kind), json!(false), Value::Null, Value::Null];
    Outcome { rows: rows.iter().map(row).collect(), job_id: None }
}

fn refused(stream: &Stream, rows: &[(&str, &str)]) -> Vec<Diagnostic> {
    match columns(stream, &described(rows)) {
        Err(Stop::Refused(diagnostics)) => diagnostics,
        Err(Stop::Door(error)) => panic!("{error}"),
        Ok(columns) => panic!("{columns:?}"),
    }
}

#[test]
fn a_view_becomes_columns_that_a_sink_may_declare() {
    let rows = [
        ("A", "TIMESTAMP(3) *ROWTIME*"),
        ("B", "TIMESTAMP_LTZ(3) *PROCTIME*"),
        ("C", "CHAR(1)"),
        ("D", "VARCHAR(30)"),
        ("K", "BIGINT"),
    ];
    let Ok(found) = columns(&stream("SELECT 1", &["K"]), &described(&rows)) else { panic!("it is accepted") };
    let column = |name: &str, kind, nullable| Column { name: name.to_owned(), kind: ColumnType { kind, nullable } };
    assert_eq!(
        found,
        [
            column("A", TypeKind::Timestamp(3), true),
            column("B", TypeKind::TimestampLtz(3), true),
            column("C", TypeKind::String, true),
            column("D", TypeKind::String, true),
            column("K", TypeKind::BigInt, false),
        ]
    );
}

#[test]
fn a_length_inside_a_type_stays() {
    let kind = column_type("MAP<CHAR(1) NOT NULL, INT NOT NULL>").expect("a type").kind;
    assert!(matches!(kind, TypeKind::Map(key, _) if key.kind == TypeKind::Char(1)));
}

#[test]
fn a_column_without_a_name_is_told_by_its_place() {
    let found = refused(&stream("SELECT a, 1", &[]), &[("A", "INT"), ("EXPR$1", "INT"), ("EXPR$X", "INT")]);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].code, "unnamed_column");
    assert_eq!(found[0].message, "column 2 of the query has no name");
    assert_eq!(found[0].span, Some(Span::new(0, 11)));
}

#[test]
fn every_problem_of_the_columns_is_told_at_once() {
    let rows = [("A", "INT"), ("A", "INT"), ("N", "NULL"), ("EXPR$3", "INT")];
    let found = refused(&stream("SELECT 1", &["K"]), &rows);
    let codes: Vec<&str> = found.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    assert_eq!(codes, ["doubled_column", "column_type", "unnamed_column", "unknown_key_column"]);
}

#[test]
fn a_place_in_the_statement_is_a_range_of_the_query() {
    let sql = "SELECT 'ü😀',\n  nope\nFROM orders";
    let place = |from, to| Some(Place { from, to });
    let text = |place| span(sql, place).map(|span| &sql[span.start..span.end]);
    assert_eq!(text(place((3, 3), (3, 6))), Some("nope"));
    // Columns count UTF-16 units: the emoji is two of them.
    assert_eq!(text(place((2, 8), (2, 12))), Some("'ü😀'"));
    assert_eq!(text(place((3, 3), (4, 4))), Some("nope\nFROM"));
    assert_eq!(text(place((1, 1), (1, 5))), None, "the first line is not the user's");
    assert_eq!(text(None), None);
    let end = span(sql, place((9, 1), (9, 1))).expect("it is clamped");
    assert_eq!(end, Span::new(sql.len(), sql.len()));
}

#[test]
fn what_the_planner_says_of_the_sink_is_told_as_what_to_do() {
    let say = |words: &str| of_sink(&stream("SELECT 1", &["B"]), &Refusal { words: words.to_owned(), place: None });
    let updating = say("Table sink 'x' doesn't support consuming update changes which is produced by node G");
    assert_eq!(updating.code, "changelog_needs_key");
    let key = say(
        "The query has an upsert key that differs from the primary key of the sink table 'x'. Primary key: [B], upsert key: [C, D]. More",
    );
    assert_eq!(key.code, "output_key");
    assert_eq!(key.help.as_deref(), Some("the query's upsert key is [C, D]"));
    assert_eq!(say("Something else").code, "engine_refused");
}

#[test]
fn a_refusal_without_a_place_points_at_the_whole_query() {
    let refusal = Refusal { words: "only single statement supported".to_owned(), place: None };
    let found = of_query(&stream("SELECT 1; SELECT 2", &[]), &refusal);
    assert_eq!((found.code.as_str(), found.span), ("engine_refused", Some(Span::new(0, 18))));
}
