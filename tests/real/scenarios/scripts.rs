//! Streams that are scripts: what people already run, managed as it is.

use std::time::Duration;

use serde_json::Value;
use weir::model::name::TopicName;

use crate::scenarios::orders::{FILE, STREAM, Story, ids};
use crate::support::kafka::read_all;
use crate::support::project::{Project, topic, until};

const WITHIN: Duration = Duration::from_secs(60);
const GENERATED: &str = "streams/generated.toml";

/// Sorted.
async fn numbers(topic: &TopicName) -> Vec<u64> {
    let rows = read_all(topic).await;
    let mut found: Vec<u64> = rows.iter().map(|row| row.json()["id"].as_u64().expect("an id")).collect();
    found.sort_unstable();
    found
}

/// Its counter is state: after a stop it goes on counting.
#[tokio::test]
async fn a_script_that_makes_its_own_rows_goes_on_where_it_stopped() {
    let mut project = Project::new().await;
    let output = project.topics.name("numbers");
    let script = format!(
        r#"run = "running"
script = """
SET 'parallelism.default' = '1';
CREATE TABLE numbers (id INT) WITH (
  'connector' = 'datagen', 'rows-per-second' = '20', 'fields.id.kind' = 'sequence',
  'fields.id.start' = '0', 'fields.id.end' = '1000000'
);
CREATE TABLE numbered (id INT) WITH ('connector' = 'kafka', 'topic' = '{output}', 'format' = 'json');
INSERT INTO numbered SELECT id FROM numbers;
"""

[output]
partitions = 2
"#
    );
    project.write(GENERATED, &script);
    project.apply().await;
    let job = project.jobs.only().await;
    assert_eq!(job.id, project.job_id("generated").await);
    assert_eq!(topic(&output).await.map(|topic| topic.partitions()), Some(2), "weir made it as the file says");
    assert_eq!(project.status("generated").await["output_topic"], output.as_str());
    until("rows", WITHIN, async || (numbers(&output).await.len() > 50).then_some(())).await;
    project.nothing_is_left_to_do().await;

    project.write(GENERATED, &script.replace("\"running\"", "\"stopped\""));
    project.apply().await;
    project.jobs.until_over().await;
    let before = numbers(&output).await;
    project.write(GENERATED, &script);
    project.apply().await;
    let found = until("more rows", WITHIN, async || {
        let found = numbers(&output).await;
        (found.len() > before.len() + 50).then_some(found)
    })
    .await;
    let counted: Vec<u64> = (0..found.len() as u64).collect();
    assert_eq!(found, counted, "none missing, none doubled");
    project.nothing_is_left_to_do().await;
}

fn split(large: &TopicName, small: &TopicName) -> String {
    let table = |name: &str, topic: &TopicName| {
        format!(
            "CREATE TABLE {name} (ORDER_ID INT, AMOUNT DOUBLE) WITH ('connector' = 'kafka', 'topic' = '{topic}', 'format' = 'json');"
        )
    };
    format!(
        r#"run = "running"
script = """
{}
{}
INSERT INTO big SELECT ORDER_ID, AMOUNT FROM orders WHERE AMOUNT > 500;
INSERT INTO rest SELECT ORDER_ID, AMOUNT FROM orders WHERE AMOUNT <= 500;
"""

[output]
topic = "{large}"
partitions = 1

[deploy]
on_remove = "drop"

[options]
"parallelism.default" = "1"
"execution.checkpointing.interval" = "1 s"
"#,
        table("big", large),
        table("rest", small)
    )
}

#[tokio::test]
async fn two_inserts_are_one_job_and_its_state_is_kept() {
    let mut story = Story::begin(3).await;
    let small = story.project.topics.name("small");
    let text = split(&story.output, &small);
    story.project.write(FILE, &text);
    let ran = story.project.apply_refused().await;
    assert!(ran.says(&format!("topic `{small}`, which the script writes, does not exist")), "{ran}");
    assert_eq!(story.project.jobs.all().await, []);
    let small = story.project.topics.create("small", 1).await;
    let text = split(&story.output, &small);
    story.project.write(FILE, &text);

    story.write_numbers(2000..2100).await;
    story.project.apply().await;
    let first = story.project.jobs.only().await;
    assert_eq!(first.id, story.project.job_id(STREAM).await);
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;

    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    story.project.apply().await;
    story.write_numbers(2100..2200).await;
    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    story.project.apply().await;
    story.every_row_came_once().await;

    story.edit(FILE, "\"1 s\"", "\"2 s\"");
    let plan = story.project.plan().await;
    assert_eq!(plan["changes"][0]["verdict"], "keeps_state", "{plan}");
    story.project.apply().await;
    story.write_numbers(2200..2300).await;
    story.every_row_came_once().await;
    let expected: Vec<u64> = (2000..2300).filter(|id| id % 2 == 0).collect();
    until("the small ones", WITHIN, async || (ids(&small).await == expected).then_some(())).await;

    story.project.remove(FILE);
    story.project.apply().await;
    story.project.jobs.until_over().await;
    assert_eq!(topic(&story.output).await, None, "weir made it");
    assert!(topic(&small).await.is_some(), "weir did not make it");
}

/// What only the engine knows is told at its place in the file, and nothing is started by asking.
#[tokio::test]
async fn a_mistake_in_a_script_is_shown_in_the_file() {
    let mut story = Story::begin(1).await;
    let small = story.project.topics.create("small", 1).await;
    for (from, to, place) in
        [("AMOUNT <= 500", "AMONT <= 500", "AMONT"), ("rest (ORDER_ID INT", "rest (ORDER_ID INTT", "INTT")]
    {
        let text = split(&story.output, &small);
        assert!(text.contains(from));
        story.project.write(FILE, &text.replace(from, to));
        let ran = story.project.run(&["plan"]).await;
        let lines: Vec<&str> = ran.err.lines().collect();
        let at = lines.iter().position(|line| line.contains(to)).unwrap_or_else(|| panic!("no line of it: {ran}"));
        let caret = lines[at + 1].find('^');
        assert_eq!(caret, lines[at].find(place), "{ran}");
    }
    assert_eq!(story.project.jobs.all().await, []);
}

#[tokio::test]
async fn a_script_without_a_topic_makes_none() {
    let project = Project::new().await;
    let script = "script = \"\"\"\nCREATE TABLE n (id INT) WITH ('connector' = 'datagen', 'rows-per-second' = '1');\n\
                  CREATE TABLE nothing (id INT) WITH ('connector' = 'blackhole');\n\
                  INSERT INTO nothing SELECT id FROM n;\n\"\"\"\n[deploy]\non_remove = \"drop\"\n";
    let stream = format!("silent_{}", &project.name.replace('-', "_"));
    let file = format!("streams/{stream}.toml");
    project.write(&file, script);
    project.apply().await;
    project.jobs.only().await;
    assert_eq!(project.status(&stream).await["output_topic"], Value::Null);
    project.nothing_is_left_to_do().await;
    project.write("streams/other.toml", &script.replace("blackhole", "print"));
    project.remove(&file);
    project.apply().await;
    assert_eq!(project.jobs.only().await.id, project.job_id("other").await);
    assert_eq!(topic(&TopicName::parse(&stream).expect("a topic")).await, None);
}
