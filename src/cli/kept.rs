//! Plans in files.

use std::path::Path;

use crate::cli::args::Global;
use crate::cli::output::{self, Exit};
use crate::cli::places::Located;
use crate::cli::project::OpenError;
use crate::cli::view;
use crate::model::name::Name;
use crate::model::plan::Plan;
use crate::model::saved::SavedPlan;
use crate::model::tree::SourceTree;
use crate::plan::World;
use crate::reconcile::{Look, Project};

/// Shows a plan that was kept. Needs no network, and no `weir.toml`.
pub fn show(global: &Global, file: &Path) -> Result<Exit, OpenError> {
    let form = global.plan_form()?;
    let saved = read(file)?;
    view::show(form, &saved.plan, &|| Located::new(Path::new("."), SourceTree::default()));
    view::tell_left_out(&saved.plan);
    Ok(Exit::Good)
}

/// Keeps a plan with what it was planned from.
pub fn write(project: &Project, look: &Look, plan: &Plan, file: &Path) -> Result<(), String> {
    let text = crate::plan::save(&world(project, look), plan).write();
    std::fs::write(file, text).map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    let shown = file.display().to_string();
    let shown = if Name::parse(&shown).is_ok() { format!("./{shown}") } else { shown };
    output::note(&format!("kept in {}; `weir apply {shown}` does exactly this, or nothing", file.display()));
    Ok(())
}

pub fn read(file: &Path) -> Result<SavedPlan, String> {
    let shown = file.display();
    let text = std::fs::read_to_string(file).map_err(|error| format!("{shown} cannot be read: {error}"))?;
    SavedPlan::read(&text).map_err(|wrong| format!("{shown} cannot be taken: {wrong}"))
}

/// The plan in the file, if it is what would be planned now.
///
/// Errors: which inputs moved, in words.
pub fn still_right(project: &Project, look: &Look, saved: &SavedPlan, file: &Path) -> Result<Plan, String> {
    let stale = crate::plan::stale(saved, &world(project, look), &look.plan);
    if stale.is_empty() {
        return Ok(saved.plan.clone());
    }
    let lines: String = stale.iter().map(|line| format!("\n  {line}")).collect();
    Err(format!("the plan in {} is not right any more; nothing was done{lines}", file.display()))
}

pub fn world<'a>(project: &'a Project, look: &'a Look) -> World<'a> {
    World::new(&look.desired, &look.ledger, &look.observed, &project.settings)
}
