//! What holds for every plan, over worlds that are made up. `WEIR_N_PLANS` sets how many per law.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, TestRunner};
use weir::graph::{Graph, Node};
use weir::model::definition::{Allow, Start};
use weir::model::job::{JobId, JobKey, Purpose};
use weir::model::ledger::{Deployment, DeploymentStatus, RowState};
use weir::model::name::TopicName;
use weir::model::observed::{BrokerView, EngineView};
use weir::model::plan::{Action, Because, Change, Plan, Verdict};
use weir::model::step::{Act, Deploy, EngineAct, LedgerAct, Restore, StepId, StepKind, TopicAct};
use weir::plan::render;

use crate::done::carry_out;
use crate::made_up::{NAMES, text};
use crate::world::{StreamText, Text, World, build, ledger_id, name, project};

pub fn config() -> Config {
    let cases = std::env::var("WEIR_N_PLANS").ok().and_then(|text| text.parse().ok()).unwrap_or(500);
    Config { cases, failure_persistence: None, ..Config::default() }
}

pub fn kinds(change: &Change) -> BTreeSet<StepKind> {
    change.steps.iter().map(|step| step.act.kind()).collect()
}

/// Jobs that a change ends.
fn ended(change: &Change) -> Vec<JobId> {
    let jobs = change.steps.iter().filter_map(|step| match &step.act {
        Act::Engine(
            _,
            EngineAct::Stop { job_id, .. } | EngineAct::Cancel { job_id } | EngineAct::GiveUp { job_id },
        ) => Some(job_id.clone()),
        Act::Engine(_, EngineAct::Deploy(_) | EngineAct::Verify { .. } | EngineAct::Helper(_))
        | Act::Ledger(_)
        | Act::Topic(_) => None,
    });
    jobs.collect()
}

fn restores(change: &Change) -> Vec<Restore> {
    deploys(change).into_iter().map(|deploy| deploy.restore.clone()).collect()
}

fn deploys(change: &Change) -> Vec<&Deploy> {
    change.steps.iter().filter_map(|step| step.act.deploys()).collect()
}

/// Whether a stream's file, or one that is gone, names another stream, or a topic of another name than its own.
fn chained(text: &Text) -> bool {
    let rows = text.recorded.values().flat_map(|row| row.definition.iter().chain(&row.deployed));
    let topics: BTreeSet<&str> = NAMES.into_iter().chain(["shared"]).collect();
    let reads = |said: &StreamText| said.reads.iter().any(|read| topics.contains(read.as_str()));
    text.desired.values().chain(rows).any(|said| said.renamed_from.is_some() || reads(said))
}

/// Live jobs whose id proves them to be the stream's.
fn live(world: &World, stream: &weir::model::name::Name) -> BTreeSet<JobId> {
    let mut found = BTreeSet::new();
    for view in world.observed.engines.values() {
        let EngineView::Known(cluster) = view else { continue };
        for job in cluster.jobs.iter().filter(|job| job.state.is_live()) {
            let key = JobKey::parse(&job.name).filter(|key| key.purpose == Purpose::Run);
            let key = key.filter(|key| key.stream == *stream && key.id(ledger_id()) == job.id);
            found.extend(key.map(|_| job.id.clone()));
        }
    }
    found
}

fn bytes(plan: &Plan) -> String {
    format!("{}{}{}", render::json(plan), render::text(plan, render::Colour::Off), serde_json::to_string(plan).unwrap())
}

