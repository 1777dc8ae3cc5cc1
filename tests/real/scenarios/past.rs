//! What was: told, taken up again, and gone back to.

use std::os::unix::fs::symlink;

use serde_json::json;

use crate::scenarios::orders::{FILE, STREAM, Story, flowing};
use crate::support::kafka::Flow;

/// Every row of a producer that never rests, over a restart.
#[tokio::test]
async fn a_restart_goes_on_where_the_job_was() {
    let mut story = Story::begin(3).await;
    story.project.apply().await;
    let flow = Flow::start(&story.orders, 3, 200, flowing);
    story.rows_come(200).await;
    let old = story.project.jobs.only().await;

    let ran = story.project.run(&["restart", STREAM]).await;
    assert!(ran.code == 1 && ran.err.contains("`--yes` applies without asking"), "{ran}");
    assert!(ran.out.contains(&format!("↻ {STREAM} (flink) restart")), "{ran}");
    assert_eq!(story.project.jobs.only().await, old, "it was only shown");

    let ran = story.project.run(&["restart", STREAM, "--yes"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    let new = story.project.jobs.only().await;
    assert_eq!(new.name, format!("weir:{}/{STREAM}@2", story.project.name));
    story.rows_come(story.count().await + 200).await;
    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;

    let ran = story.project.run(&["history", STREAM, "--output", "json"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    let told = ran.json();
    let seen: Vec<_> = told["deployments"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|past| json!([past["generation"], past["status"], past["began"], past["files_kept"]]))
        .collect();
    assert_eq!(seen, [json!([2, "live", "savepoint", true]), json!([1, "stopped", "start", true])], "{told}");
    let events: Vec<_> = told["events"].as_array().expect("a list").iter().map(|event| &event["what"]).collect();
    assert_eq!(events, ["restart: done", "create: done"], "{told}");
    let ran = story.project.run(&["history", STREAM]).await;
    assert!(ran.code == 0 && ran.out.contains("savepoint") && ran.out.contains("restart: done"), "{ran}");
    let ran = story.project.run(&["history", "high_value"]).await;
    assert!(ran.code == 1 && ran.err.contains("there is no stream `high_value`"), "{ran}");
}

#[tokio::test]
async fn only_a_running_stream_that_is_as_its_file_says_is_restarted() {
    let story = Story::begin(1).await;
    let ran = story.project.run(&["restart", STREAM, "--yes"]).await;
    assert!(ran.code == 1 && ran.out.contains("its next apply would create it"), "{ran}");
    story.project.apply().await;
    let refused = async |says: &str| {
        let steps = story.project.steps().await;
        let ran = story.project.run(&["restart", STREAM, "--yes"]).await;
        assert!(ran.code == 1 && ran.out.contains("restart blocked: ") && ran.out.contains(says), "{says}: {ran}");
        assert_eq!(story.project.steps().await, steps);
    };
    story.edit(FILE, r#""parallelism.default" = "1""#, r#""parallelism.default" = "2""#);
    refused("its next apply would update it, which comes first").await;
    story.edit(FILE, r#""parallelism.default" = "2""#, r#""parallelism.default" = "1""#);
    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    refused("its next apply would stop it").await;
    story.project.apply().await;
    refused("there is no job to restart").await;
}

#[tokio::test]
async fn an_earlier_definition_comes_back_as_it_was_written() {
    let mut story = Story::begin(1).await;
    let first = format!("# As it was at first.\n{}", story.project.read(FILE));
    story.project.write(FILE, &first);
    story.project.apply().await;
    let ran = story.project.run(&["rollback", STREAM]).await;
    assert!(ran.code == 1 && ran.err.contains("no earlier generation"), "{ran}");

    let second = first
        .replace("# As it was at first.", "# Later.")
        .replace(r#""parallelism.default" = "1""#, r#""parallelism.default" = "2""#);
    story.project.write(FILE, &second);
    story.project.apply().await;
    let job = story.project.jobs.only().await;

    // An edit that was never applied is not lost unasked.
    story.edit(FILE, "protect = false", "protect = true");
    let ran = story.project.run(&["rollback", STREAM]).await;
    assert!(ran.code == 1 && ran.err.contains("edits that were never applied"), "{ran}");
    assert!(story.project.read(FILE).contains("protect = true"));
    story.project.write(FILE, "no toml");
    let ran = story.project.run(&["rollback", STREAM]).await;
    assert!(ran.code == 1 && ran.err.contains("edits that were never applied"), "{ran}");

    let ran = story.project.run(&["rollback", STREAM, "--yes"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(story.project.read(FILE), first, "every byte of it");
    assert!(ran.out.contains(&format!("~ {STREAM} (flink) update")) && ran.out.contains("[keeps_state]"), "{ran}");
    assert_eq!(story.project.jobs.only().await, job, "nothing else was done");

    story.project.apply().await;
    story.write_numbers(2000..2100).await;
    story.every_row_came_once().await;
    let ran = story.project.run(&["rollback", STREAM, "--to", "2", "--output", "json"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(ran.json()["written"], json!(["high_value_orders.toml"]), "{ran}");
    assert_eq!(ran.json()["plan"]["changes"][0]["verdict"], "keeps_state", "{ran}");
    assert_eq!(story.project.read(FILE), second);
    let ran = story.project.run(&["rollback", STREAM, "--to", "9"]).await;
    assert!(ran.code == 1 && ran.err.contains("it has 1, 2, 3"), "{ran}");
}

/// The query in a file of its own comes back too, after both were moved; and nothing is written through a link that
/// leads out.
#[tokio::test]
async fn a_querys_file_comes_back_with_its_definition() {
    let story = Story::begin(1).await;
    let text = story.project.read(FILE);
    let (before, rest) = text.split_once("sql = \"\"\"\n").expect("a query");
    let (query, after) = rest.split_once("\"\"\"").expect("its end");
    story.project.write("streams/big.sql", query);
    story.project.write(FILE, &format!("{before}sql_file = \"big.sql\"{after}"));
    story.project.apply().await;
    story.edit(FILE, r#""parallelism.default" = "1""#, r#""parallelism.default" = "2""#);
    story.edit("streams/big.sql", "SELECT", "-- The same.\nSELECT");
    story.project.apply().await;

    story.project.write("streams/shop/high_value_orders.toml", &story.project.read(FILE));
    story.project.write("streams/shop/big.sql", &story.project.read("streams/big.sql"));
    story.project.remove(FILE);
    story.project.remove("streams/big.sql");
    story.project.apply().await;
    let ran = story.project.run(&["rollback", STREAM]).await;
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(story.project.read("streams/shop/big.sql"), query);
    assert!(story.project.read("streams/shop/high_value_orders.toml").contains(r#""parallelism.default" = "1""#));

    let theirs = story.project.path("theirs.sql");
    std::fs::write(&theirs, query).expect("a file");
    story.project.remove("streams/shop/big.sql");
    symlink(&theirs, story.project.path("streams/shop/big.sql")).expect("a link");
    let ran = story.project.run(&["rollback", STREAM, "--to", "2", "--yes"]).await;
    assert!(ran.code == 1 && ran.err.contains("leads out of the project"), "{ran}");
    assert_eq!(std::fs::read_to_string(&theirs).expect("there"), query);
}
