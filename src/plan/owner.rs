//! Whose a job is. What the ledger deployed comes before what a name says: the job of a stream that was renamed runs on
//! under the name that it began with.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::model::job::Job;
use crate::model::job::JobId;
use crate::model::job::JobKey;
use crate::model::ledger::Ledger;
use crate::model::name::Name;
use crate::model::name::ProjectName;
use crate::model::observed::EngineView;
use crate::model::observed::Observed;

#[derive(Clone)]
pub struct Owners<'a> {
    project: &'a ProjectName,
    ledger: Uuid,
    /// The streams whose jobs carry another name than theirs.
    renamed: BTreeMap<&'a JobId, &'a Name>,
    /// What was found out before: a job's id is a hash, and more than one asks whose it is.
    known: BTreeMap<&'a Job, Option<(Name, JobKey)>>,
}

impl<'a> Owners<'a> {
    pub fn of(project: &'a ProjectName, ledger: &'a Ledger) -> Owners<'a> {
        let deployed = ledger.streams.iter().flat_map(|(name, row)| {
            let others = [&row.abandoned, &row.left_by, &row.before].map(|other| other.as_deref());
            let deployments = others.into_iter().chain([row.deployment.as_ref()]);
            deployments.flatten().map(move |deployment| (name, deployment))
        });
        let renamed = deployed.filter(|(name, deployment)| deployment.stream.name != **name);
        let renamed = renamed.map(|(name, deployment)| (&deployment.job_id, name)).collect();
        Owners { project, ledger: ledger.id, renamed, known: BTreeMap::new() }
    }

    /// The same, with every job looked at that was seen.
    pub fn of_seen(project: &'a ProjectName, ledger: &'a Ledger, observed: &'a Observed) -> Owners<'a> {
        let none = Owners::of(project, ledger);
        let clusters = observed.engines.values().filter_map(|view| match view {
            EngineView::Known(cluster) => Some(cluster),
            EngineView::Unknown { .. } => None,
        });
        let known = clusters.flat_map(|cluster| &cluster.jobs).map(|job| (job, none.whose(job))).collect();
        Owners { known, ..none }
    }

    /// The stream that the job is of, by its present name, and what the job's own name says; `None`: it is not ours.
    pub fn whose(&self, job: &Job) -> Option<(Name, JobKey)> {
        if let Some(known) = self.known.get(job) {
            return known.clone();
        }
        let key = owned(self.project, self.ledger, job)?;
        let stream = self.renamed.get(&job.id).map_or(&key.stream, |stream| *stream);
        Some((stream.clone(), key))
    }
}

/// The key that a job's name gives, if the job's id proves it to be this project's.
pub fn owned(project: &ProjectName, ledger: Uuid, job: &Job) -> Option<JobKey> {
    JobKey::parse(&job.name).filter(|key| key.project == *project && key.id(ledger) == job.id)
}