proptest! {
    #![proptest_config(config())]

    /// Consumer groups and transactions of every generation are the same ones.
    #[test]
    fn a_stream_has_one_group_for_ever(text in text()) {
        for change in build(&text).plan().changes {
            for step in &change.steps {
                if let Act::Engine(_, EngineAct::Deploy(deploy)) = &step.act {
                    prop_assert_eq!(&deploy.group, &format!("weir.{}.{}", project(), change.stream));
                }
            }
        }
    }

    #[test]
    fn plan_is_a_function(text in text()) {
        let first = build(&text);
        let mut second = build(&text);
        for view in second.observed.engines.values_mut() {
            if let EngineView::Known(cluster) = view {
                cluster.jobs.reverse();
            }
        }
        let plan = first.plan();
        prop_assert_eq!(bytes(&plan), bytes(&second.plan()));
        let read: Plan = serde_json::from_str(&serde_json::to_string(&plan).unwrap()).unwrap();
        prop_assert_eq!(weir::plan::hash(&read), weir::plan::hash(&plan));
        prop_assert_eq!(read, plan);
    }

    #[test]
    fn every_stream_stands_in_its_place(text in text()) {
        let world = build(&text);
        let plan = world.plan();
        let changes: Vec<_> = plan.changes.iter().map(|change| &change.stream).collect();
        let blocked: Vec<_> = plan.blocked.iter().map(|blocked| &blocked.stream).collect();
        prop_assert!(chained(&text) || changes.is_sorted() && blocked.is_sorted());
        let named: BTreeSet<_> = changes.iter().chain(&blocked).collect();
        for stream in world.desired.streams.keys() {
            prop_assert!(named.contains(&stream) || plan.unchanged > 0);
        }
        let mut ids = BTreeSet::new();
        for change in &plan.changes {
            prop_assert!(!change.steps.is_empty() && !change.reason.is_empty());
            prop_assert!(change.steps.iter().all(|step| ids.insert(step.id.clone())), "one id, two steps");
        }
    }

    #[test]
    fn what_is_read_comes_first_but_what_ends_before_it(text in text()) {
        let world = build(&text);
        let plan = world.plan();
        let graph = Graph::new(world.desired.streams.values().map(|want| Node::of(&want.stream)));
        // Streams whose files are gone may have read each other, at different times.
        let gone = plan.changes.iter().any(|change| !world.desired.streams.contains_key(&change.stream));
        // Files that read each other in a loop are broken; a rename may close one here, through the old name's topic.
        let looped = !graph.loops().is_empty();
        for (at, later) in plan.changes.iter().enumerate().filter(|_| !gone && !looped) {
            for earlier in &plan.changes[..at] {
                let reads = |reader: &Change, read: &Change| graph.readers(&read.stream).contains(&&reader.stream);
                let ends = |change: &Change| [Action::Delete, Action::Stop].contains(&change.action);
                prop_assert!(!reads(earlier, later) || ends(earlier), "{} before {}", earlier.stream, later.stream);
                prop_assert!(!reads(later, earlier) || !ends(later), "{} before {}", earlier.stream, later.stream);
            }
        }
    }

    #[test]
    fn a_job_reads_what_is_written(text in text()) {
        let world = build(&text);
        let plan = world.plan();
        for (change, deploy) in plan.changes.iter().flat_map(|change| deploys(change).into_iter().map(move |it| (change, it))) {
            // What is put back reads what it read.
            if change.action == Action::Restart {
                let mut ran = world.ledger.streams.values().flat_map(|row| [row.before.as_deref(), row.deployment.as_ref()]).flatten();
                prop_assert!(ran.any(|ran| ran.stream.sources == deploy.stream.sources && ran.revision == deploy.revision));
                continue;
            }
            for source in deploy.stream.sources.values() {
                let Some(upstream) = source.stream() else { continue };
                let will = plan.changes.iter().filter(|change| change.stream == *upstream).flat_map(deploys).next();
                let does = world.ledger.streams.get(upstream).and_then(|row| row.writes());
                let written = match (will, does) {
                    (Some(will), _) => (&will.stream.output.topic, will.columns.as_slice()),
                    (None, Some(does)) => (&does.output.topic, does.columns),
                    (None, None) => {
                        prop_assert!(!source.columns.is_empty());
                        continue;
                    }
                };
                prop_assert_eq!((&source.topic, source.columns.as_slice()), written);
            }
        }
    }

    #[test]
    fn nothing_is_taken_from_a_reader(text in text()) {
        let mut world = build(&text);
        let (before, topics) = (world.ledger.clone(), world.observed.broker.clone());
        let plan = world.plan();
        carry_out(&mut world, &plan);
        let is_there = |broker: &BrokerView, topic: &TopicName| match broker {
            BrokerView::Known { topics } => topics.contains_key(topic),
            BrokerView::Unknown { .. } => false,
        };
        for (name, row) in world.ledger.streams.iter().filter(|(_, row)| row.state != RowState::Removed) {
            let Some(newest) = row.deployment.as_ref().filter(|newest| newest.status == DeploymentStatus::Live) else {
                continue;
            };
            for source in newest.stream.sources.values() {
                let gone = is_there(&topics, &source.topic) && !is_there(&world.observed.broker, &source.topic);
                prop_assert!(!gone, "{name} reads {}", source.topic);
                for (upstream, now) in world.ledger.streams.iter().filter(|(upstream, _)| *upstream != name) {
                    let Some(was) = before.streams.get(upstream).and_then(|row| row.writes()) else { continue };
                    // One that was given up writes nothing: what follows it is planned from what it left.
                    let writes = now.deployment.as_ref().is_some_and(|newest| newest.status != DeploymentStatus::GivenUp);
                    let Some(now) = now.writes().filter(|_| writes && was.output.topic == source.topic) else { continue };
                    prop_assert_eq!(&now.output.topic, &source.topic);
                    prop_assert_eq!(&now.output.key, &was.output.key);
                    let read = was.columns.iter().filter(|column| source.columns.contains(column));
                    for column in read {
                        prop_assert!(now.columns.contains(column), "{name} reads {column:?} of {upstream}");
                    }
                }
            }
        }
    }

    #[test]
    fn unknown_never_destroys(text in text()) {
        let world = build(&text);
        for change in world.plan().changes {
            let row = world.row(&change.stream);
            let ran = row.and_then(|row| row.deployment.as_ref());
            // What was dropped begins anew, perhaps elsewhere.
            let ran_on = ran.filter(|newest| newest.status != DeploymentStatus::Dropped).map(|newest| &newest.stream.engine);
            let engine = ran_on.unwrap_or(&change.engine);
            if matches!(world.observed.engines.get(engine), Some(EngineView::Known(_))) {
                continue;
            }
            let harmless =
                [StepKind::Record, StepKind::AlterTopic, StepKind::GrowTopic, StepKind::Close, StepKind::CloseControl];
            prop_assert!(kinds(&change).iter().all(|kind| harmless.contains(kind)), "{change:?}");
        }
    }

    #[test]
    fn foreign_is_never_touched(text in text()) {
        let world = build(&text);
        for change in world.plan().changes {
            let row = world.row(&change.stream);
            let given = row.map_or(0, |row| row.generation);
            let began = row.and_then(|row| row.deployment.as_ref()).map(|newest| &newest.stream.name);
            let old = world.desired.streams.get(&change.stream).and_then(|want| want.renamed_from.as_ref());
            let there = world.ledger.streams.get(&change.stream).map_or(0, |there| there.generation);
            let names = [Some(&change.stream), began, old];
            let ours: BTreeSet<JobId> = names.into_iter().flatten().flat_map(|name| {
                (1..=given.max(there)).map(|generation| JobKey::run(&project(), name, generation).id(ledger_id()))
            }).collect();
            prop_assert!(ended(&change).iter().all(|job| ours.contains(job)), "{change:?}");
            for step in &change.steps {
                if let Act::Topic(TopicAct::Alter { .. } | TopicAct::Grow { .. } | TopicAct::Delete { .. }) = &step.act {
                    prop_assert!(row.is_some_and(|row| row.topic_made), "{change:?}");
                }
            }
        }
    }

    #[test]
    fn a_kept_job_is_never_ended(text in text()) {
        let world = build(&text);
        for change in world.plan().changes {
            let row = world.row(&change.stream);
            if row.is_some_and(|row| row.state == RowState::Kept) {
                // One that is over is only asked what it left.
                prop_assert!(ended(&change).iter().all(|job| !world.is_live(job)), "{change:?}");
            }
        }
    }

    #[test]
    fn a_frozen_tree_removes_nothing(text in text()) {
        let mut world = build(&text);
        world.desired.frozen = Some("a file cannot be read".into());
        for change in world.plan().changes {
            let removes = [StepKind::Close, StepKind::DeleteTopic];
            prop_assert!(change.action != Action::Delete && removes.iter().all(|kind| !kinds(&change).contains(kind)));
        }
    }

    #[test]
    fn a_broken_definition_goes_on_as_it_was(text in text()) {
        let mut world = build(&text);
        world.desired.broken.names.insert(name("a"));
        let ran = world.ledger.streams.get(&name("a")).and_then(|row| row.deployment.clone());
        for change in world.plan().changes.iter().filter(|change| change.stream == name("a")) {
            let stale = [StepKind::Cancel, StepKind::CancelHelper, StepKind::CloseControl];
            prop_assert!(kinds(change).iter().all(|kind| stale.contains(kind)), "only what is stale ends: {change:?}");
            let current = ran.as_ref().filter(|newest| newest.status == DeploymentStatus::Live);
            let row_live = world.ledger.streams[&name("a")].state == RowState::Live;
            if let (Some(current), true) = (current, row_live) {
                prop_assert!(!ended(change).contains(&current.job_id));
            }
        }
    }

    #[test]
    fn a_stream_that_ran_is_never_deployed_from_its_start_again(text in text()) {
        let world = build(&text);
        for change in world.plan().changes {
            let newest = world.row(&change.stream).and_then(|row| row.deployment.as_ref());
            // Or was given up before it completed a checkpoint: so would the engine have begun it again.
            let anew = |newest: &Deployment| match newest.status {
                DeploymentStatus::GivenUp => matches!(newest.restore, Restore::Start(_)),
                DeploymentStatus::Submitting
                | DeploymentStatus::Live
                | DeploymentStatus::Stopped
                | DeploymentStatus::Cancelled
                | DeploymentStatus::Failed
                | DeploymentStatus::Abandoned
                | DeploymentStatus::Dropped => false,
            };
            let left = world.row(&change.stream).and_then(|row| row.savepoint.as_ref());
            let left = left.filter(|left| newest.is_some_and(|newest| newest.generation == left.generation));
            let dropped = |newest: &Deployment| newest.status == DeploymentStatus::Dropped;
            let may_begin = newest.is_none_or(|newest| dropped(newest) || left.is_none() && anew(newest));
            let kind = |id: &StepId| change.steps.iter().find(|step| step.id == *id).map(|step| step.act.kind());
            for restore in restores(&change) {
                match restore {
                    Restore::Start(start) => {
                        prop_assert!(may_begin || change.verdict == Some(Verdict::Replays), "{change:?}");
                        prop_assert!(may_begin || start != Start::Latest, "{change:?}");
                    }
                    Restore::Savepoint { path } | Restore::Direct { path } => {
                        let row = world.row(&change.stream).unwrap();
                        let savepoint = row.savepoint.as_ref().unwrap();
                        prop_assert_eq!(&path, &savepoint.path);
                        // Of the newest, unless that never ran.
                        let of_newest = Some(savepoint.generation) == newest.map(|newest| newest.generation);
                        let given_up = newest.is_some_and(|newest| newest.status == DeploymentStatus::GivenUp);
                        let never_ran = row.setback.is_some() || given_up;
                        prop_assert!(of_newest || never_ran && row.before.is_some(), "{change:?}");
                    }
                    Restore::StopOf { step } | Restore::DirectOf { step } => {
                        prop_assert_eq!(kind(&step), Some(StepKind::Stop));
                    }
                    Restore::Offsets(offsets) => {
                        let row = world.row(&change.stream).unwrap();
                        let ended = [row.deployment.as_ref(), row.before.as_deref()].map(|ran| ran.and_then(|ran| ran.ended_at.clone()));
                        prop_assert!(ended.contains(&Some(offsets)), "{change:?}");
                    }
                    Restore::OffsetsOf { step, .. } => {
                        prop_assert_eq!(kind(&step), Some(StepKind::ReadOffsets));
                    }
                }
            }
        }
    }

    #[test]
    fn one_job_at_most(text in text()) {
        let world = build(&text);
        for change in world.plan().changes {
            let deployed: Vec<JobId> = change.steps.iter().filter_map(|step| match &step.act {
                Act::Engine(_, EngineAct::Deploy(deploy)) => Some(deploy.job_id.clone()),
                Act::Engine(..) | Act::Ledger(_) | Act::Topic(_) => None,
            }).collect();
            let (Some(new), ended) = (deployed.first(), ended(&change)) else { continue };
            prop_assert_eq!(deployed.len(), 1);
            for job in live(&world, &change.stream) {
                prop_assert!(job == *new || ended.contains(&job), "{job} still runs: {change:?}");
            }
        }
    }

    #[test]
    fn what_is_refused_is_not_deployed(text in text()) {
        for change in build(&text).plan().changes.iter().filter(|change| change.verdict == Some(Verdict::Refused)) {
            prop_assert!(!kinds(change).contains(&StepKind::Deploy), "{change:?}");
        }
    }

    #[test]
    fn state_is_lost_and_input_read_again_only_with_leave(text in text()) {
        let world = build(&text);
        for change in world.plan().changes {
            let asked = match change.verdict {
                Some(Verdict::DropsState) => Allow::DropsState,
                Some(Verdict::Replays) => Allow::Replays,
                Some(Verdict::Unchanged | Verdict::KeepsState | Verdict::CarriesOffsets | Verdict::Refused) | None => continue,
            };
            prop_assert!(world.desired.streams[&change.stream].policy.allow.contains(&asked), "{change:?}");
            let recorded = &world.row(&change.stream).unwrap().policy;
            prop_assert!(!recorded.protect || !kinds(&change).contains(&StepKind::Deploy), "{change:?}");
        }
    }

    #[test]
    fn what_reads_offsets_clears_up_behind_it(text in text()) {
        let world = build(&text);
        for change in world.plan().changes {
            let count = |kind: StepKind| change.steps.iter().filter(|step| step.act.kind() == kind).count();
            prop_assert_eq!(count(StepKind::DeployHelper) > 0, count(StepKind::ReadOffsets) == 1, "{:?}", change);
            prop_assert!(count(StepKind::CancelHelper) >= count(StepKind::DeployHelper), "{change:?}");
            prop_assert!(count(StepKind::CloseControl) >= count(StepKind::OpenControl), "{change:?}");
            let place = |kind: StepKind| change.steps.iter().position(|step| step.act.kind() == kind);
            if let (Some(open), Some(stop)) = (place(StepKind::OpenControl), place(StepKind::Stop)) {
                prop_assert!(open < stop, "nothing that may fail stands between stop and deploy that can stand before");
            }
        }
    }

    #[test]
    fn what_came_to_grief_is_not_tried_again_by_itself(text in text()) {
        let world = build(&text);
        for change in world.plan().changes {
            let Some(row) = world.row(&change.stream) else { continue };
            let (Some(setback), Some(want)) = (&row.setback, world.desired.streams.get(&change.stream)) else { continue };
            let newest = row.deployment.as_ref().filter(|newest| newest.status == DeploymentStatus::Live);
            let runs_another = newest.is_some_and(|newest| newest.revision != want.revision);
            if setback.revision == want.revision && runs_another && want.stream.run == row.stream.run {
                prop_assert!(change.action != Action::Update || !kinds(&change).contains(&StepKind::Deploy), "{change:?}");
            }
        }
    }

    #[test]
    fn protected_is_never_removed(text in text()) {
        let world = build(&text);
        for change in world.plan().changes.iter().filter(|change| change.action == Action::Delete) {
            prop_assert!(!world.ledger.streams[&change.stream].policy.protect, "{change:?}");
        }
    }

    #[test]
    fn more_removals_than_the_limit_are_all_blocked(text in text()) {
        let mut world = build(&text);
        world.settings.max_deletions = usize::MAX;
        let all = world.plan();
        let count = all.count(Action::Delete);
        world.settings.max_deletions = count;
        prop_assert_eq!(&world.plan(), &all);
        if count > 0 {
            world.settings.max_deletions = count - 1;
            let limited = world.plan();
            prop_assert_eq!(limited.count(Action::Delete), 0);
            let held: BTreeSet<_> = limited.blocked.iter().filter(|blocked| blocked.action == Action::Delete).collect::<Vec<_>>()
                .into_iter().map(|blocked| blocked.stream.clone()).collect();
            for change in all.changes.iter().filter(|change| change.action == Action::Delete) {
                prop_assert!(held.contains(&change.stream));
            }
        }
    }

    #[test]
    fn applied_it_leaves_nothing(text in text()) {
        let mut world = build(&text);
        let mut plan = world.plan();
        carry_out(&mut world, &plan);
        // What is only ended, or waited for in vain, is followed at once.
        let followed = |change: &Change| change.gives_up() || kinds(change) == [StepKind::Verify].into();
        let mut last = plan.clone();
        for _ in 0..4 {
            let streams: BTreeSet<_> =
                last.changes.iter().filter(|change| followed(change)).map(|change| change.stream.clone()).collect();
            plan.changes.retain(|change| !followed(change));
            last = world.plan();
            last.changes.retain(|change| streams.contains(&change.stream));
            carry_out(&mut world, &last);
            plan.changes.extend(last.changes.clone());
        }
        let again = world.plan();
        // What waited for another stream may have its turn now; but nothing is done twice.
        let waited: BTreeSet<_> = plan.blocked.iter().map(|blocked| &blocked.stream).collect();
        let left: Vec<_> = again.changes.iter().filter(|change| plan.changes.iter().any(|done| {
            done.stream == change.stream && (done.action == change.action || !waited.contains(&done.stream))
        })).collect();
        prop_assert!(left.is_empty(), "{left:?} is left of {:?}", plan.changes);
    }
}

