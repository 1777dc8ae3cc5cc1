use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use uuid::Uuid;

use crate::broker::{Broker, BrokerError};
use crate::engine::fake::Fake;
use crate::engine::{Engine, EngineError, Engines, Finding};
use crate::model::check::Check;
use crate::model::definition::{Delivery, DesiredRun, Format, OnRemove, Output, Policy, Start, Stream, TimeEncoding};
use crate::model::desired::{Broken, Desired, DesiredStream, Revision, SqlPlace};
use crate::model::ledger::Ledger;
use crate::model::name::{Checked, EngineName, TopicName};
use crate::model::observed::{BrokerView, EngineView};
use crate::model::step::{EngineAct, Lookup, Receipt, StepId, TopicAct};
use crate::observe::{CHECKS_AT_ONCE, observe};

/// A cluster that shows its jobs and whose planner does not answer.
struct Mute {
    inner: Fake,
    asked: AtomicU32,
}

#[async_trait]
impl Engine for Mute {
    fn name(&self) -> &EngineName {
        self.inner.name()
    }

    async fn jobs(&self) -> EngineView {
        self.inner.jobs().await
    }

    async fn check(&self, _: &Stream) -> Result<Check, EngineError> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Err(EngineError::Unreachable("no reply in time".to_owned()))
    }

    async fn execute(&self, _: &StepId, _: &EngineAct) -> Result<Receipt, EngineError> {
        Err(EngineError::Refused("looking changes nothing".to_owned()))
    }

    async fn lookup(&self, id: &StepId, act: &EngineAct) -> Lookup {
        self.inner.lookup(id, act).await
    }

    async fn examine(&self) -> Vec<Finding> {
        Vec::new()
    }
}

struct NoTopics;

#[async_trait]
impl Broker for NoTopics {
    async fn view(&self, _: &BTreeSet<TopicName>) -> BrokerView {
        BrokerView::default()
    }

    async fn execute(&self, _: &TopicAct) -> Result<Receipt, BrokerError> {
        Err(BrokerError::Refused("looking changes nothing".to_owned()))
    }

    async fn lookup(&self, _: &TopicAct) -> Lookup {
        Lookup::NotDone
    }
}

fn wanted(name: &str, engine: &EngineName) -> DesiredStream {
    let stream = Stream {
        name: Checked::parse(name).expect("a name"),
        engine: engine.clone(),
        run: DesiredRun::Running,
        body: Default::default(),
        sql: "SELECT ID FROM orders".to_owned(),
        sources: BTreeMap::new(),
        output: Output {
            topic: Checked::parse(name).expect("a topic"),
            format: Format::Json,
            time_encoding: TimeEncoding::Iso8601,
            partitions: None,
            replication: None,
            delivery: Delivery::AtLeastOnce,
            key: Vec::new(),
            config: BTreeMap::new(),
        },
        start: Start::Earliest,
        options: BTreeMap::new(),
    };
    let policy = Policy {
        on_remove: OnRemove::Stop,
        protect: false,
        allow: BTreeSet::new(),
        owner: None,
        description: None,
        keep_savepoints: 3,
    };
    let place = SqlPlace { file: format!("{name}.toml"), runs: vec![(0, 0)] };
    DesiredStream { stream, policy, revision: Revision(name.to_owned()), path: format!("{name}.toml"), place }
}

fn desired(streams: impl IntoIterator<Item = DesiredStream>) -> Desired {
    let streams: BTreeMap<_, _> = streams.into_iter().map(|wanted| (wanted.stream.name.clone(), wanted)).collect();
    Desired {
        project: Checked::parse("p").expect("a project"),
        origin: "streams".to_owned(),
        sources: BTreeMap::new(),
        order: streams.keys().cloned().collect(),
        streams,
        broken: Broken::default(),
        frozen: None,
        diagnostics: Vec::new(),
    }
}

fn empty_ledger() -> Ledger {
    Ledger {
        id: Uuid::nil(),
        streams: BTreeMap::new(),
        checks: BTreeMap::new(),
        open: Vec::new(),
        given_up: Vec::new(),
        elsewhere: Vec::new(),
        holder: None,
    }
}

#[tokio::test]
async fn a_planner_that_does_not_answer_is_not_asked_for_every_stream() {
    let [mute, well] = ["mute", "well"].map(|name| EngineName::parse(name).expect("an engine"));
    let many = (0..50).map(|number| wanted(&format!("s{number}"), &mute));
    let desired = desired(many.chain([wanted("other", &well)]));
    let silent = Arc::new(Mute { inner: Fake::new(mute.clone()), asked: AtomicU32::new(0) });
    let engines: Engines =
        BTreeMap::from([(mute, silent.clone() as Arc<dyn Engine>), (well.clone(), Arc::new(Fake::new(well)))]);
    let observed = observe(&desired, &empty_ledger(), &engines, &NoTopics).await;
    let asked = silent.asked.load(Ordering::SeqCst) as usize;
    assert!(asked <= CHECKS_AT_ONCE, "asked {asked} times");
    assert_eq!((observed.unchecked.len(), observed.checks.len()), (50, 1));
    assert!(observed.unchecked.values().all(|reason| reason == "no reply in time"), "{:?}", observed.unchecked);
}
