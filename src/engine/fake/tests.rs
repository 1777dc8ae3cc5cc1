use uuid::Uuid;

use crate::engine::fake::{Calls, Fake, Fault};
use crate::engine::{Engine, EngineError};
use crate::model::check::{Changelog, CheckKey};
use crate::model::definition::{Start, Stream};
use crate::model::desired::Revision;
use crate::model::job::{JobKey, JobState};
use crate::model::name::{EngineName, Name, ProjectName};
use crate::model::observed::{Cluster, EngineView};
use crate::model::sample;
use crate::model::step::{Deploy, EngineAct, Lookup, Receipt, Restore, StepId, StepKey, StepKind};

fn fake(faults: impl IntoIterator<Item = Fault>) -> Fake {
    let fake = Fake::new(EngineName::parse("flink").expect("a name"));
    fake.script(faults);
    fake
}

fn deploy() -> EngineAct {
    let (project, name) = (ProjectName::parse("shop").expect("a name"), Name::parse("large").expect("a name"));
    let key = JobKey::run(&project, &name, 1);
    EngineAct::Deploy(Box::new(Deploy {
        generation: 1,
        job_id: key.id(Uuid::nil()),
        job_name: key.name(),
        group: String::new(),
        stream: Stream { name, ..sample::stream("large") },
        revision: Revision(String::new()),
        check: CheckKey(String::new()),
        engine_version: String::new(),
        columns: Vec::new(),
        sources: Vec::new(),
        changelog: Changelog::InsertOnly,
        restore: Restore::Start(Start::Earliest),
        texts: None,
    }))
}

fn step(kind: StepKind) -> StepId {
    let (project, stream) = (ProjectName::parse("shop").expect("a name"), Name::parse("large").expect("a name"));
    StepKey { ledger: Uuid::nil(), project: &project, stream: &stream, generation: 1, kind, attempt: 0 }.id()
}

async fn deploys(fake: &Fake) -> Result<Receipt, EngineError> {
    fake.execute(&step(StepKind::Deploy), &deploy()).await
}

async fn finds(fake: &Fake) -> Lookup {
    fake.lookup(&step(StepKind::Deploy), &deploy()).await
}

async fn look(fake: &Fake) -> Cluster {
    match fake.jobs().await {
        EngineView::Known(cluster) => cluster,
        EngineView::Unknown { reason } => panic!("{reason}"),
    }
}

#[tokio::test]
async fn a_request_that_fails_before_does_nothing() {
    let fake = fake([Fault::FailBefore]);
    assert!(matches!(deploys(&fake).await, Err(EngineError::Unreachable(_))));
    assert_eq!(finds(&fake).await, Lookup::NotDone);
    assert_eq!(deploys(&fake).await, Ok(Receipt::Deployed), "the fault is used up");
}

#[tokio::test]
async fn a_lost_reply_is_settled_by_a_lookup() {
    let fake = fake([Fault::DoneButReplyLost]);
    assert!(matches!(deploys(&fake).await, Err(EngineError::Uncertain(_))));
    assert_eq!(finds(&fake).await, Lookup::Done(Receipt::Deployed));
}

#[tokio::test]
async fn a_doubled_deploy_makes_one_job() {
    let fake = fake([Fault::Doubled]);
    assert!(matches!(deploys(&fake).await, Err(EngineError::Uncertain(_))));
    assert_eq!(fake.now().len(), 1);
    assert_eq!(finds(&fake).await, Lookup::Done(Receipt::Deployed));
}

#[tokio::test]
async fn a_late_request_arrives_after_some_calls() {
    let fake = fake([Fault::Late(2)]);
    assert!(matches!(deploys(&fake).await, Err(EngineError::Uncertain(_))));
    assert_eq!(finds(&fake).await, Lookup::NotDone);
    assert_eq!(look(&fake).await.jobs, []);
    assert_eq!(finds(&fake).await, Lookup::Done(Receipt::Deployed));
    assert_eq!(fake.now().len(), 1);
}

#[tokio::test]
async fn a_stale_view_is_that_of_the_look_before() {
    let fake = fake([]);
    assert_eq!(look(&fake).await.jobs, []);
    assert_eq!(deploys(&fake).await, Ok(Receipt::Deployed));
    fake.script([Fault::StaleView]);
    assert_eq!(look(&fake).await.jobs, []);
    assert_eq!(look(&fake).await.jobs.len(), 1);
    assert_eq!(fake.unmet_faults(), 0);
}

#[tokio::test]
async fn a_cluster_started_anew_has_forgotten_everything_but_savepoints() {
    let fake = fake([]);
    assert_eq!(deploys(&fake).await, Ok(Receipt::Deployed));
    let EngineAct::Deploy(deploy) = deploy() else { panic!("it is a deploy") };
    let stop = EngineAct::Stop { job_id: deploy.job_id.clone(), folder: "shop/large/1".to_owned() };
    assert!(matches!(fake.execute(&step(StepKind::Stop), &stop).await, Ok(Receipt::Stopped { .. })));
    fake.forget_everything();
    assert_eq!(fake.lookup(&step(StepKind::Stop), &stop).await, Lookup::NotDone);
    assert_eq!(fake.savepoints().len(), 1);
    let cluster = look(&fake).await;
    assert!(!cluster.ready && cluster.jobs.is_empty(), "{cluster:?}");
    fake.join_worker();
    assert!(look(&fake).await.ready);
    assert_eq!(deploys(&fake).await, Ok(Receipt::Deployed), "the id is free again");
}

#[tokio::test]
async fn a_restarting_job_is_not_stopped() {
    let fake = fake([]);
    assert_eq!(deploys(&fake).await, Ok(Receipt::Deployed));
    let id = fake.now()[0].id.clone();
    fake.set_state(&id, JobState::Restarting);
    let stop = EngineAct::Stop { job_id: id, folder: "shop/large/1".to_owned() };
    assert!(matches!(fake.execute(&step(StepKind::Stop), &stop).await, Err(EngineError::Refused(_))));
    assert_eq!(fake.now()[0].state, JobState::Restarting);
}

#[tokio::test]
async fn every_call_is_counted() {
    let fake = fake([]);
    assert_eq!(deploys(&fake).await, Ok(Receipt::Deployed));
    finds(&fake).await;
    look(&fake).await;
    fake.hang_up();
    assert!(matches!(fake.jobs().await, EngineView::Unknown { .. }));
    fake.now();
    assert_eq!(fake.calls(), Calls { jobs: 2, check: 0, execute: 1, lookup: 1 });
}
