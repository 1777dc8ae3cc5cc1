//! `history`: what became of a stream so far.

use serde_json::{Value, json};

use crate::cli::args::{Form, Global};
use crate::cli::output::{self, Exit};
use crate::cli::project::{OpenError, open};
use crate::load::suggest;
use crate::model::history::Past;
use crate::model::ledger::DeploymentStatus;
use crate::model::name::Name;
use crate::model::step::Restore;
use crate::plan::render;
use crate::reconcile::Project;
use crate::store::{Event, History};

pub async fn history(global: &Global, name: &str, events: u32) -> Result<Exit, OpenError> {
    let form = global.form()?;
    let project = open(global).await?;
    let name = known(&project, name).await?;
    let told = project.store.history(&project.name, &name, events).await.map_err(|error| error.to_string())?;
    match form {
        Form::Json => output::json(&as_json(&name, &told)),
        Form::Human => output::data(&as_text(&name, &told)),
    }
    Ok(Exit::Good)
}

/// A stream that the ledger has or a file asks for. A removed one has a history too.
pub async fn known(project: &Project, name: &str) -> Result<Name, String> {
    let ledger = project.store.read(&project.name).await.map_err(|error| error.to_string())?;
    let desired = project.desired().await;
    let names = || ledger.streams.keys().chain(desired.streams.keys());
    if let Some(found) = names().find(|known| known.as_str() == name) {
        return Ok(found.clone());
    }
    let help = suggest::help(name, "streams", names().map(Name::as_str));
    Err(format!("there is no stream `{name}`{}", help.map_or_else(String::new, |help| format!("; {help}"))))
}

fn as_json(name: &Name, told: &History) -> Value {
    let deployment = |past: &Past| {
        json!({
            "generation": past.generation,
            "status": past.status,
            "revision": past.revision,
            "engine": past.engine,
            "engine_version": past.engine_version,
            "job_id": past.job_id,
            "began": began(&past.restore),
            "restore": past.restore,
            "by": past.by,
            "submitted_at": moment(past.submitted_at),
            "verified_at": past.verified_at.map(moment),
            "ended_at": past.ended_at.map(moment),
            "savepoint": past.savepoint,
            "files_kept": past.texts.is_some(),
        })
    };
    let event =
        |event: &Event| json!({ "at": moment(event.at), "who": event.who, "what": event.what, "plan": event.plan });
    json!({
        "stream": name,
        "deployments": told.deployments.iter().map(deployment).collect::<Vec<_>>(),
        "events": told.events.iter().map(event).collect::<Vec<_>>(),
    })
}

fn as_text(name: &Name, told: &History) -> String {
    if told.deployments.is_empty() && told.events.is_empty() {
        return format!("No job of `{name}` was ever submitted.");
    }
    let mut text = String::new();
    if !told.deployments.is_empty() {
        text.push_str(&format!(
            "{:>3}  {:<10}  {:<12}  {:<14}  {:<9}  {:<20}  {:<20}  {}\n",
            "GEN", "STATUS", "REVISION", "ENGINE", "BEGAN", "SUBMITTED", "ENDED", "BY"
        ));
    }
    for past in &told.deployments {
        let engine = format!("{} {}", past.engine, past.engine_version);
        let ended = past.ended_at.map_or("-".to_owned(), moment);
        text.push_str(&format!(
            "{:>3}  {:<10}  {:<12}  {engine:<14}  {:<9}  {:<20}  {ended:<20}  {}\n",
            past.generation,
            status(past.status),
            past.revision.0.get(..12).unwrap_or(&past.revision.0),
            began(&past.restore),
            moment(past.submitted_at),
            past.by
        ));
    }
    match (told.deployments.is_empty(), told.events.is_empty()) {
        (_, true) => {}
        (true, false) => text.push_str("Events:\n"),
        (false, false) => text.push_str("\nEvents:\n"),
    }
    for event in &told.events {
        text.push_str(&format!("    {}  {}  ({})\n", moment(event.at), event.what, event.who));
    }
    text
}

/// What the job had at its beginning.
fn began(restore: &Restore) -> &'static str {
    match restore {
        Restore::Start(_) => "start",
        Restore::Savepoint { .. } | Restore::StopOf { .. } => "savepoint",
        Restore::Direct { .. } | Restore::DirectOf { .. } | Restore::Offsets(_) | Restore::OffsetsOf { .. } => {
            "offsets"
        }
    }
}

fn status(status: DeploymentStatus) -> &'static str {
    match status {
        DeploymentStatus::Submitting => "submitting",
        DeploymentStatus::Live => "live",
        DeploymentStatus::Stopped => "stopped",
        DeploymentStatus::Cancelled => "cancelled",
        DeploymentStatus::GivenUp => "given up",
        DeploymentStatus::Failed => "failed",
        DeploymentStatus::Abandoned => "abandoned",
        DeploymentStatus::Dropped => "dropped",
    }
}

/// To the second.
fn moment(at: i64) -> String {
    render::definition::timestamp(at - at.rem_euclid(1000))
}
