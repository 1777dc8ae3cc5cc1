//! One step: intent, act, receipt.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::apply::Doors;
use crate::apply::settle::{look_up, unknown_engine};
use crate::broker::BrokerError;
use crate::engine::EngineError;
use crate::model::job::Generation;
use crate::model::plan::Change;
use crate::model::run::ChangeResult;
use crate::model::step::{Act, EngineAct, Lookup, Receipt, Restore, Step, StepId};
use crate::store::{Fate, Intent, Lease, Settled, StoreError};

/// The way through one change's steps: what later steps take from earlier ones.
pub struct Walk<'a> {
    doors: Doors<'a>,
    lease: &'a Lease,
    run: Uuid,
    change: &'a Change,
    /// The generation that the stream's row shows now.
    generation: Generation,
    ordinal: u32,
    savepoints: BTreeMap<StepId, String>,
}

impl<'a> Walk<'a> {
    pub fn new(doors: Doors<'a>, lease: &'a Lease, run: Uuid, change: &'a Change) -> Walk<'a> {
        let generation = change.guard.generation;
        Walk { doors, lease, run, change, generation, ordinal: 0, savepoints: BTreeMap::new() }
    }

    /// Does one step.
    ///
    /// Flow: the payload is completed from earlier receipts, the intent written, the door asked, and the receipt
    /// written. Whatever the door answers but success is settled by looking the step up: an error may hide a job
    /// that was started.
    /// Guarantees: nothing is asked of a door whose intent is not in the journal.
    /// Errors: what ends the change; [`ChangeResult::Done`] lets it go on. An outcome that cannot be told leaves the
    /// intent open.
    pub async fn take(&mut self, step: &Step) -> ChangeResult {
        let step = match self.complete(step) {
            Ok(step) => step,
            Err(reason) => return ChangeResult::Failed { reason },
        };
        let deployed = deployed_generation(&step);
        let intent = Intent {
            run: self.run,
            stream: self.change.stream.clone(),
            guard: self.generation,
            generation: deployed.unwrap_or(self.generation),
            ordinal: self.ordinal,
            step: step.clone(),
        };
        if let Err(error) = self.doors.store.begin(self.lease, &intent).await {
            return refused(error);
        }
        self.ordinal += 1;
        self.generation = intent.generation;
        let fate = match self.act(&step).await {
            Ok(receipt) => Fate::Done(receipt),
            Err(reason) => match look_up(self.doors, &step).await {
                Lookup::Done(receipt) => Fate::Done(receipt),
                Lookup::NotDone => Fate::Abandoned { reason },
                Lookup::Failed { reason } => Fate::Failed { reason },
                Lookup::Unknown { reason: unknown } => {
                    return ChangeResult::Unsettled { reason: format!("{reason}; {unknown}") };
                }
            },
        };
        self.close(intent, fate).await
    }

    async fn close(&mut self, intent: Intent, fate: Fate) -> ChangeResult {
        let Intent { run, stream, generation, step, .. } = intent;
        let settled = Settled { run, stream, generation, step, fate };
        if let Err(error) = self.doors.store.settle(self.lease, &settled).await {
            return ChangeResult::Unsettled { reason: error.to_string() };
        }
        match settled.fate {
            Fate::Done(receipt) => {
                if let Receipt::Stopped { savepoint } = receipt {
                    self.savepoints.insert(settled.step.id, savepoint);
                }
                ChangeResult::Done
            }
            Fate::Failed { reason } | Fate::Abandoned { reason } => ChangeResult::Failed { reason },
        }
    }

    /// Puts the savepoint of an earlier `stop` where a `deploy` waits for it.
    fn complete(&self, step: &Step) -> Result<Step, String> {
        let mut step = step.clone();
        if let Act::Engine(_, EngineAct::Deploy(deploy)) = &mut step.act
            && let Restore::StopOf { step: stop } = &deploy.restore
        {
            let path = self.savepoints.get(stop).ok_or("the plan's `stop` gave no savepoint")?;
            deploy.restore = Restore::Savepoint { path: path.clone() };
        }
        Ok(step)
    }

    /// Asks the door. `Err` holds what it said; the outcome is then open.
    async fn act(&self, step: &Step) -> Result<Receipt, String> {
        match &step.act {
            Act::Ledger(_) => Ok(Receipt::Recorded),
            Act::Topic(act) => self.doors.broker.execute(act).await.map_err(|error| match error {
                BrokerError::Refused(why) | BrokerError::Unreachable(why) | BrokerError::Uncertain(why) => why,
            }),
            Act::Engine(name, act) => match self.doors.engines.get(name) {
                Some(engine) => engine.execute(&step.id, act).await.map_err(|error| match error {
                    EngineError::Refused(why) | EngineError::Unreachable(why) | EngineError::Uncertain(why) => why,
                }),
                None => Err(unknown_engine(name)),
            },
        }
    }
}

/// Whether the step takes up what its change stopped: without it nothing would run until weir is back.
pub fn goes_on(step: &Step) -> bool {
    match &step.act {
        Act::Engine(_, EngineAct::Deploy(deploy)) => match deploy.restore {
            Restore::StopOf { .. } => true,
            Restore::Start(_) | Restore::Savepoint { .. } => false,
        },
        Act::Engine(_, EngineAct::Verify { .. } | EngineAct::Stop { .. } | EngineAct::Cancel { .. })
        | Act::Topic(_)
        | Act::Ledger(_) => false,
    }
}

fn deployed_generation(step: &Step) -> Option<Generation> {
    match &step.act {
        Act::Engine(_, EngineAct::Deploy(deploy)) => Some(deploy.generation),
        Act::Engine(_, EngineAct::Verify { .. } | EngineAct::Stop { .. } | EngineAct::Cancel { .. })
        | Act::Topic(_)
        | Act::Ledger(_) => None,
    }
}

fn refused(error: StoreError) -> ChangeResult {
    match error {
        StoreError::Moved { .. } => ChangeResult::Stale { reason: error.to_string() },
        StoreError::Unreachable(_) | StoreError::Fenced | StoreError::Unusable(_) => {
            ChangeResult::Failed { reason: error.to_string() }
        }
    }
}
