//! What a daemon says of an outage, and what it does when that is over.

use std::time::Duration;

use crate::orders::{Story, filter};
use crate::process::{PATIENCE, until_is};
use crate::support::project::daemon::Daemon;
use crate::support::project::until;

/// How long each outage lasts.
pub fn outage() -> Duration {
    let seconds = std::env::var("WEIR_N_OUTAGE_SECONDS").map_or(5, |text| text.parse().expect("seconds"));
    Duration::from_secs(seconds)
}

fn warnings(lines: &[String]) -> Vec<&String> {
    lines.iter().filter(|line| line.contains(" WARN ") || line.contains("ERROR")).collect()
}

fn over<'a>(lines: &'a [String], subject: &str) -> Vec<&'a String> {
    lines.iter().filter(|line| line.contains(subject) && line.contains("well again")).collect()
}

/// What a daemon says of an outage.
pub struct Telling<'a> {
    pub daemon: &'a Daemon,
    pub subject: &'a str,
    /// Lines said before.
    pub before: usize,
}

impl<'a> Telling<'a> {
    pub fn of(daemon: &'a Daemon, subject: &'a str) -> Telling<'a> {
        Telling { daemon, subject, before: daemon.lines().len() }
    }

    /// Lasts as long as an outage does, and is told by one line.
    pub async fn once(&self) {
        self.daemon.wait_line_after(self.before, self.subject).await;
        tokio::time::sleep(outage()).await;
        let lines = self.daemon.lines().split_off(self.before);
        let told = warnings(&lines);
        assert!(told.len() == 1 && told[0].contains(self.subject), "one line about {}: {told:#?}", self.subject);
    }

    pub async fn over(&self) {
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

pub fn save_second(story: &mut Story) {
    let output = story.project.topics.name("second");
    story.project.write(SECOND, &filter(&output));
}

pub async fn second_runs(story: &Story) {
    until("the stream saved meanwhile to run", PATIENCE, async || {
        let row = story.project.status("second").await;
        (row["health"] == "running" && row["sync"] == "synced").then_some(())
    })
    .await;
}

/// A daemon and its one running stream.
pub async fn running() -> (Story, Daemon) {
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2020).await;
    let daemon = story.project.serve();
    until_is(&story, "running").await;
    daemon.wait_line("done").await;
    story.project.one_more_look(&daemon).await;
    (story, daemon)
}
