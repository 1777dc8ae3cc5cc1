//! Worlds nobody would write by hand: every mixture of files, rows and jobs under three names and two engines.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::{btree_map, btree_set};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use weir::model::definition::{Allow, DesiredRun, OnRemove, Start};
use weir::model::few::Few;
use weir::model::job::JobState;
use weir::model::ledger::{DeploymentStatus, RowState};
use weir::model::step::StepKind;

use crate::world::{CheckText, EngineText, RowText, StreamText, Text};

pub const NAMES: [&str; 3] = ["a", "b", "c"];

fn any_name() -> impl Strategy<Value = String> {
    select(NAMES.to_vec()).prop_map(str::to_owned)
}

fn by_name<T: std::fmt::Debug>(
    value: impl Strategy<Value = T>,
    most: usize,
) -> impl Strategy<Value = BTreeMap<String, T>> {
    btree_map(any_name(), value, 0..=most)
}

fn settings(entries: &[(&str, &str)]) -> Few<String, String> {
    entries.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

prop_compose! {
    fn policy()(
        on_remove in select(vec![OnRemove::Keep, OnRemove::Stop, OnRemove::Drop]),
        protect in prop::bool::weighted(0.15),
        owner in option::weighted(0.2, Just("payments".to_owned())),
        allow in prop_oneof![
            3 => Just(BTreeSet::new()),
            1 => Just(BTreeSet::from([Allow::DropsState])),
            1 => Just(BTreeSet::from([Allow::Replays])),
        ],
        path in option::weighted(0.2, Just("other/place.toml".to_owned())),
    ) -> StreamText {
        StreamText { on_remove, protect, owner, allow, path, ..StreamText::default() }
    }
}

prop_compose! {
    fn job()(
        engine in prop_oneof![9 => Just("flink"), 1 => Just("other")],
        sql in prop_oneof![
            6 => Just("SELECT ORDER_ID FROM orders WHERE AMOUNT > 500"),
            1 => Just("select ORDER_ID from orders /* all */ where AMOUNT > 500"),
            2 => Just("SELECT ORDER_ID FROM orders WHERE AMOUNT > 1000"),
            1 => Just("SELECT COUNT(*) AS ORDER_ID FROM orders"),
        ],
        reads in prop_oneof![9 => Just("orders"), 1 => Just("clicks"), 3 => Just("b"), 3 => Just("c")],
        topic in option::weighted(0.15, Just("shared".to_owned())),
        partitions in prop_oneof![8 => Just(None), 1 => Just(Some(1)), 1 => Just(Some(2))],
        key in prop_oneof![9 => Just(vec![]), 1 => Just(vec!["ORDER_ID".to_owned()])],
        config in select(vec![settings(&[]), settings(&[]), settings(&[("retention.ms", "1")])]),
        options in prop_oneof![
            5 => Just(settings(&[])),
            3 => Just(settings(&[("parallelism.default", "2")])),
            1 => Just(settings(&[("table.exec.state.ttl", "1h")])),
        ],
    ) -> StreamText {
        let (engine, sql, reads) = (engine.to_owned(), sql.to_owned(), vec![reads.to_owned()]);
        StreamText { engine, sql, reads, topic, partitions, key, config, options, ..StreamText::default() }
    }
}

prop_compose! {
    fn stream()(
        job in job(),
        policy in policy(),
        run in prop_oneof![3 => Just(DesiredRun::Running), 1 => Just(DesiredRun::Stopped)],
        start in prop_oneof![5 => Just(Start::Earliest), 1 => Just(Start::Latest)],
    ) -> StreamText {
        let StreamText { on_remove, protect, owner, allow, path, .. } = policy;
        StreamText { run, start, on_remove, protect, owner, allow, path, ..job }
    }
}

prop_compose! {
    fn row()(
        definition in option::weighted(0.6, stream().boxed()),
        deployed in option::weighted(0.2, stream().boxed()),
        abandoned in option::weighted(0.15, stream().boxed()),
        state in prop_oneof![6 => Just(RowState::Live), 1 => Just(RowState::Kept), 1 => Just(RowState::Removed)],
        generation in 1u32..4,
        status in prop_oneof![
            8 => Just(DeploymentStatus::Live),
            1 => Just(DeploymentStatus::Submitting),
            4 => Just(DeploymentStatus::Stopped),
            1 => Just(DeploymentStatus::Cancelled),
            1 => Just(DeploymentStatus::GivenUp),
            1 => Just(DeploymentStatus::Failed),
            1 => Just(DeploymentStatus::Dropped),
        ],
        never_deployed in prop::bool::weighted(0.15),
        savepoint in prop::bool::weighted(0.8),
        savepoint_of in option::weighted(0.1, 1u32..3),
        topic_found in prop::bool::weighted(0.2),
        columns in select(vec![vec!["ORDER_ID"], vec!["ORDER_ID"], vec!["ORDER_ID", "N BIGINT"]]),
        failures in btree_map(select(vec![StepKind::Stop, StepKind::DeployHelper, StepKind::Deploy]), 1u32..3, 0..2),
        trouble in trouble().boxed(),
    ) -> RowText {
        let status = Some(status);
        let columns = columns.into_iter().map(str::to_owned).collect();
        let RowText { before, left_by, setback, direct, ended_at, reading, unverified, checkpoint, savepoint_version, .. } = trouble;
        // There is one before it only from the second on.
        let before = before.filter(|_| generation > 1);
        let left_by = left_by.filter(|_| generation > 2 && before.is_some());
        RowText {
            definition, deployed, began_as: None, state, generation, status, never_deployed, savepoint, savepoint_of, topic_found, columns, abandoned, failures, before, left_by,
            setback, setback_of: None, direct, ended_at, reading, unverified, checkpoint, savepoint_version,
        }
    }
}

prop_compose! {
    /// What hand-overs leave behind that did not come to their end.
    fn trouble()(
        before in option::weighted(0.3, stream().boxed()),
        left_by in option::weighted(0.2, stream().boxed()),
        setback in option::weighted(
            0.3,
            select(vec![StepKind::Verify, StepKind::Deploy, StepKind::ReadOffsets, StepKind::DeployHelper]),
        ),
        direct in prop::bool::weighted(0.3),
        ended_at in option::weighted(0.2, select(vec![vec![0], vec![7]])),
        reading in prop::bool::weighted(0.15),
        unverified in prop::bool::weighted(0.2),
        checkpoint in prop::bool::weighted(0.2),
        savepoint_version in option::weighted(0.1, Just("1.19.0".to_owned())),
    ) -> RowText {
        RowText { before, left_by, setback, direct, ended_at, reading, unverified, checkpoint, savepoint_version, ..RowText::default() }
    }
}

prop_compose! {
    fn engine()(
        unknown in option::weighted(0.15, Just("connection refused".to_owned())),
        ready in prop::bool::weighted(0.9),
        slots in 0u32..4,
        jobs in option::weighted(0.5, btree_map(job_name(), select(STATES.to_vec()), 0..5)),
    ) -> EngineText {
        let jobs = jobs.map(|jobs| jobs.iter().map(|(job, state)| format!("{job} {state}")).collect());
        EngineText { unknown, ready, slots, jobs }
    }
}

const STATES: [&str; 9] =
    ["running", "running", "running", "starting", "restarting", "ending", "failed", "finished", "cancelled"];

/// Ours, ours by name only, and of others.
fn job_name() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => (any_name(), 1u32..5).prop_map(|(name, generation)| format!("{name}@{generation}")),
        1 => (any_name(), 1u32..5).prop_map(|(name, generation)| format!("old_{name}@{generation}")),
        1 => (any_name(), 1u32..5).prop_map(|(name, generation)| format!("{name}@{generation}#offsets.0")),
        1 => (any_name(), 1u32..5).prop_map(|(name, generation)| format!("!{name}@{generation}")),
        1 => Just("nightly".to_owned()),
    ]
}

