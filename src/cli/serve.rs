//! `serve`: the daemon's process: signals, the wait for the ledger, and the loop in `reconcile`.

use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::apply::Watcher;
use crate::cli::args::Global;
use crate::cli::output::Exit;
use crate::cli::project::{OpenError, prepare};
use crate::model::name::Name;
use crate::model::run::Outcome;
use crate::model::step::StepKind;
use crate::reconcile::daemon;
use crate::reconcile::keeper;
use crate::store::StoreError;
use crate::store::postgres::Postgres;

/// How a daemon's name as a holder of leases begins.
pub const DAEMON: &str = "weir serve";
/// How soon a ledger that does not answer at start is asked again.
const RETRY: Duration = Duration::from_secs(3);

pub async fn serve(global: &Global) -> Result<Exit, OpenError> {
    let (_running, stop) = ended_by_signal();
    let prepared = prepare(global)?;
    let Some(store) = connect(&prepared.ledger_url, stop.clone()).await? else { return Ok(Exit::Good) };
    let project = prepared.with(Arc::new(store));
    info!(project = %project.name, folder = %project.folder.display(), "serves");
    daemon::serve(&project, &holder(DAEMON), stop, &Quiet).await;
    Ok(Exit::Good)
}

/// The ledger, as soon as it answers; `None` if weir is ended before.
async fn connect(url: &str, mut stop: watch::Receiver<bool>) -> Result<Option<Postgres>, OpenError> {
    let mut said = String::new();
    while !*stop.borrow() {
        match Postgres::connect(url).await {
            Ok(store) => return Ok(Some(store)),
            Err(StoreError::Unreachable(reason)) => {
                if said != reason {
                    warn!("the ledger cannot be reached: {reason}");
                    said = reason;
                }
            }
            Err(error @ (StoreError::Fenced | StoreError::Moved { .. } | StoreError::Unusable(_))) => {
                return Err(error.to_string().into());
            }
        }
        let _ = tokio::time::timeout(RETRY, stop.wait_for(|stop| *stop)).await;
    }
    Ok(None)
}

/// Who we are among holders of leases.
pub fn holder(what: &str) -> String {
    let machine = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let machine = machine.trim();
    keeper::holder(what, if machine.is_empty() { "this machine" } else { machine }, std::process::id())
}

/// Turns true at the first SIGTERM or SIGINT; a second one ends the process at once. The sender's task must be kept.
pub fn ended_by_signal() -> (tokio::task::JoinHandle<()>, watch::Receiver<bool>) {
    let (tell, stop) = watch::channel(false);
    let task = tokio::spawn(async move {
        let (Ok(mut term), Ok(mut int)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) else {
            warn!("signals cannot be listened to");
            return std::future::pending().await;
        };
        next(&mut term, &mut int).await;
        let _ = tell.send(true);
        next(&mut term, &mut int).await;
        std::process::exit(1);
    });
    (task, stop)
}

async fn next(term: &mut tokio::signal::unix::Signal, int: &mut tokio::signal::unix::Signal) {
    tokio::select! {
        _ = term.recv() => {}
        _ = int.recv() => {}
    }
}

/// The daemon tells its log what became of a change; steps in between are not told.
struct Quiet;

impl Watcher for Quiet {
    fn begins(&self, stream: &Name, kind: StepKind) {
        tracing::debug!(%stream, step = kind.word(), "begins");
    }

    fn ended(&self, _: &Outcome) {}
}
