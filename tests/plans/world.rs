//! The short form in which a case describes files, ledger, engines and topics; everything not said is healthy.
//! `tests/plans/README.md` tells the keys.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Deserialize;
use uuid::Uuid;
use weir::graph::{Graph, Node};
use weir::model::check::{Accepted, Changelog, Check, CheckId, CheckKey, PlanSource};
use weir::model::column::{Column, ColumnType, TypeKind};
use weir::model::config::Settings;
use weir::model::definition::{
    Allow, Body, Delivery, DesiredRun, Format, OnBadRecord, OnRemove, Output, Policy, Source, Start, Stream,
    TimeEncoding, Upstream,
};
use weir::model::desired::{Broken, Desired, DesiredStream, Revision, SqlPlace};
use weir::model::diagnostic::Diagnostic;
use weir::model::digest::Digest;
use weir::model::few::Few;
use weir::model::inputs::{Written, fill};
use weir::model::job::{Generation, Job, JobId, JobKey, JobState};
use weir::model::ledger::{
    Deployment, DeploymentStatus, Elsewhere, Ledger, OpenIntent, Recorded, RowState, Savepoint, SavepointKind, Setback,
};
use weir::model::name::{EngineName, Name, ProjectName, TopicName};
use weir::model::observed::{BrokerView, Cluster, EngineView, Observed, Topic};
use weir::model::offsets::{HelperAct, Offsets, OffsetsAct, Scan, control_topic};
use weir::model::renames::Renames;
use weir::model::step::{Act, EngineAct, LedgerAct, Restore, Step, StepKey, StepKind, TopicAct};
use weir::model::tree::Span;
use weir::sql::{normal, types};

const QUERY: &str = "SELECT ORDER_ID FROM orders WHERE AMOUNT > 500";

