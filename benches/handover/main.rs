//! What weir adds to a hand-over: the time from the stop of the old job to the submission of the new one, less what
//! the gateway and the JobManager take. After that only Flink is at work until the first row.
//!
//! Needs real servers (`ci/stack up`, `eval "$(ci/stack env)"`). `weir apply` runs as a process, 600 rows a second flow,
//! and both of Flink's servers are reached through proxies that write down each request. What counts as whose is said in
//! `share.rs`, and with the figures.

#[path = "../../tests/real/contract/mod.rs"]
#[allow(dead_code, reason = "fixtures are shared with the tests on real servers")]
mod contract;
#[path = "../../tests/real/scenarios/orders.rs"]
#[allow(dead_code, reason = "shared with the stories")]
mod orders;
mod share;
#[path = "../../tests/real/support/mod.rs"]
#[allow(dead_code, reason = "fixtures are shared with the tests on real servers")]
mod support;

use std::time::{Duration, SystemTime};

use crate::orders::{FILE, Story, flowing};
use crate::share::{Share, Step};
use crate::support::kafka::{Flow, read_all};
use crate::support::project::until;
use crate::support::proxy::Proxy;
use crate::support::stack::Stack;

const PER_SECOND: u32 = 600;
const ROUNDS: usize = 5;
/// What weir may add.
const GOAL: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(60);

/// One way to hand over: the edit that asks for it, and the edit that asks for it again.
struct Way {
    name: &'static str,
    one: &'static str,
    other: &'static str,
}

const WAYS: [Way; 3] = [
    Way {
        name: "keeps_state",
        one: r#""execution.checkpointing.interval" = "1 s""#,
        other: r#""execution.checkpointing.interval" = "2 s""#,
    },
    Way { name: "direct restore", one: "AMOUNT > 500", other: "AMOUNT > 400" },
    Way {
        name: "read offsets",
        one: "AMOUNT > 500",
        other: "AMOUNT > 900\nUNION ALL SELECT ORDER_ID, CUSTOMER_ID, PRODUCT, AMOUNT, PURCHASE_DATE\nFROM orders\n\
                WHERE AMOUNT > 500 AND AMOUNT <= 900",
    },
];

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("threads can be made").block_on(measure());
}

async fn measure() {
    let stack = Stack::get();
    let ways = [Proxy::to(&stack.flink_gateway).await, Proxy::to(&stack.flink_rest).await];
    let mut story = Story::begin(3).await;
    // The broker's time tells when the first row came.
    let limit = r#""retention.ms" = "604800000""#;
    story.edit(FILE, limit, &format!("{limit}\n\"message.timestamp.type\" = \"LogAppendTime\""));
    story.project.set("WEIR_ENGINES_FLINK_URL", &ways[0].url());
    story.project.set("WEIR_ENGINES_FLINK_REST_URL", &ways[1].url());
    let flow = Flow::start(&story.orders, 2, PER_SECOND, flowing);
    story.project.apply().await;
    story.rows_come(1000).await;
    println!(
        "a hand-over on Flink {}, {PER_SECOND} rows a second; seconds, the median of {ROUNDS}",
        stack.flink_version
    );
    println!("{}", share::LEGEND);
    for way in WAYS {
        let mut all = Vec::new();
        for _ in 0..ROUNDS {
            story.edit(FILE, way.one, way.other);
            let there = handed_over(&story, &ways).await;
            println!("  {:<14} {there}", way.name);
            all.push(there);
            story.edit(FILE, way.other, way.one);
            story.project.apply().await;
            story.rows_come(story.count().await + 1000).await;
        }
        let ours = Share::median(all).ours();
        println!("ratio {:.2} / {:.2}: {}, ours", ours.as_secs_f64(), GOAL.as_secs_f64(), way.name);
    }
    flow.stop().await;
}

/// Applies what the file asks for now.
async fn handed_over(story: &Story, ways: &[Proxy; 2]) -> Share {
    ways.iter().for_each(|way| drop(way.answered()));
    story.project.apply().await;
    let exchanges = ways.iter().flat_map(Proxy::answered).collect();
    let mut share = Share::of(exchanges, steps(story).await);
    let submitted = millis(share.submitted);
    let first = until("a row of the new job", PATIENCE, async || {
        let rows = read_all(&story.output).await;
        rows.iter().map(|row| row.at).filter(|at| *at >= submitted).min()
    })
    .await;
    share.first_row = Duration::from_millis((first - millis(share.stopped)) as u64);
    share
}

/// The steps of the newest run, from the journal.
async fn steps(story: &Story) -> Vec<Step> {
    let sql = "select kind || ' ' || (extract(epoch from begun_at) * 1000000)::bigint || ' ' ||
                      (extract(epoch from settled_at) * 1000000)::bigint
               from journal where run = (select run from journal order by id desc limit 1) order by id";
    let rows = story.project.recorded(sql).await;
    let at = |text: Option<&str>| {
        SystemTime::UNIX_EPOCH + Duration::from_micros(text.and_then(|text| text.parse().ok()).expect("a time"))
    };
    let step = |row: &String| {
        let mut parts = row.split(' ');
        let kind = parts.next().expect("a kind").to_owned();
        Step { kind, begun: at(parts.next()), settled: at(parts.next()) }
    };
    rows.iter().map(step).collect()
}

fn millis(at: SystemTime) -> i64 {
    at.duration_since(SystemTime::UNIX_EPOCH).expect("after 1970").as_millis() as i64
}
