//! Commands that look and change nothing: `plan`, `status`.

use std::time::Duration;

use tokio::time::Instant;

use crate::cli::args::{Form, Global, PlanArgs, PlanForm};
use crate::cli::output::{self, Exit};
use crate::cli::places::Located;
use crate::cli::project::{OpenError, open};
use crate::cli::{chosen, kept, validate};
use crate::model::diagnostic::Diagnostic;
use crate::model::plan::{Because, Plan};
use crate::model::status::{Health, Status, Sync};
use crate::plan::render;
use crate::reconcile::looks::Looks;
use crate::reconcile::status::statuses;
use crate::reconcile::{Look, Project, look, unasked};

pub async fn plan(global: &Global, args: &PlanArgs) -> Result<Exit, OpenError> {
    let form = global.plan_form()?;
    let project = open(global).await?;
    let look = look_until_told(&project).await?;
    tell_unasked(&look);
    let plan = chosen::narrowed(&look, &args.names)?;
    if form == PlanForm::Human {
        validate::show(&project.folder, &plan.diagnostics);
    }
    show(form, &plan, &|| Located::of(&project.folder, &look));
    tell_left_out(&plan);
    if let Some(file) = &args.out {
        kept::write(&project, &look, &plan, file)?;
    }
    Ok(plan_exit(&look, &plan, args))
}

/// Shows a plan. `places` is asked only where places are told.
pub fn show(form: PlanForm, plan: &Plan, places: &dyn Fn() -> Located) {
    match form {
        PlanForm::Json => output::json(&render::json(plan)),
        PlanForm::Human => output::data(&render::text(plan, output::stdout_colour())),
        PlanForm::Markdown => output::data(&render::markdown::markdown(plan)),
        PlanForm::Github => output::data(&render::github::github(plan, &places())),
    }
}

/// What a narrowed plan does not show.
pub fn tell_left_out(plan: &Plan) {
    if let Some(told) = render::left_out(plan) {
        output::note(&told);
    }
}

/// Where nothing is to be done, no line of the plan names whoever did not answer.
pub fn tell_unasked(look: &Look) {
    for (door, reason) in unasked(look) {
        output::note(&format!("warning: {door}: {reason}"));
    }
}

fn plan_exit(look: &Look, plan: &Plan, args: &PlanArgs) -> Exit {
    let unknown = !unasked(look).is_empty() || plan.blocked.iter().any(|blocked| blocked.because == Because::Unknown);
    let broken = plan.diagnostics.iter().any(Diagnostic::is_error);
    if broken || (args.require_known && unknown) || (args.require_clean && !plan.blocked.is_empty()) {
        return Exit::Bad;
    }
    match args.detailed_exitcode && !plan.changes.is_empty() {
        true => Exit::Changes,
        false => Exit::Good,
    }
}

/// Looks, and looks once more where a file or a job must have been away for a while before anything follows from it.
pub async fn look_until_told(project: &Project) -> Result<Look, OpenError> {
    let (started, mut looks) = (Instant::now(), Looks::default());
    loop {
        let seen = look(project, &mut looks, started.elapsed()).await.map_err(|error| error.to_string())?;
        match looks.pending(started.elapsed(), &project.settings) {
            Some((left, what)) => wait(left, &what).await,
            None => return Ok(seen),
        }
    }
}

/// Waits for a second look, and says for what.
pub async fn wait(left: Duration, what: &str) {
    if !left.is_zero() {
        output::note(&format!("waits {:.0} s for {what}", left.as_secs_f64().ceil()));
    }
    tokio::time::sleep(left).await;
}

pub async fn status(global: &Global) -> Result<Exit, OpenError> {
    let form = global.form()?;
    let project = open(global).await?;
    let look = look(&project, &mut Looks::default(), Duration::ZERO).await.map_err(|error| error.to_string())?;
    tell_unasked(&look);
    let rows = statuses(&project, &look);
    match form {
        Form::Json => output::json(&rows),
        Form::Human => output::data(&table(&rows)),
    }
    Ok(Exit::Good)
}

fn table(rows: &[Status]) -> String {
    let width = rows.iter().map(|row| row.stream.as_str().len()).max().unwrap_or(0).max("STREAM".len());
    let mut text =
        format!("{:<width$}  {:<11}  {:<10}  {:>3}  {:<32}  {}\n", "STREAM", "SYNC", "HEALTH", "GEN", "JOB", "TOPIC");
    for row in rows {
        let job = row.job_id.as_ref().map_or("-", |id| id.as_str());
        let (sync, health) = (sync(row.sync), health(row.health));
        let line = format!(
            "{:<width$}  {sync:<11}  {health:<10}  {:>3}  {job:<32}  {}",
            row.stream,
            row.generation,
            row.output_topic.as_ref().map_or("-", |topic| topic.as_str())
        );
        text.push_str(line.trim_end());
        text.push('\n');
        if let Some(reason) = &row.reason {
            text.push_str(&format!("{:<width$}  {reason}\n", ""));
        }
    }
    text
}

fn sync(sync: Sync) -> &'static str {
    match sync {
        Sync::Synced => "synced",
        Sync::OutOfSync => "out_of_sync",
        Sync::Unknown => "unknown",
    }
}

fn health(health: Health) -> &'static str {
    match health {
        Health::Running => "running",
        Health::Starting => "starting",
        Health::Restarting => "restarting",
        Health::Failed => "failed",
        Health::Finished => "finished",
        Health::Stopped => "stopped",
        Health::Missing => "missing",
        Health::Duplicate => "duplicate",
        Health::Unknown => "unknown",
    }
}
