//! Texts that try to break out of the generated SQL reach Flink as what they are, or are diagnostics.

use serde_json::{Value, json};

use crate::scenarios::orders::{FILE, SOURCE, STREAM};
use crate::support::kafka::{produce, read_at_least};
use crate::support::project::{Project, Ran};

const WITHIN: std::time::Duration = std::time::Duration::from_secs(60);

/// Names of columns as a record of anybody may hold them.
const COLUMNS: [&str; 5] = [
    "a`b",
    "c' INT) WITH ('connector' = 'datagen') --",
    "d\"e",
    "` STRING) WITH ('connector' = 'blackhole'); DROP TABLE `orders`; --",
    "größe 数 \u{1F600}",
];

#[tokio::test]
async fn odd_names_of_columns_are_columns() {
    let mut project = Project::new().await;
    let (topic, output) = (project.topics.create("orders", 1).await, project.topics.name(STREAM));
    let columns: String = COLUMNS.iter().map(|name| format!("{} = \"STRING\"\n", quoted(name))).collect();
    project
        .write(SOURCE, &format!("kind = \"source\"\ntopic = \"{topic}\"\nformat = \"json\"\n\n[columns]\n{columns}"));
    let shown: Vec<String> = COLUMNS.iter().map(|name| format!("`{}`", name.replace('`', "``"))).collect();
    let sql = format!("SELECT {} FROM orders", shown.join(", "));
    project.write(FILE, &stream(&sql, output.as_str()));
    let row: Value =
        COLUMNS.iter().enumerate().map(|(at, name)| ((*name).to_owned(), json!(format!("value {at}")))).collect();
    produce(&topic, 0, [row.clone()]).await;
    project.apply().await;
    let found = read_at_least(&output, 1, WITHIN).await;
    assert_eq!(found[0].json(), row);
    project.nothing_is_left_to_do().await;
}

/// Literals of the query are the user's own and stay as they are, over lines and comments too.
#[tokio::test]
async fn odd_literals_are_literals() {
    let mut project = Project::new().await;
    let (topic, output) = (project.topics.create("orders", 1).await, project.topics.name(STREAM));
    project.write(SOURCE, &texts(topic.as_str()));
    let odd = "it's'; DROP TABLE orders; -- \\' \n/* \"`\u{1F600}${}";
    let literal = format!("'{}'", odd.replace('\'', "''"));
    let sql = format!("SELECT TEXT, {literal} AS SAME -- the end?\nFROM orders WHERE TEXT = {literal} -- 'open");
    project.write(FILE, &stream(&sql, output.as_str()));
    let rows = ["", "it", odd, "it's'; DROP TABLE orders; --"].map(|text| json!({ "TEXT": text }));
    produce(&topic, 0, rows).await;
    produce(&topic, 0, [json!({ "TEXT": odd })]).await;
    project.apply().await;
    let found = read_at_least(&output, 2, WITHIN).await;
    let found: Vec<Value> = found.iter().map(|row| row.json()).collect();
    assert_eq!(found, vec![json!({ "TEXT": odd, "SAME": odd }); 2]);
}

/// A table option's value goes through the same printer as everything else.
#[tokio::test]
async fn odd_options_are_options() {
    let mut project = Project::new().await;
    let (topic, output) = (project.topics.create("orders", 1).await, project.topics.name(STREAM));
    let null = "','topic'='x'); DROP TABLE orders; --";
    let source = texts(topic.as_str()).replace("json", "csv");
    project.write(
        SOURCE,
        &format!("{source}\n[connector]\n\"csv.null-literal\" = {}\n\"csv.field-delimiter\" = \"|\"\n", quoted(null)),
    );
    project.write(FILE, &stream("SELECT TEXT IS NULL AS IS_NULL, TEXT FROM orders", output.as_str()));
    // A JSON number and a JSON text are a line of CSV each.
    produce(&topic, 0, [json!(5)]).await;
    produce(&topic, 0, [json!(null)]).await;
    produce(&topic, 0, [json!({})]).await;
    let ran = project.apply().await;
    let found = read_at_least(&output, 3, WITHIN).await;
    let found: Vec<Value> = found.iter().map(|row| row.json()["TEXT"].clone()).collect();
    assert_eq!(found, [json!("5"), json!("null"), json!("{}")], "{ran}");
}

/// Where a grammar knows better, they never come near the engine.
#[tokio::test]
async fn what_breaks_out_of_its_grammar_is_a_diagnostic() {
    let mut project = Project::new().await;
    let (topic, output) = (project.topics.create("orders", 1).await, project.topics.name(STREAM));
    let (good_source, good_stream) = (texts(topic.as_str()), stream("SELECT TEXT FROM orders", output.as_str()));
    let odd = "x'); DROP TABLE orders; --";
    let sources = [
        good_source.replace("\"STRING\"", "\"STRING) WITH ('connector' = 'blackhole'); --\""),
        good_source.replace("\"STRING\"", "\"STRING, b AS 1\""),
        good_source.replace("\"STRING\"", "\"ROW<`a` INT>, `b` STRING\""),
        good_source.replace(topic.as_str(), odd),
        good_source.replace("TEXT =", "\"TEXT\\n\" ="),
        format!("name = \"{odd}\"\n{good_source}"),
        format!("{good_source}\n[connector]\n\"properties.bootstrap.servers\" = \"127.0.0.1:1\"\n"),
        format!("{good_source}\n[connector]\n\"topic' = 'x\" = \"y\"\n"),
    ];
    let streams = [
        good_stream.replace(output.as_str(), odd),
        format!("name = \"{odd}\"\n{good_stream}"),
        stream("SELECT TEXT FROM orders; DROP TABLE orders", output.as_str()),
        stream("SELECT TEXT FROM orders) WITH ('a' = 'b'); SELECT (1", output.as_str()),
        stream("INSERT INTO orders SELECT TEXT FROM orders", output.as_str()),
        stream("SELECT TEXT FROM orders /*+ OPTIONS('topic' = 'x') */", output.as_str()),
        stream("SELECT 'open FROM orders", output.as_str()),
        format!("{good_stream}\n[options]\n\"$internal.pipeline.job-id\" = \"00000000000000000000000000000000\"\n"),
        format!("{good_stream}\n[options]\n\"pipeline.name\" = \"weir:other/x@1\"\n"),
    ];
    let sources = sources.iter().map(|source| (source, &good_stream));
    for (source, stream) in sources.chain(streams.iter().map(|stream| (&good_source, stream))) {
        project.write(SOURCE, source);
        project.write(FILE, stream);
        let told = |ran: &Ran| assert!(ran.code == 1 && ran.err.contains("error"), "{source}\n{stream}\n{ran}");
        told(&project.run(&["validate"]).await);
        told(&project.run(&["apply", "--yes"]).await);
    }
    assert_eq!(project.jobs.all().await, []);
    project.write(SOURCE, &good_source);
    project.write(FILE, &good_stream);
    let ran = project.run(&["validate"]).await;
    assert_eq!(ran.code, 0, "the good ones are good: {ran}");
}

fn texts(topic: &str) -> String {
    format!("kind = \"source\"\ntopic = \"{topic}\"\nformat = \"json\"\n\n[columns]\nTEXT = \"STRING\"\n")
}

fn stream(sql: &str, output: &str) -> String {
    format!("sql = {}\n\n[output]\ntopic = \"{output}\"\npartitions = 1\n", quoted(sql))
}

/// A TOML string: what JSON escapes, TOML escapes in the same way.
fn quoted(text: &str) -> String {
    json!(text).to_string()
}
