//! The laws of [`Engine`]. Each takes a world that makes streams which this kind of engine can run.

use async_trait::async_trait;
use uuid::Uuid;
use weir::engine::{Engine, EngineError};
use weir::model::check::{Accepted, Changelog, Check, CheckKey};
use weir::model::definition::{Start, Stream};
use weir::model::desired::Revision;
use weir::model::job::{Generation, Job, JobKey, JobState};
use weir::model::name::ProjectName;
use weir::model::observed::EngineView;
use weir::model::offsets::HelperAct;
use weir::model::step::{Deploy, EngineAct, Lookup, Receipt, Restore, StepId, StepKey, StepKind};

#[async_trait]
pub trait World: Send + Sync {
    fn engine(&self) -> &dyn Engine;

    /// An engine of the same kind that nobody answers for.
    fn unreachable(&self) -> Box<dyn Engine>;

    /// A project that no other test uses: jobs under its name are this test's.
    fn project(&self) -> &ProjectName;

    /// A query over a topic with rows whose job runs until it is ended. Its first source has the columns `ORDER_ID`
    /// and `AMOUNT`, its text is `SELECT ORDER_ID, AMOUNT FROM <source>…`.
    async fn stream(&self) -> Stream;

    /// One that the engine accepts and whose job fails.
    async fn failing(&self) -> Stream;
}

/// One stream's way through a test: its acts under ids that are made as weir makes them.
pub struct Way<'a> {
    world: &'a dyn World,
    pub ledger: Uuid,
    pub stream: Stream,
    pub accepted: Accepted,
}

