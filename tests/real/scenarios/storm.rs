//! Edits of every kind, faster than they can be followed, while rows never cease to come.

use std::time::Duration;

use crate::scenarios::orders::{FILE, STREAM, Story, filter, flowing};
use crate::support::kafka::Flow;
use crate::support::project::daemon::{Daemon, terminate};
use crate::support::project::until;

const MOVED: &str = "streams/moved/high_value_orders.toml";
/// With a daemon that was killed, its lease has to run out first.
const PATIENCE: Duration = Duration::from_secs(120);

/// What the file says; each edit changes one thing.
#[derive(Debug, Clone)]
struct File {
    there: bool,
    place: &'static str,
    running: bool,
    seconds: u32,
    retention: u32,
    limit: u32,
    comment: u32,
    owner: u32,
    broken: bool,
}

/// As many edits as `WEIR_N_EDITS` says, in an order that `WEIR_N_SEED` makes.
#[tokio::test]
async fn a_storm_of_edits_loses_and_doubles_no_row() {
    let (edits, seed) = (size("WEIR_N_EDITS", 16), size("WEIR_N_SEED", u64::from(std::process::id())));
    eprintln!("WEIR_N_EDITS={edits} WEIR_N_SEED={seed}");
    let mut dice = Dice(seed);
    let mut story = Story::begin(3).await;
    let mut file = File {
        there: true,
        place: FILE,
        running: true,
        seconds: 1,
        retention: 604_800_000,
        limit: 500,
        comment: 0,
        owner: 0,
        broken: false,
    };
    let mut daemon = story.project.serve();
    let flow = Flow::start(&story.orders, 3, 50, flowing);
    story.rows_come(50).await;
    for _ in 0..edits {
        // Else it would be stopped, away or broken most of the time.
        if dice.roll(2) == 0 {
            file = File { there: true, running: true, limit: 500, broken: false, ..file };
        }
        match dice.roll(13) {
            0 | 1 => file.running = !file.running,
            2 => file.seconds = 3 - file.seconds,
            3 => file.retention += 1000,
            4 => file.comment += 1,
            5 => file.owner += 1,
            6 => file.place = if file.place == FILE { MOVED } else { FILE },
            7 => file.there = !file.there,
            8 => file.broken = !file.broken,
            9 => file.limit = 1000 - file.limit + 1,
            _ => daemon = again(&story, daemon, dice.roll(2)).await,
        }
        save(&story, &file);
        tokio::time::sleep(Duration::from_millis(dice.roll(3000))).await;
    }

    let last = File { there: true, running: true, limit: 500, broken: false, ..file };
    save(&story, &last);
    until("the file to be followed", PATIENCE, async || {
        let status = story.project.status(STREAM).await;
        (status["sync"] == "synced" && status["health"] == "running").then_some(())
    })
    .await;
    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
    let job = story.project.jobs.only().await;
    eprintln!("it ends as {}", job.name);
    let (status, _) = daemon.end().await;
    assert_eq!(status.code(), Some(0));
    story.project.nothing_is_left_to_do().await;
}

/// Updates that are cut off anywhere, `WEIR_N_CUTS` times: with SIGTERM no further step begins, with SIGKILL nothing is
/// even said. What follows goes on from what was recorded.
#[tokio::test]
async fn an_apply_that_is_cut_off_anywhere_loses_and_doubles_no_row() {
    let (cuts, seed) = (size("WEIR_N_CUTS", 5), size("WEIR_N_SEED", u64::from(std::process::id())));
    eprintln!("WEIR_N_CUTS={cuts} WEIR_N_SEED={seed}");
    let mut dice = Dice(seed);
    let mut story = Story::begin(3).await;
    story.project.apply().await;
    let flow = Flow::start(&story.orders, 3, 50, flowing);
    story.rows_come(50).await;
    let (mut now, mut next) = ("\"1 s\"", "\"2 s\"");
    for _ in 0..cuts {
        story.edit(FILE, now, next);
        (now, next) = (next, now);
        let mut child = story.project.begin(&["apply", "--yes"]);
        tokio::time::sleep(Duration::from_millis(dice.roll(4000))).await;
        match (child.try_wait().expect("it is our child"), dice.roll(2)) {
            (Some(_), _) => {}
            (None, 0) => child.kill().await.expect("it is our child"),
            (None, _) => {
                terminate(&child).await;
                _ = child.wait().await;
            }
        }
        until("an apply that does the rest", PATIENCE, async || {
            (story.project.run(&["apply", "--yes"]).await.code == 0).then_some(())
        })
        .await;
        story.project.nothing_is_left_to_do().await;
        story.project.jobs.only().await;
        story.rows_come(story.count().await + 20).await;
    }
    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
    eprintln!("it ends as {}", story.project.jobs.only().await.name);
}

fn save(story: &Story, file: &File) {
    for place in [FILE, MOVED].into_iter().filter(|place| !file.there || *place != file.place) {
        _ = std::fs::remove_file(story.project.path(place));
    }
    if !file.there {
        return;
    }
    let File { running, seconds, retention, limit, comment, owner, broken, .. } = file;
    let run = if *running { "running" } else { "stopped" };
    let text = filter(&story.output)
        .replace("run = \"running\"", &format!("run = \"{run}\"\nowner = \"owner {owner}\""))
        .replace("\"1 s\"", &format!("\"{seconds} s\""))
        .replace("604800000", &retention.to_string())
        .replace("> 500", &format!("> {limit} -- {comment}"))
        .replace("[output]", if *broken { "[output" } else { "[output]" });
    story.project.write(file.place, &text);
}

/// The daemon is ended or killed, and another begins.
async fn again(story: &Story, daemon: Daemon, how: u64) -> Daemon {
    match how {
        0 => drop(daemon),
        _ => assert_eq!(daemon.end().await.0.code(), Some(0)),
    }
    story.project.serve()
}

fn size(variable: &str, default: u64) -> u64 {
    std::env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

/// Steele and Vigna's SplitMix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below
    }
}
