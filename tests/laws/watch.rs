//! What must hold at every moment, seen from behind the doors: each wrapper stands directly before the fake cluster,
//! the broker or the ledger, so that whatever weir does passes here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use weir::engine::fake::Fake;
use weir::model::definition::OnRemove;
use weir::model::job::{Job, JobId};
use weir::model::ledger::{Ledger, RowState};
use weir::model::name::{Name, TopicName};
use weir::model::offsets::HelperAct;
use weir::model::step::{Act, EngineAct, LedgerAct, Receipt, Restore, Step, TopicAct};
use weir::store::{Fate, Intent, Settled};

use crate::topics::{Topics, topic};

pub struct Watch {
    fake: Arc<Fake>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    broken: Vec<String>,
    /// Whether the cluster answered when it was last asked for its jobs.
    engine_told: Option<bool>,
    broker_told: Option<bool>,
    /// Streams that ran, by the ledger's word, and whose topic was not dropped since, with what the newest job began with.
    ran: BTreeMap<Name, Restore>,
    /// Submissions that brought no job yet: one that arrives late is not a second job that weir started.
    unanswered: BTreeSet<JobId>,
    /// The ledger as weir read it last.
    ledger: Option<Ledger>,
    foreign_jobs: BTreeSet<JobId>,
    foreign_topics: BTreeSet<TopicName>,
    /// Acts that were asked of the engine, in order.
    acts: Vec<String>,
}

impl Watch {
    pub fn new(fake: Arc<Fake>, topics: &Topics) -> Watch {
        let foreign_topics = topics.now().into_keys().collect();
        Watch { fake, seen: Mutex::new(Seen { foreign_topics, ..Seen::default() }) }
    }

    /// The first law that did not hold, if one did not.
    pub fn verdict(&self) -> Result<(), String> {
        match self.seen().broken.first() {
            Some(broken) => Err(broken.clone()),
            None => Ok(()),
        }
    }

    pub fn acts(&self) -> Vec<String> {
        self.seen().acts.clone()
    }

    pub fn add_foreign(&self, job: Job) {
        self.seen().foreign_jobs.insert(job.id.clone());
        self.fake.add_foreign(job);
    }

    pub fn foreign_jobs(&self) -> BTreeSet<JobId> {
        self.seen().foreign_jobs.clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().expect("no panic under the lock")
    }

    /// Law 3, at this moment.
    pub fn moment(&self) {
        let mut seen = self.seen();
        let mut live: BTreeMap<Name, Vec<JobId>> = BTreeMap::new();
        for job in self.fake.now().into_iter().filter(|job| job.state.is_live()) {
            let Some(deploy) = self.fake.deployed(&job.id) else { continue };
            if !seen.unanswered.contains(&job.id) {
                live.entry(deploy.stream.name).or_default().push(job.id);
            }
        }
        for (stream, jobs) in live.into_iter().filter(|(_, jobs)| jobs.len() > 1) {
            seen.broken.push(format!("law 3: two live jobs of `{stream}`: {jobs:?}"));
        }
    }

    pub fn engine_told(&self, told: bool) {
        self.seen().engine_told = Some(told);
    }

    pub fn broker_told(&self, told: bool) {
        self.seen().broker_told = Some(told);
    }

    pub fn ledger_read(&self, ledger: &Ledger) {
        self.seen().ledger = Some(ledger.clone());
    }

    /// Laws 3, 4 and 5, before an engine is asked to do something.
    pub fn engine_asked(&self, act: &EngineAct) {
        let mut seen = self.seen();
        let (what, job) = match act {
            EngineAct::Deploy(deploy) => {
                if matches!(deploy.restore, Restore::Start(_)) && seen.ran.contains_key(&deploy.stream.name) {
                    let name = &deploy.stream.name;
                    seen.broken.push(format!("law 3: `{name}` ran and is deployed from its start again"));
                }
                if seen.broker_told == Some(false) {
                    seen.broken.push(format!("law 4: `{}` is deployed while Kafka is unknown", deploy.stream.name));
                }
                ("deploy", &deploy.job_id)
            }
            EngineAct::Verify { .. } => return,
            EngineAct::Stop { job_id, .. } => ("stop", job_id),
            EngineAct::Cancel { job_id } | EngineAct::GiveUp { job_id } => ("cancel", job_id),
            EngineAct::Helper(HelperAct::Deploy(helper)) => ("deploy", &helper.job_id),
            EngineAct::Helper(HelperAct::Cancel { job_id }) => ("cancel", job_id),
        };
        seen.acts.push(format!("{what} {job}"));
        if seen.engine_told == Some(false) {
            seen.broken.push(format!("law 4: {what} of {job} while the engine is unknown"));
        }
        if seen.foreign_jobs.contains(job) {
            seen.broken.push(format!("law 5: {what} of the foreign job {job}"));
        }
    }

