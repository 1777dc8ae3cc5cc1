//! Servers that do not answer, at start and in between: said once, nothing is done, and it goes on by itself.

use crate::orders::{FILE, STREAM, Story, filter};
use crate::process::{PATIENCE, no_intent_is_open, one_job_of, until_is};
use crate::support::project::{jobs, until};
use crate::support::stack::{Part, Stack};
use crate::telling::{Telling, running, save_second, second_runs};
use crate::turn::alone;

/// Starts the part again, also when a test ends in the middle.
struct Down(Option<Part>);

impl Down {
    async fn kill(part: Part) -> Down {
        Stack::get().kill(part).await;
        Down(Some(part))
    }

    async fn back(mut self) {
        let part = self.0.take().expect("still down");
        Stack::get().start(part).await;
    }
}

impl Drop for Down {
    fn drop(&mut self) {
        let Some(part) = self.0.take() else { return };
        let start = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(Stack::get().start(part)))
        };
        _ = std::thread::spawn(start).join();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_away_is_waited_for() {
    let _turn = alone().await;
    let (mut story, daemon) = running().await;
    let (job, steps) = (story.project.jobs.only().await, story.project.steps().await);
    let down = Down::kill(Part::Gateway).await;
    let telling = Telling::of(&daemon, "stream second");
    save_second(&mut story);
    telling.once().await;
    assert_eq!(story.project.steps().await, steps, "{:#?}", daemon.lines());
    assert_eq!(story.project.jobs.live().await, [job.clone()]);
    down.back().await;
    second_runs(&story).await;
    telling.over().await;
    assert!(story.project.jobs.live().await.contains(&job));
    story.every_row_came_once().await;
}

/// A JobManager without high availability forgets its jobs: they are missing, and nobody deploys them anew.
#[tokio::test(flavor = "multi_thread")]
async fn a_flink_that_forgot_its_jobs_gets_none_anew() {
    let _turn = alone().await;
    let (mut story, daemon) = running().await;
    let steps = story.project.steps().await;
    let down = Down::kill(Part::JobManager).await;
    let telling = Telling::of(&daemon, "engine flink");
    save_second(&mut story);
    telling.once().await;
    assert_eq!(story.project.steps().await, steps);
    let row = story.project.status(STREAM).await;
    assert_eq!((&row["health"], &row["sync"]), (&"unknown".into(), &"unknown".into()), "{row}");
    let ran = story.project.run(&["plan", "--require-known"]).await;
    assert!(ran.code == 1 && ran.says("does not answer"), "{ran}");
    down.back().await;
    telling.over().await;
    until("the job to be missing", PATIENCE, async || {
        let plan = story.project.plan().await;
        let reason = plan["blocked"][0]["reason"].as_str().unwrap_or_default().to_owned();
        (reason.contains("its job is gone") && reason.contains("not yet")).then_some(())
    })
    .await;
    daemon.wait_line_after(telling.before, "its job is gone").await;
    second_runs(&story).await;
    story.project.one_more_look(&daemon).await;
    // Other streams are not held up.
    let all = story.project.jobs.all().await;
    assert!(all.len() == 1 && all[0].name.ends_with("/second@1"), "{all:?}");
    no_intent_is_open(&story).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kafka_that_is_away_is_waited_for() {
    let _turn = alone().await;
    let (mut story, daemon) = running().await;
    let (job, steps) = (story.project.jobs.only().await, story.project.steps().await);
    let down = Down::kill(Part::Kafka).await;
    let telling = Telling::of(&daemon, "broker");
    save_second(&mut story);
    telling.once().await;
    assert_eq!(story.project.steps().await, steps, "{:#?}", daemon.lines());
    down.back().await;
    second_runs(&story).await;
    telling.over().await;
    let live = story.project.jobs.live().await;
    assert!(live.iter().any(|found| found.id == job.id), "the job outlived it: {live:#?}");
    no_intent_is_open(&story).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_is_away_is_waited_for() {
    let _turn = alone().await;
    let (mut story, daemon) = running().await;
    let (job, steps) = (story.project.jobs.only().await, story.project.steps().await);
    let down = Down::kill(Part::Postgres).await;
    let telling = Telling::of(&daemon, "ledger");
    save_second(&mut story);
    telling.once().await;
    assert_eq!(of_project(&story).await, [job.id.clone()]);
    down.back().await;
    second_runs(&story).await;
    telling.over().await;
    assert!(story.project.steps().await > steps);
    assert!(of_project(&story).await.contains(&job.id));
    story.every_row_came_once().await;
    no_intent_is_open(&story).await;
}

async fn of_project(story: &Story) -> Vec<String> {
    let prefix = format!("weir:{}/", story.project.name);
    let all = jobs::all().await;
    all.into_iter().filter(|job| job.name.starts_with(&prefix) && !job.is_over()).map(|job| job.id).collect()
}

/// Each server is away when the daemon starts, and comes back.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_away_at_the_start_is_waited_for() {
    let _turn = alone().await;
    for (part, subject) in [
        (Part::JobManager, "engine flink"),
        (Part::Gateway, "high_value_orders"),
        (Part::Kafka, "broker"),
        (Part::Postgres, "ledger"),
    ] {
        let mut story = Story::begin(1).await;
        story.write_numbers(2000..2020).await;
        let down = Down::kill(part).await;
        let daemon = story.project.serve();
        let telling = Telling { daemon: &daemon, subject, before: 0 };
        telling.once().await;
        down.back().await;
        until_is(&story, "running").await;
        one_job_of(&story, 1).await;
        no_intent_is_open(&story).await;
        story.every_row_came_once().await;
        assert_eq!(story.project.read(FILE), filter(&story.output), "nobody touched the file");
    }
}
