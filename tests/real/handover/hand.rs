//! One stream with its ledger: what a plan would ask for, executed by `apply`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use uuid::Uuid;
use weir::apply::{Doors, Manner, Watcher, apply};
use weir::broker::kafka::Kafka;
use weir::engine::{Engine, Engines};
use weir::model::check::{Accepted, Check, CheckKey, PlanSource};
use weir::model::definition::Stream;
use weir::model::desired::Revision;
use weir::model::job::{Generation, JobId, JobKey};
use weir::model::ledger::Recorded;
use weir::model::name::Name;
use weir::model::offsets::{
    Chaining, Helper, HelperAct, Offsets, OffsetsAct, OffsetsRead, Scan, Taken, control_topic, groups,
};
use weir::model::plan::{Action, Change, Guard, Plan};
use weir::model::run::{ChangeResult, Outcome};
use weir::model::sample;
use weir::model::step::{Act, Deploy, EngineAct, LedgerAct, Record, Restore, Step, StepKey, StepKind, TopicAct};
use weir::store::postgres::Postgres;
use weir::store::{Claim, Lease, Store};

use crate::support::flink::{FlinkWorld, flink, settings};
use crate::support::postgres::Database;
use crate::support::stack::Stack;

pub struct Hand {
    pub world: FlinkWorld,
    pub kafka: Kafka,
    engines: Engines,
    store: Postgres,
    lease: Lease,
    ledger: Uuid,
    _database: Database,
}

/// The steps that read out where a job stopped.
pub struct Reading {
    pub open: Step,
    pub helpers: Vec<Step>,
    pub read: Step,
    pub gone: Vec<Step>,
    pub close: Step,
}

/// When each step of a change began and the change ended.
#[derive(Default)]
pub struct Clock(Mutex<Vec<(StepKind, Instant)>>);

impl Watcher for Clock {
    fn begins(&self, _: &Name, kind: StepKind) {
        self.0.lock().expect("no panic under the lock").push((kind, Instant::now()));
    }

    fn ended(&self, _: &Outcome) {
        self.0.lock().expect("no panic under the lock").push((StepKind::Record, Instant::now()));
    }
}

impl Clock {
    pub fn began(&self, kind: StepKind) -> Instant {
        let all = self.0.lock().expect("no panic under the lock");
        all.iter().find(|(found, _)| *found == kind).expect("the step was begun").1
    }

    /// `stop 0.9 s, deploy 1.2 s …`
    pub fn told(&self) -> String {
        let all = self.0.lock().expect("no panic under the lock");
        let parts = all.windows(2).map(|two| format!("{} {:.2}", two[0].0.word(), (two[1].1 - two[0].1).as_secs_f64()));
        parts.collect::<Vec<_>>().join(", ")
    }
}

impl Hand {
    pub async fn new() -> Hand {
        let world = FlinkWorld::new();
        let database = Database::create().await;
        let store = Postgres::connect(&database.url).await.expect("the ledger is made");
        let Claim::Held(lease) =
            store.acquire(&world.project, "test", Duration::from_secs(600)).await.expect("a lease")
        else {
            panic!("nobody else is here")
        };
        let ledger = store.read(&world.project).await.expect("readable").id;
        let engine: Arc<dyn Engine> = Arc::new(flink(settings()));
        let engines = BTreeMap::from([(engine.name().clone(), engine)]);
        let kafka = Kafka::new(&Stack::get().kafka, &BTreeMap::new()).expect("no properties are asked for");
        Hand { world, kafka, engines, store, lease, ledger, _database: database }
    }

    pub async fn accepted(&self, stream: &Stream) -> Accepted {
        match self.world.flink.check(stream).await.expect("the engine answers") {
            Check::Accepted(accepted) => accepted,
            Check::Refused { diagnostics } => panic!("refused: {diagnostics:#?}"),
        }
    }

    fn step(&self, stream: &Stream, generation: Generation, attempt: u32, act: Act) -> Step {
        let project = &self.world.project;
        let kind = act.kind();
        let key = StepKey { ledger: self.ledger, project, stream: &stream.name, generation, kind, attempt };
        Step { id: key.id(), act }
    }

    fn engine_step(&self, stream: &Stream, generation: Generation, attempt: u32, act: EngineAct) -> Step {
        self.step(stream, generation, attempt, Act::Engine(stream.engine.clone(), act))
    }

    fn group(&self, stream: &Stream) -> String {
        format!("weir.{}.{}", self.world.project, stream.name)
    }

    pub fn job_id(&self, stream: &Stream, generation: Generation) -> JobId {
        self.job(stream, generation).id(self.ledger)
    }

    pub fn job(&self, stream: &Stream, generation: Generation) -> JobKey {
        JobKey::run(&self.world.project, &stream.name, generation)
    }

    pub fn deploys(&self, stream: &Stream, accepted: &Accepted, generation: Generation, restore: Restore) -> [Step; 2] {
        let key = self.job(stream, generation);
        let job_id = key.id(self.ledger);
        let deploy = EngineAct::Deploy(Box::new(Deploy {
            generation,
            job_id: job_id.clone(),
            job_name: key.name(),
            group: self.group(stream),
            stream: stream.clone(),
            revision: Revision("r".to_owned()),
            check: CheckKey("c".to_owned()),
            engine_version: String::new(),
            columns: accepted.columns.clone(),
            sources: accepted.sources.clone(),
            changelog: accepted.changelog,
            restore,
            texts: None,
        }));
        [
            self.engine_step(stream, generation, 0, deploy),
            self.engine_step(stream, generation, 0, EngineAct::Verify { job_id }),
        ]
    }

