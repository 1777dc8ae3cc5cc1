//! A file goes: what was recorded rules.

use serde_json::Value;

use crate::contract::broker::{create, done};
use crate::scenarios::orders::{FILE, STREAM, Story, filter};
use crate::support::project::jobs;
use crate::support::project::topic;
use crate::support::stack::Stack;
use weir::broker::kafka::Kafka;

const STOP: &str = r#"on_remove = "stop""#;
const KEEP: &str = r#"on_remove = "keep""#;
const DROP: &str = r#"on_remove = "drop""#;
const PROTECTED: &str = "protect = true";
const FREE: &str = "protect = false";

#[tokio::test]
async fn a_kept_job_runs_on_unowned() {
    let mut story = applied(KEEP).await;
    let job = story.project.jobs.only().await;
    story.project.remove(FILE);
    story.project.apply().await;
    assert_eq!(state(&story).await, "kept");
    assert_eq!(story.project.jobs.all().await, std::slice::from_ref(&job));
    let plan = story.project.plan().await;
    assert!(is_unmanaged(&plan, &job.id), "{plan}");
    assert_eq!(plan["summary"]["blocked"], 0, "{plan}");
    story.write_numbers(3000..3020).await;
    story.every_row_came_once().await;

    // Another definition may not write its topic while it lives.
    story.project.write("streams/other.toml", &filter(&story.output));
    let ran = story.project.apply_refused().await;
    assert!(ran.says(STREAM), "it names who writes the topic: {ran}");
    assert_eq!(story.project.jobs.all().await, std::slice::from_ref(&job));
    jobs::cancel(&job.id).await;
    story.project.jobs.until_over().await;
    let plan = story.project.plan().await;
    assert_eq!((&plan["changes"][0]["stream"], &plan["changes"][0]["action"]), (&"other".into(), &"create".into()));
}

/// The job that was let go is not started a second time, nor from its beginning when it is over.
#[tokio::test]
async fn a_kept_stream_whose_file_is_back_is_not_doubled() {
    let mut story = applied(KEEP).await;
    let (job, text) = (story.project.jobs.only().await, story.project.read(FILE));
    story.project.remove(FILE);
    story.project.apply().await;
    story.project.write(FILE, &text);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("not yet"), "{ran}");
    assert_eq!(story.project.jobs.all().await, std::slice::from_ref(&job));
    story.write_numbers(3000..3020).await;
    story.every_row_came_once().await;
    let before = story.count().await;
    jobs::cancel(&job.id).await;
    story.project.jobs.until_over().await;
    let ran = story.project.apply_refused().await;
    assert!(ran.says("weir restart"), "{ran}");
    assert_eq!(story.project.jobs.all().await.len(), 1);
    assert_eq!(story.count().await, before);
}

#[tokio::test]
async fn a_stopped_stream_is_taken_up_when_its_file_is_back() {
    let mut story = applied(STOP).await;
    let text = story.project.read(FILE);
    story.project.remove(FILE);
    story.project.apply().await;
    assert_eq!(state(&story).await, "removed");
    assert_eq!(story.project.jobs.live().await, []);
    assert_eq!(story.project.savepoints().await.len(), 1);
    assert!(topic(&story.output).await.is_some(), "its rows stay");
    story.project.nothing_is_left_to_do().await;

    story.write_numbers(3000..3100).await;
    story.project.write(FILE, &text);
    story.project.apply().await;
    story.every_row_came_once().await;
    assert_eq!(state(&story).await, "live");
    let job = story.project.jobs.only().await;
    assert_eq!(job.name, format!("weir:{}/{STREAM}@2", story.project.name));
}

#[tokio::test]
async fn a_dropped_stream_takes_its_topic_with_it() {
    let mut story = applied(DROP).await;
    let text = story.project.read(FILE);
    story.project.remove(FILE);
    story.project.apply().await;
    assert_eq!(story.project.jobs.live().await, []);
    assert_eq!(topic(&story.output).await, None);
    assert!(topic(&story.orders).await.is_some(), "weir did not make the source's topic");
    let steps = "select kind from journal where ordinal >= 0 and state = 'done' order by id desc limit 3";
    assert_eq!(story.project.recorded(steps).await, ["close", "delete_topic", "stop"], "the job goes first");
    story.project.nothing_is_left_to_do().await;

    // It begins anew, under a generation of its own.
    story.project.write(FILE, &text);
    story.project.apply().await;
    story.every_row_came_once().await;
    let job = story.project.jobs.only().await;
    assert_eq!(job.name, format!("weir:{}/{STREAM}@2", story.project.name));
}

