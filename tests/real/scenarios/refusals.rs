//! What is not done, and that nothing is lost by it.

use crate::contract::broker::{create, done};
use crate::scenarios::orders::{FILE, QUERY, SOURCE, STREAM, Story, WINDOWED, source};
use crate::support::project::topic;
use crate::support::stack::Stack;
use weir::broker::kafka::Kafka;

#[tokio::test]
async fn a_query_that_would_lose_its_state_is_refused_and_the_job_runs_on() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    let job = story.project.jobs.only().await;
    story.edit(FILE, QUERY, WINDOWED);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("drops_state"), "it says what may be allowed: {ran}");
    let plan = story.project.plan().await;
    let blocked = &plan["blocked"][0];
    assert_eq!((&blocked["action"], &blocked["verdict"]), (&"update".into(), &"refused".into()), "{plan}");
    assert!(blocked["diff"].as_str().is_some_and(|diff| diff.contains("COUNT(*)")), "{plan}");
    let ran = story.project.run(&["plan", "--require-clean"]).await;
    assert_eq!(ran.code, 1, "{ran}");
    assert_eq!(story.project.jobs.all().await, [job]);
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;

    story.edit(FILE, WINDOWED, QUERY);
    story.project.nothing_is_left_to_do().await;
}

#[tokio::test]
async fn a_missing_source_topic_blocks_and_submits_nothing() {
    let mut story = Story::begin(1).await;
    let orders = story.project.topics.name("orders");
    story.project.write(SOURCE, &source(&orders));
    let ran = story.project.apply_refused().await;
    assert!(ran.says(orders.as_str()), "it names the topic: {ran}");
    assert_eq!(story.project.plan().await["blocked"][0]["because"], "needs");
    assert_eq!(story.project.jobs.all().await, []);
    assert_eq!(topic(&story.output).await, None);
    assert_eq!(topic(&orders).await, None, "looking makes no topic");

    let kafka = Kafka::new(&Stack::get().kafka, &Default::default()).expect("no properties are asked for");
    done(&kafka, &create(&orders, Some(1), &[])).await;
    story.orders = orders;
    story.project.apply().await;
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;
}

/// Only the engine knows the column; the place is shown in the user's file all the same.
#[tokio::test]
async fn a_column_that_is_not_there_is_shown_in_the_file() {
    let story = Story::begin(1).await;
    story.edit(FILE, "AMOUNT > 500", "AMONT > 500");
    for args in [&["plan"][..], &["apply", "--yes"]] {
        let ran = story.project.run(args).await;
        assert_eq!(ran.code, 1, "{ran}");
        let lines: Vec<&str> = ran.err.lines().collect();
        let at = lines.iter().position(|line| line.contains("WHERE AMONT > 500"));
        let at = at.unwrap_or_else(|| panic!("no line of the query: {ran}"));
        let column = lines[at].find("AMONT").expect("found above");
        let caret = lines[at + 1].find("^^^^^");
        assert_eq!(caret, Some(column), "{ran}");
        assert!(ran.err.contains("high_value_orders.toml:6:7"), "{ran}");
    }
    assert_eq!(story.project.jobs.all().await, []);
    assert_eq!(topic(&story.output).await, None);
}

/// Law 6.
#[tokio::test]
async fn a_broken_file_freezes_removals() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    let job = story.project.jobs.only().await;
    story.project.write("streams/half_saved.toml", "sql = \"\"\"\nSELECT");
    story.project.remove(FILE);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("half_saved.toml"), "{ran}");
    let plan = story.project.run(&["plan", "--output", "json"]).await.json();
    assert_eq!(plan["blocked"][0]["stream"], STREAM, "{plan}");
    assert_eq!(plan["blocked"][0]["action"], "delete", "{plan}");
    assert_eq!(story.project.jobs.all().await, [job]);
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;

    story.project.remove("streams/half_saved.toml");
    story.project.apply().await;
    assert_eq!(story.project.jobs.live().await, []);
}

/// Law 6: a stream keeps its last good definition while its file has errors.
#[tokio::test]
async fn a_stream_whose_file_breaks_runs_on() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    let (job, text) = (story.project.jobs.only().await, story.project.read(FILE));
    story.project.write(FILE, &text.replace("[output]", "[outptu]"));
    let ran = story.project.apply_refused().await;
    assert!(ran.says("outptu"), "{ran}");
    assert!(ran.says("did you mean `output`?"), "{ran}");
    assert_eq!(story.project.jobs.all().await, [job]);
    assert_eq!(story.project.status(STREAM).await["health"], "running");
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;
    story.project.write(FILE, &text);
    story.project.nothing_is_left_to_do().await;
}

/// Law 6: an empty folder may be the wrong one.
#[tokio::test]
async fn a_folder_that_vanished_removes_nothing() {
    let story = Story::begin(1).await;
    story.project.apply().await;
    let job = story.project.jobs.only().await;
    std::fs::rename(story.project.path("streams"), story.project.path("moved")).expect("it is there");
    story.project.apply_refused().await;
    assert_eq!(story.project.jobs.all().await, [job]);
    std::fs::rename(story.project.path("moved"), story.project.path("streams")).expect("it is there");
    story.project.nothing_is_left_to_do().await;
}

/// What cannot be checked is not begun: the job would be stopped and its successor not be submitted.
#[tokio::test]
async fn a_gateway_that_is_away_stops_no_job() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    let job = story.project.jobs.only().await;
    story.project.set("WEIR_ENGINES_FLINK_URL", "http://127.0.0.1:1");
    // The answer about the running job is in the ledger.
    story.project.nothing_is_left_to_do().await;
    story.edit(FILE, r#""1 s""#, r#""2 s""#);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("127.0.0.1:1"), "{ran}");
    assert_eq!(story.project.plan().await["blocked"][0]["because"], "unknown");
    assert_eq!(story.project.jobs.all().await, [job]);
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;

    // Stopping needs no gateway; the start waits for it.
    story.edit(FILE, r#""2 s""#, r#""1 s""#);
    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    story.project.apply().await;
    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    for _ in 0..2 {
        story.project.apply_refused().await;
    }
    assert_eq!(story.project.jobs.live().await, []);
    story.project.unset("WEIR_ENGINES_FLINK_URL");
    story.project.apply().await;
    story.write_numbers(3000..3020).await;
    story.every_row_came_once().await;
    assert!(story.project.jobs.only().await.name.ends_with("@2"), "no generation was spent on what never left");
}