    pub fn engine_answered(&self, act: &EngineAct, well: bool) {
        if let (EngineAct::Deploy(deploy), false) = (act, well) {
            let there = self.fake.now().iter().any(|job| job.id == deploy.job_id);
            if !there {
                self.seen().unanswered.insert(deploy.job_id.clone());
            }
        }
        self.moment();
    }

    /// A deploy that goes well is a job of weir's own, whatever came before.
    pub fn engine_did(&self, act: &EngineAct) {
        if let EngineAct::Deploy(deploy) = act {
            self.seen().unanswered.remove(&deploy.job_id);
        }
    }

    pub fn topic_asked(&self, act: &TopicAct) {
        let mut seen = self.seen();
        let (what, topic) = match act {
            TopicAct::Create { .. } | TopicAct::Offsets(_) => return,
            TopicAct::Alter { topic, .. } => ("alter", topic),
            TopicAct::Grow { topic, .. } => ("grow", topic),
            TopicAct::Delete { topic } => ("delete", topic),
        };
        if seen.foreign_topics.contains(topic) {
            seen.broken.push(format!("law 5: {what} of the foreign topic {topic}"));
        }
        if what == "delete" && (seen.engine_told == Some(false) || seen.broker_told == Some(false)) {
            seen.broken.push(format!("law 4: {what} of {topic} while engine or Kafka is unknown"));
        }
        if what == "delete" {
            let writers = self.fake.now().into_iter().filter(|job| job.state.is_live());
            let mut writers = writers.filter_map(|job| self.fake.deployed(&job.id));
            if let Some(writer) = writers.find(|deploy| deploy.stream.output.topic == *topic) {
                let name = &writer.stream.name;
                seen.broken.push(format!("law 7: {topic} is deleted while a job of `{name}` writes it"));
            }
        }
    }

    /// Law 4: a row is not closed on the word of a cluster that does not answer.
    pub fn intent(&self, intent: &Intent) {
        let mut seen = self.seen();
        let Act::Ledger(LedgerAct::Close { .. }) = &intent.step.act else { return };
        let row = seen.ledger.as_ref().and_then(|ledger| ledger.streams.get(&intent.stream));
        let Some(row) = row else { return };
        let runs = row.deployment.as_ref().is_some_and(|newest| self.lives(&newest.job_id));
        let kept = row.policy.on_remove == OnRemove::Keep;
        if seen.engine_told == Some(false) && runs && !kept {
            let text = format!("law 4: `{}` is closed while the engine is unknown", intent.stream);
            seen.broken.push(text);
        }
    }

    fn lives(&self, job: &JobId) -> bool {
        self.fake.now().iter().any(|found| found.id == *job && found.state.is_live())
    }

    pub fn settled(&self, settled: &Settled) {
        let mut seen = self.seen();
        match (&settled.step.act, &settled.fate) {
            (Act::Engine(_, EngineAct::Deploy(deploy)), Fate::Done(_)) => {
                seen.ran.insert(settled.stream.clone(), deploy.restore.clone());
            }
            // It left nothing, and had taken up nothing.
            (Act::Engine(_, EngineAct::GiveUp { .. }), Fate::Done(Receipt::GivenUp { checkpoint: None }))
                if matches!(seen.ran.get(&settled.stream), Some(Restore::Start(_))) =>
            {
                seen.ran.remove(&settled.stream);
            }
            (Act::Topic(TopicAct::Delete { .. }), Fate::Done(Receipt::TopicDeleted)) => {
                seen.ran.remove(&settled.stream);
            }
            (Act::Engine(..) | Act::Topic(_) | Act::Ledger(_), _) => {}
        }
    }

    /// Law 8: what is open after a pass that met no fault.
    pub fn open(ledger: &Ledger) -> Result<(), String> {
        match ledger.open.first() {
            None => Ok(()),
            Some(open) => Err(format!("law 8: {} of `{}` is open", kind(&open.step), open.stream)),
        }
    }

    /// The cluster forgot them.
    pub fn forget_foreign(&self) {
        self.seen().foreign_jobs.clear();
    }

    pub fn foreign_topic(&self, name: &str) {
        self.seen().foreign_topics.insert(topic(name));
    }
}

pub fn kind(step: &Step) -> &'static str {
    step.act.kind().word()
}

pub fn is_gone(state: RowState) -> bool {
    match state {
        RowState::Removed => true,
        RowState::Live | RowState::Kept => false,
    }
}
