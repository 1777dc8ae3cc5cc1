//! weir is killed in the middle of a step, and started again.

use std::time::Duration;

use futures_util::future::{join, join3};

use crate::orders::{FILE, STREAM, Story, flowing};
use crate::process::{BOTH, PATIENCE, Program, Victim, Ways, again, insert, no_intent_is_open, one_job_of, until_is};
use crate::support::kafka::Flow;
use crate::support::project::until;
use crate::support::proxy::{Effect, Matching, Rule};
use crate::turn::together;

/// Where in a step the process is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Point {
    /// The intent is written and the request is on its way; it never arrives.
    Before,
    /// The engine has answered; the answer never arrives.
    After,
}

impl Point {
    fn effect(self) -> Effect {
        match self {
            Point::Before => Effect::Hold,
            Point::After => Effect::HoldReply,
        }
    }

    async fn reached(self, rule: &Rule) {
        match self {
            Point::Before => rule.taken(PATIENCE).await,
            Point::After => rule.done(PATIENCE).await,
        }
    }
}

fn stop() -> Matching {
    Matching::post("/jobs/*/stop")
}

async fn deploy(program: Program, point: Point) {
    let ways = Ways::open().await;
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2100).await;
    let rule = ways.gateway.rule(insert(), point.effect(), 1);
    let victim = Victim::start(&story, program, &ways);
    point.reached(&rule).await;
    victim.kill().await;
    let daemon = again(&story, program).await;
    until_is(&story, "running").await;
    one_job_of(&story, 1).await;
    no_intent_is_open(&story).await;
    story.every_row_came_once().await;
    drop(daemon);
}

/// A stop at `point` while rows flow, and a start after it.
async fn stop_and_start(program: Program, point: Point) {
    let ways = Ways::open().await;
    let mut story = Story::begin(1).await;
    let flow = Flow::start(&story.orders, 1, 20, flowing);
    story.project.apply().await;
    until("the first rows", PATIENCE, async || (story.count().await > 20).then_some(())).await;
    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    let rule = ways.job_manager.rule(stop(), point.effect(), 1);
    let victim = Victim::start(&story, program, &ways);
    point.reached(&rule).await;
    victim.kill().await;

    let daemon = again(&story, program).await;
    until_is(&story, "stopped").await;
    story.project.jobs.until_over().await;
    no_intent_is_open(&story).await;
    let savepoints = story.project.savepoints().await;
    assert_eq!(savepoints.len(), 1, "{savepoints:?}");
    let before = story.count().await;

    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    if program == Program::Apply {
        story.project.apply().await;
    }
    until_is(&story, "running").await;
    one_job_of(&story, 2).await;
    story.rows_come(before + 1).await;
    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
    no_intent_is_open(&story).await;
    drop(daemon);
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_request_and_receipt_of_a_deploy_there_is_one_job() {
    let _turn = together(2).await;
    let [apply, serve] = BOTH.map(|program| deploy(program, Point::After));
    join(apply, serve).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_request_of_a_deploy_there_is_one_job() {
    let _turn = together(2).await;
    let [apply, serve] = BOTH.map(|program| deploy(program, Point::Before));
    join(apply, serve).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_request_and_receipt_of_a_stop_no_row_is_lost_or_doubled() {
    let _turn = together(2).await;
    let [apply, serve] = BOTH.map(|program| stop_and_start(program, Point::After));
    join(apply, serve).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_before_the_request_of_a_stop_no_row_is_lost_or_doubled() {
    let _turn = together(2).await;
    let [apply, serve] = BOTH.map(|program| stop_and_start(program, Point::Before));
    join(apply, serve).await;
}

/// The session of a process that was killed stays open at the gateway: its request can still arrive, when the next
/// process has long deployed.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_outlives_its_process_makes_no_second_job() {
    let _turn = together(2).await;
    let ways = Ways::open().await;
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2100).await;
    let rule = ways.gateway.rule(insert(), Effect::Hold, 1);
    let victim = Victim::start(&story, Program::Apply, &ways);
    rule.taken(PATIENCE).await;
    victim.kill().await;
    story.project.apply().await;
    until_is(&story, "running").await;
    rule.release();
    rule.done(PATIENCE).await;
    // The gateway answers before it submits; what it submits is refused within this time or is a second job.
    tokio::time::sleep(Duration::from_secs(5)).await;
    one_job_of(&story, 1).await;
    story.project.nothing_is_left_to_do().await;
    story.every_row_came_once().await;
}

/// An update is a stop and a deploy; a process can be killed in the middle of either.
async fn update(program: Program, of: Half, point: Point) {
    let story = Story::begin(1).await;
    let flow = Flow::start(&story.orders, 1, 20, flowing);
    update_of(story, flow, program, (of, point)).await;
}

/// The update of a story's stream while rows flow.
pub async fn update_of(mut story: Story, flow: Flow, program: Program, (of, point): (Half, Point)) {
    let ways = Ways::open().await;
    story.project.apply().await;
    until("the first rows", PATIENCE, async || (story.count().await > 20).then_some(())).await;
    story.edit(FILE, r#""execution.checkpointing.interval" = "1 s""#, r#""execution.checkpointing.interval" = "2 s""#);
    let rule = match of {
        Half::Stop => ways.job_manager.rule(stop(), point.effect(), 1),
        Half::Deploy => ways.gateway.rule(insert(), point.effect(), 1),
    };
    let victim = Victim::start(&story, program, &ways);
    point.reached(&rule).await;
    victim.kill().await;

    let daemon = again(&story, program).await;
    until("generation 2 to run", PATIENCE, async || {
        let row = story.project.status(STREAM).await;
        (row["generation"] == 2 && row["health"] == "running" && row["sync"] == "synced").then_some(())
    })
    .await;
    one_job_of(&story, 2).await;
    no_intent_is_open(&story).await;
    let before = story.count().await;
    story.rows_come(before + 1).await;
    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
    drop(daemon);
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    Stop,
    Deploy,
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_in_the_middle_of_an_update_no_row_is_lost_or_doubled() {
    let _turn = together(3).await;
    let stop = update(Program::Serve, Half::Stop, Point::After);
    let deploy = update(Program::Apply, Half::Deploy, Point::After);
    let before = update(Program::Apply, Half::Deploy, Point::Before);
    join3(stop, deploy, before).await;
}
