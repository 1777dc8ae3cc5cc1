//! A project without servers: its files, a cluster and brokers in memory, and what the ledger would hold when a plan of
//! new streams was done.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;
use uuid::Uuid;
use weir::broker::{Broker, BrokerError};
use weir::engine::{Engine, EngineError, Engines, Finding};
use weir::model::check::Check;
use weir::model::config::Settings;
use weir::model::definition::Stream;
use weir::model::desired::Desired;
use weir::model::job::{Job, JobKey, JobState};
use weir::model::ledger::{Ledger, Recorded};
use weir::model::name::{EngineName, ProjectName, TopicName};
use weir::model::observed::{BrokerView, Cluster, EngineView, Observed, Topic};
use weir::model::plan::{Change, Plan};
use weir::model::sample;
use weir::model::step::{Act, Deploy, EngineAct, LedgerAct, Lookup, Receipt, Record, StepId, TopicAct};
use weir::observe::observe;

pub type Checker = fn(&Stream) -> Check;

/// Everything beside the files.
pub struct World {
    pub ledger: Ledger,
    project: ProjectName,
    engine: Cluster,
    topics: BTreeMap<TopicName, Topic>,
    checker: Checker,
}

impl World {
    /// Nothing was done yet. `topics` are there, with one partition each and a thousand records in it.
    pub fn new<'a>(project: &ProjectName, topics: impl Iterator<Item = &'a TopicName>, checker: Checker) -> World {
        let ledger = Ledger {
            id: Uuid::from_u128(0x11),
            streams: BTreeMap::new(),
            checks: BTreeMap::new(),
            open: Vec::new(),
            given_up: Vec::new(),
            elsewhere: Vec::new(),
            holder: None,
        };
        let engine = Cluster { version: "1.20.1".into(), ready: true, slots_free: 100_000, jobs: Vec::new() };
        let full = || Topic { offsets: vec![(0, 1000)], ..fresh(1) };
        let topics = topics.map(|topic| (topic.clone(), full())).collect();
        World { project: project.clone(), ledger, engine, topics, checker }
    }

    pub async fn observe(&self, desired: &Desired) -> Observed {
        let answers = Answers { name: engine(), cluster: self.engine.clone(), checker: self.checker };
        let engines = Engines::from([(engine(), Arc::new(answers) as Arc<dyn Engine>)]);
        observe(desired, &self.ledger, &engines, &Topics(&self.topics)).await
    }

    pub fn plan(&self, desired: &Desired, observed: &Observed) -> Plan {
        weir::plan::plan(desired, &self.ledger, observed, &Settings::default())
    }

    /// Does a plan that only makes streams.
    pub fn done(&mut self, plan: &Plan, observed: &Observed) {
        self.ledger.checks.extend(observed.checks.clone());
        for change in &plan.changes {
            self.made(change);
        }
    }

    fn made(&mut self, change: &Change) {
        let (mut record, mut deploy) = (None, None);
        for step in &change.steps {
            match &step.act {
                Act::Ledger(LedgerAct::Record(recorded)) => record = Some(recorded.as_ref()),
                Act::Engine(_, EngineAct::Deploy(submitted)) => deploy = Some(submitted.as_ref()),
                Act::Topic(TopicAct::Create { .. }) | Act::Engine(_, EngineAct::Verify { .. }) => {}
                other => panic!("a new stream needs no {}", other.kind().word()),
            }
        }
        let (Some(record), Some(deploy)) = (record, deploy) else {
            panic!("`{}` is not made: {}", change.stream, change.reason)
        };
        let row = row(record, deploy);
        self.is_there(&row);
        self.ledger.streams.insert(row.stream.name.clone(), row);
    }

    /// The row's job runs, and its topics are there.
    pub fn is_there(&mut self, row: &Recorded) {
        let deployment = row.deployment.as_ref().expect("it was deployed");
        let stream = &deployment.stream;
        let name = JobKey::run(&self.project, &stream.name, deployment.generation).name();
        self.engine.jobs.push(Job { id: deployment.job_id.clone(), name, state: JobState::Running });
        for source in stream.sources.values() {
            self.topics.entry(source.topic.clone()).or_insert_with(|| fresh(1));
        }
        let output = &stream.output;
        let mut made =
            Topic { config: output.config.clone().into_iter().collect(), ..fresh(output.partitions.unwrap_or(1)) };
        if !output.key.is_empty() {
            made.config.insert("cleanup.policy".to_owned(), "compact".to_owned());
        }
        self.topics.insert(output.topic.clone(), made);
    }
}

fn engine() -> EngineName {
    EngineName::parse("flink").expect("a name")
}

fn fresh(partitions: u32) -> Topic {
    Topic { replication: 1, offsets: vec![(0, 0); partitions as usize], config: BTreeMap::new() }
}

fn row(record: &Record, deploy: &Deploy) -> Recorded {
    let deployment = Some(sample::deployed(deploy));
    Recorded { topic_made: true, generation: deploy.generation, deployment, ..sample::recorded(record) }
}

/// A cluster that is only looked at.
struct Answers {
    name: EngineName,
    cluster: Cluster,
    checker: Checker,
}

#[async_trait]
impl Engine for Answers {
    fn name(&self) -> &EngineName {
        &self.name
    }

    async fn jobs(&self) -> EngineView {
        EngineView::Known(self.cluster.clone())
    }

    async fn check(&self, stream: &Stream) -> Result<Check, EngineError> {
        Ok((self.checker)(stream))
    }

    async fn execute(&self, _: &StepId, _: &EngineAct) -> Result<Receipt, EngineError> {
        unreachable!("a plan does nothing")
    }

    async fn lookup(&self, _: &StepId, _: &EngineAct) -> Lookup {
        unreachable!("a plan does nothing")
    }

    async fn examine(&self) -> Vec<Finding> {
        unreachable!("a plan examines nothing")
    }
}

struct Topics<'a>(&'a BTreeMap<TopicName, Topic>);

#[async_trait]
impl Broker for Topics<'_> {
    async fn view(&self, topics: &BTreeSet<TopicName>) -> BrokerView {
        let asked = topics.iter().filter_map(|topic| Some((topic.clone(), self.0.get(topic)?.clone())));
        BrokerView::Known { topics: asked.collect() }
    }

    async fn execute(&self, _: &TopicAct) -> Result<Receipt, BrokerError> {
        unreachable!("a plan does nothing")
    }

    async fn lookup(&self, _: &TopicAct) -> Lookup {
        unreachable!("a plan does nothing")
    }
}
