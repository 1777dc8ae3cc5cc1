//! What a plan leaves behind when every step of it succeeds.

use weir::model::job::{JobId, JobState};
use weir::model::ledger::{Deployment, DeploymentStatus, Recorded, RowState, Savepoint, SavepointKind, Setback};
use weir::model::name::{EngineName, Name};
use weir::model::observed::{BrokerView, Cluster, EngineView, Topic};
use weir::model::offsets::{HelperAct, Offsets, OffsetsAct};
use weir::model::plan::Plan;
use weir::model::renames;
use weir::model::sample;
use weir::model::step::{Act, Deploy, EngineAct, LedgerAct, Record, Restore, StepKind, TopicAct};

use crate::world::{World, own_job};

pub fn carry_out(world: &mut World, plan: &Plan) {
    for change in &plan.changes {
        for step in &change.steps {
            match &step.act {
                Act::Ledger(LedgerAct::Record(record)) => recorded(world, &change.stream, record),
                Act::Ledger(LedgerAct::Close { state }) => row(world, &change.stream).state = *state,
                Act::Topic(act) => topic(world, &change.stream, act),
                Act::Engine(engine, act) => on_engine(world, &change.stream, engine, act),
            }
        }
    }
}

fn row<'a>(world: &'a mut World, stream: &Name) -> &'a mut Recorded {
    world.ledger.streams.get_mut(stream).expect("a step of a stream that is recorded")
}

fn recorded(world: &mut World, stream: &Name, record: &Record) {
    if let Some(old) = &record.renamed_from {
        renamed(world, old, stream);
    }
    let old = world.ledger.streams.remove(stream);
    let new = Recorded {
        path: record.path.clone(),
        origin: record.origin.clone(),
        stream: record.stream.clone(),
        policy: record.policy.clone(),
        revision: record.revision.clone(),
        state: RowState::Live,
        topic_made: old
            .as_ref()
            .is_some_and(|old| old.topic_made && old.stream.output.topic == record.stream.output.topic),
        generation: old.as_ref().map_or(0, |old| old.generation),
        deployment: old.as_ref().and_then(|old| old.deployment.clone()),
        abandoned: old.as_ref().and_then(|old| old.abandoned.clone()),
        savepoint: old.as_ref().and_then(|old| old.savepoint.clone()),
        left_by: old.as_ref().and_then(|old| old.left_by.clone()),
        before: old.as_ref().and_then(|old| old.before.clone()),
        setback: old.as_ref().and_then(|old| old.setback.clone()).filter(|_| {
            let same = |old: &Recorded| old.revision == record.revision && old.stream.run == record.stream.run;
            old.as_ref().is_some_and(same)
        }),
        reading: old.as_ref().and_then(|old| old.reading.clone()),
        failures: old.map(|old| old.failures).unwrap_or_default(),
    };
    world.ledger.streams.insert(stream.clone(), new);
}

fn renamed(world: &mut World, old: &Name, new: &Name) {
    let streams = &mut world.ledger.streams;
    let mut moved = streams.remove(old).expect("a row that is taken over is there");
    let there = streams.remove(new);
    moved.generation = renames::generation(moved.generation, there.as_ref().map(|there| there.generation));
    let nothing = Recorded {
        state: RowState::Removed,
        topic_made: false,
        deployment: None,
        abandoned: None,
        savepoint: None,
        left_by: None,
        before: None,
        setback: None,
        reading: None,
        failures: Default::default(),
        ..moved.clone()
    };
    let left = there.map_or(nothing, |there| Recorded { generation: moved.generation, ..there });
    streams.insert(old.clone(), left);
    streams.insert(new.clone(), moved);
}

fn topic(world: &mut World, stream: &Name, act: &TopicAct) {
    let BrokerView::Known { topics } = &mut world.observed.broker else { panic!("Kafka was asked while unknown") };
    match act {
        TopicAct::Create { topic, partitions, config, .. } => {
            let offsets = vec![(0, 0); partitions.unwrap_or(1) as usize];
            topics.insert(topic.clone(), Topic { replication: 1, offsets, config: config.clone() });
            row(world, stream).topic_made = true;
        }
        TopicAct::Alter { topic, config } => {
            let found = topics.get_mut(topic).expect("the topic is there");
            for (key, value) in config {
                match value {
                    Some(value) => found.config.insert(key.clone(), value.clone()),
                    None => found.config.remove(key),
                };
            }
        }
        TopicAct::Grow { topic, partitions } => {
            topics.get_mut(topic).expect("the topic is there").offsets.resize(*partitions as usize, (0, 0));
        }
        TopicAct::Delete { topic } => {
            topics.remove(topic);
            row(world, stream).topic_made = false;
            if let Some(newest) = &mut row(world, stream).deployment {
                newest.status = DeploymentStatus::Dropped;
            }
        }
        TopicAct::Offsets(OffsetsAct::CloseControl { .. }) => row(world, stream).reading = None,
        TopicAct::Offsets(OffsetsAct::ForgetGroups { .. } | OffsetsAct::OpenControl { .. } | OffsetsAct::Read(_)) => {}
    }
}

