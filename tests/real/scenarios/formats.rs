//! Columns and records of every kind pass through as they are.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::kafka::{produce, read_at_least};
use crate::support::project::Project;

const WITHIN: Duration = Duration::from_secs(60);

/// Every type of the grammar that JSON can carry, with a value of it.
fn typed() -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("A_BOOLEAN", "BOOLEAN", json!(true)),
        ("A_TINYINT", "TINYINT", json!(-128)),
        ("A_SMALLINT", "SMALLINT", json!(32767)),
        ("AN_INT", "INT", json!(-2147483648)),
        ("A_BIGINT", "BIGINT", json!(9223372036854775807_i64)),
        ("A_FLOAT", "FLOAT", json!(1.5)),
        ("A_DOUBLE", "DOUBLE", json!(1103.38)),
        ("A_DECIMAL", "DECIMAL(20, 4)", json!(1234567.1234)),
        ("A_STRING", "STRING", json!("größe 数 \u{1F600} \"'`")),
        ("A_CHAR", "CHAR(3)", json!("abc")),
        ("A_VARCHAR", "VARCHAR(10)", json!("abc")),
        ("SOME_BYTES", "BYTES", json!("AAEC")),
        ("A_BINARY", "BINARY(3)", json!("AAEC")),
        ("A_VARBINARY", "VARBINARY(9)", json!("AAEC")),
        ("A_DATE", "DATE", json!("2025-09-07")),
        ("A_TIME", "TIME(0)", json!("12:34:56")),
        ("A_MOMENT", "TIMESTAMP(6)", json!("2025-09-07T12:00:00.123456")),
        ("AN_INSTANT", "TIMESTAMP_LTZ(3)", json!("2025-09-07T12:00:00.123Z")),
        ("AN_ARRAY", "ARRAY<INT>", json!([1, 2, null])),
        ("A_MAP", "MAP<STRING, DOUBLE>", json!({ "a b": 1.5 })),
        ("A_MULTISET", "MULTISET<STRING>", json!({ "a": 2 })),
        (
            "A_ROW",
            "ROW<`in side` INT, AGAIN ROW<DEEP ARRAY<STRING>>>",
            json!({ "in side": 1, "AGAIN": { "DEEP": ["x"] } }),
        ),
        ("NOTHING", "STRING", json!(null)),
    ]
}

#[tokio::test]
async fn every_type_comes_out_as_it_went_in() {
    let mut project = Project::new().await;
    let (topic, output) = (project.topics.create("typed", 1).await, project.topics.name("typed_too"));
    let columns: String = typed().iter().map(|(name, kind, _)| format!("{name} = \"{kind}\"\n")).collect();
    project.write("streams/typed.toml", &source(topic.as_str(), "json", &columns));
    project.write("streams/typed_too.toml", &stream("SELECT * FROM typed", output.as_str(), ""));
    let row: Value = typed().into_iter().map(|(name, _, value)| (name.to_owned(), value)).collect();
    produce(&topic, 0, [row.clone()]).await;
    project.apply().await;
    let found = read_at_least(&output, 1, WITHIN).await;
    assert_eq!(found[0].json(), row);
    let text = found[0].value.as_deref().expect("a row");
    let places: Vec<_> = typed().iter().map(|(name, ..)| text.find(&format!("\"{name}\":"))).collect();
    assert!(places.is_sorted() && places[0].is_some(), "in declared order: {text}");
    project.nothing_is_left_to_do().await;
}

#[tokio::test]
async fn lines_of_csv_and_raw_texts_are_rows_too() {
    let mut project = Project::new().await;
    let (lines, csv) = (project.topics.create("lines", 1).await, project.topics.name("as_csv"));
    let again = project.topics.name("from_csv");
    project.write("streams/lines.toml", &source(lines.as_str(), "raw", "LINE = \"STRING\"\n"));
    let sql = "SELECT CHAR_LENGTH(LINE) AS LENGTH, LINE, TIMESTAMP '2025-09-07 12:00:00.5' AS MADE FROM lines";
    project.write("streams/as_csv.toml", &stream(sql, csv.as_str(), "format = \"csv\"\n"));
    produce(&lines, 0, [json!("a,b; \"c\""), json!({})]).await;
    project.apply().await;
    let found = read_at_least(&csv, 2, WITHIN).await;
    let found: Vec<&str> = found.iter().filter_map(|row| row.value.as_deref()).collect();
    let first = r#""a,b; \"c\"""#;
    let doubled = first.replace('"', "\"\"");
    let expected = [
        format!("{},\"{doubled}\",\"2025-09-07 12:00:00.5\"", first.len()),
        "2,{},\"2025-09-07 12:00:00.5\"".to_owned(),
    ];
    assert_eq!(found, expected);

    // And back: its output is a source under another name.
    let columns = "LENGTH = \"INT\"\nLINE = \"STRING\"\nMADE = \"TIMESTAMP(3)\"\n";
    project.write("streams/csv_lines.toml", &source(csv.as_str(), "csv", columns));
    project.write("streams/from_csv.toml", &stream("SELECT * FROM csv_lines", again.as_str(), ""));
    project.apply().await;
    let found = read_at_least(&again, 2, WITHIN).await;
    let row = |line: &str| json!({ "LENGTH": line.len(), "LINE": line, "MADE": "2025-09-07T12:00:00.500" });
    let found: Vec<Value> = found.iter().map(|row| row.json()).collect();
    for (found, wanted) in found.iter().zip([row(first), row("{}")]) {
        assert_eq!((&found["LENGTH"], &found["LINE"]), (&wanted["LENGTH"], &wanted["LINE"]));
        assert!(found["MADE"].as_str().is_some_and(|made| made.starts_with("2025-09-07T12:00:00.5")), "{found}");
    }
    project.nothing_is_left_to_do().await;
}

/// They stand in backticks in the SQL that weir writes, as they do in the user's.
#[tokio::test]
async fn reserved_words_are_names_like_others() {
    let mut project = Project::new().await;
    let (topic, output) = (project.topics.create("order", 1).await, project.topics.name("select"));
    project.write("streams/order.toml", &source(topic.as_str(), "json", "SELECT = \"INT\"\nfrom = \"STRING\"\n"));
    let sql = "WITH big AS (SELECT `SELECT`, `from` FROM `order`) SELECT `SELECT`, `from` AS `where` FROM big";
    project.write("streams/table.toml", &stream(sql, output.as_str(), ""));
    produce(&topic, 0, [json!({ "SELECT": 1, "from": "x" })]).await;
    project.apply().await;
    let found = read_at_least(&output, 1, WITHIN).await;
    assert_eq!(found[0].json(), json!({ "SELECT": 1, "where": "x" }));
    assert_eq!(project.status("table").await["health"], "running");
    project.nothing_is_left_to_do().await;
}

fn source(topic: &str, format: &str, columns: &str) -> String {
    format!("kind = \"source\"\ntopic = \"{topic}\"\nformat = \"{format}\"\n\n[columns]\n{columns}")
}

fn stream(sql: &str, output: &str, more: &str) -> String {
    format!("sql = \"\"\"\n{sql}\n\"\"\"\n\n[output]\ntopic = \"{output}\"\npartitions = 1\n{more}")
}
