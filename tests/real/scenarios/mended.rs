//! A stream whose job cannot go on is mended by an edit alone: its job is given up, and what follows goes on from the
//! last checkpoint.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;

use crate::scenarios::orders::{FILE, FLOW, QUERY, SOURCE, STREAM, Story, flowing, ids, order};
use crate::support::kafka::{Flow, produce};
use crate::support::project::{jobs, until};

const PARTITIONS: u32 = 3;
const PATIENCE: Duration = Duration::from_secs(120);
/// The query divides by zero on it.
const POISON: u64 = 7_000_001;
const FAILING: &str = "AMOUNT > 500 / (ORDER_ID - 7000001)";
const MENDED: &str = "AMOUNT > 500 / (ORDER_ID - 7000002)";

#[tokio::test]
async fn an_edit_mends_what_fails_on_one_record() {
    mended("at_least_once", MENDED).await;
}

/// Its places are read out of the checkpoint.
#[tokio::test]
async fn an_edit_into_another_shape_mends_what_fails_on_one_record() {
    let columns = QUERY.split("FROM").next().expect("columns");
    mended("at_least_once", &format!("ORDER_ID < 7000001\nUNION ALL {columns} FROM orders WHERE ORDER_ID >= 7000001"))
        .await;
}

#[tokio::test]
async fn an_edit_mends_an_exactly_once_stream_without_doubling_a_row() {
    assert_eq!(mended("exactly_once", MENDED).await, 0, "doubled");
}

/// Returns how many rows came twice.
async fn mended(delivery: &str, into: &str) -> usize {
    let story = Story::begin(PARTITIONS).await;
    story.edit(FILE, "partitions = 1", &format!("partitions = 1\ndelivery = \"{delivery}\""));
    story.edit(FILE, "AMOUNT > 500", FAILING);
    story.project.apply().await;
    let flow = Flow::start(&story.orders, PARTITIONS as i32, 300, flowing);
    story.rows_come(300).await;
    produce(&story.orders, 0, [order(POISON, 750.0)]).await;
    restarts(&story).await;

    story.edit(FILE, FAILING, into);
    applied_in_the_end(&story).await;
    story.rows_come(story.count().await + 300).await;
    let written = flow.stop().await;
    let all: BTreeSet<u64> = (FLOW..FLOW + written).chain([POISON]).collect();
    let found = until("all rows", PATIENCE, async || {
        let found = ids(&story.output).await;
        (found.iter().copied().collect::<BTreeSet<u64>>() == all).then_some(found)
    })
    .await;
    story.project.nothing_is_left_to_do().await;
    let doubled = found.len() - all.len();
    eprintln!("{delivery}: {written} written, 0 missing, {doubled} doubled");
    doubled
}

/// It can also be ended, and goes on from its last checkpoint when it is started with what mends it.
#[tokio::test]
async fn what_fails_on_a_bad_record_can_be_ended_and_started_again() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    story.write_numbers(2000..2010).await;
    story.every_row_came_once().await;
    // Longer than from one checkpoint to the next: what came is in one.
    tokio::time::sleep(Duration::from_secs(3)).await;
    produce(&story.orders, 0, [json!("no order")]).await;
    restarts(&story).await;
    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    applied_in_the_end(&story).await;
    assert_eq!(story.project.jobs.live().await, []);
    assert_eq!(story.project.status(STREAM).await["health"], "stopped");
    story.project.nothing_is_left_to_do().await;

    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    story.edit(SOURCE, "format = \"json\"", "format = \"json\"\non_bad_record = \"skip\"");
    story.project.apply().await;
    story.write_numbers(2010..2020).await;
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;
}

/// A query that never ran has nothing to go on from: the next one begins as it did.
#[tokio::test]
async fn an_edit_mends_a_first_query_that_never_ran() {
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2010).await;
    story.edit(FILE, "AMOUNT > 500", "AMOUNT > 500 / (ORDER_ID - ORDER_ID)");
    let ran = story.project.apply_refused().await;
    assert!(ran.says("by zero"), "{ran}");
    story.edit(FILE, "AMOUNT > 500 / (ORDER_ID - ORDER_ID)", "AMOUNT > 500");
    applied_in_the_end(&story).await;
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;
}

/// An edit that fails like what it was to mend is mended by the next one, which goes on from the same checkpoint.
#[tokio::test]
async fn a_second_edit_mends_what_the_first_did_not() {
    let story = Story::begin(1).await;
    story.edit(FILE, "AMOUNT > 500", FAILING);
    story.project.apply().await;
    produce(&story.orders, 0, (1..10).map(|id| order(id, 750.0))).await;
    story.rows_come(9).await;
    // Longer than from one checkpoint to the next: what came is in one.
    tokio::time::sleep(Duration::from_secs(3)).await;
    produce(&story.orders, 0, [order(POISON, 750.0)]).await;
    restarts(&story).await;
    let wrong = FAILING.replace("500", "400");
    story.edit(FILE, FAILING, &wrong);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("by zero"), "{ran}");
    story.edit(FILE, &wrong, MENDED);
    applied_in_the_end(&story).await;
    produce(&story.orders, 0, (10..20).map(|id| order(id, 750.0))).await;
    story.rows_come(20).await;
    let once: Vec<u64> = (1..20).chain([POISON]).collect();
    let mut found = ids(&story.output).await;
    found.sort_unstable();
    assert_eq!(found, once);
    story.project.nothing_is_left_to_do().await;
}

/// As it is: nothing was wrong with it.
#[tokio::test]
async fn what_others_cancelled_goes_on_when_it_is_asked_for() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    story.write_numbers(2000..2010).await;
    story.every_row_came_once().await;
    // Longer than from one checkpoint to the next: what came is in one.
    tokio::time::sleep(Duration::from_secs(3)).await;
    jobs::cancel(&story.project.jobs.only().await.id).await;
    story.project.jobs.until_over().await;
    let ran = story.project.apply_refused().await;
    assert!(ran.says("cancelled by others") && ran.says("weir restart high_value_orders"), "{ran}");

    let ran = story.project.run(&["restart", STREAM, "--yes"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    story.write_numbers(2010..2020).await;
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;
}

async fn restarts(story: &Story) {
    until("the job to restart", PATIENCE, async || {
        let health = story.project.status(STREAM).await["health"].clone();
        (health == "restarting" || health == "failed").then_some(())
    })
    .await;
}

/// Between two restarts it starts, and cannot be told from one that will run.
async fn applied_in_the_end(story: &Story) {
    until("the change to be done", PATIENCE, async || {
        let ran = story.project.run(&["apply", "--yes"]).await;
        eprintln!("{ran}");
        (ran.code == 0).then_some(())
    })
    .await;
}
