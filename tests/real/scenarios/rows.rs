//! A definition becomes rows, and what is done is not done twice.

use uuid::Uuid;
use weir::model::job::JobKey;
use weir::model::name::{Name, ProjectName};

use crate::scenarios::orders::{STREAM, Story, known};
use crate::support::kafka::read_all;
use crate::support::project::topic;

#[tokio::test]
async fn a_toml_file_becomes_rows() {
    let mut story = Story::begin(3).await;
    story.write(known()).await;
    story.write_numbers(2000..2100).await;
    story.project.apply().await;
    story.every_row_came_once().await;
    story.write_numbers(3000..3100).await;
    story.every_row_came_once().await;

    let found = read_all(&story.output).await;
    let found: Vec<_> = found.iter().map(|record| record.json()).collect();
    for (at, row) in known().iter().enumerate() {
        assert_eq!(found.contains(row), at > 0, "{row} among {found:#?}");
    }
}

#[tokio::test]
async fn a_plan_shows_what_apply_does_and_does_nothing() {
    let story = Story::begin(1).await;
    let ran = story.project.run(&["plan", "--detailed-exitcode"]).await;
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.out.contains(STREAM), "{ran}");
    let plan = story.project.plan().await;
    let change = &plan["changes"][0];
    assert_eq!((&change["stream"], &change["action"]), (&STREAM.into(), &"create".into()), "{plan}");
    let kinds: Vec<_> = change["steps"].as_array().into_iter().flatten().map(|step| step["kind"].clone()).collect();
    assert_eq!(kinds, ["record", "create_topic", "deploy", "verify"], "{plan}");
    assert_eq!(plan["summary"]["create"], 1, "{plan}");

    assert_eq!(story.project.jobs.all().await, []);
    assert_eq!(topic(&story.output).await, None);
    assert_eq!(story.project.steps().await, 0);
}

/// Law 10, and the job is ours: its id is the hash of what its name says.
#[tokio::test]
async fn apply_then_plan_is_empty() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    story.project.nothing_is_left_to_do().await;

    let status = story.project.status(STREAM).await;
    assert_eq!((&status["sync"], &status["health"]), (&"synced".into(), &"running".into()), "{status}");
    let ledger = story.project.recorded("select id::text from ledger").await;
    let project = ProjectName::parse(&story.project.name).expect("its own name");
    let key = JobKey::run(&project, &Name::parse(STREAM).expect("a name"), 1);
    let job = story.project.jobs.only().await;
    assert_eq!(job.name, format!("weir:{project}/{STREAM}@1"));
    assert_eq!(job.id, key.id(Uuid::parse_str(&ledger[0]).expect("an id")).as_str());
    assert_eq!(status["job_id"], job.id.as_str(), "{status}");
    assert_eq!(job.state, "RUNNING");

    let steps = story.project.steps().await;
    story.project.apply().await;
    assert_eq!(story.project.steps().await, steps, "a second apply has nothing to do");
    assert_eq!(story.project.jobs.all().await, [job]);
    story.write(known()).await;
    story.every_row_came_once().await;
}
