//! Full outer join of definitions, rows and jobs by the stream's name.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::model::desired::DesiredStream;
use crate::model::job::Generation;
use crate::model::job::Job;
use crate::model::job::Purpose;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::OpenIntent;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::observed::EngineView;
use crate::model::plan::Unmanaged;
use crate::model::renames;
use crate::model::renames::Renames;

use super::world::World;

/// Everything that is known under one name.
#[derive(Clone)]
pub struct Subject<'a> {
    pub name: Name,
    pub want: Option<&'a DesiredStream>,
    /// What is recorded of it, under this name or the one that it had.
    pub row: Option<&'a Recorded>,
    /// Its row is to change its name.
    pub moved: Option<Moved<'a>>,
    /// The old name whose row it cannot take.
    pub clash: Option<&'a Name>,
    /// By generation, then engine: two names of one cluster show the same job twice.
    pub jobs: Vec<OwnedJob<'a>>,
    /// Jobs beside the stream's own.
    pub helpers: Vec<OwnedHelper<'a>>,
    /// The oldest intent without a receipt.
    pub open: Option<&'a OpenIntent>,
    /// Where the stream runs, or would.
    engine: &'a EngineName,
}

/// A row that stands under an old name.
#[derive(Clone, Copy)]
pub struct Moved<'a> {
    pub from: &'a Name,
    /// The newest generation given away under the new name, if any was.
    there: Option<Generation>,
}

/// A job whose id is the hash of what its name says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnedJob<'a> {
    pub generation: Generation,
    pub engine: &'a EngineName,
    pub job: &'a Job,
}

/// A helper whose id is the hash of what its name says.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnedHelper<'a> {
    pub generation: Generation,
    pub attempt: u32,
    pub engine: &'a EngineName,
    pub job: &'a Job,
}

impl<'a> Subject<'a> {
    pub fn engine(&self) -> &'a EngineName {
        self.engine
    }

    pub fn deployment(&self) -> Option<&'a Deployment> {
        self.row.and_then(|row| row.deployment.as_ref())
    }

    /// The deployment whose job runs as far as the ledger knows.
    pub fn live_deployment(&self) -> Option<&'a Deployment> {
        self.deployment().filter(|deployment| is_live(deployment.status))
    }

    /// The engine's word on the job of a deployment, while it remembers one.
    pub fn job_of(&self, deployment: &Deployment) -> Option<OwnedJob<'a>> {
        self.jobs
            .iter()
            .copied()
            .find(|owned| owned.job.id == deployment.job_id && *owned.engine == deployment.stream.engine)
    }

    /// The newest generation given away, as the row has it when the change begins.
    pub fn generation(&self) -> Generation {
        let there = self.moved.and_then(|moved| moved.there);
        self.row.map_or(0, |row| renames::generation(row.generation, there))
    }

    /// The name under which the ledger knows it now.
    pub fn recorded_as(&self) -> &Name {
        self.moved.map_or(&self.name, |moved| moved.from)
    }

    /// Whether what is known under this name is its own.
    pub fn is_known_as(&self, name: &Name) -> bool {
        *name == self.name || self.moved.is_some_and(|moved| moved.from == name)
    }

    /// Whether it stands among the unchanged when nothing is to be done: a row that is over does not.
    pub fn is_counted(&self) -> bool {
        self.want.is_some() || self.row.is_some_and(|row| row.state == RowState::Live)
    }
}

/// Whether the ledger thinks that the job runs.
pub fn is_live(status: DeploymentStatus) -> bool {
    match status {
        DeploymentStatus::Submitting | DeploymentStatus::Live => true,
        DeploymentStatus::Stopped
        | DeploymentStatus::Cancelled
        | DeploymentStatus::GivenUp
        | DeploymentStatus::Failed
        | DeploymentStatus::Abandoned
        | DeploymentStatus::Dropped => false,
    }
}

