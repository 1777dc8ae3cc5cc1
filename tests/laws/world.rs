//! A project on the fake cluster, the broker in memory and the real ledger, and passes over it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;
use tokio::sync::watch;
use uuid::Uuid;
use weir::apply::{Manner, Watcher};
use weir::engine::Engine;
use weir::engine::fake::Fake;
use weir::load::{Context, EngineRules, Engines as Rules};
use weir::model::config::{EngineKind, Settings};
use weir::model::job::JobState;
use weir::model::ledger::Ledger;
use weir::model::limits::SqlLimits;
use weir::model::name::{EngineName, Name, ProjectName};
use weir::model::plan::Plan;
use weir::model::run::{Outcome, Run};
use weir::model::step::StepKind;
use weir::reconcile::looks::Looks;
use weir::reconcile::{Pass, Project, look, pass};
use weir::store::postgres::Postgres;
use weir::store::{Claim, Lease};

use crate::doors::{Tripwire, WatchedBroker, WatchedEngine, WatchedStore};
use crate::files;
use crate::files::Text;
use crate::topics::Topics;
use crate::watch::{Watch, kind};

/// Longer than every time that a plan waits for.
pub const STEP: Duration = Duration::from_secs(20);
const HOLDER: &str = "the only one";

/// Puts something between weir and the watched engine.
pub type Between = fn(Arc<dyn Engine>) -> Arc<dyn Engine>;

pub fn nothing_between(engine: Arc<dyn Engine>) -> Arc<dyn Engine> {
    engine
}

pub struct World {
    pub fake: Arc<Fake>,
    pub topics: Arc<Topics>,
    pub watch: Arc<Watch>,
    pub wire: Arc<Tripwire>,
    pub texts: BTreeMap<&'static str, Text>,
    pub project: Project,
    pub now: Duration,
    /// What every pass did, and what happened between them, to be read when a law is broken.
    pub story: Vec<String>,
    looks: Looks,
    lease: Lease,
    folder: TempDir,
}

/// How a pass ended.
pub enum Ended {
    Done(Box<(Pass, Run)>),
    /// The ledger went away; the process lives.
    NoLedger,
    /// The process is gone; what it knew, too.
    Crashed,
}

impl World {
    pub async fn new(store: &Arc<Postgres>, between: Between) -> World {
        let name = EngineName::parse("fake").expect("a name");
        let fake = Arc::new(Fake::new(name.clone()));
        let topics = Arc::new(Topics::with(&["orders"]));
        let watch = Arc::new(Watch::new(fake.clone(), &topics));
        let wire = Arc::new(Tripwire::new());
        let folder = tempfile::tempdir().expect("a temporary folder");
        files::write_source(folder.path());
        let project = ProjectName::parse(&format!("p{}", Uuid::new_v4().simple())).expect("a name");
        let (wire_of, watch_of) = (|| wire.clone(), || watch.clone());
        let engine = WatchedEngine { inner: fake.clone(), wire: wire_of(), watch: watch_of() };
        let broker = WatchedBroker { inner: topics.clone(), wire: wire_of(), watch: watch_of() };
        let watched = WatchedStore { inner: store.clone(), wire: wire_of(), watch: watch_of() };
        let project = Project {
            name: project.clone(),
            folder: folder.path().to_path_buf(),
            context: context(&project, &name),
            settings: Settings::default(),
            store: Arc::new(watched),
            engines: BTreeMap::from([(name, between(Arc::new(engine)))]),
            broker: Arc::new(broker),
        };
        let lease = take(&project).await;
        World {
            fake,
            topics,
            watch,
            wire,
            texts: BTreeMap::new(),
            project,
            now: Duration::ZERO,
            story: Vec::new(),
            looks: Looks::default(),
            lease,
            folder,
        }
    }

    /// A definition as a person saves it.
    pub fn save(&mut self, name: &'static str, change: impl FnOnce(&mut Text)) {
        let text = self.texts.entry(name).or_insert_with(Text::new);
        change(text);
        files::write(self.folder.path(), name, text);
    }

    pub fn remove(&mut self, name: &'static str) {
        self.save(name, |text| text.there = files::Presence::Absent);
    }

