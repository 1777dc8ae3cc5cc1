//! Changes of a definition that need no new state.

use crate::scenarios::orders::{FILE, STREAM, Story, flowing};
use crate::support::kafka::Flow;
use crate::support::project::topic;

/// Every row of a producer that never rests, over two updates.
#[tokio::test]
async fn options_change_and_no_row_is_lost_or_doubled() {
    let mut story = Story::begin(3).await;
    story.project.apply().await;
    let flow = Flow::start(&story.orders, 3, 200, flowing);
    story.rows_come(200).await;

    for (generation, from, to) in [
        (2, r#""execution.checkpointing.interval" = "1 s""#, r#""execution.checkpointing.interval" = "2 s""#),
        (3, r#""parallelism.default" = "1""#, r#""parallelism.default" = "2""#),
    ] {
        let old = story.project.jobs.only().await;
        story.edit(FILE, from, to);
        let plan = story.project.plan().await;
        assert_eq!(plan["changes"][0]["action"], "update", "{plan}");
        assert_eq!(plan["changes"][0]["verdict"], "keeps_state", "{plan}");
        story.project.apply().await;
        let new = story.project.jobs.only().await;
        assert_eq!(new.name, format!("weir:{}/{STREAM}@{generation}", story.project.name));
        let all = story.project.jobs.all().await;
        let old = all.iter().find(|job| job.id == old.id).expect("Flink lists it for an hour");
        assert_eq!(old.state, "FINISHED", "it was stopped with a savepoint");
        assert_eq!(story.project.savepoints().await.len(), generation - 1);
        story.rows_come(story.count().await + 200).await;
    }

    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;
}

#[tokio::test]
async fn topic_settings_change_and_the_job_goes_on() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    let job = story.project.jobs.only().await;
    story.edit(FILE, "604800000", "86400000");
    let plan = story.project.plan().await;
    assert_eq!(plan["changes"][0]["verdict"], "keeps_state", "{plan}");
    story.project.apply().await;

    let seen = topic(&story.output).await.expect("it exists");
    assert_eq!(seen.config.get("retention.ms").map(String::as_str), Some("86400000"));
    assert_eq!(story.project.jobs.all().await, [job]);
    story.project.nothing_is_left_to_do().await;
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;
}

#[tokio::test]
async fn what_means_the_same_restarts_nothing() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    let job = story.project.jobs.only().await;

    story.edit(FILE, "WHERE AMOUNT > 500", "-- the larger ones\n  where  AMOUNT\n> 500 /* euros */");
    story.project.apply().await;
    story.project.nothing_is_left_to_do().await;
    story.edit(FILE, "[output]", "# where it goes\n\n[output]");
    story.project.nothing_is_left_to_do().await;

    let text = story.project.read(FILE);
    story.project.write("streams/shop/eu/high_value_orders.toml", &text);
    story.project.remove(FILE);
    let plan = story.project.plan().await;
    assert_eq!(plan["changes"][0]["action"], "record", "{plan}");
    story.project.apply().await;
    story.project.nothing_is_left_to_do().await;

    assert_eq!(story.project.jobs.all().await, [job]);
    let path = story.project.recorded("select path from streams").await;
    assert_eq!(path, ["shop/eu/high_value_orders.toml"]);
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;
}

#[tokio::test]
async fn a_change_of_policy_is_recorded_and_the_job_goes_on() {
    let story = Story::begin(1).await;
    story.project.apply().await;
    let job = story.project.jobs.only().await;
    story.edit(FILE, r#"on_remove = "stop""#, r#"on_remove = "keep""#);
    let plan = story.project.plan().await;
    assert_eq!(plan["changes"][0]["action"], "record", "{plan}");
    story.project.apply().await;
    assert_eq!(story.project.jobs.all().await, [job]);
    assert_eq!(story.project.recorded("select policy->>'on_remove' from streams").await, ["keep"]);
    story.project.nothing_is_left_to_do().await;
}
