use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::apply::{Doors, Manner, Watcher, apply};
use crate::broker::{Broker, BrokerError};
use crate::engine::{Engine, EngineError, Engines, Finding};
use crate::model::check::{Changelog, Check, CheckId, CheckKey};
use crate::model::definition::Stream;
use crate::model::desired::Revision;
use crate::model::few::Few;
use crate::model::job::{JobId, JobKey};
use crate::model::ledger::{Ledger, RowState};
use crate::model::name::{EngineName, Name, ProjectName, TopicName};
use crate::model::observed::{BrokerView, EngineView};
use crate::model::offsets::{Chaining, Helper, HelperAct, OffsetsAct, OffsetsRead, Taken};
use crate::model::plan::{Action, Change, Guard, Plan};
use crate::model::run::{ChangeResult, Outcome};
use crate::model::sample;
use crate::model::step::{
    Act, Deploy, EngineAct, LedgerAct, Lookup, Receipt, Restore, Step, StepId, StepKey, StepKind, TopicAct,
};
use crate::store::{Claim, Event, History, Intent, Lease, Settled, Store, StoreError};

/// A ledger that takes everything and knows nothing.
struct Anything;

#[async_trait]
impl Store for Anything {
    async fn read(&self, _: &ProjectName) -> Result<Ledger, StoreError> {
        Err(StoreError::Unusable("nothing is read here".to_owned()))
    }

    async fn acquire(&self, project: &ProjectName, holder: &str, _: Duration) -> Result<Claim, StoreError> {
        Ok(Claim::Held(Lease { project: project.clone(), holder: holder.to_owned(), epoch: 1 }))
    }

    async fn renew(&self, _: &Lease, _: Duration) -> Result<(), StoreError> {
        Ok(())
    }

    async fn release(&self, _: &Lease) -> Result<(), StoreError> {
        Ok(())
    }

    async fn begin(&self, _: &Lease, _: &Intent) -> Result<(), StoreError> {
        Ok(())
    }

    async fn settle(&self, _: &Lease, _: &Settled) -> Result<(), StoreError> {
        Ok(())
    }

    async fn save_checks(&self, _: &Lease, _: &[(CheckId, Check)]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn event(&self, _: &ProjectName, _: &Event) -> Result<(), StoreError> {
        Ok(())
    }

    async fn history(&self, _: &ProjectName, _: &Name, _: u32) -> Result<History, StoreError> {
        Ok(History::default())
    }

    async fn events(&self, _: &ProjectName, _: u32) -> Result<Vec<Event>, StoreError> {
        Ok(Vec::new())
    }
}

/// The topic `first` is gone only when `last` is.
#[derive(Default)]
struct Slow {
    last_is_gone: Notify,
}

#[async_trait]
impl Broker for Slow {
    async fn view(&self, _: &BTreeSet<TopicName>) -> BrokerView {
        BrokerView::default()
    }

    async fn execute(&self, act: &TopicAct) -> Result<Receipt, BrokerError> {
        let topic = match act {
            TopicAct::Delete { topic }
            | TopicAct::Create { topic, .. }
            | TopicAct::Alter { topic, .. }
            | TopicAct::Grow { topic, .. } => topic,
            // What is waited for never comes.
            TopicAct::Offsets(OffsetsAct::Read(_)) => return std::future::pending().await,
            TopicAct::Offsets(_) => return Ok(Receipt::GroupsForgotten),
        };
        match topic.as_str() {
            "first" => self.last_is_gone.notified().await,
            "last" => self.last_is_gone.notify_one(),
            _ => {}
        }
        Ok(Receipt::TopicDeleted)
    }

    async fn lookup(&self, _: &TopicAct) -> Lookup {
        Lookup::NotDone
    }
}

struct Nobody;

impl Watcher for Nobody {
    fn begins(&self, _: &Name, _: StepKind) {}
    fn ended(&self, _: &Outcome) {}
}

/// Asks weir to stop as soon as it has stopped a job.
struct Interrupting {
    name: EngineName,
    tell: watch::Sender<bool>,
    done: Mutex<Vec<StepKind>>,
}

#[async_trait]
impl Engine for Interrupting {
    fn name(&self) -> &EngineName {
        &self.name
    }

    async fn jobs(&self) -> EngineView {
        EngineView::Unknown { reason: "nothing is looked at here".to_owned() }
    }

    async fn check(&self, _: &Stream) -> Result<Check, EngineError> {
        Err(EngineError::Refused("nothing is checked here".to_owned()))
    }

