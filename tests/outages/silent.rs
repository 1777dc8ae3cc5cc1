//! Servers that take a connection and say nothing, as behind a cut cable.

use crate::orders::Story;
use crate::process::{PATIENCE, Ways, insert, no_intent_is_open, one_job_of, until_is};
use crate::support::project::until;
use crate::support::proxy::Effect;
use crate::support::stack::Stack;
use crate::support::tcp::{Mode, Tcp};
use crate::telling::{Telling, save_second};
use crate::turn::together;

fn host(url: &str) -> &str {
    url.strip_prefix("http://").expect("the stack speaks HTTP without TLS")
}

/// `host:port` of a ledger's URL.
fn server(url: &str) -> &str {
    let (server, _) = url.split_once('@').and_then(|(_, rest)| rest.split_once('/')).expect("user@host:port/name");
    server
}

/// The cable is cut, a file is saved, and when the cable is mended it becomes a job; the one before was never touched.
async fn silence(mut story: Story, cable: Tcp, subject: &str) {
    let daemon = story.project.serve();
    daemon.wait_line("done").await;
    story.project.one_more_look(&daemon).await;
    let (job, steps) = (story.project.jobs.only().await, story.project.steps().await);
    let telling = Telling::of(&daemon, subject);
    cable.switch(Mode::Freeze).await;
    save_second(&mut story);
    telling.once().await;
    assert_eq!(story.project.steps().await, steps, "{:#?}", daemon.lines());
    assert_eq!(story.project.jobs.live().await, [job.clone()]);
    cable.switch(Mode::Pass).await;
    telling.over().await;
    until("both streams to run", PATIENCE, async || {
        let live = story.project.jobs.live().await;
        (live.len() == 2 && live.contains(&job)).then_some(())
    })
    .await;
    story.project.one_more_look(&daemon).await;
    assert_eq!(story.project.jobs.all().await.len(), 2);
    no_intent_is_open(&story).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_is_silent_is_waited_for() {
    let _turn = together(2).await;
    let mut story = Story::begin(1).await;
    let url = story.project.database.url.clone();
    let cable = Tcp::to(server(&url)).await;
    story.project.set("WEIR_LEDGER_URL", &url.replace(server(&url), &cable.address()));
    silence(story, cable, "ledger").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flink_that_is_silent_is_waited_for() {
    let _turn = together(2).await;
    let mut story = Story::begin(1).await;
    let cable = Tcp::to(host(&Stack::get().flink_rest)).await;
    story.project.set("WEIR_ENGINES_FLINK_REST_URL", &format!("http://{}", cable.address()));
    silence(story, cable, "engine flink").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kafka_that_is_silent_is_waited_for() {
    let _turn = together(2).await;
    let mut story = Story::begin(1).await;
    let stack = Stack::get();
    let cable = Tcp::to_kafka(&stack.kafka).await;
    story.project.set("WEIR_KAFKA_BOOTSTRAP_SERVERS", &cable.address());
    // The engine's way to Kafka is another.
    story.project.set("WEIR_ENGINES_FLINK_KAFKA_BOOTSTRAP", &stack.kafka);
    silence(story, cable, "broker").await;
}

/// The engine has done it, and the ledger cannot be told.
#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_that_goes_between_intent_and_receipt_leaves_one_job() {
    let _turn = together(2).await;
    let ways = Ways::open().await;
    let mut story = Story::begin(1).await;
    story.write_numbers(2000..2100).await;
    let url = story.project.database.url.clone();
    let cable = Tcp::to(server(&url)).await;
    story.project.set("WEIR_LEDGER_URL", &url.replace(server(&url), &cable.address()));
    for (name, value) in ways.environment() {
        story.project.set(name, &value);
    }
    let rule = ways.gateway.rule(insert(), Effect::HoldReply, 1);
    let daemon = story.project.serve();
    // What is asked of the ledger by this test goes another way.
    story.project.unset("WEIR_LEDGER_URL");
    rule.done(PATIENCE).await;
    cable.switch(Mode::Refuse).await;
    rule.release();
    daemon.wait_line("ledger").await;
    let open = story.project.recorded("select kind from journal where state = 'intent'").await;
    assert_eq!(open, ["deploy"]);
    cable.switch(Mode::Pass).await;
    until_is(&story, "running").await;
    story.project.one_more_look(&daemon).await;
    one_job_of(&story, 1).await;
    no_intent_is_open(&story).await;
    story.every_row_came_once().await;
}
