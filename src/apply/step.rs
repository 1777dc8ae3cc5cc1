//! One step: intent, act, receipt.

use std::time::Duration;

use uuid::Uuid;

use crate::apply::Doors;
use crate::apply::earlier::Earlier;
use crate::apply::settle::{look_up, unknown_engine};
use crate::broker::BrokerError;
use crate::engine::EngineError;
use crate::model::job::Generation;
use crate::model::offsets::{HelperAct, OffsetsAct};
use crate::model::plan::Change;
use crate::model::run::ChangeResult;
use crate::model::step::{Act, EngineAct, Lookup, Receipt, Restore, Step, StepKind, TopicAct};
use crate::store::{Fate, Intent, Lease, Settled, StoreError};

/// Between two looks at a helper that is waited for.
const HELPER_LOOK: Duration = Duration::from_secs(1);

/// The way through one change's steps: what later steps take from earlier ones.
pub struct Walk<'a> {
    doors: Doors<'a>,
    lease: &'a Lease,
    run: Uuid,
    change: &'a Change,
    /// The generation that the stream's row shows now.
    generation: Generation,
    ordinal: u32,
    earlier: Earlier,
}

impl<'a> Walk<'a> {
    pub fn new(doors: Doors<'a>, lease: &'a Lease, run: Uuid, change: &'a Change) -> Walk<'a> {
        let generation = change.guard.generation;
        Walk { doors, lease, run, change, generation, ordinal: 0, earlier: Earlier::default() }
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
        let step = match self.earlier.complete(step) {
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
            Err(Said { reason, clear }) => match look_up(self.doors, &step).await {
                Lookup::Done(receipt) => Fate::Done(receipt),
                Lookup::NotDone if clear && is_question(&step.act) => Fate::Failed { reason },
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
                self.earlier.add(&settled.step, receipt);
                ChangeResult::Done
            }
            Fate::Failed { reason } | Fate::Abandoned { reason } => ChangeResult::Failed { reason },
        }
    }

    /// Asks the door. `Err` holds what it said; the outcome is then open.
    async fn act(&self, step: &Step) -> Result<Receipt, Said> {
        match &step.act {
            Act::Ledger(_) => Ok(Receipt::Recorded),
            Act::Topic(act) => {
                let answer = self.doors.broker.execute(act);
                let answer = tokio::select! {
                    answer = answer => answer,
                    reason = self.helper_failed(act) => return Err(Said { reason, clear: true }),
                };
                answer.map_err(|error| match error {
                    BrokerError::Refused(reason) => Said { reason, clear: true },
                    BrokerError::Unreachable(reason) | BrokerError::Uncertain(reason) => Said { reason, clear: false },
                })
            }
            Act::Engine(name, act) => match self.doors.engines.get(name) {
                Some(engine) => engine.execute(&step.id, act).await.map_err(|error| match error {
                    EngineError::Refused(reason) => Said { reason, clear: true },
                    EngineError::Unreachable(reason) | EngineError::Uncertain(reason) => Said { reason, clear: false },
                }),
                None => Err(Said { reason: unknown_engine(name), clear: false }),
            },
        }
    }

    /// Offsets are waited for only as long as the helper that writes them runs: returns why it failed.
    async fn helper_failed(&self, act: &TopicAct) -> String {
        let TopicAct::Offsets(OffsetsAct::Read(_)) = act else { return std::future::pending().await };
        loop {
            tokio::time::sleep(HELPER_LOOK).await;
            for helper in self.earlier.helpers() {
                if let Lookup::Failed { reason } = look_up(self.doors, helper).await {
                    return reason;
                }
            }
        }
    }
}

/// What a door answered that is no receipt.
struct Said {
    reason: String,
    /// It is the door's last word, not that it could not be asked.
    clear: bool,
}

/// Steps that start nothing of the stream's own: a clear no is the answer, and stands in the ledger as that.
fn is_question(act: &Act) -> bool {
    match act {
        Act::Engine(
            _,
            EngineAct::Verify { .. } | EngineAct::GiveUp { .. } | EngineAct::Helper(HelperAct::Deploy(_)),
        ) => true,
        Act::Topic(TopicAct::Offsets(OffsetsAct::Read(_))) => true,
        Act::Engine(
            _,
            EngineAct::Deploy(_)
            | EngineAct::Stop { .. }
            | EngineAct::Cancel { .. }
            | EngineAct::Helper(HelperAct::Cancel { .. }),
        )
        | Act::Topic(_)
        | Act::Ledger(_) => false,
    }
}

/// Whether this step of a change must be done although weir is to end: what the change stopped is taken up by a later
/// step, and without that nothing would run until weir is back.
pub fn goes_on(steps: &[Step], at: usize) -> bool {
    let stop = steps.iter().position(|step| step.act.kind() == StepKind::Stop);
    let taken_up = steps.iter().rposition(takes_up);
    matches!((stop, taken_up), (Some(stop), Some(taken_up)) if stop < at && at <= taken_up)
}

fn takes_up(step: &Step) -> bool {
    step.act.deploys().is_some_and(|deploy| match deploy.restore {
        Restore::StopOf { .. } | Restore::DirectOf { .. } | Restore::OffsetsOf { .. } => true,
        Restore::Start(_) | Restore::Savepoint { .. } | Restore::Direct { .. } | Restore::Offsets(_) => false,
    })
}

fn deployed_generation(step: &Step) -> Option<Generation> {
    step.act.deploys().map(|deploy| deploy.generation)
}

fn refused(error: StoreError) -> ChangeResult {
    match error {
        StoreError::Moved { .. } => ChangeResult::Stale { reason: error.to_string() },
        StoreError::Unreachable(_) | StoreError::Fenced | StoreError::Unusable(_) => {
            ChangeResult::Failed { reason: error.to_string() }
        }
    }
}
