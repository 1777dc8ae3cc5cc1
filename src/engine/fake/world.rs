//! The cluster's state and what each act does to it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::engine::EngineError;
use crate::engine::fake::{Calls, Fault, Line};
use crate::model::job::{Job, JobId, JobState};
use crate::model::observed::Cluster;
use crate::model::offsets::{HelperAct, Taken};
use crate::model::step::{Deploy, EngineAct, Lookup, Receipt, Restore, StepId};

const SLOTS: u32 = 8;

pub(super) struct World {
    pub line: Line,
    pub version: String,
    pub workers: u32,
    pub calls: Calls,
    pub faults: VecDeque<Fault>,
    /// By a part of the query.
    pub doomed: BTreeMap<String, Doom>,
    /// By path.
    pub savepoints: BTreeMap<String, JobId>,
    jobs: BTreeMap<JobId, Entry>,
    burnt: BTreeSet<JobId>,
    /// What each stop gave, by its step.
    triggers: BTreeMap<(StepId, JobId), String>,
    on_the_way: Vec<Late>,
    last_look: Vec<Job>,
}

/// How a job fails.
pub(super) struct Doom {
    pub reason: String,
    /// Whether it completes a checkpoint before.
    pub ran: bool,
}

struct Entry {
    job: Job,
    deploy: Option<Deploy>,
    why_failed: Option<String>,
    /// Whether it ever came to run, and so took a checkpoint.
    ran: bool,
}

/// A request that arrives after some further calls.
struct Late {
    calls: u32,
    id: StepId,
    act: EngineAct,
}

impl World {
    pub fn new() -> World {
        World {
            line: Line::Open,
            version: "fake-1".to_owned(),
            workers: 1,
            calls: Calls::default(),
            faults: VecDeque::new(),
            doomed: BTreeMap::new(),
            savepoints: BTreeMap::new(),
            jobs: BTreeMap::new(),
            burnt: BTreeSet::new(),
            triggers: BTreeMap::new(),
            on_the_way: Vec::new(),
            last_look: Vec::new(),
        }
    }

    /// One call more: late requests come nearer, and those that are there are done.
    pub fn tick(&mut self) {
        let (arrived, waiting) = std::mem::take(&mut self.on_the_way).into_iter().partition(|late| late.calls == 0);
        self.on_the_way = waiting;
        for late in &mut self.on_the_way {
            late.calls -= 1;
        }
        let arrived: Vec<Late> = arrived;
        for late in arrived {
            // Nobody waits for the answer any more.
            let _ = self.act(&late.id, &late.act);
        }
    }

    pub fn list(&self) -> Vec<Job> {
        self.jobs.values().map(|entry| entry.job.clone()).collect()
    }

    pub fn look(&mut self) -> Cluster {
        let now = self.list();
        let shown = match self.faults.front() {
            Some(Fault::StaleView) => {
                self.faults.pop_front();
                self.last_look.clone()
            }
            Some(Fault::Pass | Fault::FailBefore | Fault::DoneButReplyLost | Fault::Doubled | Fault::Late(_))
            | None => now.clone(),
        };
        self.last_look = now;
        let live = self.jobs.values().filter(|entry| entry.job.state.is_live()).count() as u32;
        Cluster {
            version: self.version.clone(),
            ready: self.workers > 0,
            slots_free: (self.workers * SLOTS).saturating_sub(live),
            jobs: shown,
        }
    }

    /// A step under the script.
    pub fn execute(&mut self, id: &StepId, act: &EngineAct) -> Result<Receipt, EngineError> {
        let fault = match self.faults.front() {
            Some(Fault::StaleView) | None => Fault::Pass,
            Some(_) => self.faults.pop_front().unwrap_or(Fault::Pass),
        };
        match fault {
            Fault::Pass | Fault::StaleView => self.act(id, act),
            Fault::FailBefore => Err(EngineError::Unreachable("the request never left".to_owned())),
            Fault::DoneButReplyLost => {
                let _ = self.act(id, act);
                Err(EngineError::Uncertain("the reply was lost".to_owned()))
            }
            Fault::Doubled => {
                let _ = self.act(id, act);
                self.act(id, act)
            }
            Fault::Late(calls) => {
                self.on_the_way.push(Late { calls, id: id.clone(), act: act.clone() });
                Err(EngineError::Uncertain("no reply in time".to_owned()))
            }
        }
    }

    fn act(&mut self, id: &StepId, act: &EngineAct) -> Result<Receipt, EngineError> {
        match act {
            EngineAct::Deploy(deploy) => self.deploy(deploy),
            EngineAct::Verify { job_id } => self.verify(job_id),
            EngineAct::Stop { job_id, folder } => self.stop(id, job_id, folder),
            EngineAct::Cancel { job_id } => {
                if self.state(job_id).is_some_and(JobState::is_live) {
                    self.set_state(job_id, JobState::Cancelled);
                }
                Ok(Receipt::Cancelled)
            }
            EngineAct::GiveUp { job_id } => {
                let checkpoint = self.checkpoint(job_id).map_err(EngineError::Refused)?;
                if self.state(job_id).is_some_and(JobState::is_live) {
                    self.set_state(job_id, JobState::Cancelled);
                }
                Ok(Receipt::GivenUp { checkpoint })
            }
            EngineAct::Helper(act) => self.helper(act),
        }
    }

