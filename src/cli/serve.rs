//! `serve`: the daemon's process: signals, and the loop in `reconcile`.

use std::sync::Arc;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing::{info, warn};

use crate::apply::Watcher;
use crate::cli::args::Global;
use crate::cli::output::Exit;
use crate::cli::project::{OpenError, prepare};
use crate::model::name::Name;
use crate::model::plan::Plan;
use crate::model::run::Outcome;
use crate::model::step::StepKind;
use crate::reconcile::daemon;
use crate::reconcile::keeper;
use crate::store::postgres::Postgres;

/// How a daemon's name as a holder of leases begins.
pub const DAEMON: &str = "weir serve";

pub async fn serve(global: &Global) -> Result<Exit, OpenError> {
    let (_running, stop) = ended_by_signal();
    let prepared = prepare(global)?;
    let store = Postgres::lazy(&prepared.ledger_url).map_err(|error| error.to_string())?;
    let project = prepared.with(Arc::new(store));
    info!(project = %project.name, folder = %project.folder.display(), "serves");
    daemon::serve(&project, &holder(DAEMON), stop, &Quiet).await;
    Ok(Exit::Good)
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

    fn follows(&self, plan: &Plan) {
        for change in &plan.changes {
            tracing::warn!(stream = %change.stream, action = change.action.word(), "{}", change.reason);
        }
    }
}
