//! Job: look, plan, apply, again: one pass, and the loop around it.
//! Never: truth of its own: status is derived on every look.
//! Start here: [`pass`].

pub mod daemon;
pub mod keeper;
pub mod looks;
pub mod status;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::apply::settle::{Settlement, settle};
use crate::apply::{Doors, Manner, apply};
use crate::broker::Broker;
use crate::engine::Engines;
use crate::load::Context;
use crate::model::config::Settings;
use crate::model::desired::Desired;
use crate::model::ledger::Ledger;
use crate::model::name::{Name, ProjectName};
use crate::model::observed::{BrokerView, EngineView, Observed};
use crate::model::plan::{Action, Because, Blocked, Change, Plan};
use crate::model::run::{ChangeResult, Run};
use crate::observe::observe;
use crate::plan::narrow;
use crate::reconcile::looks::Looks;
use crate::store::{Event, Lease, Store, StoreError};

/// A project with its doors open.
pub struct Project {
    pub name: ProjectName,
    /// The folder of definitions.
    pub folder: PathBuf,
    pub context: Context,
    pub settings: Settings,
    pub store: Arc<dyn Store>,
    pub engines: Engines,
    pub broker: Arc<dyn Broker>,
}

impl Project {
    pub fn doors(&self) -> Doors<'_> {
        Doors { store: self.store.as_ref(), engines: &self.engines, broker: self.broker.as_ref() }
    }

    /// The definitions as they are now. Reading files may take long on a network mount, so it has its own thread.
    pub async fn desired(&self) -> Desired {
        let (folder, context) = (self.folder.clone(), self.context.clone());
        let read = tokio::task::spawn_blocking(move || {
            let tree = crate::origin::directory::read(&folder);
            crate::load::load(&tree, &context)
        });
        match read.await {
            Ok(desired) => desired,
            Err(panic) => std::panic::resume_unwind(panic.into_panic()),
        }
    }
}

/// What one look saw and what it would do.
pub struct Look {
    pub desired: Desired,
    pub ledger: Ledger,
    pub observed: Observed,
    pub plan: Plan,
}

/// Looks at files, ledger, engines and topics and plans. Changes nothing.
pub async fn look(project: &Project, looks: &mut Looks, now: Duration) -> Result<Look, StoreError> {
    let (desired, ledger) = tokio::join!(project.desired(), project.store.read(&project.name));
    see(project, desired, ledger?, looks, now).await
}

async fn see(
    project: &Project,
    desired: Desired,
    ledger: Ledger,
    looks: &mut Looks,
    now: Duration,
) -> Result<Look, StoreError> {
    let mut observed = observe(&desired, &ledger, &project.engines, project.broker.as_ref()).await;
    looks.note(now, &desired, &ledger, &mut observed);
    let plan = crate::plan::plan(&desired, &ledger, &observed, &project.settings);
    Ok(Look { desired, ledger, observed, plan })
}

/// A look by the holder of the lease, ready to be applied.
pub struct Pass {
    pub settled: Vec<Settlement>,
    pub look: Look,
}

/// The first half of a pass: settles what earlier runs left open, looks, and keeps the checks it asked for.
pub async fn prepare(project: &Project, lease: &Lease, looks: &mut Looks, now: Duration) -> Result<Pass, StoreError> {
    let mut ledger = project.store.read(&project.name).await?;
    let settled = settle(project.doors(), lease, &ledger).await?;
    if !settled.is_empty() {
        ledger = project.store.read(&project.name).await?;
    }
    let look = see(project, project.desired().await, ledger, looks, now).await?;
    let checks: Vec<_> = look.observed.checks.clone().into_iter().collect();
    if !checks.is_empty() {
        project.store.save_checks(lease, &checks).await?;
    }
    Ok(Pass { settled, look })
}

/// How often what a failed change left without a job is looked at again: its job is given up, another way is tried, that
/// one's job is given up, what ran before is put back, and once more for what that meets.
const MENDINGS: usize = 5;

/// The second half: does what the plan says. Where a change left a stream without a job that runs, what is then recorded
/// is planned and applied at once, for these streams alone: they would stand still until the next look.
pub async fn carry_out(
    project: &Project,
    lease: &Lease,
    plan: &Plan,
    manner: &Manner<'_>,
    looks: &mut Looks,
    now: Duration,
) -> Result<Run, StoreError> {
    let mut run = apply_and_tell(project, lease, plan, manner).await?;
    let mut standing = standing_still(plan, &run);
    for _ in 0..MENDINGS {
        if standing.is_empty() || *manner.stop.borrow() {
            break;
        }
        let Look { desired, ledger, plan, .. } = prepare(project, lease, looks, now).await?.look;
        let mends = plan.changes.iter().filter(|change| {
            let goes_on = matches!(change.action, Action::Start | Action::Restart);
            // What has just failed is left to the next look.
            goes_on && standing.get(&change.stream).is_some_and(|tried| !is_same(tried, change))
        });
        let mends = mends.map(|change| change.stream.clone()).collect();
        // What is only right together with the change of another stream waits for the next look.
        let again = narrow(&plan, &desired, &ledger, &mends);
        manner.watcher.follows(&again);
        let more = apply_and_tell(project, lease, &again, manner).await?;
        standing = standing_still(&again, &more);
        run.outcomes.extend(more.outcomes);
    }
    Ok(run)
}