    /// One pass, [`STEP`] after the one before.
    pub async fn pass(&mut self) -> Ended {
        self.now += STEP;
        let (_running, stop) = watch::channel(false);
        let manner = Manner { parallelism: 1, stop, watcher: &Nobody };
        let ended = tokio::select! {
            ended = pass(&self.project, &self.lease, &mut self.looks, self.now, &manner) => match ended {
                Ok(done) => Ended::Done(Box::new(done)),
                Err(_) => Ended::NoLedger,
            },
            () = self.wire.hit() => Ended::Crashed,
        };
        self.story.push(match &ended {
            Ended::Done(done) => {
                let planned = done.0.look.plan.changes.iter().map(told);
                let did = done.1.outcomes.iter().map(|outcome| format!("{outcome:?}"));
                let settled = done.0.settled.iter().map(|found| format!("{} {:?}", kind(&found.step), found.found));
                format!("pass: {:#?}", settled.chain(planned).chain(did).collect::<Vec<_>>())
            }
            Ended::NoLedger => "pass without a ledger".to_owned(),
            Ended::Crashed => "crash".to_owned(),
        });
        if let Ended::Crashed = ended {
            self.start_anew().await;
        }
        ended
    }

    /// What a pass would see and do, [`STEP`] after the one before.
    pub async fn look_only(&mut self) -> Plan {
        self.now += STEP;
        look(&self.project, &mut self.looks, self.now).await.expect("the ledger answers").plan
    }

    /// Another process with the same files, ledger and engines, which knows nothing else.
    pub async fn start_anew(&mut self) {
        self.wire.rest();
        self.looks = Looks::default();
        self.lease = take(&self.project).await;
    }

    /// Passes until there is nothing to do any more. No fault may be left.
    pub async fn until_quiet(&mut self) -> Result<Plan, String> {
        const PASSES: usize = 12;
        let mut last = String::new();
        let mut quiet = 0;
        for _ in 0..PASSES {
            let Ended::Done(done) = self.pass().await else { return Err("a pass without faults ended badly".into()) };
            self.watch.verdict()?;
            let (pass, run) = *done;
            Watch::open(&self.ledger().await).map_err(|open| format!("{open} after a pass without faults"))?;
            last = format!("{:?} {:?}", pass.look.plan.changes.iter().map(told).collect::<Vec<_>>(), run.outcomes);
            // Once more, because what waits for time to pass needs two looks.
            quiet = if pass.look.plan.changes.is_empty() { quiet + 1 } else { 0 };
            if quiet == 3 {
                return Ok(pass.look.plan);
            }
        }
        Err(format!("after {PASSES} passes there is still something to do: {last}"))
    }

    pub async fn ledger(&self) -> Ledger {
        self.project.store.read(&self.project.name).await.expect("the ledger answers")
    }

    /// How many jobs of a stream may still write.
    pub fn live(&self, stream: &str) -> usize {
        let jobs = self.fake.now().into_iter().filter(|job| job.state.is_live());
        let of_stream =
            jobs.filter_map(|job| self.fake.deployed(&job.id)).filter(|deploy| deploy.stream.name.as_str() == stream);
        of_stream.count()
    }

    /// Makes every job that is on its way up or coming back run.
    pub fn jobs_recover(&self) {
        for job in self.fake.now() {
            match job.state {
                JobState::Starting | JobState::Restarting => self.fake.set_state(&job.id, JobState::Running),
                JobState::Ending => self.fake.set_state(&job.id, JobState::Cancelled),
                JobState::Running | JobState::Failed | JobState::Finished | JobState::Cancelled => {}
            }
        }
    }
}

fn told(change: &weir::model::plan::Change) -> String {
    format!("{} {}: {}", change.action.word(), change.stream, change.reason)
}

pub fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

async fn take(project: &Project) -> Lease {
    let claim = project.store.acquire(&project.name, HOLDER, Duration::from_secs(3600)).await;
    match claim.expect("the ledger answers") {
        Claim::Held(lease) => lease,
        Claim::Taken { holder, .. } => panic!("{holder} has the lease"),
    }
}

fn context(project: &ProjectName, engine: &EngineName) -> Context {
    let rules = EngineRules {
        kind: EngineKind::Flink,
        options: BTreeMap::new(),
        allow_options: Vec::new(),
        kafka_bootstrap: "kafka:9092".to_owned(),
        connectors: Vec::new(),
        allow_bootstrap: Vec::new(),
    };
    Context {
        project: project.clone(),
        origin: "memory".to_owned(),
        engines: Rules::Known { default: Some(engine.clone()), engines: BTreeMap::from([(engine.clone(), rules)]) },
        limits: SqlLimits::default(),
        vars: BTreeMap::new(),
        overrides: BTreeMap::new(),
    }
}

struct Nobody;

impl Watcher for Nobody {
    fn begins(&self, _: &Name, _: StepKind) {}
    fn ended(&self, _: &Outcome) {}
}