fn check() -> impl Strategy<Value = CheckText> {
    prop_oneof![
        Just(CheckText { refused: Some("no".into()), at: Some((0, 6)), ..CheckText::default() }),
        Just(CheckText { unchecked: Some("not asked".into()), ..CheckText::default() }),
        Just(CheckText { column: Some("OTHER".into()), ..CheckText::default() }),
        Just(CheckText { outputs: Some(2), ..CheckText::default() }),
    ]
}

prop_compose! {
    fn surroundings()(
        flink in engine(),
        other in engine(),
        no_topic in btree_set(select(vec!["orders", "a", "b", "shared"]).prop_map(str::to_owned), 0..2),
        kafka_unknown in option::weighted(0.1, Just("no".to_owned())),
        check in by_name(check(), 1),
        absent in by_name(select(vec![0u64, 9, 10]), 1),
        missing in by_name(select(vec![14u64, 15, 600]), 3),
        frozen in option::weighted(0.1, Just("a file cannot be read".to_owned())),
        broken in prop_oneof![9 => Just(BTreeSet::new()), 1 => btree_set(any_name(), 1..2)],
        max_deletions in option::of(0usize..3),
    ) -> Text {
        let engine = BTreeMap::from([("flink".to_owned(), flink), ("other".to_owned(), other)]);
        Text { engine, no_topic, kafka_unknown, check, absent, missing, frozen, broken, max_deletions, ..Text::default() }
    }
}

