//! Law 3: jobs that prove to be ours, and that the ledger does not mean.

use uuid::Uuid;
use weir::model::job::JobKey;
use weir::model::name::{Name, ProjectName};

use crate::scenarios::orders::{FILE, STREAM, Story};
use crate::support::project::jobs;

#[tokio::test]
async fn an_older_job_of_ours_is_ended() {
    let mut story = Story::begin(1).await;
    story.project.apply().await;
    let job = story.project.jobs.only().await;
    let older = impostor(&story, 0).await;
    assert_eq!(story.project.status(STREAM).await["health"], "duplicate");
    let plan = story.project.plan().await;
    assert_eq!(
        (&plan["changes"][0]["action"], &plan["changes"][0]["stream"]),
        (&"stop".into(), &STREAM.into()),
        "{plan}"
    );
    story.project.apply().await;
    assert_eq!(story.project.jobs.only().await, job);
    let all = story.project.jobs.all().await;
    let ended = all.iter().find(|listed| listed.id == older).expect("Flink lists it for an hour");
    assert_eq!(ended.state, "CANCELED");
    story.project.nothing_is_left_to_do().await;
    story.write_numbers(2000..2020).await;
    story.every_row_came_once().await;
}

#[tokio::test]
async fn a_job_of_a_removed_stream_is_ended() {
    let story = Story::begin(1).await;
    story.project.apply().await;
    story.project.remove(FILE);
    story.project.apply().await;
    impostor(&story, 0).await;
    story.project.apply().await;
    assert_eq!(story.project.jobs.live().await, []);
    story.project.nothing_is_left_to_do().await;
}

/// The ledger was put back from an old copy: what runs is newer than what it knows, and nobody may guess.
#[tokio::test]
async fn a_newer_job_than_the_ledger_knows_blocks_its_stream() {
    let story = Story::begin(1).await;
    story.project.plan().await;
    let newer = impostor(&story, 9).await;
    let ran = story.project.apply_refused().await;
    assert!(ran.says("ledger is older"), "{ran}");
    assert_eq!(story.project.jobs.only().await.id, newer);
}

/// A job of no use, under the id and name of this generation.
async fn impostor(story: &Story, generation: u32) -> String {
    let ledger = story.project.recorded("select id::text from ledger").await;
    let project = ProjectName::parse(&story.project.name).expect("its own name");
    let key = JobKey::run(&project, &Name::parse(STREAM).expect("a name"), generation);
    let id = key.id(Uuid::parse_str(&ledger[0]).expect("an id")).to_string();
    jobs::submit_as(&key.name(), &id).await;
    id
}
