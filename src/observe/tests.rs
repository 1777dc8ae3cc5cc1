use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use uuid::Uuid;

use crate::broker::{Broker, BrokerError};
use crate::engine::fake::Fake;
use crate::engine::{Engine, EngineError, Engines, Finding};
use crate::model::check::{Accepted, Check};
use crate::model::column::{Column, ColumnType, TypeKind};
use crate::model::definition::{Delivery, Source, Start, Stream, TimeEncoding, Upstream};
use crate::model::desired::{Broken, Desired, DesiredStream};
use crate::model::job::JobId;
use crate::model::ledger::{Deployment, DeploymentStatus, Ledger, Recorded};
use crate::model::name::{Checked, EngineName, TopicName};
use crate::model::observed::{BrokerView, EngineView, Observed};
use crate::model::sample;
use crate::model::step::{EngineAct, Lookup, Receipt, Restore, StepId, TopicAct};
use crate::observe::checks::CHECKS_AT_ONCE;
use crate::observe::observe;

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
    let sql = "SELECT ID FROM orders".to_owned();
    sample::wanted(Stream { engine: engine.clone(), sql, ..sample::stream(name) })
}

/// Reads columns of the stream `upstream`, or of a source with the one column `ID`.
fn reading(name: &str, engine: &EngineName, columns: &str, upstream: Option<&str>) -> DesiredStream {
    let mut wanted = wanted(name, engine);
    let from = upstream.unwrap_or("orders");
    let output_of = upstream.map(|upstream| Upstream {
        stream: Checked::parse(upstream).expect("a name"),
        key: Vec::new(),
        time_encoding: TimeEncoding::Iso8601,
        delivery: Delivery::AtLeastOnce,
    });
    let declared = if upstream.is_some() { Vec::new() } else { vec![id_column()] };
    let source = Source { columns: declared, output_of, ..sample::source(from) };
    wanted.stream.sql = format!("SELECT {columns} FROM {from}");
    wanted.stream.sources.insert(source.name.clone(), source);
    wanted
}

fn id_column() -> Column {
    Column { name: "ID".to_owned(), kind: ColumnType { kind: TypeKind::Int, nullable: true } }
}

/// The columns of every answer.
fn accepted(observed: &Observed) -> Vec<Vec<&str>> {
    let accepted = observed.checks.values().filter_map(|check| match check {
        Check::Accepted(Accepted { columns, .. }) => Some(columns),
        Check::Refused { .. } => None,
    });
    accepted.map(|columns| columns.iter().map(|column| column.name.as_str()).collect()).collect()
}

/// Streams in the graph's order.
fn desired(streams: impl IntoIterator<Item = DesiredStream>) -> Desired {
    let streams: Vec<_> = streams.into_iter().map(|wanted| (wanted.stream.name.clone(), wanted)).collect();
    let order = streams.iter().map(|(name, _)| name.clone()).collect();
    Desired {
        project: Checked::parse("p").expect("a project"),
        origin: "streams".to_owned(),
        sources: BTreeMap::new(),
        streams: streams.into_iter().collect(),
        order,
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

#[tokio::test]
async fn one_look_asks_about_a_reader_of_a_reader() {
    let flink = EngineName::parse("flink").expect("an engine");
    let streams = [
        reading("c", &flink, "*", None),
        reading("b", &flink, "ID", Some("c")),
        reading("a", &flink, "*", Some("b")),
        reading("d", &flink, "GONE", Some("b")),
    ];
    let fake = Arc::new(Fake::new(flink.clone()));
    let engines: Engines = BTreeMap::from([(flink, fake.clone() as Arc<dyn Engine>)]);
    let desired = desired(streams);
    let observed = observe(&desired, &empty_ledger(), &engines, &NoTopics).await;
    assert_eq!((observed.checks.len(), &observed.unchecked), (4, &BTreeMap::new()));
    assert_eq!(accepted(&observed), vec![vec!["ID"]; 3]);
    assert_eq!(fake.calls().check, 4);
    // What is known is not asked again, whoever reads it.
    let ledger = Ledger { checks: observed.checks, ..empty_ledger() };
    let again = observe(&desired, &ledger, &engines, &NoTopics).await;
    assert_eq!((again.checks.len(), fake.calls().check), (0, 4));
}

#[tokio::test]
async fn nobody_is_asked_about_a_reader_of_what_is_not_known() {
    let [mute, well] = ["mute", "well"].map(|name| EngineName::parse(name).expect("an engine"));
    let streams = [
        reading("unanswered", &mute, "*", None),
        reading("refused", &well, "GONE", None),
        reading("a", &well, "*", Some("unanswered")),
        reading("b", &well, "*", Some("refused")),
        reading("c", &well, "*", Some("b")),
    ];
    let silent = Arc::new(Mute { inner: Fake::new(mute.clone()), asked: AtomicU32::new(0) });
    let fake = Arc::new(Fake::new(well.clone()));
    let engines: Engines =
        BTreeMap::from([(mute, silent as Arc<dyn Engine>), (well.clone(), fake.clone() as Arc<dyn Engine>)]);
    let desired = desired(streams);
    let observed = observe(&desired, &empty_ledger(), &engines, &NoTopics).await;
    assert_eq!((fake.calls().check, observed.checks.len(), observed.unchecked.len()), (1, 1, 1));
}

/// A recorded stream whose newest job writes the column `OLD`.
fn writing(want: &DesiredStream, status: DeploymentStatus) -> Recorded {
    let newest = Deployment {
        generation: 1,
        revision: want.revision.clone(),
        engine_version: "1".to_owned(),
        job_id: JobId::seen("one"),
        status,
        stream: want.stream.clone(),
        columns: vec![Column { name: "OLD".to_owned(), ..id_column() }],
        sources: Vec::new(),
        restore: Restore::Start(Start::Earliest),
        verified: true,
        ended_at: None,
    };
    Recorded { generation: 1, deployment: Some(newest), ..sample::recorded(&sample::record(want)) }
}

/// Its job goes on, and so do its readers. What was dropped is written no more.
#[tokio::test]
async fn a_reader_of_what_is_refused_is_asked_about_with_what_its_job_writes() {
    let flink = EngineName::parse("flink").expect("an engine");
    for (status, want) in [(DeploymentStatus::Live, vec![vec!["OLD"]]), (DeploymentStatus::Dropped, vec![])] {
        let upstream = reading("upstream", &flink, "GONE", None);
        let row = writing(&upstream, status);
        let ledger = Ledger { streams: BTreeMap::from([(upstream.stream.name.clone(), row)]), ..empty_ledger() };
        let engines: Engines = BTreeMap::from([(flink.clone(), Arc::new(Fake::new(flink.clone())) as Arc<dyn Engine>)]);
        let desired = desired([upstream, reading("reader", &flink, "*", Some("upstream"))]);
        let observed = observe(&desired, &ledger, &engines, &NoTopics).await;
        assert_eq!(accepted(&observed), want);
    }
}
