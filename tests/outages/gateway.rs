//! Flink answers a deploy or a stop in every wrong way, and there is one job, or one savepoint.

use std::time::Duration;

use futures_util::future::join3;
use hyper::{Method, StatusCode};

use crate::orders::{FILE, STREAM, Story, flowing};
use crate::process::{PATIENCE, Ways, insert, no_intent_is_open, one_job_of, until_is};
use crate::support::kafka::Flow;
use crate::support::project::Ran;
use crate::support::proxy::{Effect, Matching};
use crate::turn::together;

/// Longer than weir waits for the answer to one request.
const TOO_LATE: Duration = Duration::from_secs(35);

async fn begin() -> (Ways, Story) {
    let ways = Ways::open().await;
    let mut story = Story::begin(1).await;
    for (name, value) in ways.environment() {
        story.project.set(name, &value);
    }
    story.write_numbers(2000..2100).await;
    (ways, story)
}

async fn ends_as_one_job(mut story: Story) {
    until_is(&story, "running").await;
    one_job_of(&story, 1).await;
    no_intent_is_open(&story).await;
    story.project.nothing_is_left_to_do().await;
    story.every_row_came_once().await;
}

/// A daemon meets the fault and goes on by itself.
async fn one_job_under(effect: Effect) {
    let (ways, story) = begin().await;
    let rule = ways.gateway.rule(insert(), effect, 1);
    let daemon = story.project.serve();
    rule.done(PATIENCE).await;
    until_is(&story, "running").await;
    // Whatever it would still send, it sends in its next looks.
    story.project.one_more_look(&daemon).await;
    ends_as_one_job(story).await;
    drop(daemon);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_sent_twice_is_one_job() {
    let _turn = together(1).await;
    one_job_under(Effect::Twice).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_whose_connection_ends_is_one_job() {
    let _turn = together(1).await;
    one_job_under(Effect::LoseReply).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_that_is_done_and_called_failed_is_one_job() {
    let _turn = together(1).await;
    one_job_under(Effect::AnswerAfter(StatusCode::INTERNAL_SERVER_ERROR)).await;
}

/// The reply to the submission never comes; nor does, as a second case, the reply with its result.
#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_that_is_never_answered_is_one_job() {
    let _turn = together(1).await;
    one_job_under(Effect::HoldReply).await;
}

/// The daemon has given the request up and sent it again under the same id when the first one arrives.
#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_that_arrives_late_is_one_job() {
    let _turn = together(1).await;
    let (ways, story) = begin().await;
    let rule = ways.gateway.rule(insert(), Effect::Late(TOO_LATE), 1);
    // Were the session closed, the request could do nothing when it arrives.
    ways.gateway.rule(Matching::new(Method::DELETE, "/*/sessions/*"), Effect::Answer(StatusCode::OK), 100);
    let daemon = story.project.serve();
    until_is(&story, "running").await;
    rule.done(PATIENCE).await;
    tokio::time::sleep(Duration::from_secs(5)).await;
    story.project.one_more_look(&daemon).await;
    ends_as_one_job(story).await;
    drop(daemon);
}

/// The request was given up, its process ended, and then its job came.
#[tokio::test(flavor = "multi_thread")]
async fn a_deploy_that_arrives_after_its_run_is_taken_as_what_it_is() {
    let _turn = together(1).await;
    let (ways, story) = begin().await;
    let rule = ways.gateway.rule(insert(), Effect::Late(TOO_LATE), 1);
    ways.gateway.rule(Matching::new(Method::DELETE, "/*/sessions/*"), Effect::Answer(StatusCode::OK), 100);
    let ran: Ran = story.project.apply_refused().await;
    assert!(ran.says("failed"), "{ran}");
    assert_eq!(story.project.jobs.all().await, []);
    rule.done(PATIENCE).await;
    crate::support::project::until("the late job", PATIENCE, async || {
        (!story.project.jobs.live().await.is_empty()).then_some(())
    })
    .await;
    let sent = ways.gateway.count(&insert());
    story.project.apply().await;
    assert_eq!(ways.gateway.count(&insert()), sent, "{STREAM} is not sent again");
    ends_as_one_job(story).await;
}

/// Rows flow, and the JobManager answers the stop in a wrong way.
async fn one_stop_under(effect: Effect) {
    let (ways, mut story) = begin().await;
    let flow = Flow::start(&story.orders, 1, 20, flowing);
    story.project.apply().await;
    story.rows_come(70).await;
    let rule = ways.job_manager.rule(Matching::post("/jobs/*/stop"), effect, 1);
    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    let daemon = story.project.serve();
    rule.done(PATIENCE).await;
    until_is(&story, "stopped").await;
    story.project.jobs.until_over().await;
    assert_eq!(story.project.savepoints().await.len(), 1, "under {effect:?}");
    no_intent_is_open(&story).await;
    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    until_is(&story, "running").await;
    one_job_of(&story, 2).await;
    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
    drop(daemon);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_is_answered_wrongly_is_one_stop() {
    let _turn = together(3).await;
    let twice = one_stop_under(Effect::Twice);
    let lost = one_stop_under(Effect::LoseReply);
    let failed = one_stop_under(Effect::AnswerAfter(StatusCode::INTERNAL_SERVER_ERROR));
    join3(twice, lost, failed).await;
}
