//! Who writes which topic, and whose jobs run: made once for a plan, since every new stream asks.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::model::few::Few;
use crate::model::job::Job;
use crate::model::job::JobKey;
use crate::model::job::Purpose;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::Elsewhere;
use crate::model::ledger::Recorded;
use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::model::observed::EngineView;

use super::owner::Owners;
use super::world::World;

type ByTopic<'a, T> = BTreeMap<&'a TopicName, Vec<T>>;

pub struct Writers<'a> {
    desired: ByTopic<'a, &'a Name>,
    recorded: ByTopic<'a, (&'a Name, &'a Recorded)>,
    elsewhere: ByTopic<'a, &'a Elsewhere>,
    /// By engine, the streams of which it shows a live job of ours.
    seen: BTreeMap<&'a EngineName, BTreeSet<Name>>,
    /// By the stream whose name live jobs of ours carry, the streams that they are of now.
    carriers: BTreeMap<Name, Few<Name, ()>>,
    /// By the stream that its name says, a live job that this ledger never submitted.
    namesakes: BTreeMap<Name, (&'a EngineName, &'a Job)>,
}

impl<'a> Writers<'a> {
    pub fn of(world: &World<'a>) -> Writers<'a> {
        let mut desired: ByTopic<'a, &'a Name> = BTreeMap::new();
        for (name, want) in &world.desired.streams {
            want.stream.writes().into_iter().for_each(|topic| desired.entry(topic).or_default().push(name));
        }
        let mut recorded: ByTopic<'a, (&'a Name, &'a Recorded)> = BTreeMap::new();
        for (name, row) in &world.ledger.streams {
            outputs(world, name, row)
                .into_iter()
                .for_each(|topic| recorded.entry(topic).or_default().push((name, row)));
        }
        let mut elsewhere: ByTopic<'a, &'a Elsewhere> = BTreeMap::new();
        for job in world.jobs_elsewhere() {
            job.writes.iter().for_each(|topic| elsewhere.entry(topic).or_default().push(job));
        }
        let (seen, carriers, namesakes) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut writers = Writers { desired, recorded, elsewhere, seen, carriers, namesakes };
        let owners = world.owners();
        for (engine, view) in &world.observed.engines {
            match view {
                EngineView::Known(cluster) => {
                    cluster.jobs.iter().for_each(|job| writers.job(world, &owners, engine, job));
                }
                EngineView::Unknown { .. } => {}
            }
        }
        writers
    }

    fn job(&mut self, world: &World<'_>, owners: &Owners<'_>, engine: &'a EngineName, job: &'a Job) {
        if !job.state.is_live() {
            return;
        }
        let Some((owner, key)) = owners.whose(job) else {
            let project = &world.desired.project;
            let Some(key) = JobKey::parse(&job.name).filter(|key| key.project == *project) else { return };
            // Of the first engine, the job of the least id.
            let told = self.namesakes.entry(key.stream).or_insert((engine, job));
            if told.0 == engine && job.id < told.1.id {
                *told = (engine, job);
            }
            return;
        };
        if key.purpose == Purpose::Run {
            self.seen.entry(engine).or_default().insert(owner.clone());
        }
        self.carriers.entry(key.stream).or_default().insert(owner, ());
    }

    /// By name.
    pub fn desired(&self, topic: &TopicName) -> impl Iterator<Item = &'a Name> {
        self.desired.get(topic).into_iter().flatten().copied()
    }

    /// Rows whose newest job writes or wrote the topic, by name.
    pub fn recorded(&self, topic: &TopicName) -> impl Iterator<Item = (&'a Name, &'a Recorded)> {
        self.recorded.get(topic).into_iter().flatten().copied()
    }

    pub fn elsewhere(&self, topic: &TopicName) -> Option<&'a Elsewhere> {
        self.elsewhere.get(topic)?.first().copied()
    }

    /// Whether the engine shows a live job of the stream.
    pub fn is_seen(&self, engine: &EngineName, stream: &Name) -> bool {
        self.seen.get(engine).is_some_and(|seen| seen.contains(stream))
    }

    /// The streams whose live jobs carry this name.
    pub fn carriers(&self, name: &Name) -> impl Iterator<Item = &Name> {
        self.carriers.get(name).into_iter().flat_map(Few::keys)
    }

    pub fn namesake(&self, stream: &Name) -> Option<(&'a EngineName, &'a Job)> {
        self.namesakes.get(stream).copied()
    }
}

/// The topics that a row's newest job writes or wrote. Before the first one its definition rules, if there is one.
fn outputs<'a>(world: &World<'_>, name: &Name, row: &'a Recorded) -> BTreeSet<&'a TopicName> {
    match &row.deployment {
        Some(newest) if newest.status == DeploymentStatus::Dropped => BTreeSet::new(),
        Some(newest) => newest.stream.writes(),
        None if world.desired.streams.contains_key(name) => BTreeSet::new(),
        None => row.stream.writes(),
    }
}
