//! Jobs that cannot go on, and what is left when they do not.

use serde_json::json;

use crate::scenarios::orders::{FILE, SOURCE, STREAM, Story, flowing};
use crate::support::kafka::{Flow, produce};

const RUNNING: &str = r#"run = "running""#;
const STOPPED: &str = r#"run = "stopped""#;

/// The engine does not take the option's value; the rows go on coming all the same, and all of them once.
#[tokio::test]
async fn an_option_that_the_engine_does_not_take_loses_no_row() {
    let mut story = Story::begin(3).await;
    story.project.apply().await;
    let flow = Flow::start(&story.orders, 3, 100, flowing);
    story.rows_come(100).await;
    let job = story.project.jobs.only().await;
    story.edit(FILE, r#""execution.checkpointing.interval" = "1 s""#, r#""execution.checkpointing.interval" = "soon""#);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("execution.checkpointing.interval"), "{ran}");
    assert_eq!(story.project.jobs.live().await, [job], "it is known before the job is stopped: {ran}");
    story.edit(FILE, r#""execution.checkpointing.interval" = "soon""#, r#""execution.checkpointing.interval" = "2 s""#);
    story.project.apply().await;
    story.rows_come(story.count().await + 100).await;
    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
}

/// The savepoint is gone from the disk: the stream does not begin anew, which would double its rows.
#[tokio::test]
async fn without_its_savepoint_a_stream_is_not_begun_anew() {
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2020).await;
    story.project.apply().await;
    story.every_row_came_once().await;
    let before = story.count().await;
    story.edit(FILE, RUNNING, STOPPED);
    story.project.apply().await;
    let savepoints = story.project.savepoints().await;
    let folder = savepoints[0].strip_prefix("file:").expect("a folder of this machine").to_owned();
    std::fs::rename(&folder, format!("{folder}-moved")).expect("it is there");

    story.edit(FILE, STOPPED, RUNNING);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("failed"), "{ran}");
    let ran = story.project.apply_refused().await;
    assert!(ran.says("not yet"), "{ran}");
    assert_eq!(story.project.jobs.live().await, []);
    assert_eq!(story.project.savepoints().await, savepoints);
    assert_eq!(story.count().await, before);
}

#[tokio::test]
async fn bad_records_are_skipped_where_the_file_says_so() {
    let mut story = Story::begin(1).await;
    story.edit(SOURCE, "format = \"json\"", "format = \"json\"\non_bad_record = \"skip\"");
    story.write_numbers(2000..2010).await;
    produce(&story.orders, 0, [json!("no order"), json!(5), json!({ "ORDER_ID": "x" })]).await;
    story.write_numbers(2010..2020).await;
    story.project.apply().await;
    story.every_row_came_once().await;
    assert_eq!(story.project.status(STREAM).await["health"], "running");
}