/// Changes that failed where a job was to follow, or only gave up the one before.
fn standing_still(plan: &Plan, run: &Run) -> BTreeMap<Name, Change> {
    let results: BTreeMap<&Name, &ChangeResult> =
        run.outcomes.iter().map(|outcome| (&outcome.stream, &outcome.result)).collect();
    let stands = plan.changes.iter().filter(|change| {
        let follows = matches!(change.action, Action::Update | Action::Start | Action::Restart);
        let stands = match results.get(&change.stream) {
            Some(ChangeResult::Failed { .. }) => true,
            Some(ChangeResult::Done) => change.gives_up(),
            Some(ChangeResult::Unsettled { .. } | ChangeResult::Stale { .. }) | None => false,
        };
        follows && stands
    });
    stands.map(|change| (change.stream.clone(), change.clone())).collect()
}

/// But for the ids of its steps, which count the attempts.
fn is_same(one: &Change, other: &Change) -> bool {
    let kinds = |change: &Change| change.steps.iter().map(|step| step.act.kind()).collect::<Vec<_>>();
    one.reason == other.reason && kinds(one) == kinds(other)
}

async fn apply_and_tell(project: &Project, lease: &Lease, plan: &Plan, manner: &Manner<'_>) -> Result<Run, StoreError> {
    let run = apply(project.doors(), lease, plan, manner).await;
    let hash = crate::plan::hash(plan);
    for outcome in &run.outcomes {
        let event = Event {
            at: 0,
            who: lease.holder.clone(),
            stream: Some(outcome.stream.clone()),
            what: outcome.to_string(),
            plan: Some(hash.clone()),
        };
        project.store.event(&project.name, &event).await?;
    }
    Ok(run)
}

/// One pass of the holder of the lease: settle, look, plan, apply.
pub async fn pass(
    project: &Project,
    lease: &Lease,
    looks: &mut Looks,
    now: Duration,
    manner: &Manner<'_>,
) -> Result<(Pass, Run), StoreError> {
    let pass = prepare(project, lease, looks, now).await?;
    let run = carry_out(project, lease, &pass.look.plan, manner, looks, now).await?;
    Ok((pass, run))
}

/// The engines and brokers that this look could not ask, and why.
pub fn unasked(look: &Look) -> BTreeMap<String, String> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (name, view) in &look.observed.engines {
        match view {
            EngineView::Unknown { reason } => _ = found.insert(format!("engine {name}"), reason.clone()),
            EngineView::Known(cluster) if !cluster.ready => {
                _ = found
                    .insert(format!("engine {name}"), "no worker is registered: its jobs cannot be told".to_owned());
            }
            EngineView::Known(_) => {}
        }
    }
    if let BrokerView::Unknown { reason } = &look.observed.broker {
        found.insert("broker".to_owned(), reason.clone());
    }
    found
}

/// What is wrong now, one line per thing, so that the same thing is said once however often it is seen. What a stream
/// waits for only because its engine or the broker is away is that one's trouble, not the stream's.
pub fn troubles(look: &Look) -> BTreeMap<String, String> {
    let mut found = unasked(look);
    for blocked in look.plan.blocked.iter().filter(|blocked| !is_outage(look, blocked)) {
        found.insert(format!("stream {}", blocked.stream), format!("{}: {}", blocked.action.word(), blocked.reason));
    }
    for note in &look.plan.notes {
        let said = found.entry(format!("stream {}", note.stream)).or_default();
        *said = if said.is_empty() { note.text.clone() } else { format!("{said}; {}", note.text) };
    }
    for diagnostic in &look.plan.diagnostics {
        found.insert(format!("{} {:?}", diagnostic.file, diagnostic.span), diagnostic.message.clone());
    }
    found
}

fn is_outage(look: &Look, blocked: &Blocked) -> bool {
    let view = look.observed.engines.get(&blocked.engine);
    match blocked.because {
        Because::Unknown => {
            let engine = matches!(view, Some(EngineView::Unknown { .. }));
            engine || matches!(look.observed.broker, BrokerView::Unknown { .. })
        }
        Because::Waiting => matches!(view, Some(EngineView::Known(cluster)) if !cluster.ready),
        Because::Refused | Because::Invalid | Because::Needs | Because::Unconfirmed => false,
    }
}
