//! Job: a plan's steps are done, each between its intent and its receipt.
//! Never: a decision: it cannot see what is desired.
//! Start here: [`apply`].

mod earlier;
pub mod settle;
pub mod step;
mod turns;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::sync::watch;
use uuid::Uuid;

use crate::apply::step::Walk;
use crate::apply::turns::{Turn, Turns};
use crate::broker::Broker;
use crate::engine::Engines;
use crate::model::name::Name;
use crate::model::plan::{Change, Plan};
use crate::model::run::{ChangeResult, Outcome, Run};
use crate::model::step::StepKind;
use crate::store::{Lease, Store};

/// What the executor works through.
#[derive(Clone, Copy)]
pub struct Doors<'a> {
    pub store: &'a dyn Store,
    pub engines: &'a Engines,
    pub broker: &'a dyn Broker,
}

/// How an apply is run; nothing here changes what is done.
pub struct Manner<'a> {
    /// Streams worked on at the same time.
    pub parallelism: usize,
    /// Turns true when no further step may begin, but the one by which a job that the change stopped goes on.
    pub stop: watch::Receiver<bool>,
    pub watcher: &'a dyn Watcher,
}

/// Sees a run go on, for people.
pub trait Watcher: Send + Sync {
    fn begins(&self, stream: &Name, kind: StepKind);
    fn ended(&self, outcome: &Outcome);
    /// Changes that nobody has seen follow at once: what a failed one left without a job goes on.
    fn follows(&self, _: &Plan) {}
}

/// Runs the changes of a plan.
///
/// Flow: changes of streams that do not read each other are independent, so up to `parallelism` of them go on at once;
/// of streams that do, one begins when the one before it in the plan has ended. The steps of a change follow each other,
/// and the first that is not done ends its change.
/// Guarantees: every step has its intent in the journal before it is begun, and its receipt after; a change whose
/// guard no longer holds, or that comes after one that was not done, does nothing.
/// Assumes: the lease is held and renewed by the caller; intents of earlier runs were settled.
/// Errors: none; what went wrong is in the run.
pub async fn apply(doors: Doors<'_>, lease: &Lease, plan: &Plan, manner: &Manner<'_>) -> Run {
    let id = Uuid::new_v4();
    let mut outcomes: Vec<(usize, Outcome)> = Vec::new();
    let mut turns = Turns::new(&plan.changes);
    // Not in order: one that hangs takes one place, and must not keep the places of those that ended behind it.
    let mut going = FuturesUnordered::new();
    loop {
        while going.len() < manner.parallelism.max(1)
            && let Some(Turn { place, change, undone }) = turns.next()
        {
            going.push(async move {
                let result = match undone {
                    None => run_change(doors, lease, id, change, manner).await,
                    Some(before) => {
                        let reason = format!("it comes after the change of `{before}`, which was not done");
                        ChangeResult::Stale { reason }
                    }
                };
                let outcome = Outcome { stream: change.stream.clone(), action: change.action, result };
                manner.watcher.ended(&outcome);
                (place, outcome)
            });
        }
        let Some((place, outcome)) = going.next().await else { break };
        turns.ended(place, outcome.result == ChangeResult::Done);
        outcomes.push((place, outcome));
    }
    outcomes.sort_by_key(|(place, _)| *place);
    Run { id, outcomes: outcomes.into_iter().map(|(_, outcome)| outcome).collect() }
}

async fn run_change(doors: Doors<'_>, lease: &Lease, run: Uuid, change: &Change, manner: &Manner<'_>) -> ChangeResult {
    let mut walk = Walk::new(doors, lease, run, change);
    for (at, step) in change.steps.iter().enumerate() {
        if *manner.stop.borrow() && !step::goes_on(&change.steps, at) {
            return ChangeResult::Failed {
                reason: format!("ended before `{}`: weir is stopping", step.act.kind().word()),
            };
        }
        manner.watcher.begins(&change.stream, step.act.kind());
        let result = walk.take(step).await;
        if result != ChangeResult::Done {
            return result;
        }
    }
    ChangeResult::Done
}

#[cfg(test)]
mod tests;
