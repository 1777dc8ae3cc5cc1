//! What the later steps of a change take from the receipts of earlier ones.

use std::collections::BTreeMap;

use crate::model::name::TopicName;
use crate::model::offsets::HelperAct;
use crate::model::offsets::Offsets;
use crate::model::offsets::Taken;
use crate::model::step::Act;
use crate::model::step::EngineAct;
use crate::model::step::Receipt;
use crate::model::step::Restore;
use crate::model::step::Step;
use crate::model::step::StepId;

#[derive(Default)]
pub struct Earlier {
    savepoints: BTreeMap<StepId, String>,
    offsets: BTreeMap<StepId, Offsets>,
    log_starts: BTreeMap<TopicName, Vec<i64>>,
    /// The helpers that were started.
    helpers: Vec<Step>,
}

impl Earlier {
    pub fn add(&mut self, step: &Step, receipt: Receipt) {
        match receipt {
            Receipt::Stopped { savepoint } => _ = self.savepoints.insert(step.id.clone(), savepoint),
            Receipt::Offsets(offsets) => _ = self.offsets.insert(step.id.clone(), offsets),
            Receipt::ControlOpen { log_starts } => self.log_starts = log_starts,
            Receipt::HelperDeployed => self.helpers.push(step.clone()),
            Receipt::Recorded
            | Receipt::TopicCreated
            | Receipt::TopicFound
            | Receipt::TopicAltered
            | Receipt::TopicGrown
            | Receipt::TopicDeleted
            | Receipt::Deployed
            | Receipt::Running
            | Receipt::Cancelled
            | Receipt::GivenUp { .. }
            | Receipt::GroupsForgotten
            | Receipt::HelperGone
            | Receipt::ControlClosed => {}
        }
    }

    pub fn helpers(&self) -> &[Step] {
        &self.helpers
    }

    /// The step with what it waits for put in its place. `Err`: an earlier step did not give it.
    pub fn complete(&self, step: &Step) -> Result<Step, String> {
        let mut step = step.clone();
        match &mut step.act {
            Act::Engine(_, EngineAct::Deploy(deploy)) => deploy.restore = self.restore(&deploy.restore)?,
            Act::Engine(_, EngineAct::Helper(HelperAct::Deploy(helper))) => {
                if let Taken::StopOf { step: stop } = &helper.state {
                    helper.state = Taken::Savepoint { path: self.savepoint(stop)? };
                }
                if helper.log_starts.is_empty() {
                    helper.log_starts = self.log_starts.clone();
                }
            }
            Act::Engine(
                _,
                EngineAct::Verify { .. }
                | EngineAct::Stop { .. }
                | EngineAct::Cancel { .. }
                | EngineAct::GiveUp { .. }
                | EngineAct::Helper(_),
            )
            | Act::Topic(_)
            | Act::Ledger(_) => {}
        }
        Ok(step)
    }

    fn restore(&self, wanted: &Restore) -> Result<Restore, String> {
        Ok(match wanted {
            Restore::StopOf { step } => Restore::Savepoint { path: self.savepoint(step)? },
            Restore::DirectOf { step } => Restore::Direct { path: self.savepoint(step)? },
            Restore::OffsetsOf { step, renamed } => {
                let offsets = self.offsets.get(step).cloned();
                Restore::Offsets(offsets.ok_or("the plan's `read_offsets` gave no offsets")?.renamed(renamed))
            }
            Restore::Start(_) | Restore::Savepoint { .. } | Restore::Direct { .. } | Restore::Offsets(_) => {
                wanted.clone()
            }
        })
    }

    fn savepoint(&self, stop: &StepId) -> Result<String, String> {
        self.savepoints.get(stop).cloned().ok_or("the plan's `stop` gave no savepoint".to_owned())
    }
}

#[cfg(test)]
mod tests;