impl<'a> Way<'a> {
    pub async fn of(world: &'a dyn World, stream: Stream) -> Way<'a> {
        let accepted = match world.engine().check(&stream).await.expect("the engine answers") {
            Check::Accepted(accepted) => accepted,
            Check::Refused { diagnostics } => panic!("refused: {diagnostics:#?}"),
        };
        Way { world, ledger: Uuid::new_v4(), stream, accepted }
    }

    pub fn key(&self, generation: Generation) -> JobKey {
        JobKey::run(self.world.project(), &self.stream.name, generation)
    }

    pub fn step(&self, kind: StepKind, generation: Generation) -> StepId {
        self.attempt(kind, generation, 0)
    }

    pub fn attempt(&self, kind: StepKind, generation: Generation, attempt: u32) -> StepId {
        let project = self.world.project();
        StepKey { ledger: self.ledger, project, stream: &self.stream.name, generation, kind, attempt }.id()
    }

    pub fn deploy(&self, generation: Generation, restore: Restore) -> EngineAct {
        EngineAct::Deploy(Box::new(Deploy {
            generation,
            job_id: self.key(generation).id(self.ledger),
            job_name: self.key(generation).name(),
            group: format!("weir.{}.{}", self.world.project(), self.stream.name),
            stream: self.stream.clone(),
            revision: Revision("r".to_owned()),
            check: CheckKey("c".to_owned()),
            engine_version: String::new(),
            columns: self.accepted.columns.clone(),
            sources: self.accepted.sources.clone(),
            changelog: self.accepted.changelog,
            restore,
            texts: None,
        }))
    }

    pub fn first(&self) -> EngineAct {
        self.deploy(1, Restore::Start(Start::Earliest))
    }

    pub fn stop(&self, generation: Generation) -> EngineAct {
        let folder = format!("{}/{}/{generation}", self.world.project(), self.stream.name);
        EngineAct::Stop { job_id: self.key(generation).id(self.ledger), folder }
    }

    pub fn cancel(&self, generation: Generation) -> EngineAct {
        EngineAct::Cancel { job_id: self.key(generation).id(self.ledger) }
    }

    pub fn give_up(&self, generation: Generation) -> EngineAct {
        EngineAct::GiveUp { job_id: self.key(generation).id(self.ledger) }
    }

    pub fn verify(&self, generation: Generation) -> EngineAct {
        EngineAct::Verify { job_id: self.key(generation).id(self.ledger) }
    }

    pub async fn does(&self, act: &EngineAct, generation: Generation) -> Result<Receipt, EngineError> {
        self.world.engine().execute(&self.step(kind(act), generation), act).await
    }

    pub async fn finds(&self, act: &EngineAct, generation: Generation) -> Lookup {
        self.world.engine().lookup(&self.step(kind(act), generation), act).await
    }

    /// Deployed and seen running.
    pub async fn runs(&self) {
        assert_eq!(self.does(&self.first(), 1).await, Ok(Receipt::Deployed));
        assert_eq!(self.does(&self.verify(1), 1).await, Ok(Receipt::Running));
    }

    /// The savepoint of a stop of this generation.
    pub async fn stopped(&self, generation: Generation) -> String {
        match self.does(&self.stop(generation), generation).await {
            Ok(Receipt::Stopped { savepoint }) => savepoint,
            other => panic!("not stopped: {other:?}"),
        }
    }

    pub async fn jobs(&self) -> Vec<Job> {
        match self.world.engine().jobs().await {
            EngineView::Known(cluster) => {
                let ours = |job: &Job| JobKey::parse(&job.name).is_some_and(|key| key.project == *self.world.project());
                cluster.jobs.into_iter().filter(ours).collect()
            }
            EngineView::Unknown { reason } => panic!("the engine does not answer: {reason}"),
        }
    }
}

fn kind(act: &EngineAct) -> StepKind {
    match act {
        EngineAct::Deploy(_) => StepKind::Deploy,
        EngineAct::Verify { .. } => StepKind::Verify,
        EngineAct::Stop { .. } => StepKind::Stop,
        EngineAct::Cancel { .. } => StepKind::Cancel,
        EngineAct::GiveUp { .. } => StepKind::GiveUp,
        EngineAct::Helper(HelperAct::Deploy(_)) => StepKind::DeployHelper,
        EngineAct::Helper(HelperAct::Cancel { .. }) => StepKind::CancelHelper,
    }
}

pub async fn a_check_tells_columns_changelog_and_sources(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    let names: Vec<_> = way.accepted.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["ORDER_ID", "AMOUNT"]);
    assert!(way.accepted.columns.iter().all(|column| column.kind.nullable));
    assert_eq!(way.accepted.changelog, Changelog::InsertOnly);
    let tables: Vec<_> = way.accepted.sources.iter().map(|source| source.table.as_str()).collect();
    let sources: Vec<_> = way.stream.sources.keys().map(|name| name.as_str()).collect();
    assert_eq!(tables, sources);
    assert!(way.accepted.sources.iter().all(|source| source.outputs == 1));
    assert_eq!(way.jobs().await, [], "a check starts nothing");
}

pub async fn a_refused_query_is_told_with_its_place(world: &dyn World) {
    let mut stream = world.stream().await;
    stream.sql = stream.sql.replacen("ORDER_ID", "ÖRDER_NR", 1);
    match world.engine().check(&stream).await {
        Ok(Check::Refused { diagnostics }) => {
            let span = diagnostics[0].span.expect("it has a place");
            assert_eq!(&stream.sql[span.start..span.end], "ÖRDER_NR", "{diagnostics:#?}");
            assert!(diagnostics[0].message.contains("ÖRDER_NR"), "{diagnostics:#?}");
        }
        other => panic!("not refused: {other:?}"),
    }
}

pub async fn a_deployed_job_is_listed_under_our_id_and_name(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    assert_eq!(way.finds(&way.first(), 1).await, Lookup::NotDone);
    way.runs().await;
    let job = Job { id: way.key(1).id(way.ledger), name: way.key(1).name(), state: JobState::Running };
    assert_eq!(way.jobs().await, [job]);
    assert_eq!(way.finds(&way.first(), 1).await, Lookup::Done(Receipt::Deployed));
    assert_eq!(way.finds(&way.verify(1), 1).await, Lookup::Done(Receipt::Running));
}

