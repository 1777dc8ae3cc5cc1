//! A cluster in memory with Flink's traps: an id is burnt once used, a stop is idempotent on the step's id, a stopped
//! job is FINISHED, and a cluster that is started anew has forgotten everything. A script of faults is consumed call by
//! call. Tests only.

mod check;
mod world;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use crate::engine::fake::world::{Doom, World};
use crate::engine::{Engine, EngineError, Finding};
use crate::model::check::Check;
use crate::model::definition::Stream;
use crate::model::job::{Job, JobId, JobState};
use crate::model::name::EngineName;
use crate::model::observed::EngineView;
use crate::model::step::{Deploy, EngineAct, Lookup, Receipt, StepId};

/// What goes wrong with one call. [`Fault::StaleView`] waits for the next look at the jobs, the others for the next
/// step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing goes wrong: the call passes.
    Pass,
    /// The request never arrives.
    FailBefore,
    /// It is done; the reply is lost.
    DoneButReplyLost,
    /// The request arrives twice; the second one is answered.
    Doubled,
    /// The reply is lost, and the request arrives only after so many further calls of any kind.
    Late(u32),
    /// The jobs are shown as they were at the look before.
    StaleView,
}

/// How often each door was used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Calls {
    pub jobs: u32,
    pub check: u32,
    pub execute: u32,
    pub lookup: u32,
}

type Checker = Box<dyn Fn(&Stream) -> Check + Send + Sync>;

pub struct Fake {
    name: EngineName,
    world: Mutex<World>,
    checker: Checker,
}

impl Fake {
    /// A cluster with one worker and no jobs, whose checks accept a query over columns that its sources have.
    pub fn new(name: EngineName) -> Fake {
        Fake { name, world: Mutex::new(World::new()), checker: Box::new(check::by_columns) }
    }

    /// As [`Fake::new`], with checks answered by `checker`.
    pub fn with_checks(name: EngineName, checker: impl Fn(&Stream) -> Check + Send + Sync + 'static) -> Fake {
        Fake { checker: Box::new(checker), ..Fake::new(name) }
    }

    /// Adds to the script of faults.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.world().faults.extend(faults);
    }

    /// Faults that no call has met are not met any more.
    pub fn forget_script(&self) {
        self.world().faults.clear();
    }

    /// Faults that no call has met yet.
    pub fn unmet_faults(&self) -> usize {
        self.world().faults.len()
    }

    pub fn calls(&self) -> Calls {
        self.world().calls
    }

    /// Every job as it is now, whatever the script says; asking is no call.
    pub fn now(&self) -> Vec<Job> {
        self.world().list()
    }

    /// What a job was deployed with.
    pub fn deployed(&self, id: &JobId) -> Option<Deploy> {
        self.world().deployed(id)
    }

    /// Savepoints by path, each with the job that it was taken of. They outlive the cluster.
    pub fn savepoints(&self) -> BTreeMap<String, JobId> {
        self.world().savepoints.clone()
    }

    /// Jobs fail as soon as they run in whose query this stands.
    pub fn doom(&self, part: &str, reason: &str) {
        self.world().doomed.insert(part.to_owned(), Doom { reason: reason.to_owned(), ran: false });
    }

    /// Such jobs complete a checkpoint before they fail.
    pub fn doom_late(&self, part: &str, reason: &str) {
        self.world().doomed.insert(part.to_owned(), Doom { reason: reason.to_owned(), ran: true });
    }

    /// No job fails any more that is still to come.
    pub fn pardon(&self) {
        self.world().doomed.clear();
    }

    /// Something else than weir changes a job.
    pub fn set_state(&self, id: &JobId, state: JobState) {
        self.world().set_state(id, state);
    }

    /// A job of somebody else.
    pub fn add_foreign(&self, job: Job) {
        self.world().add_foreign(job);
    }

    /// The JobManager is started anew: jobs, burnt ids and triggers are forgotten; savepoints stay. The cluster is not
    /// ready until [`Fake::join_worker`].
    pub fn forget_everything(&self) {
        self.world().forget_everything();
    }

    pub fn join_worker(&self) {
        self.world().workers = 1;
    }

    pub fn lose_workers(&self) {
        self.world().workers = 0;
    }

    /// Nothing answers until [`Fake::come_back`].
    pub fn hang_up(&self) {
        self.world().line = Line::Dead;
    }

    pub fn come_back(&self) {
        self.world().line = Line::Open;
    }

    pub fn set_version(&self, version: &str) {
        self.world().version = version.to_owned();
    }

    fn world(&self) -> MutexGuard<'_, World> {
        // A test that panicked while it held the lock has told its own story.
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Line {
    Open,
    Dead,
}

const DEAD: &str = "the fake cluster does not answer";

#[async_trait]
impl Engine for Fake {
    fn name(&self) -> &EngineName {
        &self.name
    }

    async fn jobs(&self) -> EngineView {
        let mut world = self.world();
        world.calls.jobs += 1;
        world.tick();
        match world.line {
            Line::Dead => EngineView::Unknown { reason: DEAD.to_owned() },
            Line::Open => EngineView::Known(world.look()),
        }
    }

    async fn check(&self, stream: &Stream) -> Result<Check, EngineError> {
        let mut world = self.world();
        world.calls.check += 1;
        world.tick();
        match world.line {
            Line::Dead => Err(EngineError::Unreachable(DEAD.to_owned())),
            Line::Open => Ok((self.checker)(stream)),
        }
    }

    async fn execute(&self, id: &StepId, act: &EngineAct) -> Result<Receipt, EngineError> {
        let mut world = self.world();
        world.calls.execute += 1;
        world.tick();
        match world.line {
            Line::Dead => Err(EngineError::Unreachable(DEAD.to_owned())),
            Line::Open => world.execute(id, act),
        }
    }

    async fn lookup(&self, id: &StepId, act: &EngineAct) -> Lookup {
        let mut world = self.world();
        world.calls.lookup += 1;
        world.tick();
        match world.line {
            Line::Dead => Lookup::Unknown { reason: DEAD.to_owned() },
            Line::Open => world.lookup(id, act),
        }
    }

    async fn examine(&self) -> Vec<Finding> {
        let world = self.world();
        let outcome = match world.line {
            Line::Dead => Err(DEAD.to_owned()),
            Line::Open => Ok(format!("version {}, {} workers", world.version, world.workers)),
        };
        vec![Finding { subject: "fake cluster".to_owned(), outcome }]
    }
}

#[cfg(test)]
mod tests;
