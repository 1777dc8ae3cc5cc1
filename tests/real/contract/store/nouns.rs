//! What the laws write: streams, steps and checks, by hand and generated.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::collection::{btree_map, btree_set, vec};
use proptest::option::of;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use uuid::Uuid;
use weir::model::check::{Accepted, Changelog, Check, CheckId, CheckKey, PlanSource};
use weir::model::column::{Column, ColumnType, TypeKind};
use weir::model::definition::{
    Allow, Body, Delivery, DesiredRun, EventTime, Format, OnBadRecord, OnRemove, Output, Policy, Source, Start, Stream,
    TimeEncoding,
};
use weir::model::desired::Revision;
use weir::model::diagnostic::Diagnostic;
use weir::model::few::Few;
use weir::model::job::{Generation, JobKey};
use weir::model::name::{EngineName, Name, ProjectName, TopicName};
use weir::model::offsets::{Chaining, Helper, HelperAct, Taken};
use weir::model::sample;
use weir::model::step::{Act, Deploy, EngineAct, Record, Restore, Step, StepKey};
use weir::model::tree::Span;

/// A handful of values, the same ones every time.
pub fn some<T>(strategy: impl Strategy<Value = T>) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..12).map(|_| strategy.new_tree(&mut runner).expect("nothing is filtered").current()).collect()
}

pub fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

pub fn project(text: &str) -> ProjectName {
    ProjectName::parse(text).expect("a project's name")
}

pub fn engine() -> EngineName {
    EngineName::parse("flink").expect("an engine's name")
}

pub fn stream(text: &str) -> Stream {
    Stream {
        engine: engine(),
        sql: "SELECT * FROM orders".to_owned(),
        output: Output { partitions: Some(3), ..sample::output(text) },
        ..sample::stream(text)
    }
}

pub fn record(text: &str) -> Record {
    Record {
        path: format!("{text}.toml"),
        origin: "directory:streams".to_owned(),
        stream: stream(text),
        policy: sample::policy(),
        revision: Revision("a1".repeat(32)),
        renamed_from: None,
    }
}

pub fn deploy(ledger: Uuid, project: &ProjectName, text: &str, generation: Generation) -> Deploy {
    let key = JobKey::run(project, &name(text), generation);
    Deploy {
        generation,
        job_id: key.id(ledger),
        job_name: key.name(),
        group: format!("weir.{project}.{text}"),
        stream: stream(text),
        revision: Revision("a1".repeat(32)),
        check: CheckKey("c1".repeat(32)),
        engine_version: "1.20.1".to_owned(),
        columns: Vec::new(),
        changelog: Changelog::InsertOnly,
        sources: Vec::new(),
        restore: Restore::Start(Start::Earliest),
        texts: None,
    }
}

/// A step under the id that the plan would give it.
pub fn helper(ledger: Uuid, project: &ProjectName, text: &str, generation: Generation) -> EngineAct {
    let key = JobKey::offsets(project, &name(text), generation, 0);
    EngineAct::Helper(HelperAct::Deploy(Box::new(Helper {
        job_id: key.id(ledger),
        job_name: key.name(),
        state: Taken::Savepoint { path: "file:///savepoints/1".to_owned() },
        chaining: Chaining::On,
        scans: Vec::new(),
        control: TopicName::parse("control").expect("a topic's name"),
        options: Few::new(),
        log_starts: BTreeMap::new(),
    })))
}

pub fn step(
    ledger: Uuid,
    project: &ProjectName,
    stream: &Name,
    generation: Generation,
    attempt: u32,
    act: Act,
) -> Step {
    let key = StepKey { ledger, project, stream, generation, kind: act.kind(), attempt };
    Step { id: key.id(), act }
}

/// A check under this key.
pub fn refused(key: String) -> (CheckId, Check) {
    let id = CheckId { engine: engine(), version: "1.20.1".to_owned(), key: CheckKey(key) };
    (id, Check::Refused { diagnostics: Vec::new() })
}