/// One thing that the file has different from what was recorded: without it most files would be refused.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Options,
    TopicSettings,
    Policy,
    Run,
    Text,
    Query,
}

fn edited(stream: &StreamText, edit: Edit) -> StreamText {
    let mut old = stream.clone();
    match edit {
        Edit::Options => old.options = settings(&[("parallelism.default", "3")]),
        Edit::TopicSettings => old.config = settings(&[("retention.ms", "7")]),
        Edit::Policy => old.protect = !old.protect,
        Edit::Run if old.run == DesiredRun::Running => old.run = DesiredRun::Stopped,
        Edit::Run => old.run = DesiredRun::Running,
        Edit::Text => old.sql.push(' '),
        Edit::Query => old.sql.push_str(" AND ORDER_ID > 0"),
    }
    old
}

/// In most worlds nothing is wrong, and something changes.
fn settle(row: &mut RowText) {
    let well = RowText { definition: row.definition.take(), generation: row.generation, ..RowText::default() };
    let status = row.status.filter(|status| *status == DeploymentStatus::Stopped);
    *row = RowText { status, began_as: row.began_as.take(), state: row.state, topic_found: row.topic_found, ..well };
}

prop_compose! {
    pub fn text()(
        surroundings in surroundings().boxed(),
        mut desired in by_name(stream().boxed(), 3),
        mut recorded in by_name(row().boxed(), 3),
        edits in by_name(
            select(vec![Edit::Options, Edit::TopicSettings, Edit::Policy, Edit::Run, Edit::Text, Edit::Query, Edit::Query]),
            3,
        ),
        renamed in by_name(any_name(), 2),
        began_as_others in btree_set(any_name(), 0..2),
        open in by_name(select(vec![StepKind::Stop, StepKind::Verify, StepKind::Record]), 1),
        ails in by_name(
            select(vec![JobState::Restarting, JobState::Restarting, JobState::Failed, JobState::Starting, JobState::Cancelled]),
            3,
        ),
        interrupted in prop::bool::weighted(0.2),
        calm in prop::bool::weighted(0.4),
    ) -> Text {
        for (name, stream) in &mut desired {
            // A loop of definitions is none that anybody plans.
            stream.reads.retain(|read| read > name || !NAMES.contains(&read.as_str()));
            if stream.reads.is_empty() {
                stream.reads.push("orders".to_owned());
            }
        }
        let mut old_names = BTreeSet::new();
        for (name, old) in renamed {
            // One stream has a name, and nobody any more has the old one.
            if let (Some(stream), false) = (desired.get(&name).cloned(), desired.contains_key(&old)) {
                if old_names.insert(old.clone()) {
                    desired.insert(name, StreamText { renamed_from: Some(old), ..stream });
                }
            }
        }
        for name in began_as_others {
            recorded.entry(name.clone()).and_modify(|row| row.began_as = Some(format!("old_{name}")));
        }
        for (name, edit) in edits {
            if let (Some(row), Some(stream)) = (recorded.get_mut(&name), desired.get(&name)) {
                row.definition = Some(edited(stream, edit));
                row.deployed = None;
            }
        }
        if calm {
            recorded.values_mut().for_each(settle);
            let engine = BTreeMap::from([("other".to_owned(), EngineText::default())]);
            return Text { desired, recorded, engine, ails, ..Text::default() };
        }
        let open = if interrupted { open } else { BTreeMap::new() };
        Text { desired, recorded, open, ails, ..surroundings }
    }
}
