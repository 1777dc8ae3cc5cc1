//! `rollback`: an earlier definition comes back into its file. Nothing else is done: applying it is another command.

use serde_json::json;

use crate::cli::args::{Form, Global, RollbackArgs};
use crate::cli::output::{self, Exit};
use crate::cli::project::{OpenError, open};
use crate::cli::{history, serve, validate, view};
use crate::load::load;
use crate::model::desired::{Desired, Texts};
use crate::model::history::Past;
use crate::model::job::Generation;
use crate::model::ledger::{DeploymentStatus, Recorded};
use crate::model::name::Name;
use crate::model::tree::{SourceFile, SourceTree};
use crate::origin::{directory, writing};
use crate::plan::render;
use crate::reconcile::{Look, Project};

pub async fn rollback(global: &Global, args: &RollbackArgs) -> Result<Exit, OpenError> {
    let form = global.form()?;
    let project = open(global).await?;
    let name = history::known(&project, &args.name).await?;
    let told = project.store.history(&project.name, &name, 0).await.map_err(|error| error.to_string())?;
    let ledger = project.store.read(&project.name).await.map_err(|error| error.to_string())?;
    let row = ledger.streams.get(&name).ok_or_else(|| format!("no job of `{name}` was ever submitted"))?;
    let (generation, texts) = chosen(&name, &told.deployments, args.to)?;
    let tree = directory::read(&project.folder);
    let desired = load(&tree, &project.context);
    let path = desired.streams.get(&name).map_or(&row.path, |want| &want.path);
    let files = files(texts, path)?;
    if let Some(refusal) = refused(&project, &name, &desired, with(&tree, &files)) {
        return Ok(refusal);
    }
    if would_lose(&name, row, &desired, &tree, &files) && !args.yes {
        let told = format!("{path} holds edits that were never applied");
        match output::ask(&format!("{told}. Overwrite them?")) {
            Some(true) => {}
            Some(false) => return Ok(output::error("not written")),
            None => return Ok(output::error(&format!("{told}; `--yes` overwrites them"))),
        }
    }
    for (path, text) in &files {
        writing::write(&project.folder, path, text).map_err(|error| format!("not written: {error}"))?;
        output::note(&format!("wrote {path} as generation {generation} had it"));
    }
    if let Some(daemon) = ledger.holder.filter(|holder| holder.starts_with(serve::DAEMON)) {
        output::note(&format!("{daemon} serves the project and does what follows"));
    }
    let look = view::look_until_told(&project).await?;
    Ok(shown(form, &project, &name, (generation, &files), &look))
}

fn shown(
    form: Form,
    project: &Project,
    name: &Name,
    (generation, files): (Generation, &[(String, String)]),
    look: &Look,
) -> Exit {
    let plan = crate::plan::narrow(&look.plan, &look.desired, &look.ledger, &[name.clone()].into());
    match form {
        Form::Json => output::json(&json!({
            "stream": name,
            "generation": generation,
            "written": files.iter().map(|(path, _)| path).collect::<Vec<_>>(),
            "plan": render::json(&plan),
        })),
        Form::Human => {
            validate::show(&project.folder, &plan.diagnostics);
            output::data(&render::text(&plan, output::stdout_colour()));
        }
    }
    if plan.blocked.is_empty() { Exit::Good } else { Exit::Bad }
}

/// The generation that is gone back to, and its files.
fn chosen<'a>(name: &Name, past: &'a [Past], to: Option<Generation>) -> Result<(Generation, &'a Texts), String> {
    let found = match to {
        Some(to) => past.iter().find(|past| past.generation == to).ok_or_else(|| {
            let known: Vec<String> = past.iter().rev().map(|past| past.generation.to_string()).collect();
            format!("`{name}` has no generation {to}; it has {}", known.join(", "))
        })?,
        None => before(past).ok_or_else(|| format!("no earlier generation of `{name}` ran anything else"))?,
    };
    // What was taken up again by itself has the files of the generation that it was first.
    let same = past.iter().filter(|other| other.revision == found.revision);
    let texts = found.texts.as_ref().or_else(|| same.filter_map(|other| other.texts.as_ref()).next());
    let texts = texts.ok_or_else(|| {
        format!("generation {} of `{name}` was applied by a weir that did not keep its file", found.generation)
    })?;
    Ok((found.generation, texts))
}

