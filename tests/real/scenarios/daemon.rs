//! `weir serve`: files are saved, and nobody does anything else.

use std::time::Duration;

use crate::scenarios::orders::{FILE, STREAM, Story, filter};
use crate::support::project::daemon::Daemon;
use crate::support::project::{jobs, until};

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_saved_file_becomes_rows_by_itself() {
    let mut story = Story::begin(3).await;
    story.project.remove(FILE);
    story.write_numbers(2000..2100).await;
    let daemon = story.project.serve();
    daemon.wait_line("holds the lease").await;
    story.project.write(FILE, &filter(&story.output));
    story.every_row_came_once().await;
    story.write_numbers(3000..3100).await;
    story.every_row_came_once().await;

    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    story.project.jobs.until_over().await;
    story.write_numbers(4000..4100).await;
    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    story.every_row_came_once().await;
    story.project.remove(FILE);
    story.project.jobs.until_over().await;
    until("the removal to be recorded", PATIENCE, async || {
        (story.project.recorded("select state from streams").await == ["removed"]).then_some(())
    })
    .await;
    ends_well(daemon).await;
}

#[tokio::test]
async fn jobs_run_on_when_the_daemon_ends_and_nothing_changes_when_it_is_back() {
    let mut story = Story::begin(1).await;
    let daemon = story.project.serve();
    daemon.wait_line("done").await;
    let job = story.project.jobs.only().await;
    ends_well(daemon).await;
    assert_eq!(story.project.jobs.all().await, std::slice::from_ref(&job));
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;

    let steps = story.project.steps().await;
    let daemon = story.project.serve();
    daemon.wait_line("holds the lease").await;
    story.project.one_more_look(&daemon).await;
    assert_eq!(story.project.steps().await, steps, "{:#?}", daemon.lines());
    assert_eq!(story.project.jobs.all().await, [job]);
    story.write_numbers(3000..3020).await;
    story.every_row_came_once().await;
    ends_well(daemon).await;
}

#[tokio::test]
async fn apply_names_the_daemon_that_holds_the_lease() {
    let story = Story::begin(1).await;
    let daemon = story.project.serve();
    daemon.wait_line("done").await;
    let job = story.project.jobs.only().await;
    let steps = story.project.steps().await;
    story.edit(FILE, r#"on_remove = "stop""#, r#"on_remove = "keep""#);
    let ran = story.project.apply_refused().await;
    assert!(ran.err.contains("weir serve on ") && ran.err.contains("holds the lease"), "{ran}");
    assert_eq!(story.project.jobs.all().await, [job]);
    // The daemon itself takes the edit.
    until("the edit to be recorded", PATIENCE, async || (story.project.steps().await > steps).then_some(())).await;
    // Looking is free.
    story.project.plan().await;
    ends_well(daemon).await;
    story.project.nothing_is_left_to_do().await;
}

/// A stream that once ran is never deployed from its `start` again: its rows would come twice.
#[tokio::test]
async fn a_job_cancelled_by_others_is_told_and_not_begun_anew() {
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2020).await;
    let daemon = story.project.serve();
    story.every_row_came_once().await;
    let before = story.count().await;
    let job = story.project.jobs.only().await;
    let said = daemon.lines().len();
    jobs::cancel(&job.id).await;
    daemon.wait_line_after(said, "cancelled by others").await;
    story.project.one_more_look(&daemon).await;
    story.project.one_more_look(&daemon).await;

    let status = story.project.status(STREAM).await;
    assert_eq!(status["health"], "stopped", "{status}");
    assert!(status["reason"].as_str().is_some_and(|why| why.contains("cancelled by others")), "{status}");
    let plan = story.project.plan().await;
    assert_eq!(plan["blocked"][0]["action"], "restart", "{plan}");
    let all = story.project.jobs.all().await;
    assert_eq!(all.len(), 1, "{all:?}");
    assert!(all[0].is_over(), "{all:?}");
    assert_eq!(story.project.recorded("select job_id from deployments").await, [job.id]);
    assert_eq!(story.count().await, before);
    let told = daemon.lines().iter().filter(|line| line.contains("cancelled by others")).count();
    assert_eq!(told, 1, "once: {:#?}", daemon.lines());
    ends_well(daemon).await;
}

#[tokio::test]
async fn a_second_daemon_waits_and_takes_over() {
    let mut story = Story::begin(1).await;
    let first = story.project.serve();
    first.wait_line("done").await;
    let job = story.project.jobs.only().await;
    let second = story.project.serve();
    second.wait_line("waits: weir serve on ").await;
    ends_well(first).await;
    second.wait_line("holds the lease").await;
    story.project.one_more_look(&second).await;
    assert_eq!(story.project.jobs.all().await, [job]);
    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    story.project.jobs.until_over().await;
    story.write_numbers(2000..2020).await;
    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    story.every_row_came_once().await;
    ends_well(second).await;
}

/// Its lease runs out; nobody has to do anything for that.
#[tokio::test]
async fn a_killed_daemon_keeps_nobody_waiting_for_long() {
    let story = Story::begin(1).await;
    let daemon = story.project.serve();
    daemon.wait_line("done").await;
    let job = story.project.jobs.only().await;
    drop(daemon);
    story.edit(FILE, r#"on_remove = "stop""#, r#"on_remove = "keep""#);
    story.project.apply().await;
    story.project.nothing_is_left_to_do().await;
    assert_eq!(story.project.jobs.all().await, [job]);
}

/// In mode `manual` the daemon looks and tells.
#[tokio::test]
async fn a_manual_daemon_shows_and_does_nothing() {
    let mut story = Story::begin(1).await;
    story.project.set("WEIR_RECONCILE_MODE", "manual");
    let daemon = story.project.serve();
    daemon.wait_line("wait for leave").await;
    story.project.one_more_look(&daemon).await;
    assert_eq!(story.project.jobs.all().await, []);
    assert_eq!(story.project.steps().await, 0);
    ends_well(daemon).await;
}

async fn ends_well(daemon: Daemon) {
    let (status, took) = daemon.end().await;
    assert_eq!(status.code(), Some(0));
    assert!(took < Duration::from_secs(10), "it took {took:?}");
}