fn on_engine(world: &mut World, stream: &Name, engine: &EngineName, act: &EngineAct) {
    match act {
        EngineAct::Deploy(deploy) => deployed(world, stream, engine, deploy),
        EngineAct::Verify { job_id } => {
            let found = cluster(world, engine).jobs.iter().find(|job| job.id == *job_id).expect("deployed before");
            let runs = found.state.is_live();
            let row = row(world, stream);
            let newest = row.deployment.as_mut().expect("deployed before");
            newest.verified = runs;
            if !runs {
                let (revision, generation) = (newest.revision.clone(), newest.generation);
                let reason = "it failed".to_owned();
                row.setback = Some(Setback { revision, generation, step: StepKind::Verify, reason });
            }
        }
        EngineAct::Stop { job_id, folder } => {
            ended(world, engine, job_id, JobState::Finished);
            let row = row(world, stream);
            let newest = row.deployment.as_mut().expect("it ran");
            newest.status = DeploymentStatus::Stopped;
            row.savepoint = Some(Savepoint {
                path: folder.clone(),
                kind: SavepointKind::Savepoint,
                generation: newest.generation,
                engine_version: newest.engine_version.clone(),
            });
        }
        EngineAct::Cancel { job_id, .. } => {
            ended(world, engine, job_id, JobState::Cancelled);
            // What ended before, with its savepoint, stays what it is.
            let live = [DeploymentStatus::Live, DeploymentStatus::Submitting];
            let newest = row(world, stream).deployment.as_mut();
            if let Some(newest) = newest.filter(|newest| newest.job_id == *job_id && live.contains(&newest.status)) {
                newest.status = DeploymentStatus::Cancelled;
            }
        }
        // One that was seen to run has completed a checkpoint since.
        EngineAct::GiveUp { job_id } => {
            everywhere(world, job_id, JobState::Cancelled);
            let row = row(world, stream);
            let newest = row.deployment.as_mut().expect("it was submitted");
            assert_eq!(newest.job_id, *job_id);
            newest.status = DeploymentStatus::GivenUp;
            if newest.verified {
                row.savepoint = Some(Savepoint {
                    path: format!("file:/checkpoints/{job_id}/chk-1"),
                    kind: SavepointKind::Checkpoint,
                    generation: newest.generation,
                    engine_version: newest.engine_version.clone(),
                });
            }
        }
        EngineAct::Helper(HelperAct::Cancel { job_id }) => everywhere(world, job_id, JobState::Cancelled),
        EngineAct::Helper(HelperAct::Deploy(_)) => {}
    }
}

fn deployed(world: &mut World, stream: &Name, engine: &EngineName, deploy: &Deploy) {
    let job = own_job(stream, deploy.generation, JobState::Running);
    assert_eq!((&job.id, &job.name), (&deploy.job_id, &deploy.job_name));
    let jobs = &mut cluster(world, engine).jobs;
    jobs.retain(|known| known.id != job.id);
    jobs.push(job);
    let row = row(world, stream);
    assert!(deploy.generation >= row.generation, "a generation is never given away twice");
    let restore = match &deploy.restore {
        Restore::Start(start) => Restore::Start(*start),
        Restore::Savepoint { path } => Restore::Savepoint { path: path.clone() },
        Restore::StopOf { .. } => Restore::Savepoint { path: row.savepoint.as_ref().expect("stopped").path.clone() },
        Restore::DirectOf { .. } => Restore::Direct { path: row.savepoint.as_ref().expect("stopped").path.clone() },
        Restore::OffsetsOf { .. } => Restore::Offsets(Offsets::default()),
        other @ (Restore::Direct { .. } | Restore::Offsets(_)) => other.clone(),
    };
    row.generation = deploy.generation;
    row.failures.clear();
    row.abandoned = None;
    if let Some(old) = row.deployment.take() {
        let left = row.savepoint.as_ref().filter(|savepoint| savepoint.generation == old.generation);
        if old.verified || left.is_some_and(|left| left.kind == SavepointKind::Savepoint) {
            row.before = Some(Box::new(old.clone()));
        }
        if left.is_some() {
            row.left_by = Some(Box::new(old));
        }
    }
    row.deployment = Some(Deployment { restore, ..sample::deployed(deploy) });
}

fn cluster<'a>(world: &'a mut World, engine: &EngineName) -> &'a mut Cluster {
    match world.observed.engines.get_mut(engine).expect("a known engine") {
        EngineView::Known(cluster) => cluster,
        EngineView::Unknown { reason } => panic!("`{engine}` was asked to act while unknown: {reason}"),
    }
}

fn ended(world: &mut World, engine: &EngineName, id: &JobId, state: JobState) {
    assert!(cluster(world, engine).jobs.iter().any(|job| job.id == *id), "only what is seen is ended");
    everywhere(world, id, state);
}

/// On every cluster that lists it: two names may mean one.
fn everywhere(world: &mut World, id: &JobId, state: JobState) {
    for view in world.observed.engines.values_mut() {
        match view {
            EngineView::Known(cluster) => {
                cluster.jobs.iter_mut().filter(|job| job.id == *id).for_each(|job| job.state = state);
            }
            EngineView::Unknown { .. } => {}
        }
    }
}