pub fn deploying(wanted: Deploy) -> Act {
    Act::Engine(engine(), EngineAct::Deploy(Box::new(wanted)))
}

/// Text of every kind but the one character that Postgres cannot hold.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[^\\x00]{0,12}",
        Just("'; drop table streams; --".to_owned()),
        Just("\"quoted\" \\ \\u0041 \u{1f30a}\r\n\t\u{1}".to_owned()),
    ]
}

fn a_name() -> impl Strategy<Value = Name> {
    "[A-Za-z][A-Za-z0-9_]{0,20}".prop_map(|text| name(&text))
}

fn a_topic() -> impl Strategy<Value = TopicName> {
    "[a-z][A-Za-z0-9._-]{0,20}".prop_map(|text| TopicName::parse(&text).expect("a topic's name"))
}

fn texts() -> impl Strategy<Value = BTreeMap<String, String>> {
    btree_map(text(), text(), 0..3)
}

fn format() -> impl Strategy<Value = Format> {
    prop_oneof![Just(Format::Json), Just(Format::Csv), Just(Format::Raw)]
}

fn encoding() -> impl Strategy<Value = TimeEncoding> {
    prop_oneof![Just(TimeEncoding::Iso8601), Just(TimeEncoding::Sql), Just(TimeEncoding::EpochMs)]
}

fn column() -> impl Strategy<Value = Column> {
    (text(), column_type()).prop_map(|(name, kind)| Column { name, kind })
}

fn column_type() -> impl Strategy<Value = ColumnType> {
    let flat = prop_oneof![
        Just(TypeKind::Boolean),
        Just(TypeKind::BigInt),
        Just(TypeKind::String),
        (1..39_u32, 0..10_u32).prop_map(|(precision, scale)| TypeKind::Decimal { precision, scale }),
        any::<u32>().prop_map(TypeKind::VarChar),
        (0..10_u32).prop_map(TypeKind::TimestampLtz),
    ];
    let flat = (flat, any::<bool>()).prop_map(|(kind, nullable)| ColumnType { kind, nullable });
    flat.prop_recursive(3, 12, 3, |inner| {
        let nested = prop_oneof![
            inner.clone().prop_map(|item| TypeKind::Array(Box::new(item))),
            (inner.clone(), inner.clone()).prop_map(|(key, value)| TypeKind::Map(Box::new(key), Box::new(value))),
            vec((text(), inner).prop_map(|(name, kind)| Column { name, kind }), 0..3).prop_map(TypeKind::Row),
        ];
        (nested, any::<bool>()).prop_map(|(kind, nullable)| ColumnType { kind, nullable })
    })
}

fn event_time() -> impl Strategy<Value = EventTime> {
    let span = || any::<u64>().prop_map(Duration::from_nanos);
    (text(), encoding(), span(), of(span())).prop_map(|(column, encoding, delay, idle)| EventTime {
        column,
        encoding,
        delay,
        idle,
    })
}

fn source() -> impl Strategy<Value = Source> {
    let bad = prop_oneof![Just(OnBadRecord::Fail), Just(OnBadRecord::Skip)];
    (a_name(), a_topic(), format(), bad, vec(column(), 0..4), of(event_time()), texts()).prop_map(
        |(name, topic, format, on_bad_record, columns, time, connector)| Source {
            name,
            topic,
            format,
            on_bad_record,
            columns,
            time,
            connector,
            output_of: None,
        },
    )
}

fn output() -> impl Strategy<Value = Output> {
    let delivery = prop_oneof![Just(Delivery::AtLeastOnce), Just(Delivery::ExactlyOnce)];
    (a_topic(), format(), encoding(), any::<Option<u32>>(), any::<Option<u16>>(), delivery, vec(text(), 0..3), texts())
        .prop_map(|(topic, format, time_encoding, partitions, replication, delivery, key, config)| Output {
            topic,
            format,
            time_encoding,
            partitions,
            replication,
            delivery,
            key,
            config: config.into_iter().collect(),
        })
}

