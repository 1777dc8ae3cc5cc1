//! The loop around a pass: hold the lease, look on a timer, say each trouble once, end gracefully.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::{Instant, timeout};
use tracing::{info, warn};

use crate::apply::{Manner, Watcher};
use crate::model::config::Mode;
use crate::model::plan::Plan;
use crate::model::run::{ChangeResult, Run};
use crate::model::step::Lookup;
use crate::reconcile::keeper::{Keeper, Taking};
use crate::reconcile::looks::Looks;
use crate::reconcile::{Pass, Project, carry_out, prepare, troubles};
use crate::store::StoreError;

/// How soon a ledger that does not answer, or a lease that another holds, is asked again.
const RETRY: Duration = Duration::from_secs(3);

/// Reconciles until `stop` turns true.
///
/// Flow: takes the lease (and waits behind another holder); then passes on a timer, each settling, looking, planning
/// and, in mode `auto`, applying. A look is made sooner where a file or job is about to have been away long enough.
/// Guarantees: nothing is done without the lease; jobs run on when it ends; one trouble is said once, and once more
/// when it is over.
/// Errors: none end it but `stop`: a ledger, engine or broker that does not answer is waited for.
pub async fn serve(project: &Project, holder: &str, stop: watch::Receiver<bool>, watcher: &dyn Watcher) {
    let mut voice = Voice::default();
    let started = Instant::now();
    while !*stop.borrow() {
        match Keeper::take(project.store.clone(), &project.name, holder).await {
            Ok(Taking::Held(keeper)) => {
                voice.over(Seen::Door, "lease");
                voice.over(Seen::Door, "ledger");
                info!(project = %project.name, epoch = keeper.lease().epoch, "holds the lease");
                reign(project, &keeper, started, &stop, watcher, &mut voice).await;
                let _ = keeper.release().await;
            }
            Ok(Taking::Taken { holder, .. }) => {
                voice.over(Seen::Door, "ledger");
                voice.trouble(Seen::Door, "lease", &format!("waits: {holder} holds the lease"));
                wait(RETRY, &stop).await;
            }
            Err(error) => {
                voice.trouble(Seen::Door, "ledger", &error.to_string());
                wait(RETRY, &stop).await;
            }
        }
    }
    info!("ends; jobs run on");
}

/// Passes for as long as the lease is held.
async fn reign(
    project: &Project,
    keeper: &Keeper,
    started: Instant,
    stop: &watch::Receiver<bool>,
    watcher: &dyn Watcher,
    voice: &mut Voice,
) {
    let mut looks = Looks::default();
    let manner = Manner { parallelism: project.settings.parallelism, stop: stop.clone(), watcher };
    while !*stop.borrow() && !keeper.lost() {
        let next = match one_pass(project, keeper, started, &mut looks, &manner, voice).await {
            Ok(()) => {
                voice.over(Seen::Door, "ledger");
                let soon = looks.pending(started.elapsed(), &project.settings).map(|(left, _)| left);
                soon.unwrap_or(project.settings.interval).min(project.settings.interval)
            }
            Err(StoreError::Fenced) => {
                voice.trouble(Seen::Door, "lease", "the lease ran out or was taken over");
                return;
            }
            Err(error @ (StoreError::Unreachable(_) | StoreError::Moved { .. } | StoreError::Unusable(_))) => {
                voice.trouble(Seen::Door, "ledger", &error.to_string());
                RETRY.min(project.settings.interval)
            }
        };
        wait(next, stop).await;
    }
}

async fn one_pass(
    project: &Project,
    keeper: &Keeper,
    started: Instant,
    looks: &mut Looks,
    manner: &Manner<'_>,
    voice: &mut Voice,
) -> Result<(), StoreError> {
    let pass = prepare(project, keeper.lease(), looks, started.elapsed()).await?;
    voice.settled(&pass);
    voice.all(Seen::Look, troubles(&pass.look));
    match project.settings.mode {
        Mode::Auto => {
            let run = carry_out(project, keeper.lease(), &pass.look.plan, manner, looks, started.elapsed()).await?;
            voice.ran(&run);
        }
        Mode::Manual => voice.waits_for_leave(&pass.look.plan),
    }
    Ok(())
}

async fn wait(time: Duration, stop: &watch::Receiver<bool>) {
    let mut stop = stop.clone();
    // A dropped sender means that nobody can ask for a stop any more: the time passes all the same.
    if timeout(time, stop.wait_for(|stop| *stop)).await.is_ok_and(|waited| waited.is_err()) {
        tokio::time::sleep(time).await;
    }
}

/// What a trouble was seen by: each kind is looked at as a whole.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    Door,
    Look,
    Run,
}

/// Says a thing when it begins and when it is over, not at every look.
#[derive(Default)]
struct Voice {
    said: BTreeMap<(Seen, String), String>,
    shown: Option<String>,
}

impl Voice {
    fn trouble(&mut self, seen: Seen, subject: &str, text: &str) {
        if self.said.insert((seen, subject.to_owned()), text.to_owned()).as_deref() != Some(text) {
            warn!("{subject}: {text}");
        }
    }

    fn over(&mut self, seen: Seen, subject: &str) {
        if self.said.remove(&(seen, subject.to_owned())).is_some() {
            info!("{subject}: well again");
        }
    }

    /// All that is wrong now, as seen by one kind of looking: what is not named any more is over.
    fn all(&mut self, seen: Seen, now: BTreeMap<String, String>) {
        let before = self.said.keys().filter(|(kind, subject)| *kind == seen && !now.contains_key(subject));
        for (_, subject) in before.cloned().collect::<Vec<_>>() {
            self.over(seen, &subject);
        }
        for (subject, text) in now {
            self.trouble(seen, &subject, &text);
        }
    }

    fn settled(&mut self, pass: &Pass) {
        for settlement in &pass.settled {
            let (stream, step) = (&settlement.stream, settlement.step.act.kind().word());
            match &settlement.found {
                Lookup::Done(_) => info!(%stream, step, "settled: it was done"),
                Lookup::NotDone => info!(%stream, step, "settled: it was not done"),
                Lookup::Failed { reason } => warn!(%stream, step, reason, "settled: it failed"),
                // The plan blocks the stream and says why.
                Lookup::Unknown { .. } => {}
            }
        }
    }

    fn ran(&mut self, run: &Run) {
        let mut wrong = BTreeMap::new();
        for outcome in &run.outcomes {
            let (stream, action) = (&outcome.stream, outcome.action.word());
            match &outcome.result {
                ChangeResult::Done => info!(%stream, action, "done"),
                ChangeResult::Failed { reason }
                | ChangeResult::Unsettled { reason }
                | ChangeResult::Stale { reason } => {
                    wrong.insert(format!("{action} of {stream}"), reason.clone());
                }
            }
        }
        self.all(Seen::Run, wrong);
    }

    fn waits_for_leave(&mut self, plan: &Plan) {
        let hash = crate::plan::hash(plan);
        if !plan.changes.is_empty() && self.shown.as_ref() != Some(&hash) {
            let count = plan.changes.len();
            info!(count, hash, "changes wait for leave: `weir plan` shows them (mode manual)");
            self.shown = Some(hash);
        }
    }
}
