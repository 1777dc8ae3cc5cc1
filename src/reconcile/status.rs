//! How every stream is: derived from one look, never stored.

use crate::model::definition::DesiredRun;
use crate::model::ledger::{Recorded, RowState};
use crate::model::name::Name;
use crate::model::observed::EngineView;
use crate::model::plan::Because;
use crate::model::renames::Renames;
use crate::model::status::{Health, Status, Sync};
use crate::reconcile::{Look, Project};

/// One row per stream that a file or the ledger knows, in the order of names. Streams that were removed are left
/// out.
pub fn statuses(project: &Project, look: &Look) -> Vec<Status> {
    let renames = &Renames::of(&look.desired, &look.ledger);
    let mut names: Vec<&Name> = look.desired.streams.keys().collect();
    names.extend(
        look.ledger.streams.iter().filter(|(_, row)| row.state != RowState::Removed).map(|(name, _)| renames.now(name)),
    );
    names.sort();
    names.dedup();
    names.into_iter().filter_map(|name| status(project, look, renames, name)).collect()
}

fn status(project: &Project, look: &Look, renames: &Renames, name: &Name) -> Option<Status> {
    let desired = look.desired.streams.get(name);
    let row = renames.row(&look.ledger, name);
    let stream = desired.map(|desired| &desired.stream).or(row.map(|row| &row.stream))?;
    let (sync, reason) = sync(look, name);
    Some(Status {
        stream: name.clone(),
        engine: stream.engine.clone(),
        sync,
        health: health(project, look, renames.taken_by(name).unwrap_or(name), row),
        generation: row.map_or(0, |row| row.generation),
        job_id: row.and_then(|row| row.deployment.as_ref()).map(|deployment| deployment.job_id.clone()),
        output_topic: stream.output_topic().cloned(),
        reason: reason.or_else(|| noted(look, name)),
    })
}

/// What the plan remarks about a stream that it leaves as it is.
fn noted(look: &Look, name: &Name) -> Option<String> {
    let notes = look.plan.notes.iter().filter(|note| note.stream == *name);
    let texts: Vec<&str> = notes.map(|note| note.text.as_str()).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn sync(look: &Look, name: &Name) -> (Sync, Option<String>) {
    if let Some(blocked) = look.plan.blocked.iter().find(|blocked| blocked.stream == *name) {
        let sync = match blocked.because {
            Because::Unknown => Sync::Unknown,
            Because::Refused | Because::Invalid | Because::Needs | Because::Unconfirmed | Because::Waiting => {
                Sync::OutOfSync
            }
        };
        return (sync, Some(blocked.reason.clone()));
    }
    match look.plan.changes.iter().find(|change| change.stream == *name) {
        Some(change) => (Sync::OutOfSync, Some(format!("{}: {}", change.action.word(), change.reason))),
        None => (Sync::Synced, None),
    }
}

fn health(project: &Project, look: &Look, name: &Name, row: Option<&Recorded>) -> Health {
    let Some(row) = row else { return Health::Stopped };
    let engine = row.deployment.as_ref().map_or(&row.stream.engine, |deployment| &deployment.stream.engine);
    let unknown = EngineView::Unknown { reason: format!("no engine `{engine}` is configured") };
    let view = look.observed.engines.get(engine).unwrap_or(&unknown);
    let missing = look.observed.missing.get(name).copied();
    match (row.deployment.is_some(), row.stream.run) {
        (false, DesiredRun::Running | DesiredRun::Stopped) => Health::Stopped,
        (true, DesiredRun::Running | DesiredRun::Stopped) => {
            crate::plan::health(row, name, &project.name, &look.ledger, view, missing, project.settings.missing_after)
        }
    }
}