fn start() -> impl Strategy<Value = Start> {
    prop_oneof![Just(Start::Earliest), Just(Start::Latest), any::<i64>().prop_map(Start::Timestamp)]
}

/// A stream of any kind under this name.
pub fn any_stream(text_name: &'static str) -> impl Strategy<Value = Stream> {
    let run = prop_oneof![Just(DesiredRun::Running), Just(DesiredRun::Stopped)];
    let topics = btree_set(prop::sample::select(vec!["a", "b"]), 0..2)
        .prop_map(|names| names.into_iter().map(|name| TopicName::parse(name).expect("a topic's name")).collect());
    let body = prop_oneof![Just(Body::Query), topics.prop_map(|writes| Body::Script { writes })];
    ((run, body), text(), btree_map(a_name(), source(), 0..3), output(), start(), texts()).prop_map(
        move |((run, body), sql, sources, output, start, options)| Stream {
            name: name(text_name),
            engine: engine(),
            run,
            body,
            sql,
            sources: sources.into_iter().collect(),
            output,
            start,
            options: options.into_iter().collect(),
        },
    )
}

pub fn any_record(text_name: &'static str) -> impl Strategy<Value = Record> {
    let on_remove = prop_oneof![Just(OnRemove::Keep), Just(OnRemove::Stop), Just(OnRemove::Drop)];
    let allow = btree_set(prop_oneof![Just(Allow::Replays), Just(Allow::DropsState)], 0..3);
    let policy = (on_remove, any::<bool>(), allow, of(text()), of(text()), any::<u32>()).prop_map(
        |(on_remove, protect, allow, owner, description, keep_savepoints)| Policy {
            on_remove,
            protect,
            allow,
            owner,
            description,
            keep_savepoints,
        },
    );
    (text(), text(), any_stream(text_name), policy, "[0-9a-f]{64}").prop_map(
        |(path, origin, stream, policy, revision)| Record {
            path,
            origin,
            stream,
            policy,
            revision: Revision(revision),
            renamed_from: None,
        },
    )
}

pub fn any_restore() -> impl Strategy<Value = Restore> {
    prop_oneof![start().prop_map(Restore::Start), text().prop_map(|path| Restore::Savepoint { path })]
}

/// What of a deployment differs from one to the next, beside its generation.
pub fn any_deploy(text_name: &'static str) -> impl Strategy<Value = (Stream, Vec<Column>, Restore, Changelog)> {
    (any_stream(text_name), vec(column(), 0..4), any_restore(), changelog())
}

fn changelog() -> impl Strategy<Value = Changelog> {
    prop_oneof![Just(Changelog::InsertOnly), Just(Changelog::Updating)]
}

pub fn any_check() -> impl Strategy<Value = (CheckId, Check)> {
    let sources = vec((text(), any::<u32>()).prop_map(|(table, outputs)| PlanSource { table, outputs }), 0..3);
    let accepted = (vec(column(), 0..4), changelog(), sources)
        .prop_map(|(columns, changelog, sources)| Check::Accepted(Accepted { columns, changelog, sources }));
    let diagnostic = (text(), text(), text(), of(text()), of((0..100_usize, 0..100_usize))).prop_map(
        |(code, file, message, help, span)| {
            let span = span.map(|(start, length)| Span::new(start, start + length));
            Diagnostic { help, ..Diagnostic::error(&code, &file, span, message) }
        },
    );
    let refused = vec(diagnostic, 0..3).prop_map(|diagnostics| Check::Refused { diagnostics });
    let id =
        (text(), "[0-9a-f]{64}").prop_map(|(version, key)| CheckId { engine: engine(), version, key: CheckKey(key) });
    (id, prop_oneof![accepted, refused])
}
