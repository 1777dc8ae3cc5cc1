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

pub struct Owners<'a> {
    project: &'a ProjectName,
    ledger: Uuid,
    /// The streams whose jobs carry another name than theirs.
    renamed: BTreeMap<&'a JobId, &'a Name>,
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
        Owners { project, ledger: ledger.id, renamed }
    }

    /// The stream that the job is of, by its present name, and what the job's own name says; `None`: it is not ours.
    pub fn whose(&self, job: &Job) -> Option<(Name, JobKey)> {
        let key = owned(self.project, self.ledger, job)?;
        let stream = self.renamed.get(&job.id).map_or(&key.stream, |stream| *stream);
        Some((stream.clone(), key))
    }
}

/// The key that a job's name gives, if the job's id proves it to be this project's.
pub fn owned(project: &ProjectName, ledger: Uuid, job: &Job) -> Option<JobKey> {
    JobKey::parse(&job.name).filter(|key| key.project == *project && key.id(ledger) == job.id)
}