pub async fn a_second_deploy_makes_no_second_job(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    way.runs().await;
    let again = way.does(&way.first(), 1).await;
    assert!(matches!(again, Err(EngineError::Uncertain(_))), "{again:?}");
    assert_eq!(way.finds(&way.first(), 1).await, Lookup::Done(Receipt::Deployed));
    assert_eq!(way.jobs().await.len(), 1);
}

pub async fn two_deploys_at_once_make_one_job(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    let first = way.first();
    let (one, other) = tokio::join!(way.does(&first, 1), way.does(&first, 1));
    let done = [&one, &other].into_iter().filter(|result| **result == Ok(Receipt::Deployed)).count();
    assert_eq!(done, 1, "{one:?} {other:?}");
    assert_eq!(way.jobs().await.len(), 1);
    assert_eq!(way.finds(&way.first(), 1).await, Lookup::Done(Receipt::Deployed));
}

pub async fn an_id_is_burnt_once_its_job_has_ended(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    way.runs().await;
    assert_eq!(way.does(&way.cancel(1), 1).await, Ok(Receipt::Cancelled));
    let again = way.does(&way.first(), 1).await;
    assert!(matches!(again, Err(EngineError::Uncertain(_))), "{again:?}");
    assert!(matches!(way.finds(&way.first(), 1).await, Lookup::Failed { .. }));
    assert!(way.jobs().await.iter().all(|job| !job.state.is_live()));
}

pub async fn a_stop_gives_one_savepoint_however_often_it_is_asked_for(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    way.runs().await;
    assert_eq!(way.finds(&way.stop(1), 1).await, Lookup::NotDone);
    let savepoint = way.stopped(1).await;
    let folder = format!("/{}/{}/1/", world.project(), way.stream.name);
    assert!(savepoint.contains(&folder), "{savepoint}");
    assert_eq!(way.jobs().await[0].state, JobState::Finished, "it has ended when the receipt is there");
    assert_eq!(way.stopped(1).await, savepoint);
    assert_eq!(way.finds(&way.stop(1), 1).await, Lookup::Done(Receipt::Stopped { savepoint: savepoint.clone() }));
    // Another attempt's id finds what the first one made.
    let later = way.attempt(StepKind::Stop, 1, 1);
    let found = world.engine().lookup(&later, &way.stop(1)).await;
    assert_eq!(found, Lookup::Done(Receipt::Stopped { savepoint }));
}

pub async fn a_job_takes_up_a_savepoint(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    way.runs().await;
    let path = way.stopped(1).await;
    let second = way.deploy(2, Restore::Savepoint { path });
    assert_eq!(way.does(&second, 2).await, Ok(Receipt::Deployed));
    assert_eq!(way.does(&way.verify(2), 2).await, Ok(Receipt::Running));
    assert_eq!(way.finds(&second, 2).await, Lookup::Done(Receipt::Deployed));
}