    /// A helper runs until it is cancelled; what it would read is the broker's to say.
    fn helper(&mut self, act: &HelperAct) -> Result<Receipt, EngineError> {
        match act {
            HelperAct::Deploy(helper) => {
                let Taken::Savepoint { path } = &helper.state else {
                    return Err(EngineError::Refused("the savepoint to be read is not known".to_owned()));
                };
                if !self.burnt.insert(helper.job_id.clone()) {
                    return Err(EngineError::Uncertain("Job has already been submitted.".to_owned()));
                }
                let missing = self.left_at(path).is_none();
                let why_failed = missing.then(|| format!("FileNotFoundException: {path}"));
                let state = if missing { JobState::Failed } else { JobState::Running };
                let job = Job { id: helper.job_id.clone(), name: helper.job_name.clone(), state };
                self.jobs
                    .insert(job.id.clone(), Entry { job, deploy: None, why_failed: why_failed.clone(), ran: false });
                why_failed.map_or(Ok(Receipt::HelperDeployed), |why| Err(EngineError::Uncertain(why)))
            }
            HelperAct::Cancel { job_id } => {
                if self.state(job_id).is_some_and(JobState::is_live) {
                    self.set_state(job_id, JobState::Cancelled);
                }
                Ok(Receipt::HelperGone)
            }
        }
    }

    fn found_helper(&self, act: &HelperAct) -> Lookup {
        match act {
            HelperAct::Deploy(helper) => match self.state(&helper.job_id) {
                None => Lookup::NotDone,
                Some(state) if state.is_live() => Lookup::Done(Receipt::HelperDeployed),
                Some(_) => Lookup::Failed { reason: self.why_failed(&helper.job_id) },
            },
            HelperAct::Cancel { job_id } => match self.state(job_id).is_some_and(JobState::is_live) {
                true => Lookup::NotDone,
                false => Lookup::Done(Receipt::HelperGone),
            },
        }
    }

    /// An id is burnt with the first submission under it, also one that fails for a savepoint that is not there.
    fn deploy(&mut self, deploy: &Deploy) -> Result<Receipt, EngineError> {
        let missing = match &deploy.restore {
            Restore::Start(_) | Restore::Offsets(_) => None,
            Restore::Savepoint { path } | Restore::Direct { path } if self.left_at(path).is_some() => None,
            Restore::Savepoint { path } | Restore::Direct { path } => Some(format!("FileNotFoundException: {path}")),
            Restore::StopOf { step } | Restore::DirectOf { step } | Restore::OffsetsOf { step, .. } => {
                return Err(EngineError::Refused(format!("no receipt of {step} is known")));
            }
        };
        if !self.burnt.insert(deploy.job_id.clone()) {
            return Err(EngineError::Uncertain("Job has already been submitted.".to_owned()));
        }
        let mut dooms = self.doomed.iter().filter(|(part, _)| deploy.stream.sql.contains(part.as_str()));
        let doom = dooms.next().map(|(_, doom)| doom);
        let stillborn = missing.clone().or_else(|| self.finds_no_state(deploy));
        let ran = stillborn.is_none() && doom.is_none_or(|doom| doom.ran);
        let why_failed = stillborn.or_else(|| doom.map(|doom| doom.reason.clone()));
        let state = if why_failed.is_none() { JobState::Running } else { JobState::Failed };
        let job = Job { id: deploy.job_id.clone(), name: deploy.job_name.clone(), state };
        self.jobs.insert(job.id.clone(), Entry { job, deploy: Some(deploy.clone()), why_failed, ran });
        match missing {
            Some(why) => Err(EngineError::Uncertain(why)),
            None => Ok(Receipt::Deployed),
        }
    }

    /// State is found by place and shape of the sources, whatever they are called.
    fn finds_no_state(&self, deploy: &Deploy) -> Option<String> {
        let (path, why) = match &deploy.restore {
            Restore::Savepoint { path } => (path, "Cannot map savepoint state"),
            Restore::Direct { path } => (path, "NoOffsetForPartitionException"),
            Restore::Start(_)
            | Restore::Offsets(_)
            | Restore::StopOf { .. }
            | Restore::DirectOf { .. }
            | Restore::OffsetsOf { .. } => return None,
        };
        let old = self.left_at(path).and_then(|job| self.deployed(job))?;
        let shape = |deploy: &Deploy| deploy.sources.iter().map(|source| source.outputs).collect::<Vec<_>>();
        (shape(&old) != shape(deploy)).then(|| why.to_owned())
    }

    /// The newest one of a job that does not run. `Err`: why it is not given up.
    fn checkpoint(&self, id: &JobId) -> Result<Option<String>, String> {
        match self.jobs.get(id) {
            None => Err(format!("job {id} is not known any more")),
            Some(entry) if entry.job.state == JobState::Running => Err(format!("job {id} runs after all")),
            Some(entry) if entry.job.state == JobState::Finished => Err(format!("job {id} finished")),
            Some(entry) => Ok(entry.ran.then(|| checkpoint_of(id))),
        }
    }

