//! A stream is stopped, rows arrive, and it goes on.

use std::path::Path;

use crate::scenarios::orders::{FILE, QUERY, STREAM, Story, WINDOWED};

const RUNNING: &str = r#"run = "running""#;
const STOPPED: &str = r#"run = "stopped""#;

#[tokio::test]
async fn a_stopped_stream_goes_on_where_it_stopped() {
    let mut story = stopped().await;
    assert_eq!(story.project.status(STREAM).await["health"], "stopped");
    story.project.nothing_is_left_to_do().await;
    let before = story.count().await;
    story.write_numbers(3000..3100).await;

    story.edit(FILE, STOPPED, RUNNING);
    let plan = story.project.plan().await;
    assert_eq!(plan["changes"][0]["action"], "start", "{plan}");
    assert_eq!(story.count().await, before, "nobody writes while it is stopped");
    story.project.apply().await;
    story.every_row_came_once().await;
    // 50 of the 100 are above 500, and one more in each of the 3 partitions.
    assert_eq!(story.count().await, before + 50 + 3);
    let job = story.project.jobs.only().await;
    assert_eq!(job.name, format!("weir:{}/{STREAM}@2", story.project.name));
    story.project.nothing_is_left_to_do().await;
}

#[tokio::test]
async fn an_edited_stream_is_not_started_and_its_savepoint_stays() {
    let mut story = stopped().await;
    let savepoints = story.project.savepoints().await;
    assert_eq!(savepoints.len(), 1, "{savepoints:?}");
    story.write_numbers(3000..3100).await;

    story.edit(FILE, QUERY, WINDOWED);
    let ran = story.project.apply().await;
    assert!(ran.says("drops_state"), "the edit is recorded with what its start will be: {ran}");
    story.edit(FILE, STOPPED, RUNNING);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("drops_state"), "{ran}");
    let plan = story.project.plan().await;
    let blocked = &plan["blocked"][0];
    assert_eq!((&blocked["action"], &blocked["verdict"]), (&"start".into(), &"refused".into()), "{plan}");
    assert_eq!(story.project.jobs.live().await, []);
    assert_eq!(story.project.savepoints().await, savepoints);
    assert!(folder(&savepoints[0]).join("_metadata").is_file(), "{savepoints:?}");

    story.edit(FILE, WINDOWED, QUERY);
    story.project.apply().await;
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;
}

/// Both edits in one save.
#[tokio::test]
async fn an_edit_and_a_start_at_once_are_refused() {
    let mut story = stopped().await;
    story.edit(FILE, QUERY, WINDOWED);
    story.edit(FILE, STOPPED, RUNNING);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("drops_state"), "{ran}");
    assert_eq!(story.project.jobs.live().await, []);
    story.edit(FILE, WINDOWED, QUERY);
    story.project.apply().await;
    story.every_row_came_once().await;
}

#[tokio::test]
async fn a_stream_that_is_not_to_run_is_only_recorded() {
    let mut story = Story::begin(1).await;
    story.edit(FILE, RUNNING, STOPPED);
    story.project.apply().await;
    assert_eq!(story.project.jobs.all().await, []);
    story.project.nothing_is_left_to_do().await;
    story.write_numbers(2000..2020).await;
    story.edit(FILE, STOPPED, RUNNING);
    story.project.apply().await;
    story.every_row_came_once().await;
}

/// Rows came out, then it was stopped.
async fn stopped() -> Story {
    let mut story = Story::begin(3).await;
    story.write_numbers(2000..2100).await;
    story.project.apply().await;
    story.every_row_came_once().await;
    let job = story.project.jobs.only().await;
    story.edit(FILE, RUNNING, STOPPED);
    story.project.apply().await;
    let all = story.project.jobs.all().await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((&all[0].id, all[0].state.as_str()), (&job.id, "FINISHED"));
    story
}

/// Of a savepoint's URL, as Flink prints it.
fn folder(url: &str) -> &Path {
    Path::new(url.strip_prefix("file:").expect("a folder of this machine"))
}
