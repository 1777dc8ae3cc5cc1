//! A changed query goes on where the old one stopped, and what does not come to run gives way to what ran before.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::scenarios::orders::{FILE, FLOW, STREAM, Story, order};
use crate::support::kafka::{Flow, read_all};
use crate::support::project::until;

const PARTITIONS: u64 = 3;
const PATIENCE: Duration = Duration::from_secs(60);

/// Above every threshold, above the first only, above none: in turns.
fn flowing(number: u64) -> Value {
    order(FLOW + number, amount(number))
}

fn amount(number: u64) -> f64 {
    [1500.0, 750.0, 100.0][(number / PARTITIONS % 3) as usize]
}

/// How often each number of the flow came out.
async fn counts(story: &Story) -> BTreeMap<u64, usize> {
    let mut counts = BTreeMap::new();
    for row in read_all(&story.output).await {
        *counts.entry(row.json()["ORDER_ID"].as_u64().expect("an id") - FLOW).or_default() += 1;
    }
    counts
}

/// Every row that both queries give is there once; what only the old one gives is there once up to a place in each
/// partition, and from there on not at all. Returns how many rows there are.
async fn one_cut_in_each_partition(story: &Story, written: u64) -> usize {
    let all = (0..written).filter(|number| amount(*number) > 1000.0).count();
    let counts = until("all rows", PATIENCE, async || {
        let counts = counts(story).await;
        let large = counts.keys().filter(|number| amount(**number) > 1000.0).count();
        (large == all).then_some(counts)
    })
    .await;
    assert!(counts.values().all(|times| *times == 1), "doubled: {counts:?}");
    assert!(counts.keys().all(|number| amount(*number) > 500.0), "below both: {counts:?}");
    for partition in 0..PARTITIONS {
        let between = |number: &u64| number % PARTITIONS == partition && amount(*number) == 750.0;
        let came: Vec<bool> = (0..written).filter(between).map(|number| counts.contains_key(&number)).collect();
        assert!(came.is_sorted_by(|a, b| a >= b), "partition {partition} has more than one cut");
        assert!(came.first() == Some(&true) && came.last() == Some(&false), "both queries gave rows");
    }
    counts.len()
}

/// One change, no state, the same topic, and not a row too many or too few.
#[tokio::test]
async fn another_threshold_goes_on_where_the_old_one_stopped() {
    carried("AMOUNT > 500", "AMOUNT > 1000", "deploy").await;
}

/// Its sources have other places in the plan: they are read out of the savepoint.
#[tokio::test]
async fn another_shape_goes_on_where_the_old_one_stopped() {
    let twice = "AMOUNT > 2000\nUNION ALL SELECT ORDER_ID, CUSTOMER_ID, PRODUCT, AMOUNT, PURCHASE_DATE\nFROM orders\n\
                 WHERE AMOUNT > 1000 AND AMOUNT <= 2000";
    carried("AMOUNT > 500", twice, "read_offsets").await;
}

async fn carried(from: &str, to: &str, by: &str) {
    let story = Story::begin(PARTITIONS as u32).await;
    story.project.apply().await;
    let flow = Flow::start(&story.orders, PARTITIONS as i32, 300, flowing);
    story.rows_come(300).await;
    let before = read_all(&story.output).await;

    story.edit(FILE, from, to);
    let plan = story.project.plan().await;
    assert_eq!(plan["summary"]["update"], 1, "{plan}");
    let change = &plan["changes"][0];
    assert_eq!(change["verdict"], "carries_offsets", "{plan}");
    let kinds: Vec<&str> =
        change["steps"].as_array().expect("steps").iter().filter_map(|step| step["kind"].as_str()).collect();
    assert!(kinds.contains(&by) && !kinds.contains(&"delete_topic"), "{plan}");
    story.project.apply().await;
    story.rows_come(story.count().await + 200).await;

    let written = flow.stop().await;
    let rows = one_cut_in_each_partition(&story, written).await;
    assert_eq!(read_all(&story.output).await[..1], before[..1], "what was written stays");
    assert_eq!(story.project.jobs.only().await.name, format!("weir:{}/{STREAM}@2", story.project.name));
    story.project.nothing_is_left_to_do().await;
    eprintln!("{by}: {written} written, {rows} rows, 0 missing, 0 doubled");
}

/// The new query fails on its first row, by direct restore and with its places read out: what ran before goes on within
/// the same apply, and the change is not tried again by itself.
#[tokio::test]
async fn what_does_not_come_to_run_gives_way_to_what_ran_before() {
    let story = Story::begin(PARTITIONS as u32).await;
    story.project.apply().await;
    let flow = Flow::start(&story.orders, PARTITIONS as i32, 300, flowing);
    story.rows_come(300).await;

    story.edit(FILE, "AMOUNT > 500", "AMOUNT > 500 / (ORDER_ID - ORDER_ID)");
    let ran = story.project.apply_refused().await;
    assert!(ran.says("the change did not come to run"), "{ran}");
    let job = story.project.jobs.only().await;
    // By the other way, or at once where the new job completed a checkpoint before it met a row.
    let names = [3, 4].map(|generation| format!("weir:{}/{STREAM}@{generation}", story.project.name));
    assert!(names.contains(&job.name), "{ran}");
    let plan = story.project.plan().await;
    assert_eq!((&plan["summary"]["blocked"], &plan["summary"]["update"]), (&1.into(), &0.into()), "{plan}");
    let again = story.project.apply_refused().await;
    assert!(again.says("was tried"), "{again}");
    assert_eq!(story.project.jobs.only().await, job, "it is not tried again");
    story.rows_come(story.count().await + 100).await;

    // Another definition is judged against what ran.
    story.edit(FILE, "AMOUNT > 500 / (ORDER_ID - ORDER_ID)", "AMOUNT > 1000");
    story.project.apply().await;
    story.rows_come(story.count().await + 100).await;
    let written = flow.stop().await;
    one_cut_in_each_partition(&story, written).await;
    story.project.nothing_is_left_to_do().await;
}

/// Taken back, the definition is what runs: nothing is done to the job.
#[tokio::test]
async fn a_change_that_came_to_grief_can_be_taken_back() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    let flow = Flow::start(&story.orders, 1, 200, |number| order(FLOW + number, 750.0));
    story.rows_come(100).await;
    story.edit(FILE, "AMOUNT > 500", "AMOUNT > 500 / (ORDER_ID - ORDER_ID)");
    story.project.apply_refused().await;
    let job = story.project.jobs.only().await;
    story.edit(FILE, "AMOUNT > 500 / (ORDER_ID - ORDER_ID)", "AMOUNT > 500");
    story.project.apply().await;
    assert_eq!(story.project.jobs.only().await, job);
    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;
}