    pub fn stops(&self, stream: &Stream, generation: Generation) -> Step {
        let folder = format!("{}/{}/{generation}", self.world.project, stream.name);
        let job_id = self.job(stream, generation).id(self.ledger);
        self.engine_step(stream, generation, 0, EngineAct::Stop { job_id, folder })
    }

    pub fn cancels(&self, stream: &Stream, generation: Generation) -> Step {
        let job_id = self.job(stream, generation).id(self.ledger);
        self.engine_step(stream, generation, 0, EngineAct::Cancel { job_id })
    }

    pub fn forgets(&self, stream: &Stream, generation: Generation) -> Step {
        let groups = groups(&self.group(stream), stream).into_values().collect();
        self.step(stream, generation, 0, Act::Topic(TopicAct::Offsets(OffsetsAct::ForgetGroups { groups })))
    }

    /// `old` is the stream as it ran, with the sources of its check.
    pub fn reads(
        &self,
        old: &Stream,
        sources: &[PlanSource],
        (generation, attempt): (Generation, u32),
        state: Taken,
    ) -> Reading {
        let project = &self.world.project;
        let scans = sources.iter().enumerate().map(|(nth, found)| {
            let source = Name::parse(&found.table).expect("a definition's name");
            let topic = old.sources[&source].topic.clone();
            let group = Scan::group(project, &old.name, generation, attempt, nth);
            Scan { source, topic, outputs: found.outputs, group }
        });
        let scans: Vec<Scan> = scans.collect();
        let control = control_topic(project, &old.name).expect("short names");
        let kinds: BTreeSet<Chaining> = scans.iter().map(Scan::chaining).collect();
        let keys: Vec<(Chaining, u32, JobKey)> = kinds
            .into_iter()
            .zip(attempt..)
            .map(|(kind, attempt)| (kind, attempt, JobKey::offsets(project, &old.name, generation, attempt)))
            .collect();
        let helpers = keys.iter().map(|(chaining, attempt, key)| {
            let helper = Helper {
                job_id: key.id(self.ledger),
                job_name: key.name(),
                state: state.clone(),
                chaining: *chaining,
                scans: scans.clone(),
                control: control.clone(),
                options: old.options.clone(),
                log_starts: BTreeMap::new(),
            };
            self.engine_step(old, generation, *attempt, EngineAct::Helper(HelperAct::Deploy(Box::new(helper))))
        });
        let gone = keys.iter().map(|(_, attempt, key)| {
            let job_id = key.id(self.ledger);
            self.engine_step(old, generation, *attempt, EngineAct::Helper(HelperAct::Cancel { job_id }))
        });
        let topic = |act| self.step(old, generation, attempt, Act::Topic(TopicAct::Offsets(act)));
        let read = OffsetsRead {
            generation,
            helpers: keys.iter().map(|(_, _, key)| key.id(self.ledger)).collect(),
            control: control.clone(),
            scans: scans.clone(),
        };
        let groups: BTreeSet<String> = scans.iter().map(|scan| scan.group.clone()).collect();
        Reading {
            open: topic(OffsetsAct::OpenControl { control: control.clone(), scans: scans.clone() }),
            helpers: helpers.collect(),
            read: topic(OffsetsAct::Read(Box::new(read))),
            gone: gone.collect(),
            close: topic(OffsetsAct::CloseControl { control, groups }),
        }
    }

    /// A change of these steps.
    pub async fn change(&self, stream: &Stream, guard: Generation, steps: Vec<Step>) -> (ChangeResult, Clock) {
        let change = Change {
            stream: stream.name.clone(),
            engine: stream.engine.clone(),
            action: Action::Update,
            reason: String::new(),
            verdict: None,
            diff: None,
            steps,
            downstream: Vec::new(),
            guard: Guard { generation: guard },
        };
        let plan = Plan {
            project: self.world.project.clone(),
            changes: vec![change],
            blocked: Vec::new(),
            unmanaged: Vec::new(),
            diagnostics: Vec::new(),
            notes: Vec::new(),
            unchanged: 0,
            left_out: None,
        };
        let doors = Doors { store: &self.store, engines: &self.engines, broker: &self.kafka };
        let clock = Clock::default();
        let (_stop, stop) = watch::channel(false);
        let manner = Manner { parallelism: 1, stop, watcher: &clock };
        let mut run = apply(doors, &self.lease, &plan, &manner).await;
        (run.outcomes.remove(0).result, clock)
    }

    /// The first generation, recorded, deployed and seen running.
    pub async fn begins(&self, stream: &Stream) -> Accepted {
        let accepted = self.accepted(stream).await;
        let record = Record {
            path: "a.toml".to_owned(),
            origin: "test".to_owned(),
            stream: stream.clone(),
            policy: sample::policy(),
            revision: Revision("r".to_owned()),
            renamed_from: None,
        };
        let record = self.step(stream, 0, 0, Act::Ledger(LedgerAct::Record(Box::new(record))));
        let deploys = self.deploys(stream, &accepted, 1, Restore::Start(stream.start));
        let steps = [vec![record], deploys.to_vec()].concat();
        let (result, _) = self.change(stream, 0, steps).await;
        assert_eq!(result, ChangeResult::Done);
        accepted
    }

    /// Where the newest deployment stopped, as it was read.
    pub async fn ended_at(&self, stream: &Stream) -> Offsets {
        self.row(stream).await.deployment.expect("it ran").ended_at.expect("its end was read")
    }

    pub async fn row(&self, stream: &Stream) -> Recorded {
        let ledger = self.store.read(&self.world.project).await.expect("readable");
        ledger.streams[&stream.name].clone()
    }
}