/// In the order of their names. A live job of ours that neither a definition nor a row names is a subject too.
pub fn subjects<'a>(world: &World<'a>) -> Vec<Subject<'a>> {
    let renames = Renames::of(world.desired, world.ledger);
    let (mut jobs, mut helpers) = jobs_by_stream(world, &renames);
    let strangers = jobs.iter().filter(|(_, found)| found.iter().any(|owned| owned.job.state.is_live()));
    let mut names: BTreeSet<Name> = strangers.map(|(name, _)| name.clone()).collect();
    names.extend(world.desired.streams.keys().chain(world.ledger.streams.keys()).cloned());
    // Of a row that is to change its name the new one decides.
    names.retain(|name| renames.asked_for_by(name).is_none());
    let mut found = Vec::new();
    for name in names {
        let want = world.desired.streams.get(&name);
        let row = renames.row(world.ledger, &name);
        let old = want.and_then(|want| want.renamed_from.as_ref());
        let there = world.ledger.streams.get(&name).map(|there| there.generation);
        let moved = old.filter(|_| renames.taken_by(&name).is_some()).map(|from| Moved { from, there });
        let clash = old.filter(|_| renames.clash_of(&name).is_some());
        let jobs = jobs.remove(&name).unwrap_or_default();
        let helpers = helpers.remove(&name).unwrap_or_default();
        let Some(engine) = engine_of(want, row).or(jobs.first().map(|first| first.engine)) else { continue };
        let recorded = moved.map_or(&name, |moved| moved.from);
        let open = world.ledger.open.iter().find(|open| open.stream == name || open.stream == *recorded);
        found.push(Subject { name, want, row, moved, clash, jobs, helpers, open, engine });
    }
    found
}

/// Where its newest job ran; where it is to run before the first one, and after all that it wrote was dropped.
fn engine_of<'a>(want: Option<&'a DesiredStream>, row: Option<&'a Recorded>) -> Option<&'a EngineName> {
    let ran = row.and_then(|row| row.deployment.as_ref());
    let ran = ran.filter(|newest| newest.status != DeploymentStatus::Dropped).map(|newest| &newest.stream.engine);
    ran.or(want.map(|want| &want.stream.engine)).or(row.map(|row| &row.stream.engine))
}

type ByStream<T> = BTreeMap<Name, Vec<T>>;

/// By the name that a stream has when the plan is done.
fn jobs_by_stream<'a>(world: &World<'a>, renames: &Renames) -> (ByStream<OwnedJob<'a>>, ByStream<OwnedHelper<'a>>) {
    let mut found: ByStream<OwnedJob<'a>> = BTreeMap::new();
    let mut helpers: ByStream<OwnedHelper<'a>> = BTreeMap::new();
    let owners = world.owners();
    for (engine, view) in &world.observed.engines {
        for job in listed(view) {
            let Some((stream, key)) = owners.whose(job) else { continue };
            let stream = renames.now(&stream).clone();
            let (generation, attempt) = (key.generation, key.attempt);
            match key.purpose {
                Purpose::Run => found.entry(stream).or_default().push(OwnedJob { generation, engine, job }),
                Purpose::Offsets => {
                    helpers.entry(stream).or_default().push(OwnedHelper { generation, attempt, engine, job });
                }
            }
        }
    }
    found.values_mut().for_each(|jobs| jobs.sort());
    helpers.values_mut().for_each(|jobs| jobs.sort());
    (found, helpers)
}

/// Live jobs that are not ours to touch: those of others, and those whose row says `kept`.
pub fn unmanaged(world: &World<'_>) -> Vec<Unmanaged> {
    let mut found = Vec::new();
    let owners = world.owners();
    let kept = |stream: &Name| world.ledger.streams.get(stream).is_some_and(|row| row.state == RowState::Kept);
    for (engine, view) in &world.observed.engines {
        for job in listed(view).iter().filter(|job| job.state.is_live()) {
            let ours = owners.whose(job).is_some_and(|(stream, _)| !kept(&stream));
            if !ours {
                found.push(Unmanaged {
                    engine: engine.clone(),
                    job_id: job.id.clone(),
                    name: job.name.clone(),
                    state: job.state,
                });
            }
        }
    }
    found.sort();
    found
}

fn listed(view: &EngineView) -> &[Job] {
    match view {
        EngineView::Known(cluster) => &cluster.jobs,
        EngineView::Unknown { .. } => &[],
    }
}
