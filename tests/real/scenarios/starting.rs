//! Where a stream begins, and where its query comes from.

use jiff::Timestamp;

use crate::scenarios::orders::{FILE, QUERY, STREAM, Story};
use crate::support::project::until;

#[tokio::test]
async fn a_stream_begins_at_the_end_if_its_file_says_so() {
    let mut story = Story::begin(3).await;
    story.write_numbers(2000..2100).await;
    story.forget_what_was_written();
    story.edit(FILE, "[deploy]", "[deploy]\nstart = \"latest\"");
    story.project.apply().await;
    story.write_numbers(3000..3100).await;
    story.every_row_came_once().await;
}

#[tokio::test]
async fn a_stream_begins_at_a_moment_if_its_file_says_so() {
    let mut story = Story::begin(3).await;
    story.write_numbers(2000..2100).await;
    story.forget_what_was_written();
    // A record's moment has milliseconds: the next ones are later.
    let now = Timestamp::now();
    until("the next second", std::time::Duration::from_secs(5), async || {
        (Timestamp::now().as_second() > now.as_second()).then_some(())
    })
    .await;
    let moment = Timestamp::from_second(now.as_second() + 1).expect("a moment of today");
    story.edit(FILE, "[deploy]", &format!("[deploy]\nstart = \"{moment}\""));
    story.write_numbers(3000..3100).await;
    story.project.apply().await;
    story.every_row_came_once().await;

    // It counts once: a stop and a start go on from the savepoint.
    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    story.project.apply().await;
    story.edit(FILE, &format!("start = \"{moment}\""), "start = \"earliest\"");
    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    story.project.apply().await;
    story.every_row_came_once().await;
}

#[tokio::test]
async fn a_query_comes_from_a_file_and_variables() {
    let mut story = Story::begin(1).await;
    let text = story.project.read(FILE);
    let sql = QUERY.replace("500", "${var:LIMIT}");
    story.project.write("streams/sql/high.sql", &sql);
    story.project.write("streams/vars.toml", "LIMIT = 500\n");
    story.project.write(FILE, &text.replace(&format!("sql = \"\"\"\n{QUERY}\n\"\"\""), "sql_file = \"sql/high.sql\""));
    story.write_numbers(2000..2020).await;
    story.project.apply().await;
    story.every_row_came_once().await;
    story.project.nothing_is_left_to_do().await;
    let job = story.project.jobs.only().await;

    // The same query, written in the definition: nothing to do but to record it.
    story.project.write(FILE, &text);
    story.project.apply().await;
    assert_eq!(story.project.jobs.all().await, std::slice::from_ref(&job));

    // Another value is another query.
    story.project.write(FILE, &text.replace("500\n", "${var:LIMIT}\n"));
    story.project.nothing_is_left_to_do().await;
    let ran = story.project.run(&["plan", "--var", "LIMIT=600", "--output", "json"]).await;
    let plan = ran.json();
    assert_eq!(
        (&plan["changes"][0]["stream"], &plan["changes"][0]["verdict"]),
        (&STREAM.into(), &"carries_offsets".into())
    );
    assert!(plan["changes"][0]["diff"].as_str().is_some_and(|diff| diff.contains("600")), "{plan}");
    story.project.write("streams/vars.toml", "LIMIT = 500\nOTHER = 1\n");
    story.project.nothing_is_left_to_do().await;
}