#[tokio::test]
async fn a_topic_that_weir_did_not_make_stays() {
    let mut story = Story::begin(1).await;
    let kafka = Kafka::new(&Stack::get().kafka, &Default::default()).expect("no properties are asked for");
    done(&kafka, &create(&story.output, Some(1), &[])).await;
    story.edit(FILE, STOP, DROP);
    story.edit(FILE, "[output.config]\n\"retention.ms\" = \"604800000\"\n", "");
    story.project.apply().await;
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;
    story.project.remove(FILE);
    story.project.apply().await;
    assert_eq!(story.project.jobs.live().await, []);
    assert!(story.count().await > 10, "topic and rows are there");
}

/// Law 7.
#[tokio::test]
async fn removal_obeys_what_was_recorded() {
    let story = applied(STOP).await;
    // Saved, never applied, gone.
    story.edit(FILE, STOP, DROP);
    story.project.remove(FILE);
    story.project.apply().await;
    assert_eq!(story.project.jobs.live().await, []);
    assert_eq!(story.project.savepoints().await.len(), 1);
    assert!(topic(&story.output).await.is_some(), "`stop` was recorded");
}

/// Law 7.
#[tokio::test]
async fn a_protected_stream_is_not_removed() {
    let mut story = applied(DROP).await;
    story.edit(FILE, FREE, PROTECTED);
    story.project.apply().await;
    let job = story.project.jobs.only().await;
    let text = story.project.read(FILE);
    story.project.remove(FILE);
    let ran = story.project.apply_refused().await;
    assert!(ran.says("protected"), "{ran}");

    // `false` was written but never applied.
    story.project.write(FILE, &text.replace(PROTECTED, FREE));
    story.project.remove(FILE);
    story.project.apply_refused().await;
    assert_eq!(story.project.jobs.all().await, [job]);
    story.write_numbers(3000..3020).await;
    story.every_row_came_once().await;

    story.project.write(FILE, &text.replace(PROTECTED, FREE));
    story.project.apply().await;
    story.project.remove(FILE);
    story.project.apply().await;
    assert_eq!(story.project.jobs.live().await, []);
    assert_eq!(topic(&story.output).await, None);
}

/// Law 6: an empty folder may be the wrong one.
#[tokio::test]
async fn more_removals_than_allowed_wait_for_leave() {
    let mut story = Story::begin(1).await;
    story.project.remove(FILE);
    let name = |number: u32| format!("streams/idle_{number}.toml");
    for number in 0..4 {
        let output = story.project.topics.name("idle");
        story.project.write(&name(number), &filter(&output).replace("\"running\"", "\"stopped\""));
    }
    story.project.apply().await;
    (0..4).for_each(|number| story.project.remove(&name(number)));
    let ran = story.project.apply_refused().await;
    assert!(ran.says("4 removals in one plan"), "{ran}");
    let states = "select distinct state from streams";
    assert_eq!(story.project.recorded(states).await, ["live"]);
    story.project.set("WEIR_RECONCILE_MAX_DELETIONS", "4");
    story.project.apply().await;
    assert_eq!(story.project.recorded(states).await, ["removed"]);
}

/// Laws 4 and 10: nobody knows whether the job is gone, so nothing is.
#[tokio::test]
async fn an_engine_that_does_not_answer_loses_no_removal() {
    let mut story = applied(STOP).await;
    let job = story.project.jobs.only().await;
    story.project.set("WEIR_ENGINES_FLINK_REST_URL", "http://127.0.0.1:1");
    story.project.remove(FILE);
    for _ in 0..2 {
        let ran = story.project.run(&["apply", "--yes", "--output", "json"]).await;
        assert_eq!(ran.code, 1, "{ran}");
        let blocked = &ran.json()["plan"]["blocked"][0];
        assert_eq!((&blocked["action"], &blocked["because"]), (&"delete".into(), &"unknown".into()), "{ran}");
    }
    assert_eq!(story.project.jobs.all().await, [job]);
    assert_eq!(story.project.status(STREAM).await["health"], "unknown");
    assert_eq!(state(&story).await, "live");
    story.write_numbers(3000..3020).await;
    story.every_row_came_once().await;

    story.project.unset("WEIR_ENGINES_FLINK_REST_URL");
    story.project.apply().await;
    assert_eq!(story.project.jobs.live().await, []);
    assert_eq!(state(&story).await, "removed");
}

/// A stream with this `on_remove`, whose rows came out.
async fn applied(on_remove: &str) -> Story {
    let mut story = Story::begin(1).await;
    story.edit(FILE, STOP, on_remove);
    story.write_numbers(2000..2040).await;
    story.project.apply().await;
    story.every_row_came_once().await;
    story
}

async fn state(story: &Story) -> String {
    story.project.recorded("select state from streams").await.concat()
}

fn is_unmanaged(plan: &Value, job: &str) -> bool {
    plan["unmanaged"].as_array().is_some_and(|jobs| jobs.iter().any(|unmanaged| unmanaged["job_id"] == job))
}
