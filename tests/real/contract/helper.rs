//! The laws of a job that reads offsets out of state.

use std::collections::BTreeMap;

use weir::engine::EngineError;
use weir::model::job::{JobKey, JobState};
use weir::model::name::TopicName;
use weir::model::offsets::{Chaining, Helper, HelperAct, Scan, Taken};
use weir::model::step::{EngineAct, Lookup, Receipt, StepKind};

use crate::contract::engine::{Way, World};

/// The helper of a stream's first generation, under this number.
fn helper(world: &dyn World, way: &Way<'_>, attempt: u32, state: Taken, control: &TopicName) -> Helper {
    let key = JobKey::offsets(world.project(), &way.stream.name, 1, attempt);
    let scans = way.accepted.sources.iter().enumerate().map(|(nth, found)| {
        let (source, topic) =
            way.stream.sources.iter().next().map(|(name, of)| (name, &of.topic)).expect("it reads one");
        assert_eq!(found.table, source.as_str());
        Scan {
            source: source.clone(),
            topic: topic.clone(),
            outputs: found.outputs,
            group: Scan::group(world.project(), &way.stream.name, 1, attempt, nth),
        }
    });
    Helper {
        job_id: key.id(way.ledger),
        job_name: key.name(),
        state,
        chaining: Chaining::On,
        scans: scans.collect(),
        control: control.clone(),
        options: way.stream.options.clone(),
        log_starts: BTreeMap::new(),
    }
}

fn deploy(helper: &Helper) -> EngineAct {
    EngineAct::Helper(HelperAct::Deploy(Box::new(helper.clone())))
}

pub async fn a_helper_runs_once_until_it_is_cancelled(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    way.runs().await;
    let control = world.stream().await.output.topic;
    let path = way.stopped(1).await;
    let helper = helper(world, &way, 0, Taken::Savepoint { path }, &control);
    let (begin, end) = (deploy(&helper), EngineAct::Helper(HelperAct::Cancel { job_id: helper.job_id.clone() }));
    assert_eq!(way.finds(&begin, 1).await, Lookup::NotDone);
    assert_eq!(way.does(&begin, 1).await, Ok(Receipt::HelperDeployed));
    assert!(matches!(way.does(&begin, 1).await, Err(EngineError::Uncertain(_))), "its id is used");
    assert_eq!(way.finds(&begin, 1).await, Lookup::Done(Receipt::HelperDeployed));
    let named = way.jobs().await.into_iter().filter(|job| job.name == helper.job_name).collect::<Vec<_>>();
    assert_eq!(named.iter().map(|job| &job.id).collect::<Vec<_>>(), [&helper.job_id]);
    assert_eq!(way.finds(&end, 1).await, Lookup::NotDone);
    for _ in 0..2 {
        assert_eq!(way.does(&end, 1).await, Ok(Receipt::HelperGone));
    }
    assert_eq!(way.finds(&end, 1).await, Lookup::Done(Receipt::HelperGone));
    assert!(matches!(way.finds(&begin, 1).await, Lookup::Failed { .. }));
    assert!(way.jobs().await.iter().all(|job| job.state != JobState::Running));
}

pub async fn a_helper_without_its_savepoint_does_not_run(world: &dyn World) {
    let way = Way::of(world, world.stream().await).await;
    let control = world.stream().await.output.topic;
    let unknown = Taken::StopOf { step: way.step(StepKind::Stop, 1) };
    let waits = deploy(&helper(world, &way, 0, unknown, &control));
    assert!(matches!(way.does(&waits, 1).await, Err(EngineError::Refused(_))));
    assert_eq!(way.finds(&waits, 1).await, Lookup::NotDone);
    way.runs().await;
    let path = format!("{}-lost", way.stopped(1).await);
    let lost = deploy(&helper(world, &way, 1, Taken::Savepoint { path }, &control));
    assert!(matches!(way.does(&lost, 1).await, Err(EngineError::Uncertain(_))));
    match way.finds(&lost, 1).await {
        Lookup::Failed { reason } => assert!(reason.contains("-lost"), "{reason}"),
        other => panic!("{other:?}"),
    }
}