pub async fn a_savepoint_that_is_not_there_burns_the_id(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    way.runs().await;
    let path = way.stopped(1).await;
    let lost = way.deploy(2, Restore::Savepoint { path: format!("{path}-lost") });
    let result = way.does(&lost, 2).await;
    assert!(matches!(result, Err(EngineError::Uncertain(_))), "{result:?}");
    match way.finds(&lost, 2).await {
        Lookup::Failed { reason } => assert!(reason.contains("-lost"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

pub async fn a_savepoint_not_yet_known_is_refused(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    let unfilled = way.deploy(1, Restore::StopOf { step: way.step(StepKind::Stop, 1) });
    let result = way.does(&unfilled, 1).await;
    assert!(matches!(result, Err(EngineError::Refused(_))), "{result:?}");
    assert_eq!(way.finds(&unfilled, 1).await, Lookup::NotDone);
}

pub async fn a_cancelled_job_stays_cancelled(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    way.runs().await;
    assert_eq!(way.finds(&way.cancel(1), 1).await, Lookup::NotDone);
    for _ in 0..2 {
        assert_eq!(way.does(&way.cancel(1), 1).await, Ok(Receipt::Cancelled));
    }
    assert_eq!(way.jobs().await[0].state, JobState::Cancelled);
    assert_eq!(way.finds(&way.cancel(1), 1).await, Lookup::Done(Receipt::Cancelled));
}

/// Each time it is said what it left.
pub async fn what_does_not_run_is_given_up(world: &dyn World) {
    let way = Way::of(world, world.failing().await).await;
    assert_eq!(way.does(&way.first(), 1).await, Ok(Receipt::Deployed));
    let verified = way.does(&way.verify(1), 1).await;
    assert!(matches!(verified, Err(EngineError::Refused(_))), "{verified:?}");
    let given_up = way.does(&way.give_up(1), 1).await;
    let Ok(Receipt::GivenUp { .. }) = &given_up else { panic!("{given_up:?}") };
    assert_eq!(way.does(&way.give_up(1), 1).await, given_up);
    assert_eq!(Ok(way.finds(&way.give_up(1), 1).await), given_up.map(Lookup::Done));
    assert!(way.jobs().await.iter().all(|job| !job.state.is_live()));
}

/// It is not ended for the sake of what would follow it.
pub async fn what_runs_is_not_given_up(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    way.runs().await;
    let given_up = way.does(&way.give_up(1), 1).await;
    assert!(matches!(given_up, Err(EngineError::Refused(_))), "{given_up:?}");
    let running = way.jobs().await.into_iter().filter(|job| job.state.is_live()).count();
    assert_eq!(running, 1, "the job goes on");
}

/// Its last checkpoint is not the end of what it wrote, and was deleted with it.
pub async fn what_finished_is_not_given_up(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    way.runs().await;
    way.stopped(1).await;
    let given_up = way.does(&way.give_up(1), 1).await;
    assert!(matches!(given_up, Err(EngineError::Refused(_))), "{given_up:?}");
    let found = way.finds(&way.give_up(1), 1).await;
    assert!(matches!(found, Lookup::Failed { .. }), "{found:?}");
}

pub async fn a_job_that_nobody_knows_counts_as_cancelled(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    assert_eq!(way.does(&way.cancel(7), 7).await, Ok(Receipt::Cancelled));
    assert_eq!(way.finds(&way.cancel(7), 7).await, Lookup::Done(Receipt::Cancelled));
}

pub async fn stopping_a_job_that_nobody_knows_does_nothing(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    let result = way.does(&way.stop(7), 7).await;
    assert!(matches!(result, Err(EngineError::Uncertain(_))), "{result:?}");
    let found = way.finds(&way.stop(7), 7).await;
    assert!(matches!(found, Lookup::NotDone | Lookup::Failed { .. }), "{found:?}");
    assert_eq!(way.jobs().await, []);
}

pub async fn verifying_a_job_that_fails_tells_why(world: &dyn World) {
    let way = Way::of(world, world.failing().await).await;
    assert_eq!(way.does(&way.first(), 1).await, Ok(Receipt::Deployed));
    match way.does(&way.verify(1), 1).await {
        Err(EngineError::Refused(why)) => assert!(why.contains("no_such_json"), "{why}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(way.does(&way.cancel(1), 1).await, Ok(Receipt::Cancelled));
}

pub async fn what_does_not_answer_is_unknown(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    let dead = world.unreachable();
    assert!(matches!(dead.jobs().await, EngineView::Unknown { .. }));
    let check = dead.check(&way.stream).await;
    assert!(matches!(check, Err(EngineError::Unreachable(_))), "{check:?}");
    for act in [way.first(), way.verify(1), way.stop(1), way.cancel(1)] {
        let step = way.step(kind(&act), 1);
        let result = dead.execute(&step, &act).await;
        assert!(matches!(result, Err(EngineError::Unreachable(_))), "{act:?}: {result:?}");
        let found = dead.lookup(&step, &act).await;
        assert!(matches!(found, Lookup::Unknown { .. }), "{act:?}: {found:?}");
    }
    assert!(dead.examine().await.iter().any(|finding| finding.outcome.is_err()));
    assert!(way.world.engine().examine().await.iter().all(|finding| finding.outcome.is_ok()));
}
