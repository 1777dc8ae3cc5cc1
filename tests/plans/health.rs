//! How a stream is, from its row and what its engine lists.

use std::time::Duration;

use weir::model::ledger::{DeploymentStatus, RowState};
use weir::model::name::EngineName;
use weir::model::observed::EngineView;
use weir::model::status::Health;

use crate::world::{EngineText, RowText, StreamText, Text, build, name, project};

const AFTER: Duration = Duration::from_secs(15);

fn of(row: RowText, engine: EngineText, unseen: u64) -> Health {
    let mut text = Text::default();
    text.recorded.insert("big".into(), row);
    text.engine.insert("flink".into(), engine);
    let world = build(&text);
    let view: &EngineView = &world.observed.engines[&EngineName::parse("flink").expect("a name")];
    let row = &world.ledger.streams[&name("big")];
    weir::plan::health(row, &name("big"), &project(), &world.ledger, view, Some(Duration::from_secs(unseen)), AFTER)
}

fn listed(jobs: &[&str]) -> EngineText {
    EngineText { jobs: Some(jobs.iter().map(|job| (*job).to_owned()).collect()), ..EngineText::default() }
}

fn silent() -> EngineText {
    EngineText { unknown: Some("no".into()), ..EngineText::default() }
}

#[test]
fn a_job_is_as_its_engine_says() {
    let states = [
        ("big@2 running", Health::Running),
        ("big@2 starting", Health::Starting),
        ("big@2 restarting", Health::Restarting),
        ("big@2 ending", Health::Stopped),
        ("big@2 failed", Health::Failed),
        ("big@2 finished", Health::Finished),
        ("big@2 cancelled", Health::Stopped),
        ("!big@2 running", Health::Unknown),
        ("big@1 failed", Health::Unknown),
        ("other@2 running", Health::Unknown),
    ];
    for (job, health) in states {
        let row = RowText { generation: 2, ..RowText::default() };
        assert_eq!(of(row, listed(&[job]), 0), health, "{job}");
    }
}

#[test]
fn a_job_is_missing_only_after_a_while_on_a_ready_cluster() {
    let row = RowText::default;
    assert_eq!(of(row(), listed(&[]), 14), Health::Unknown);
    assert_eq!(of(row(), listed(&[]), 15), Health::Missing);
    assert_eq!(of(row(), EngineText { ready: false, ..listed(&[]) }, 600), Health::Unknown);
    assert_eq!(of(row(), silent(), 600), Health::Unknown);
}

#[test]
fn what_weir_ended_is_stopped_unless_it_runs() {
    for status in
        [DeploymentStatus::Stopped, DeploymentStatus::Cancelled, DeploymentStatus::GivenUp, DeploymentStatus::Dropped]
    {
        let row = || RowText { status: Some(status), ..RowText::default() };
        assert_eq!(of(row(), listed(&["big@1 finished"]), 0), Health::Stopped, "{status:?}");
        assert_eq!(of(row(), silent(), 0), Health::Stopped, "{status:?}");
        assert_eq!(of(row(), listed(&["big@1 running"]), 0), Health::Duplicate, "{status:?}");
    }
    let failed = RowText { status: Some(DeploymentStatus::Failed), ..RowText::default() };
    assert_eq!(of(failed, listed(&[]), 600), Health::Failed);
}

#[test]
fn two_live_jobs_are_one_too_many() {
    let row = || RowText { generation: 2, ..RowText::default() };
    assert_eq!(of(row(), listed(&["big@2 running", "big@1 starting"]), 0), Health::Duplicate);
    assert_eq!(of(row(), listed(&["big@2 running", "big@1 cancelled"]), 0), Health::Running);
}

#[test]
fn what_never_ran_is_stopped() {
    let row = RowText { never_deployed: true, ..RowText::default() };
    assert_eq!(of(row, silent(), 0), Health::Stopped);
}

#[test]
fn only_a_ready_cluster_shows_that_a_job_is_not_there() {
    let told = |row: RowText, engine: EngineText, file: Option<StreamText>| {
        let mut text = Text::default();
        text.desired.extend(file.map(|file| ("big".into(), file)));
        text.recorded.insert("big".into(), row);
        text.engine.insert("flink".into(), engine);
        let world = build(&text);
        !weir::plan::unseen(&world.desired, &world.ledger, &world.observed.engines).is_empty()
    };
    let unseen = |row: RowText, engine: EngineText| told(row, engine, None);
    let row = RowText::default;
    assert!(unseen(row(), listed(&[])));
    assert!(unseen(row(), listed(&["!big@1 running", "big@2 running"])));
    assert!(!unseen(row(), listed(&["big@1 failed"])));
    assert!(!unseen(row(), EngineText { ready: false, ..listed(&[]) }));
    assert!(!unseen(row(), silent()));
    assert!(!unseen(RowText { status: Some(DeploymentStatus::Stopped), ..row() }, listed(&[])));
    for state in [RowState::Removed, RowState::Kept] {
        // Nothing waits for the job of a row that is over, until its file is back.
        let over = || RowText { state, ..row() };
        assert!(!unseen(over(), listed(&[])), "{state:?}");
        assert!(told(over(), listed(&[]), Some(StreamText::default())), "{state:?}");
        assert!(!told(over(), listed(&["big@1 failed"]), Some(StreamText::default())), "{state:?}");
    }
}
