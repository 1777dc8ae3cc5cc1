//! Full outer join of definitions, rows and jobs by the stream's name.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use uuid::Uuid;

use crate::model::desired::DesiredStream;
use crate::model::job::Generation;
use crate::model::job::Job;
use crate::model::job::JobKey;
use crate::model::job::Purpose;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::OpenIntent;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::name::ProjectName;
use crate::model::observed::EngineView;
use crate::model::plan::Unmanaged;

use super::world::World;

/// Everything that is known under one name.
#[derive(Clone)]
pub struct Subject<'a> {
    pub name: Name,
    pub want: Option<&'a DesiredStream>,
    pub row: Option<&'a Recorded>,
    /// By generation, then engine: two names of one cluster show the same job twice.
    pub jobs: Vec<OwnedJob<'a>>,
    /// Jobs beside the stream's own.
    pub helpers: Vec<OwnedHelper<'a>>,
    /// The oldest intent without a receipt.
    pub open: Option<&'a OpenIntent>,
    /// Where the stream runs, or would.
    engine: &'a EngineName,
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
            .find(|owned| owned.generation == deployment.generation && *owned.engine == deployment.stream.engine)
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
        | DeploymentStatus::Failed
        | DeploymentStatus::Abandoned
        | DeploymentStatus::Dropped => false,
    }
}

/// The key that a job's name gives, if the job's id proves it to be this project's.
pub fn owned(project: &ProjectName, ledger: Uuid, job: &Job) -> Option<JobKey> {
    JobKey::parse(&job.name).filter(|key| key.project == *project && key.id(ledger) == job.id)
}

/// In the order of their names. A live job of ours that neither a definition nor a row names is a subject too.
pub fn subjects<'a>(world: &World<'a>) -> Vec<Subject<'a>> {
    let (mut jobs, mut helpers) = jobs_by_stream(world);
    let strangers = jobs.iter().filter(|(_, found)| found.iter().any(|owned| owned.job.state.is_live()));
    let mut names: BTreeSet<Name> = strangers.map(|(name, _)| name.clone()).collect();
    names.extend(world.desired.streams.keys().chain(world.ledger.streams.keys()).cloned());
    let mut found = Vec::new();
    for name in names {
        let want = world.desired.streams.get(&name);
        let row = world.ledger.streams.get(&name);
        let jobs = jobs.remove(&name).unwrap_or_default();
        let helpers = helpers.remove(&name).unwrap_or_default();
        let Some(engine) = engine_of(want, row).or(jobs.first().map(|first| first.engine)) else { continue };
        let open = world.ledger.open.iter().find(|open| open.stream == name);
        found.push(Subject { name, want, row, jobs, helpers, open, engine });
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

fn jobs_by_stream<'a>(world: &World<'a>) -> (ByStream<OwnedJob<'a>>, ByStream<OwnedHelper<'a>>) {
    let mut found: ByStream<OwnedJob<'a>> = BTreeMap::new();
    let mut helpers: ByStream<OwnedHelper<'a>> = BTreeMap::new();
    for (engine, view) in &world.observed.engines {
        for job in listed(view) {
            let Some(key) = owned(&world.desired.project, world.ledger.id, job) else { continue };
            let (generation, attempt) = (key.generation, key.attempt);
            match key.purpose {
                Purpose::Run => found.entry(key.stream).or_default().push(OwnedJob { generation, engine, job }),
                Purpose::Offsets => {
                    helpers.entry(key.stream).or_default().push(OwnedHelper { generation, attempt, engine, job });
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
    for (engine, view) in &world.observed.engines {
        for job in listed(view).iter().filter(|job| job.state.is_live()) {
            let key = owned(&world.desired.project, world.ledger.id, job);
            let kept =
                |key: &JobKey| world.ledger.streams.get(&key.stream).is_some_and(|row| row.state == RowState::Kept);
            let ours = key.is_some_and(|key| !kept(&key));
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