/// The newest one that ran something else than what ran last. What failed is not gone back to unasked.
fn before(past: &[Past]) -> Option<&Past> {
    let ran = |past: &&Past| match past.status {
        DeploymentStatus::Live
        | DeploymentStatus::Stopped
        | DeploymentStatus::Cancelled
        | DeploymentStatus::Dropped => true,
        DeploymentStatus::Submitting
        | DeploymentStatus::GivenUp
        | DeploymentStatus::Failed
        | DeploymentStatus::Abandoned => false,
    };
    let last = past.iter().find(|past| past.status != DeploymentStatus::Abandoned)?;
    past.iter().filter(|past| past.generation < last.generation && past.revision != last.revision).find(ran)
}

/// The texts by their paths now: a definition may have been moved since, and its query's file with it.
fn files(texts: &Texts, path: &str) -> Result<Vec<(String, String)>, String> {
    let mut files = Vec::new();
    if let Some(sql) = &texts.sql {
        let moved = moved(&sql.path, &texts.path, path)
            .ok_or_else(|| format!("{path} stood at {} then, and {} cannot be put beside it", texts.path, sql.path))?;
        files.push((moved, sql.text.clone()));
    }
    files.push((path.to_owned(), texts.definition.clone()));
    Ok(files)
}

/// Where `file` is when what stood at `from` stands at `to`; `None`: above the root.
fn moved(file: &str, from: &str, to: &str) -> Option<String> {
    let folders = |path: &str| path.split('/').map(str::to_owned).collect::<Vec<_>>();
    let (file, mut from, mut to) = (folders(file), folders(from), folders(to));
    from.pop();
    to.pop();
    let common = from.iter().zip(&file).take_while(|(a, b)| a == b).count();
    let left = to.len().checked_sub(from.len() - common)?;
    to.truncate(left);
    to.extend(file.into_iter().skip(common));
    Some(to.join("/"))
}

fn with(tree: &SourceTree, files: &[(String, String)]) -> SourceTree {
    let mut tree = tree.clone();
    tree.files.extend(files.iter().map(|(path, text)| (path.clone(), SourceFile::Text(text.clone()))));
    tree
}

/// What the files would mean together: they must define the stream, and leave every other one as it is.
fn refused(project: &Project, name: &Name, now: &Desired, tree: SourceTree) -> Option<Exit> {
    let then = load(&tree, &project.context);
    if !then.streams.contains_key(name) {
        validate::render(&then.diagnostics, &tree);
        return Some(output::error(&format!(
            "that definition of `{name}` is none any more, beside the other files; nothing was written"
        )));
    }
    let changed = now.streams.iter().find(|(other, want)| *other != name && then.streams.get(*other) != Some(want));
    changed.map(|(other, _)| output::error(&format!("that would change `{other}` too; nothing was written")))
}

/// Whether the files that are overwritten say anything that was never applied.
fn would_lose(name: &Name, row: &Recorded, now: &Desired, tree: &SourceTree, files: &[(String, String)]) -> bool {
    let differs = |(path, text): &(String, String)| match tree.files.get(path) {
        Some(SourceFile::Text(found)) => found != text,
        Some(SourceFile::Unreadable(_)) => true,
        None => false,
    };
    let applied = now.streams.get(name).is_some_and(|want| want.stream == row.stream && want.policy == row.policy);
    files.iter().any(differs) && !applied
}

#[cfg(test)]
mod tests;