/// A whole world as a person writes it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Text {
    pub desired: BTreeMap<String, StreamText>,
    pub recorded: BTreeMap<String, RowText>,
    pub engine: BTreeMap<String, EngineText>,
    pub source: BTreeMap<String, SourceText>,
    /// Sources that were others when the streams were recorded.
    pub old_source: BTreeMap<String, SourceText>,
    pub topic: BTreeMap<String, TopicText>,
    /// Topics that are not there although they would be.
    pub no_topic: BTreeSet<String>,
    /// Why Kafka does not answer.
    pub kafka_unknown: Option<String>,
    pub check: BTreeMap<String, CheckText>,
    /// Seconds for which a recorded stream's file was not seen; else an hour.
    pub absent: BTreeMap<String, u64>,
    /// Seconds for which a job was not seen; else not counted.
    pub missing: BTreeMap<String, u64>,
    /// How a recorded job is that does not run as it should; where `engine.NAME.jobs` is not said.
    pub ails: BTreeMap<String, JobState>,
    /// Stream and kind of step of an intent without a receipt.
    pub open: BTreeMap<String, StepKind>,
    /// What other projects of the ledger run, by the name of the job in `engine.NAME.jobs`.
    pub elsewhere: BTreeMap<String, ElsewhereText>,
    pub frozen: Option<String>,
    /// Names and paths (with a dot) of definitions with errors.
    pub broken: BTreeSet<String>,
    pub max_deletions: Option<usize>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ElsewhereText {
    pub writes: String,
    pub reads: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StreamText {
    pub path: Option<String>,
    pub engine: String,
    pub run: DesiredRun,
    pub sql: String,
    /// Of a script: the topics that it writes.
    pub script_writes: Option<Vec<String>>,
    pub reads: Vec<String>,
    pub topic: Option<String>,
    pub partitions: Option<u32>,
    pub delivery: Delivery,
    pub key: Vec<String>,
    pub config: Few<String, String>,
    pub options: Few<String, String>,
    pub start: Start,
    pub on_remove: OnRemove,
    pub protect: bool,
    pub allow: BTreeSet<Allow>,
    pub owner: Option<String>,
    pub renamed_from: Option<String>,
}

impl Default for StreamText {
    fn default() -> StreamText {
        StreamText {
            path: None,
            engine: "flink".into(),
            run: DesiredRun::Running,
            sql: QUERY.into(),
            script_writes: None,
            reads: vec!["orders".into()],
            topic: None,
            partitions: None,
            delivery: Delivery::AtLeastOnce,
            key: Vec::new(),
            config: Few::new(),
            options: Few::new(),
            start: Start::Earliest,
            on_remove: OnRemove::Stop,
            protect: false,
            allow: BTreeSet::new(),
            owner: None,
            renamed_from: None,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RowText {
    /// What was recorded last; absent: what the file says now.
    pub definition: Option<StreamText>,
    /// What was deployed; absent: what was recorded.
    pub deployed: Option<StreamText>,
    /// The name that it had then, and that its job carries.
    pub began_as: Option<String>,
    pub state: RowState,
    /// Of the newest deployment; with `abandoned` one more was given away.
    pub generation: Generation,
    pub status: Option<DeploymentStatus>,
    pub never_deployed: bool,
    pub savepoint: bool,
    /// Of another generation than the newest deployment's.
    pub savepoint_of: Option<Generation>,
    pub topic_found: bool,
    /// What it writes: `NAME` or `NAME TYPE`.
    pub columns: Vec<String>,
    /// The definition of a newer submission that never arrived.
    pub abandoned: Option<StreamText>,
    pub failures: BTreeMap<StepKind, u32>,
    /// The version of the engine that gave the savepoint; else the present one.
    pub savepoint_version: Option<String>,
    /// What ran before the newest, of the generation before it, or before `left_by`; it left the savepoint.
    pub before: Option<StreamText>,
    /// One between the two that never ran to the end of its start: it left the savepoint.
    pub left_by: Option<StreamText>,
    /// The step in which what is recorded came to grief.
    pub setback: Option<StepKind>,
    /// Of another generation than the newest deployment's.
    pub setback_of: Option<Generation>,
    /// How the newest deployment began: with the places of the savepoint before it.
    pub direct: bool,
    /// Where it ended, by partition of `orders`, as it was read.
    pub ended_at: Option<Vec<i64>>,
    /// A reading of offsets was begun and never closed.
    pub reading: bool,
    /// The run that deployed it ended before its job was seen to run.
    pub unverified: bool,
    /// What is left is the last checkpoint of the job that left it, which was given up.
    pub checkpoint: bool,
}

impl Default for RowText {
    fn default() -> RowText {
        RowText {
            definition: None,
            deployed: None,
            began_as: None,
            state: RowState::Live,
            generation: 1,
            status: None,
            never_deployed: false,
            savepoint: true,
            savepoint_of: None,
            topic_found: false,
            columns: vec!["ORDER_ID".into()],
            abandoned: None,
            failures: BTreeMap::new(),
            savepoint_version: None,
            before: None,
            left_by: None,
            setback: None,
            setback_of: None,
            direct: false,
            ended_at: None,
            reading: false,
            unverified: false,
            checkpoint: false,
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EngineText {
    /// Why it does not answer.
    pub unknown: Option<String>,
    pub ready: bool,
    pub slots: u32,
    /// `stream@generation state` is a job of ours, `stream@generation#offsets.attempt state` a helper; with `!` before it only its name says so. Absent: what the ledger
    /// expects, running.
    pub jobs: Option<Vec<String>>,
}

impl Default for EngineText {
    fn default() -> EngineText {
        EngineText { unknown: None, ready: true, slots: 8, jobs: None }
    }
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SourceText {
    pub topic: Option<String>,
    pub columns: Vec<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TopicText {
    pub partitions: Option<u32>,
    pub config: BTreeMap<String, String>,
    /// In its first partition.
    pub records: i64,
}

/// Absent: the engine accepts the query.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CheckText {
    pub refused: Option<String>,
    /// Bytes of the query.
    pub at: Option<(usize, usize)>,
    /// Why there is no answer.
    pub unchecked: Option<String>,
    /// Another column than the deployment has.
    pub column: Option<String>,
    /// Others, each `NAME` or `NAME TYPE`.
    pub columns: Option<Vec<String>>,
    /// How often `orders` is read; else once, as it was.
    pub outputs: Option<u32>,
}

/// The four inputs of a plan.
pub struct World {
    pub desired: Desired,
    pub ledger: Ledger,
    pub observed: Observed,
    pub settings: Settings,
}

impl World {
    pub fn plan(&self) -> weir::model::plan::Plan {
        weir::plan::plan(&self.desired, &self.ledger, &self.observed, &self.settings)
    }

    /// What is recorded of a stream, under its name or the one that it had.
    /// Whether a cluster shows a job that may still write.
    pub fn is_live(&self, id: &JobId) -> bool {
        let clusters = self.observed.engines.values().filter_map(|view| match view {
            EngineView::Known(cluster) => Some(cluster),
            EngineView::Unknown { .. } => None,
        });
        clusters.flat_map(|cluster| &cluster.jobs).any(|job| job.id == *id && job.state.is_live())
    }

    pub fn row(&self, stream: &Name) -> Option<&Recorded> {
        Renames::of(&self.desired, &self.ledger).row(&self.ledger, stream)
    }
}

pub fn project() -> ProjectName {
    ProjectName::parse("demo").expect("a name")
}

pub fn ledger_id() -> Uuid {
    Uuid::from_u128(0x11)
}

pub fn name(text: &str) -> Name {
    Name::parse(text).expect("a definition's name")
}

fn engine_name(text: &str) -> EngineName {
    EngineName::parse(text).expect("an engine's name")
}

fn topic_name(text: &str) -> TopicName {
    TopicName::parse(text).expect("a topic's name")
}

pub fn build(text: &Text) -> World {
    let desired = desired(text);
    let ledger = ledger(text);
    let observed = observed(text, &desired, &ledger);
    let defaults = Settings::default();
    let max_deletions = text.max_deletions.unwrap_or(defaults.max_deletions);
    World { desired, ledger, observed, settings: Settings { max_deletions, ..defaults } }
}

fn desired(text: &Text) -> Desired {
    let sources = sources(text);
    let streams = text.desired.iter().map(|(stream, said)| (name(stream), wanted(text, stream, said)));
    let streams: BTreeMap<Name, DesiredStream> = streams.collect();
    let graph = Graph::new(streams.values().map(|wanted| Node::of(&wanted.stream)));
    let order = graph.order().into_iter().cloned().collect();
    let (paths, names) = text.broken.iter().cloned().partition::<BTreeSet<String>, _>(|said| said.contains('.'));
    Desired {
        project: project(),
        origin: "streams".into(),
        sources,
        streams,
        order,
        broken: Broken { paths, names: names.iter().map(|broken| name(broken)).collect() },
        frozen: text.frozen.clone(),
        diagnostics: Vec::new(),
    }
}

fn wanted(text: &Text, called: &str, said: &StreamText) -> DesiredStream {
    let mut sources = sources(text);
    let over = sources.clone();
    for (called, said) in text.desired.iter().filter(|(called, _)| !over.contains_key(&name(called))) {
        let output = output_of(called, said, &[]);
        // As a source over an upsert log is read.
        for source in sources.values_mut().filter(|source| source.topic == output.topic) {
            source.output_of = output.output_of.clone().filter(|upstream| upstream.is_told_to_sources());
        }
        sources.insert(name(called), output);
    }
    let stream = stream(&sources, called, said);
    let path = path(called, said);
    DesiredStream {
        revision: revision(&stream),
        policy: policy(said),
        // The query stands after `sql = "`.
        place: SqlPlace { file: path.clone(), runs: vec![(0, 7)] },
        path,
        texts: Default::default(),
        renamed_from: said.renamed_from.as_deref().map(name),
        stream,
    }
}

fn path(called: &str, said: &StreamText) -> String {
    said.path.clone().unwrap_or_else(|| format!("{called}.toml"))
}

fn policy(said: &StreamText) -> Policy {
    Policy {
        on_remove: said.on_remove,
        protect: said.protect,
        allow: said.allow.clone(),
        owner: said.owner.clone(),
        description: None,
        keep_savepoints: 3,
    }
}

/// `orders` is always there.
fn sources(text: &Text) -> BTreeMap<Name, Source> {
    let mut found = BTreeMap::from([(name("orders"), source("orders", &SourceText::default()))]);
    found.extend(text.source.iter().map(|(called, said)| (name(called), source(called, said))));
    found
}

fn source(called: &str, said: &SourceText) -> Source {
    let columns =
        if said.columns.is_empty() { vec!["ORDER_ID".to_owned(), "AMOUNT".to_owned()] } else { said.columns.clone() };
    Source {
        name: name(called),
        topic: topic_name(said.topic.as_deref().unwrap_or(called)),
        format: Format::Json,
        on_bad_record: OnBadRecord::Fail,
        columns: columns.iter().map(|column| int(column)).collect(),
        time: None,
        connector: BTreeMap::new(),
        output_of: None,
    }
}

/// What a stream writes, as others read it.
fn output_of(called: &str, said: &StreamText, columns: &[String]) -> Source {
    let written = stream(&BTreeMap::new(), called, said).output;
    Source {
        topic: written.topic.clone(),
        columns: columns.iter().map(|column| column_of(column)).collect(),
        output_of: Some(Upstream::of(&name(called), &written)),
        ..source(called, &SourceText::default())
    }
}

/// `NAME` or `NAME TYPE`.
fn column_of(said: &str) -> Column {
    match said.split_once(' ') {
        None => int(said),
        Some((called, kind)) => Column { name: called.to_owned(), kind: types::parse(kind).expect("a type") },
    }
}

fn int(column: &str) -> Column {
    Column { name: column.to_owned(), kind: ColumnType { kind: TypeKind::Int, nullable: true } }
}

fn stream(sources: &BTreeMap<Name, Source>, called: &str, said: &StreamText) -> Stream {
    let reads = said.reads.iter().map(|read| {
        let read = name(read);
        let found = sources.get(&read).cloned().unwrap_or_else(|| source(read.as_str(), &SourceText::default()));
        (read, found)
    });
    let body = match &said.script_writes {
        None => Body::Query,
        Some(topics) => Body::Script { writes: topics.iter().map(|topic| topic_name(topic)).collect() },
    };
    Stream {
        name: name(called),
        engine: engine_name(&said.engine),
        run: said.run,
        body,
        sql: said.sql.clone(),
        sources: reads.collect(),
        output: Output {
            topic: topic_name(said.topic.as_deref().or(said.renamed_from.as_deref()).unwrap_or(called)),
            format: Format::Json,
            time_encoding: TimeEncoding::Iso8601,
            partitions: said.partitions,
            replication: None,
            delivery: said.delivery,
            key: said.key.clone(),
            config: said.config.clone(),
        },
        start: said.start,
        options: said.options.clone(),
    }
}

fn revision(stream: &Stream) -> Revision {
    let tokens = normal::tokens(&stream.sql).unwrap_or_else(|_| vec![stream.sql.clone()]);
    let mut sources = stream.sources.clone();
    // What another stream writes is not of this one's file.
    sources.values_mut().filter(|source| source.stream().is_some()).for_each(|source| source.columns.clear());
    let means = format!("{tokens:?}{sources:?}{:?}{:?}", stream.output, stream.options);
    Revision(Digest::new().field(means).hex())
}

fn ledger(text: &Text) -> Ledger {
    let streams = text.recorded.iter().map(|(called, said)| (name(called), row(text, called, said)));
    let open = text.open.iter().map(|(called, kind)| OpenIntent {
        run: Uuid::nil(),
        stream: name(called),
        generation: 1,
        step: open_step(called, *kind),
    });
    Ledger {
        id: ledger_id(),
        streams: streams.collect(),
        checks: BTreeMap::new(),
        open: open.collect(),
        given_up: Vec::new(),
        elsewhere: text.elsewhere.iter().map(|(called, said)| elsewhere(called, said)).collect(),
        holder: None,
    }
}

/// Stream `sum` of project `other`.
fn elsewhere(called: &str, said: &ElsewhereText) -> Elsewhere {
    Elsewhere {
        project: ProjectName::parse("other").expect("a name"),
        stream: name("sum"),
        job_id: foreign(called),
        writes: [topic_name(&said.writes)].into(),
        reads: said.reads.iter().map(|topic| topic_name(topic)).collect(),
    }
}

fn open_step(called: &str, kind: StepKind) -> Step {
    let (project, stream) = (project(), name(called));
    let key = StepKey { ledger: ledger_id(), project: &project, stream: &stream, generation: 1, kind, attempt: 0 };
    let job_id = JobKey::run(&project, &stream, 1).id(ledger_id());
    let topic = topic_name(called);
    let engine = |act| Act::Engine(engine_name("flink"), act);
    let act = match kind {
        StepKind::Stop => engine(EngineAct::Stop { job_id, folder: String::new() }),
        StepKind::Cancel => engine(EngineAct::Cancel { job_id }),
        StepKind::GiveUp => engine(EngineAct::GiveUp { job_id }),
        // A deployment's payload does not matter to a plan; verifying comes with it.
        StepKind::DeployHelper | StepKind::CancelHelper => engine(EngineAct::Helper(HelperAct::Cancel { job_id })),
        StepKind::ForgetGroups | StepKind::OpenControl | StepKind::ReadOffsets | StepKind::CloseControl => {
            Act::Topic(TopicAct::Offsets(OffsetsAct::ForgetGroups { groups: BTreeSet::new() }))
        }
        StepKind::Deploy | StepKind::Verify => engine(EngineAct::Verify { job_id }),
        StepKind::CreateTopic => {
            Act::Topic(TopicAct::Create { topic, partitions: None, replication: None, config: BTreeMap::new() })
        }
        StepKind::AlterTopic => Act::Topic(TopicAct::Alter { topic, config: BTreeMap::new() }),
        StepKind::GrowTopic => Act::Topic(TopicAct::Grow { topic, partitions: 9 }),
        StepKind::DeleteTopic => Act::Topic(TopicAct::Delete { topic }),
        StepKind::Record | StepKind::Close => Act::Ledger(LedgerAct::Close { state: RowState::Removed }),
    };
    Step { id: key.id(), act }
}

fn row(text: &Text, called: &str, said: &RowText) -> Recorded {
    let definition = said.definition.clone().or_else(|| text.desired.get(called).cloned()).unwrap_or_default();
    let mut sources = sources(text);
    sources.extend(text.old_source.iter().map(|(called, said)| (name(called), source(called, said))));
    let declared = sources.clone();
    for (called, said) in text.recorded.iter().filter(|(called, _)| !declared.contains_key(&name(called))) {
        let written = said.deployed.as_ref().or(said.definition.as_ref()).or(text.desired.get(called));
        let written = written.cloned().unwrap_or_default();
        sources.insert(name(called), output_of(called, &written, &said.columns));
    }
    let recorded = stream(&sources, called, &definition);
    let began_as = said.began_as.as_deref().unwrap_or(called);
    let deployed = said.deployed.as_ref().map_or_else(|| recorded.clone(), |said| stream(&sources, called, said));
    let deployed = Stream { name: name(began_as), ..deployed };
    let status = said.status.unwrap_or(DeploymentStatus::Live);
    let first = Restore::Start(recorded.start);
    let mut newest = deployment(began_as, deployed, said.generation, status, first.clone());
    newest.columns = said.columns.iter().map(|column| column_of(column)).collect();
    let taken_of = said.savepoint_of.unwrap_or(said.generation - u32::from(said.before.is_some()));
    let savepoint = Savepoint {
        path: format!("file:///savepoints/{called}/{taken_of}"),
        kind: if said.checkpoint { SavepointKind::Checkpoint } else { SavepointKind::Savepoint },
        generation: taken_of,
        engine_version: said.savepoint_version.clone().unwrap_or("1.20.1".into()),
    };
    newest.verified = !said.unverified;
    if said.direct {
        newest.restore = Restore::Direct { path: savepoint.path.clone() };
    }
    newest.ended_at = said
        .ended_at
        .as_ref()
        .map(|offsets| Offsets(BTreeMap::from([(name("orders"), (0..).zip(offsets.iter().copied()).collect())])));
    let before = said.before.as_ref().map(|before| {
        let before = stream(&sources, called, before);
        let generation = said.generation - 1 - u32::from(said.left_by.is_some());
        let failed = said.checkpoint && taken_of == generation;
        let status = if failed { DeploymentStatus::GivenUp } else { DeploymentStatus::Stopped };
        deployment(called, before, generation, status, first.clone())
    });
    let left_by = match &said.left_by {
        Some(said_of_it) => {
            let stream = stream(&sources, called, said_of_it);
            Some(deployment(called, stream, said.generation - 1, DeploymentStatus::GivenUp, first.clone()))
        }
        None => before.clone().filter(|before| before.generation == taken_of),
    };
    let setback = said.setback.map(|step| Setback {
        revision: revision(&recorded),
        generation: said.setback_of.unwrap_or(said.generation),
        step,
        reason: "it did not".into(),
    });
    let ran = !said.never_deployed;
    let ended = matches!(status, DeploymentStatus::Stopped | DeploymentStatus::GivenUp);
    let base = if ran { said.generation } else { 0 };
    let restore = if ran { Restore::Savepoint { path: savepoint.path.clone() } } else { first };
    let abandoned = said
        .abandoned
        .as_ref()
        .map(|said| deployment(called, stream(&sources, called, said), base + 1, DeploymentStatus::Abandoned, restore));
    Recorded {
        path: path(called, &definition),
        origin: "streams".into(),
        revision: revision(&recorded),
        policy: policy(&definition),
        state: said.state,
        topic_made: !said.topic_found,
        generation: base + u32::from(abandoned.is_some()),
        savepoint: (ran && (ended || before.is_some()) && said.savepoint).then_some(savepoint),
        left_by: left_by.map(Box::new),
        before: before.map(Box::new),
        setback,
        reading: said.reading.then(|| reading(called, said.generation)),
        deployment: ran.then_some(newest),
        abandoned: abandoned.map(Box::new),
        failures: said.failures.clone(),
        stream: recorded,
    }
}

/// The scans of every job's plan.
fn scans() -> Vec<PlanSource> {
    vec![PlanSource { table: "orders".into(), outputs: 1 }]
}

/// What a reading of offsets began with.
fn reading(called: &str, generation: Generation) -> Step {
    let stream = name(called);
    let control = control_topic(&project(), &stream).expect("a short name");
    let group = Scan::group(&project(), &stream, generation, 0, 0);
    let scans = vec![Scan { source: name("orders"), topic: topic_name("orders"), outputs: 1, group }];
    let kind = StepKind::OpenControl;
    let key = StepKey { ledger: ledger_id(), project: &project(), stream: &stream, generation, kind, attempt: 0 };
    Step { id: key.id(), act: Act::Topic(TopicAct::Offsets(OffsetsAct::OpenControl { control, scans })) }
}

fn deployment(
    called: &str,
    stream: Stream,
    generation: Generation,
    status: DeploymentStatus,
    restore: Restore,
) -> Deployment {
    Deployment {
        generation,
        revision: revision(&stream),
        engine_version: "1.20.1".into(),
        job_id: JobKey::run(&project(), &name(called), generation).id(ledger_id()),
        status,
        stream,
        columns: vec![int("ORDER_ID")],
        sources: scans(),
        restore,
        verified: true,
        ended_at: None,
    }
}

fn observed(text: &Text, desired: &Desired, ledger: &Ledger) -> Observed {
    let mut engines: BTreeMap<String, EngineText> = BTreeMap::from([("flink".to_owned(), EngineText::default())]);
    engines.extend(text.engine.clone());
    let engines: BTreeMap<EngineName, EngineView> =
        engines.iter().map(|(called, said)| (engine_name(called), engine(called, said, ledger, &text.ails))).collect();
    let mut observed = Observed {
        engines,
        broker: broker(text, desired, ledger),
        checks: BTreeMap::new(),
        unchecked: BTreeMap::new(),
        absent: BTreeMap::new(),
        missing: text.missing.iter().map(|(called, secs)| (name(called), Duration::from_secs(*secs))).collect(),
    };
    checks(text, desired, ledger, &mut observed);
    for stream in ledger.streams.keys().filter(|stream| !desired.streams.contains_key(stream)) {
        let secs = text.absent.get(stream.as_str()).copied().unwrap_or(3600);
        observed.absent.insert(stream.clone(), Duration::from_secs(secs));
    }
    observed
}

/// Of each stream, with its inputs as those would write that they were asked about.
fn checks(text: &Text, desired: &Desired, ledger: &Ledger, observed: &mut Observed) {
    let renames = Renames::of(desired, ledger);
    let mut known: BTreeMap<&Name, (Output, Vec<Column>)> = BTreeMap::new();
    for stream in &desired.order {
        let want = &desired.streams[stream];
        let filled = fill(want, |source| match source.stream().map(|upstream| known.get_key_value(upstream)) {
            None => Ok(None),
            Some(Some((stream, (output, columns)))) => Ok(Some(Written { stream, output, columns })),
            Some(None) => Err(()),
        });
        let answer = filled.ok().and_then(|filled| check(text, stream, &filled, observed));
        let runs = renames.row(ledger, stream).and_then(|row| row.writes());
        let writes = answer.map(|columns| (want.stream.output.clone(), columns));
        if let Some(writes) = writes.or(runs.map(|runs| (runs.output.clone(), runs.columns.to_vec()))) {
            known.insert(stream, writes);
        }
    }
}

/// The columns, if it is accepted.
fn check(text: &Text, stream: &Name, want: &DesiredStream, observed: &mut Observed) -> Option<Vec<Column>> {
    let said = text.check.get(stream.as_str()).cloned().unwrap_or_default();
    if let Some(why) = said.unchecked {
        observed.unchecked.insert(stream.clone(), why);
        return None;
    }
    let answer = match said.refused {
        Some(message) => {
            let span = said.at.map(|(start, end)| Span::new(start, end));
            Check::Refused { diagnostics: vec![Diagnostic::error("refused_by_engine", "query", span, message)] }
        }
        None => Check::Accepted(Accepted {
            columns: match &said.columns {
                Some(columns) => columns.iter().map(|column| column_of(column)).collect(),
                None => vec![int(said.column.as_deref().unwrap_or("ORDER_ID"))],
            },
            changelog: Changelog::InsertOnly,
            sources: said.outputs.map_or_else(scans, |outputs| vec![PlanSource { table: "orders".into(), outputs }]),
        }),
    };
    let (engine, key) = (want.stream.engine.clone(), CheckKey::of(&want.revision, &want.stream.sources));
    let columns = match &answer {
        Check::Accepted(accepted) => Some(accepted.columns.clone()),
        Check::Refused { .. } => None,
    };
    observed.checks.insert(CheckId { engine, version: "1.20.1".into(), key }, answer);
    columns
}

fn engine(called: &str, said: &EngineText, ledger: &Ledger, ails: &BTreeMap<String, JobState>) -> EngineView {
    if let Some(reason) = &said.unknown {
        return EngineView::Unknown { reason: reason.clone() };
    }
    let jobs = match &said.jobs {
        Some(jobs) => jobs.iter().map(|said| job(said)).collect(),
        None => expected(called, ledger, ails),
    };
    EngineView::Known(Cluster { version: "1.20.1".into(), ready: said.ready, slots_free: said.slots, jobs })
}

fn expected(engine: &str, ledger: &Ledger, ails: &BTreeMap<String, JobState>) -> Vec<Job> {
    let live = ledger.streams.iter().filter(|(_, row)| row.state != RowState::Removed).filter_map(|(name, row)| {
        let newest = row.deployment.as_ref()?;
        let live = newest.status == DeploymentStatus::Live && newest.stream.engine.as_str() == engine;
        let state = ails.get(name.as_str()).copied().unwrap_or(JobState::Running);
        live.then(|| own_job(&newest.stream.name, newest.generation, state))
    });
    live.collect()
}

pub fn own_job(stream: &Name, generation: Generation, state: JobState) -> Job {
    let key = JobKey::run(&project(), stream, generation);
    Job { id: key.id(ledger_id()), name: key.name(), state }
}

fn job(said: &str) -> Job {
    let (called, state) = said.rsplit_once(' ').expect("`name state`");
    let state: JobState = serde_json::from_value(serde_json::Value::from(state)).expect("a job's state");
    let (proven, called) = match called.strip_prefix('!') {
        Some(called) => (false, called),
        None => (true, called),
    };
    match called.split_once('@') {
        None => Job { id: foreign(called), name: called.to_owned(), state },
        Some((stream, generation)) => {
            let (generation, helper) = match generation.split_once("#offsets.") {
                Some((generation, attempt)) => (generation, Some(attempt.parse().expect("an attempt"))),
                None => (generation, None),
            };
            let (stream, generation) = (name(stream), generation.parse().expect("a number"));
            let own = match helper {
                None => own_job(&stream, generation, state),
                Some(attempt) => {
                    let key = JobKey::offsets(&project(), &stream, generation, attempt);
                    Job { id: key.id(ledger_id()), name: key.name(), state }
                }
            };
            if proven { own } else { Job { id: foreign(called), ..own } }
        }
    }
}

fn foreign(called: &str) -> JobId {
    JobId::seen(&Digest::new().field("foreign").field(called).hex()[..32])
}

fn broker(text: &Text, desired: &Desired, ledger: &Ledger) -> BrokerView {
    if let Some(reason) = &text.kafka_unknown {
        return BrokerView::Unknown { reason: reason.clone() };
    }
    let mut topics: BTreeMap<TopicName, Topic> = BTreeMap::new();
    topics.extend(desired.sources.values().map(|source| (source.topic.clone(), shape(1, &BTreeMap::new()))));
    for row in ledger.streams.values().filter(|row| row.deployment.is_some()) {
        let output = &row.stream.output;
        let mut config: BTreeMap<String, String> = output.config.clone().into_iter().collect();
        if !output.key.is_empty() {
            config.entry("cleanup.policy".into()).or_insert_with(|| "compact".into());
        }
        topics.insert(output.topic.clone(), shape(output.partitions.unwrap_or(1), &config));
    }
    for (called, said) in &text.topic {
        let mut topic = shape(said.partitions.unwrap_or(1), &said.config);
        topic.offsets[0].1 = said.records;
        topics.insert(topic_name(called), topic);
    }
    topics.retain(|topic, _| !text.no_topic.contains(topic.as_str()));
    BrokerView::Known { topics }
}

fn shape(partitions: u32, config: &BTreeMap<String, String>) -> Topic {
    Topic { replication: 1, offsets: vec![(0, 0); partitions as usize], config: config.clone() }
}
