//! Servers that do not answer, at start and in between: said once, nothing is done, and it goes on by itself.

use std::time::Duration;

use crate::orders::{FILE, STREAM, Story, filter};
use crate::process::{PATIENCE, no_intent_is_open, one_job_of, until_is};
use crate::support::project::daemon::Daemon;
use crate::support::project::{jobs, until};
use crate::support::stack::{Part, Stack};
use crate::support::tcp::{Mode, Tcp};
use crate::turn::{alone, together};

/// How long each outage lasts.
fn outage() -> Duration {
    let seconds = std::env::var("WEIR_N_OUTAGE_SECONDS").map_or(5, |text| text.parse().expect("seconds"));
    Duration::from_secs(seconds)
}

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

fn warnings(lines: &[String]) -> Vec<&String> {
    lines.iter().filter(|line| line.contains(" WARN ") || line.contains("ERROR")).collect()
}

fn over<'a>(lines: &'a [String], subject: &str) -> Vec<&'a String> {
    lines.iter().filter(|line| line.contains(subject) && line.contains("well again")).collect()
}

/// What a daemon says of an outage.
struct Telling<'a> {
    daemon: &'a Daemon,
    subject: &'a str,
    /// Lines said before.
    before: usize,
}

impl<'a> Telling<'a> {
    fn of(daemon: &'a Daemon, subject: &'a str) -> Telling<'a> {
        Telling { daemon, subject, before: daemon.lines().len() }
    }

    /// Lasts as long as an outage does, and is told by one line.
    async fn once(&self) {
        self.daemon.wait_line_after(self.before, self.subject).await;
        tokio::time::sleep(outage()).await;
        let lines = self.daemon.lines().split_off(self.before);
        let told = warnings(&lines);
        assert!(told.len() == 1 && told[0].contains(self.subject), "one line about {}: {told:#?}", self.subject);
    }

    async fn over(&self) {
        self.daemon.wait_line_after(self.before, "well again").await;
        until("the end of the outage to be told", PATIENCE, async || {
            let lines = self.daemon.lines().split_off(self.before);
            (over(&lines, self.subject).len() == 1).then_some(())
        })
        .await;
    }
}

/// A second stream over the same orders.
const SECOND: &str = "streams/second.toml";

fn save_second(story: &mut Story) {
    let output = story.project.topics.name("second");
    story.project.write(SECOND, &filter(&output));
}

async fn second_runs(story: &Story) {
    until("the stream saved meanwhile to run", PATIENCE, async || {
        let row = story.project.status("second").await;
        (row["health"] == "running" && row["sync"] == "synced").then_some(())
    })
    .await;
}

/// A daemon and its one running stream.
async fn running() -> (Story, Daemon) {
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2020).await;
    let daemon = story.project.serve();
    until_is(&story, "running").await;
    daemon.wait_line("done").await;
    story.project.one_more_look(&daemon).await;
    (story, daemon)
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

/// A cut cable: connections stay and nothing comes through.
#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_is_silent_is_waited_for() {
    let _turn = together().await;
    let mut story = Story::begin(1).await;
    let url = story.project.database.url.clone();
    let (server, _) = url.split_once('@').and_then(|(_, rest)| rest.split_once('/')).expect("user@host:port/name");
    let cable = Tcp::to(server).await;
    story.project.set("WEIR_LEDGER_URL", &url.replace(server, &cable.address()));
    let daemon = story.project.serve();
    story.project.unset("WEIR_LEDGER_URL");
    daemon.wait_line("done").await;
    story.project.one_more_look(&daemon).await;
    let steps = story.project.steps().await;
    let telling = Telling::of(&daemon, "ledger");
    cable.switch(Mode::Freeze).await;
    save_second(&mut story);
    telling.once().await;
    assert_eq!(story.project.steps().await, steps);
    cable.switch(Mode::Pass).await;
    second_runs(&story).await;
    telling.over().await;
    assert_eq!(story.project.jobs.live().await.len(), 2);
    no_intent_is_open(&story).await;
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
