//! How long a file was absent or a job missing: counted from this process's own looks, never from a clock's date.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::config::Settings;
use crate::model::desired::Desired;
use crate::model::job::{JobId, JobKey};
use crate::model::ledger::{Deployment, DeploymentStatus, Ledger, Recorded, RowState};
use crate::model::name::{Name, ProjectName};
use crate::model::observed::{Cluster, EngineView, Observed};

/// Since when, on this process's own steady clock. A new process begins at zero.
#[derive(Debug, Default)]
pub struct Looks {
    absent: BTreeMap<Name, Duration>,
    missing: BTreeMap<Name, Duration>,
}

impl Looks {
    /// Takes one look into account and writes the times that have passed into `observed`.
    ///
    /// A file counts as absent only while the whole tree can be trusted, a job as missing only while a ready cluster
    /// does not list it; a look that cannot tell changes nothing.
    pub fn note(
        &mut self,
        now: Duration,
        project: &ProjectName,
        desired: &Desired,
        ledger: &Ledger,
        observed: &mut Observed,
    ) {
        for (name, recorded) in &ledger.streams {
            let gone = recorded.state == RowState::Live && !desired.streams.contains_key(name);
            match (gone, &desired.frozen) {
                (true, None) => _ = self.absent.entry(name.clone()).or_insert(now),
                (true, Some(_)) | (false, _) => _ = self.absent.remove(name),
            }
            match sighting(project, ledger, name, recorded, observed) {
                Sighting::Absent => _ = self.missing.entry(name.clone()).or_insert(now),
                Sighting::Present => _ = self.missing.remove(name),
                Sighting::Untold => {}
            }
        }
        observed.absent = since(&self.absent, now);
        observed.missing = since(&self.missing, now);
    }

    /// How long a one-shot command must still wait before a second look can tell, and for what.
    pub fn pending(&self, now: Duration, settings: &Settings) -> Option<(Duration, String)> {
        let absent = self.absent.iter().map(|(name, since)| {
            let text = format!("the file of `{name}` to be absent for {:?}", settings.settle);
            ((*since + settings.settle).saturating_sub(now), text)
        });
        let missing = self.missing.iter().map(|(name, since)| {
            let text = format!("the job of `{name}` to be missing for {:?}", settings.missing_after);
            ((*since + settings.missing_after).saturating_sub(now), text)
        });
        absent.chain(missing).filter(|(left, _)| !left.is_zero()).max()
    }
}

enum Sighting {
    Present,
    Absent,
    Untold,
}

fn sighting(project: &ProjectName, ledger: &Ledger, name: &Name, row: &Recorded, observed: &Observed) -> Sighting {
    let Some(deployment) = row.deployment.as_ref().filter(|deployment| lives(deployment)) else {
        return Sighting::Present;
    };
    match observed.engines.get(&deployment.stream.engine) {
        Some(EngineView::Known(cluster)) if cluster.ready => {
            let id = JobKey::run(project, name, deployment.generation).id(ledger.id);
            if lists(cluster, &id) { Sighting::Present } else { Sighting::Absent }
        }
        Some(EngineView::Known(_) | EngineView::Unknown { .. }) | None => Sighting::Untold,
    }
}

fn lists(cluster: &Cluster, id: &JobId) -> bool {
    cluster.jobs.iter().any(|job| job.id == *id)
}

fn lives(deployment: &Deployment) -> bool {
    match deployment.status {
        DeploymentStatus::Live => true,
        DeploymentStatus::Submitting
        | DeploymentStatus::Stopped
        | DeploymentStatus::Cancelled
        | DeploymentStatus::Failed
        | DeploymentStatus::Abandoned
        | DeploymentStatus::Dropped => false,
    }
}

fn since(started: &BTreeMap<Name, Duration>, now: Duration) -> BTreeMap<Name, Duration> {
    started.iter().map(|(name, since)| (name.clone(), now.saturating_sub(*since))).collect()
}
