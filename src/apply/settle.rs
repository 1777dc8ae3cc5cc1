//! What became of the steps whose receipt was never written.

use crate::apply::Doors;
use crate::model::ledger::{Ledger, OpenIntent};
use crate::model::name::{EngineName, Name};
use crate::model::step::{Act, Lookup, Receipt, Step};
use crate::store::{Fate, Lease, Settled, StoreError};

/// One intent of an interrupted run and what was found out about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    pub stream: Name,
    pub step: Step,
    pub found: Lookup,
}

/// Looks up every open intent, and what was given up and may still arrive, and writes what is found: the first act of
/// every pass by the holder of the lease. An intent whose outcome cannot be told stays open and keeps its stream blocked.
pub async fn settle(doors: Doors<'_>, lease: &Lease, ledger: &Ledger) -> Result<Vec<Settlement>, StoreError> {
    let mut found = Vec::new();
    for intent in &ledger.open {
        let lookup = look_up(doors, &intent.step).await;
        if let Some(fate) = fate(&lookup) {
            write(doors, lease, intent, fate).await?;
        }
        found.push(Settlement { stream: intent.stream.clone(), step: intent.step.clone(), found: lookup });
    }
    for intent in &ledger.given_up {
        let lookup = look_up(doors, &intent.step).await;
        match &lookup {
            // The request arrived after it was given up.
            Lookup::Done(_) | Lookup::Failed { .. } => {
                if let Some(fate) = fate(&lookup) {
                    write(doors, lease, intent, fate).await?;
                }
                found.push(Settlement { stream: intent.stream.clone(), step: intent.step.clone(), found: lookup });
            }
            Lookup::NotDone | Lookup::Unknown { .. } => {}
        }
    }
    Ok(found)
}

async fn write(doors: Doors<'_>, lease: &Lease, intent: &OpenIntent, fate: Fate) -> Result<(), StoreError> {
    let settled = Settled {
        run: intent.run,
        stream: intent.stream.clone(),
        generation: intent.generation,
        step: intent.step.clone(),
        fate,
    };
    doors.store.settle(lease, &settled).await
}

fn fate(lookup: &Lookup) -> Option<Fate> {
    match lookup {
        Lookup::Done(receipt) => Some(Fate::Done(receipt.clone())),
        Lookup::NotDone => {
            Some(Fate::Abandoned { reason: "the run was interrupted before the step was done".to_owned() })
        }
        Lookup::Failed { reason } => Some(Fate::Failed { reason: reason.clone() }),
        Lookup::Unknown { .. } => None,
    }
}

pub(super) async fn look_up(doors: Doors<'_>, step: &Step) -> Lookup {
    match &step.act {
        // What the ledger was to record was written with the intent, or is asked for again by the next plan.
        Act::Ledger(_) => Lookup::Done(Receipt::Recorded),
        Act::Topic(act) => doors.broker.lookup(act).await,
        Act::Engine(name, act) => match doors.engines.get(name) {
            Some(engine) => engine.lookup(&step.id, act).await,
            None => Lookup::Unknown { reason: unknown_engine(name) },
        },
    }
}

pub(super) fn unknown_engine(name: &EngineName) -> String {
    format!("no engine `{name}` is configured in weir.toml")
}
