//! Two at once, and the same thing twice.

use std::collections::BTreeMap;
use std::time::Duration;

use weir::engine::Engine;
use weir::engine::flink::{Flink, FlinkSettings, Timing};
use weir::model::name::EngineName;
use weir::model::step::{Act, Lookup, Receipt, Step};

use crate::scenarios::orders::{FILE, Story, flowing};
use crate::support::kafka::Flow;
use crate::support::stack::Stack;

#[tokio::test]
async fn two_applies_at_once_make_one_job() {
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2040).await;
    let apply = || story.project.run(&["apply", "--yes"]);
    let (one, other) = tokio::join!(apply(), apply());
    for ran in [&one, &other] {
        assert_eq!(ran.code, 0, "{one}\n{other}");
    }
    let job = story.project.jobs.only().await;
    assert!(job.name.ends_with("@1"), "{job:?}");
    assert_eq!(story.project.jobs.all().await, [job]);
    assert_eq!(story.project.recorded("select job_id from deployments").await.len(), 1);
    let waited = [&one, &other].into_iter().filter(|ran| ran.err.contains("holds the lease")).count();
    assert!(waited <= 1, "one of them does it:\n{one}\n{other}");
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;
}

/// Both see the edit; one of them replaces the job.
#[tokio::test]
async fn two_updates_at_once_are_one() {
    let mut story = Story::begin(3).await;
    story.project.apply().await;
    let flow = Flow::start(&story.orders, 3, 100, flowing);
    story.rows_come(100).await;
    story.edit(FILE, r#""execution.checkpointing.interval" = "1 s""#, r#""execution.checkpointing.interval" = "2 s""#);
    let apply = || story.project.run(&["apply", "--yes"]);
    let (one, other) = tokio::join!(apply(), apply());
    for ran in [&one, &other] {
        assert_eq!(ran.code, 0, "{one}\n{other}");
    }
    let job = story.project.jobs.only().await;
    assert!(job.name.ends_with("@2"), "{job:?}");
    assert_eq!(story.project.jobs.all().await.len(), 2);
    story.rows_come(story.count().await + 100).await;
    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
}

/// Law 3, on the real Flink: the very request that the journal holds, sent again while its job runs, twice at once,
/// and after it has ended.
#[tokio::test]
async fn a_second_submission_is_one_job() {
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2040).await;
    story.project.apply().await;
    let job = story.project.jobs.only().await;
    let steps = story.project.recorded("select payload::text from journal where kind = 'deploy'").await;
    let step: Step = serde_json::from_str(&steps[0]).unwrap_or_else(|error| panic!("{error}: {}", steps[0]));
    let Act::Engine(_, act) = &step.act else { panic!("a deploy is for an engine: {step:?}") };

    let flink = flink(&story);
    let answers = tokio::join!(flink.execute(&step.id, act), flink.execute(&step.id, act));
    assert!(answers.0.is_err() && answers.1.is_err(), "Flink refuses what it has: {answers:?}");
    assert_eq!(flink.lookup(&step.id, act).await, Lookup::Done(Receipt::Deployed));
    assert_eq!(story.project.jobs.all().await, [job]);
    story.every_row_came_once().await;

    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    story.project.apply().await;
    let answer = flink.execute(&step.id, act).await;
    assert!(answer.is_err(), "{answer:?}");
    assert_eq!(story.project.jobs.live().await, []);
    assert_eq!(story.project.jobs.all().await.len(), 1);
}

fn flink(story: &Story) -> Flink {
    let stack = Stack::get();
    let folder = |name: &str| format!("file://{}/{}/{name}", stack.state_dir.display(), story.project.name);
    let settings = FlinkSettings {
        gateway: stack.flink_gateway.clone(),
        rest: stack.flink_rest.clone(),
        kafka_bootstrap: stack.kafka.clone(),
        kafka_properties: BTreeMap::new(),
        transaction_timeout: Duration::from_secs(600),
        checkpoint_dir: folder("checkpoints"),
        savepoint_dir: folder("savepoints"),
        options: BTreeMap::new(),
        timing: Timing::default(),
    };
    Flink::new(EngineName::parse("flink").expect("a word"), settings).expect("an HTTP client")
}
