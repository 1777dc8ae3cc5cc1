//! Law 5: what the ledger does not own is not touched.

use crate::contract::broker::{create, done};
use crate::scenarios::orders::{FILE, STREAM, Story};
use crate::support::project::{jobs, topic};
use crate::support::stack::Stack;
use weir::broker::kafka::Kafka;

/// The job of another imitates the name of ours; only its id gives it away.
#[tokio::test]
async fn foreign_jobs_and_topics_are_never_touched() {
    let mut story = Story::begin(1).await;
    let project = story.project.name.clone();
    let kafka = Kafka::new(&Stack::get().kafka, &Default::default()).expect("no properties are asked for");
    let bystander = story.project.topics.name("bystander");
    done(&kafka, &create(&bystander, Some(2), &[("retention.ms", "1234567")])).await;
    let before = (topic(&bystander).await, topic(&story.orders).await);

    story.write_numbers(2000..2040).await;
    story.project.apply().await;
    let twin = jobs::submit_foreign(&format!("weir:{project}/{STREAM}@1")).await;
    let newer = jobs::submit_foreign(&format!("weir:{project}/{STREAM}@7")).await;
    let foreign = [twin.as_str(), newer.as_str()];
    let own = story.project.job_id(STREAM).await;
    assert_ne!(own, twin);
    assert_eq!(story.project.status(STREAM).await["health"], "running", "the twin is no duplicate");
    unmanaged_and_alive(&story, &foreign).await;
    story.every_row_came_once().await;

    story.edit(FILE, r#""1 s""#, r#""2 s""#);
    story.project.apply().await;
    unmanaged_and_alive(&story, &foreign).await;
    story.edit(FILE, r#"on_remove = "stop""#, r#"on_remove = "drop""#);
    story.project.apply().await;
    story.project.remove(FILE);
    story.project.apply().await;
    unmanaged_and_alive(&story, &foreign).await;
    let mut live: Vec<String> = story.project.jobs.live().await.into_iter().map(|job| job.id).collect();
    live.sort();
    assert!(live.iter().all(|id| foreign.contains(&id.as_str())), "ours is gone: {live:?}");
    assert_eq!(topic(&story.output).await, None);
    let after = (topic(&bystander).await, topic(&story.orders).await.map(|seen| seen.config));
    assert_eq!(after, (before.0, before.1.map(|seen| seen.config)));
}

/// It may be the stream's own job, and the ledger the wrong one: a second would write every row twice.
#[tokio::test]
async fn a_job_of_the_streams_name_that_the_ledger_does_not_know_blocks_it() {
    let story = Story::begin(1).await;
    let project = story.project.name.clone();
    let twin = jobs::submit_foreign(&format!("weir:{project}/{STREAM}@1")).await;
    story.project.apply_refused().await;
    unmanaged_and_alive(&story, &[&twin]).await;
    let live: Vec<String> = story.project.jobs.live().await.into_iter().map(|job| job.id).collect();
    assert_eq!(live, [twin], "nothing was deployed beside it");
}

async fn unmanaged_and_alive(story: &Story, foreign: &[&str]) {
    let plan = story.project.plan().await;
    let live = story.project.jobs.live().await;
    for id in foreign {
        let listed = plan["unmanaged"].as_array().is_some_and(|jobs| jobs.iter().any(|job| job["job_id"] == *id));
        assert!(listed, "{id} is unmanaged: {plan}");
        assert!(live.iter().any(|job| job.id == *id && job.state == "RUNNING"), "{id} runs: {live:?}");
    }
}
