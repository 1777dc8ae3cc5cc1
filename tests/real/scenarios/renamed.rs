//! Another name: the job does not learn of it.

use crate::scenarios::orders::{FILE, STREAM, Story, flowing};
use crate::support::kafka::Flow;

const HUGE: &str = "streams/huge_orders.toml";

/// `from`'s text stands in another file, and says what the stream was called.
fn renamed(story: &Story, from: &str, to: &str, old: &str) {
    let text = story.project.read(from);
    let text: Vec<&str> = text.lines().filter(|line| !line.starts_with("renamed_from")).collect();
    let text = text.join("\n").replace("[deploy]\n", &format!("[deploy]\nrenamed_from = \"{old}\"\n"));
    story.project.write(to, &text);
    story.project.remove(from);
}

/// Every row of a producer that never rests comes out once, over a rename, an update under the new name, and the way
/// back to the old one.
#[tokio::test]
async fn a_rename_keeps_job_state_and_topic() {
    let mut story = Story::begin(3).await;
    story.project.apply().await;
    let flow = Flow::start(&story.orders, 3, 200, flowing);
    story.rows_come(200).await;
    let job = story.project.jobs.only().await;

    renamed(&story, FILE, HUGE, STREAM);
    let plan = story.project.plan().await;
    assert_eq!(plan["summary"]["delete"], 0, "{plan}");
    assert_eq!(plan["changes"][0]["action"], "record", "{plan}");
    assert_eq!(plan["changes"][0]["verdict"], "unchanged", "{plan}");
    story.project.apply().await;
    assert_eq!(story.project.jobs.all().await, std::slice::from_ref(&job), "the same job runs on");
    story.project.nothing_is_left_to_do().await;
    let status = story.project.status("huge_orders").await;
    assert_eq!((&status["job_id"], &status["health"]), (&job.id.as_str().into(), &"running".into()), "{status}");
    story.rows_come(story.count().await + 200).await;

    // The generations go on under the new name, and so does the state.
    story.edit(HUGE, r#""parallelism.default" = "1""#, r#""parallelism.default" = "2""#);
    story.project.apply().await;
    let second = story.project.jobs.only().await;
    assert_eq!(second.name, format!("weir:{}/huge_orders@2", story.project.name));
    assert_eq!(story.project.savepoints().await.len(), 1);
    story.rows_come(story.count().await + 200).await;

    renamed(&story, HUGE, FILE, "huge_orders");
    story.project.apply().await;
    assert_eq!(story.project.jobs.live().await, [second], "the same job runs on");
    story.project.nothing_is_left_to_do().await;
    let rows = "select name || ' ' || state || ' ' || generation from streams order by name";
    let rows = story.project.recorded(rows).await;
    assert_eq!(rows, [format!("{STREAM} live 2"), "huge_orders removed 2".to_owned()]);
    story.edit(FILE, r#""parallelism.default" = "2""#, r#""parallelism.default" = "1""#);
    story.project.apply().await;
    let third = story.project.jobs.only().await;
    assert_eq!(third.name, format!("weir:{}/{STREAM}@3", story.project.name));

    story.expect_flow(flow.stop().await);
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;
}