    async fn execute(&self, _: &StepId, act: &EngineAct) -> Result<Receipt, EngineError> {
        let kind = Act::Engine(self.name.clone(), act.clone()).kind();
        self.done.lock().expect("no panic under the lock").push(kind);
        Ok(match act {
            EngineAct::Stop { .. } => {
                self.tell.send_replace(true);
                Receipt::Stopped { savepoint: "file:/s".to_owned() }
            }
            EngineAct::Deploy(_) => Receipt::Deployed,
            EngineAct::Verify { .. } => Receipt::Running,
            EngineAct::Cancel { .. } => Receipt::Cancelled,
            EngineAct::GiveUp { .. } => Receipt::GivenUp { checkpoint: None },
            EngineAct::Helper(_) => Receipt::HelperDeployed,
        })
    }

    async fn lookup(&self, _: &StepId, act: &EngineAct) -> Lookup {
        match act {
            EngineAct::Helper(_) => Lookup::Failed { reason: "the helper met its end".to_owned() },
            EngineAct::Deploy(_)
            | EngineAct::Verify { .. }
            | EngineAct::Stop { .. }
            | EngineAct::Cancel { .. }
            | EngineAct::GiveUp { .. } => Lookup::NotDone,
        }
    }

    async fn examine(&self) -> Vec<Finding> {
        Vec::new()
    }
}

fn project() -> ProjectName {
    ProjectName::parse("p").expect("a project")
}

fn step(act: Act) -> Step {
    let (project, stream, kind) = (project(), Name::parse("a").expect("a name"), act.kind());
    let key = StepKey { ledger: Uuid::nil(), project: &project, stream: &stream, generation: 1, kind, attempt: 0 };
    Step { id: key.id(), act }
}

fn engine() -> EngineName {
    EngineName::parse("flink").expect("an engine")
}

/// Deletes the topic of the stream's name, and closes its row.
fn change(name: &str) -> Change {
    let topic = TopicName::parse(name).expect("a topic");
    let close = LedgerAct::Close { state: RowState::Removed };
    change_of(name, vec![step(Act::Topic(TopicAct::Delete { topic })), step(Act::Ledger(close))])
}

fn change_of(name: &str, steps: Vec<Step>) -> Change {
    Change {
        stream: Name::parse(name).expect("a name"),
        engine: engine(),
        action: Action::Delete,
        reason: "its file is gone".to_owned(),
        verdict: None,
        diff: None,
        steps,
        downstream: Vec::new(),
        guard: Guard { generation: 1 },
    }
}

fn plan(changes: Vec<Change>) -> Plan {
    Plan {
        project: project(),
        changes,
        blocked: Vec::new(),
        unmanaged: Vec::new(),
        diagnostics: Vec::new(),
        notes: Vec::new(),
        unchanged: 0,
        left_out: None,
    }
}

#[tokio::test]
async fn one_change_that_hangs_takes_one_place() {
    let names = ["first", "second", "third", "last"];
    let plan = plan(names.iter().map(|name| change(name)).collect());
    let (broker, engines) = (Slow::default(), BTreeMap::new());
    let doors = Doors { store: &Anything, engines: &engines, broker: &broker };
    let lease = Lease { project: project(), holder: "a test".to_owned(), epoch: 1 };
    let (_running, stop) = watch::channel(false);
    let manner = Manner { parallelism: 2, stop, watcher: &Nobody };
    let run = tokio::time::timeout(Duration::from_secs(5), apply(doors, &lease, &plan, &manner)).await;
    let run = run.expect("the last one has its turn while the first one hangs");
    assert!(run.outcomes.iter().all(|outcome| outcome.result == ChangeResult::Done), "{run:?}");
    let told: Vec<&str> = run.outcomes.iter().map(|outcome| outcome.stream.as_str()).collect();
    assert_eq!(told, names, "in the plan's order");
}

/// Whoever reads what was not made would wait for it, and restart for ever.
#[tokio::test]
async fn a_reader_is_not_begun_after_a_change_that_failed() {
    let failing = step(Act::Engine(engine(), EngineAct::Cancel { job_id: JobId::seen("gone") }));
    let upstream = Change { downstream: vec![change("reader").stream], ..change_of("upstream", vec![failing]) };
    let plan = plan(vec![change("other"), upstream, change("reader")]);
    let (broker, engines) = (Slow::default(), BTreeMap::new());
    let doors = Doors { store: &Anything, engines: &engines, broker: &broker };
    let lease = Lease { project: project(), holder: "a test".to_owned(), epoch: 1 };
    let (_running, stop) = watch::channel(false);
    let run = apply(doors, &lease, &plan, &Manner { parallelism: 4, stop, watcher: &Nobody }).await;
    let results: Vec<&ChangeResult> = run.outcomes.iter().map(|outcome| &outcome.result).collect();
    let told = "it comes after the change of `upstream`, which was not done".to_owned();
    assert_eq!(results[0], &ChangeResult::Done);
    assert_ne!(results[1], &ChangeResult::Done);
    assert_eq!(results[2], &ChangeResult::Stale { reason: told });
}

/// A stop, and the job that takes up its savepoint.
fn update() -> Change {
    let key = JobKey::run(&project(), &Name::parse("a").expect("a name"), 1);
    let (old, new) = (key.id(Uuid::nil()), JobKey { generation: 2, ..key.clone() }.id(Uuid::nil()));
    let stop = step(Act::Engine(engine(), EngineAct::Stop { job_id: old, folder: "p/a/1".to_owned() }));
    let deploy = Deploy {
        generation: 2,
        job_id: new.clone(),
        job_name: key.name(),
        group: "weir.p.a".to_owned(),
        stream: stream(),
        revision: Revision("r".to_owned()),
        check: CheckKey("c".to_owned()),
        engine_version: "1".to_owned(),
        columns: Vec::new(),
        sources: Vec::new(),
        changelog: Changelog::InsertOnly,
        restore: Restore::StopOf { step: stop.id.clone() },
        texts: None,
    };
    let deploy = step(Act::Engine(engine(), EngineAct::Deploy(Box::new(deploy))));
    let verify = step(Act::Engine(engine(), EngineAct::Verify { job_id: new }));
    change_of("a", vec![stop, deploy, verify])
}

fn stream() -> Stream {
    Stream { sql: "SELECT ID FROM orders".to_owned(), ..sample::stream("a") }
}

/// Runs changes on an engine that wants weir to end as soon as it has stopped a job.
async fn interrupted(changes: Vec<Change>) -> (Vec<StepKind>, Vec<ChangeResult>) {
    let (tell, stop) = watch::channel(false);
    let flink = Arc::new(Interrupting { name: engine(), tell, done: Mutex::new(Vec::new()) });
    let engines: Engines = BTreeMap::from([(engine(), flink.clone() as Arc<dyn Engine>)]);
    let doors = Doors { store: &Anything, engines: &engines, broker: &Slow::default() };
    let lease = Lease { project: project(), holder: "a test".to_owned(), epoch: 1 };
    let manner = Manner { parallelism: 1, stop, watcher: &Nobody };
    let run = apply(doors, &lease, &plan(changes), &manner).await;
    let done = flink.done.lock().expect("no panic").clone();
    (done, run.outcomes.into_iter().map(|outcome| outcome.result).collect())
}

/// Jobs stay when weir ends.
#[tokio::test]
async fn weir_does_not_end_between_a_stop_and_its_successor() {
    let (done, results) = interrupted(vec![update(), change("second")]).await;
    assert_eq!(done, [StepKind::Stop, StepKind::Deploy]);
    assert!(results.iter().all(|result| matches!(result, ChangeResult::Failed { .. })), "{results:?}");
}

#[tokio::test]
async fn what_stands_between_a_stop_and_its_successor_is_done_too() {
    let mut change = update();
    let forget = OffsetsAct::ForgetGroups { groups: BTreeSet::new() };
    change.steps.insert(1, step(Act::Topic(TopicAct::Offsets(forget))));
    let (done, results) = interrupted(vec![change]).await;
    assert_eq!(done, [StepKind::Stop, StepKind::Deploy]);
    let [ChangeResult::Failed { reason }] = results.as_slice() else { panic!("{results:?}") };
    assert!(reason.contains("`verify`"), "{reason}");
}

#[tokio::test]
async fn offsets_are_not_waited_for_longer_than_their_helper_runs() {
    let mut change = update();
    let key = JobKey::offsets(&project(), &change.stream, 1, 0);
    let control = TopicName::parse("control").expect("a topic");
    let helper = Helper {
        job_id: key.id(Uuid::nil()),
        job_name: key.name(),
        state: Taken::StopOf { step: change.steps[0].id.clone() },
        chaining: Chaining::On,
        scans: Vec::new(),
        control: control.clone(),
        options: Few::new(),
        log_starts: BTreeMap::new(),
    };
    let helpers = BTreeSet::from([helper.job_id.clone()]);
    let read = OffsetsRead { generation: 1, helpers, control, scans: Vec::new() };
    let helper = EngineAct::Helper(HelperAct::Deploy(Box::new(helper)));
    let read = step(Act::Topic(TopicAct::Offsets(OffsetsAct::Read(Box::new(read)))));
    if let Act::Engine(_, EngineAct::Deploy(deploy)) = &mut change.steps[1].act {
        deploy.restore = Restore::OffsetsOf { step: read.id.clone(), renamed: BTreeMap::new() };
    }
    change.steps.splice(1..1, [step(Act::Engine(engine(), helper)), read]);
    let (done, results) = interrupted(vec![change]).await;
    assert_eq!(done, [StepKind::Stop, StepKind::DeployHelper]);
    assert_eq!(results[0], ChangeResult::Failed { reason: "the helper met its end".to_owned() });
}