/// Otherwise the laws above say little.
#[test]
fn the_made_up_worlds_reach_everything() {
    let mut runner = TestRunner::deterministic();
    let mut actions: BTreeMap<&str, usize> = BTreeMap::new();
    let mut reasons: BTreeSet<Because> = BTreeSet::new();
    let mut steps: BTreeSet<StepKind> = BTreeSet::new();
    let mut closed: BTreeSet<RowState> = BTreeSet::new();
    let mut given_up = 0;
    for _ in 0..3000 {
        let plan = build(&text().new_tree(&mut runner).expect("a world").current()).plan();
        for change in &plan.changes {
            *actions.entry(change.action.word()).or_default() += 1;
            steps.extend(kinds(change));
            given_up += usize::from(change.gives_up());
            closed.extend(change.steps.iter().filter_map(|step| match &step.act {
                Act::Ledger(LedgerAct::Close { state }) => Some(*state),
                Act::Ledger(LedgerAct::Record(_)) | Act::Topic(_) | Act::Engine(..) => None,
            }));
        }
        reasons.extend(plan.blocked.iter().map(|blocked| blocked.because));
    }
    for action in ["create", "update", "record", "stop", "start", "delete"] {
        assert!(actions.get(action).is_some_and(|count| *count >= 50), "{action} in {actions:?}");
    }
    assert!(given_up >= 50, "{given_up} jobs given up");
    assert_eq!(reasons.len(), 6, "{reasons:?}");
    assert_eq!(steps.len(), 17, "{steps:?}");
    assert_eq!(closed, BTreeSet::from([RowState::Kept, RowState::Removed]));
}