    /// The job whose state lies there.
    fn left_at(&self, path: &str) -> Option<&JobId> {
        let ran = || self.jobs.iter().find(|(id, entry)| entry.ran && checkpoint_of(id) == path).map(|(id, _)| id);
        self.savepoints.get(path).or_else(ran)
    }

    fn verify(&self, id: &JobId) -> Result<Receipt, EngineError> {
        match self.state(id) {
            Some(JobState::Running) => Ok(Receipt::Running),
            Some(_) => Err(EngineError::Refused(self.why_failed(id))),
            None => Err(EngineError::Refused(format!("no job {id}"))),
        }
    }

    fn stop(&mut self, id: &StepId, job: &JobId, folder: &str) -> Result<Receipt, EngineError> {
        if let Some(savepoint) = self.triggers.get(&(id.clone(), job.clone())) {
            return Ok(Receipt::Stopped { savepoint: savepoint.clone() });
        }
        match self.state(job) {
            Some(JobState::Running) => {
                let savepoint = format!("fake:/{folder}/savepoint-{}", self.savepoints.len() + 1);
                self.savepoints.insert(savepoint.clone(), job.clone());
                self.triggers.insert((id.clone(), job.clone()), savepoint.clone());
                self.set_state(job, JobState::Finished);
                Ok(Receipt::Stopped { savepoint })
            }
            Some(state) if state.is_live() => {
                Err(EngineError::Refused("no savepoint, the job goes on: a task is not being executed".to_owned()))
            }
            Some(_) | None => Err(EngineError::Uncertain("no such job runs".to_owned())),
        }
    }

    pub fn lookup(&self, id: &StepId, act: &EngineAct) -> Lookup {
        match act {
            EngineAct::Deploy(deploy) => match self.state(&deploy.job_id) {
                None => Lookup::NotDone,
                Some(JobState::Failed) => Lookup::Failed { reason: self.why_failed(&deploy.job_id) },
                Some(JobState::Cancelled) => Lookup::Failed { reason: "the job was cancelled".to_owned() },
                Some(_) => Lookup::Done(Receipt::Deployed),
            },
            EngineAct::Verify { job_id } => match self.state(job_id) {
                Some(JobState::Running) => Lookup::Done(Receipt::Running),
                Some(_) | None => Lookup::NotDone,
            },
            EngineAct::Stop { job_id, folder } => match self.taken(id, job_id, folder) {
                Some(savepoint) => Lookup::Done(Receipt::Stopped { savepoint }),
                None => Lookup::NotDone,
            },
            EngineAct::Cancel { job_id } => match self.state(job_id).is_some_and(JobState::is_live) {
                true => Lookup::NotDone,
                false => Lookup::Done(Receipt::Cancelled),
            },
            EngineAct::GiveUp { job_id } => match (self.state(job_id), self.checkpoint(job_id)) {
                (Some(state), _) if state.is_live() => Lookup::NotDone,
                (_, Ok(checkpoint)) => Lookup::Done(Receipt::GivenUp { checkpoint }),
                (_, Err(reason)) => Lookup::Failed { reason },
            },
            EngineAct::Helper(act) => self.found_helper(act),
        }
    }

    /// The savepoint of this stop, or the one that an earlier stop of the job put into its folder.
    fn taken(&self, id: &StepId, job: &JobId, folder: &str) -> Option<String> {
        let finished = self.state(job) == Some(JobState::Finished);
        let earlier = || {
            let mut all =
                self.savepoints.iter().filter(|(path, of)| *of == job && path.contains(&format!("/{folder}/")));
            all.next().filter(|_| finished).map(|(path, _)| path.clone())
        };
        self.triggers.get(&(id.clone(), job.clone())).cloned().or_else(earlier)
    }

    fn state(&self, id: &JobId) -> Option<JobState> {
        self.jobs.get(id).map(|entry| entry.job.state)
    }

    fn why_failed(&self, id: &JobId) -> String {
        let entry = self.jobs.get(id);
        let why = entry.and_then(|entry| entry.why_failed.clone());
        why.unwrap_or_else(|| format!("the job is {:?}", self.state(id)))
    }

    pub fn deployed(&self, id: &JobId) -> Option<Deploy> {
        self.jobs.get(id).and_then(|entry| entry.deploy.clone())
    }

    pub fn set_state(&mut self, id: &JobId, state: JobState) {
        if let Some(entry) = self.jobs.get_mut(id) {
            entry.job.state = state;
        }
    }

    pub fn add_foreign(&mut self, job: Job) {
        self.burnt.insert(job.id.clone());
        self.jobs.insert(job.id.clone(), Entry { job, deploy: None, why_failed: None, ran: true });
    }

    pub fn forget_everything(&mut self) {
        self.jobs.clear();
        self.burnt.clear();
        self.triggers.clear();
        self.workers = 0;
    }
}

fn checkpoint_of(id: &JobId) -> String {
    format!("fake:/checkpoints/{id}/chk-1")
}
