//! Names of streams as they are typed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::load::suggest;
use crate::model::ledger::RowState;
use crate::model::name::Name;
use crate::model::plan::Plan;
use crate::reconcile::Look;

/// What `apply` is asked for.
pub enum Target {
    /// All, if none is named.
    Streams(Vec<String>),
    File(PathBuf),
}

/// A word that is no definition's name (letters, digits and underscores) is a file.
///
/// Errors: a file among other words.
pub fn target(words: &[String]) -> Result<Target, String> {
    let file = words.iter().find(|word| Name::parse(word).is_err());
    match (file, words.len()) {
        (None, _) => Ok(Target::Streams(words.to_vec())),
        (Some(file), 1) => Ok(Target::File(PathBuf::from(file))),
        (Some(file), _) => Err(format!("`{file}` is no stream's name, and a saved plan is applied by itself")),
    }
}

/// The look's plan, narrowed to `names`; the whole plan where none is given.
///
/// Errors: a name that is no stream's, with the one that was most likely meant.
pub fn narrowed(look: &Look, names: &[String]) -> Result<Plan, String> {
    if names.is_empty() {
        return Ok(look.plan.clone());
    }
    let names = streams(look, names)?;
    Ok(crate::plan::narrow(&look.plan, &look.desired, &look.ledger, &names))
}

/// The streams of these names.
fn streams(look: &Look, names: &[String]) -> Result<BTreeSet<Name>, String> {
    let known = known(look);
    names.iter().map(|name| one_of(look, &known, name)).collect()
}

/// The stream of this name.
pub fn stream(look: &Look, name: &str) -> Result<Name, String> {
    one_of(look, &known(look), name)
}

/// Every stream that a plan may speak of.
fn known(look: &Look) -> BTreeSet<Name> {
    let mut known: BTreeSet<Name> = look.desired.streams.keys().cloned().collect();
    known.extend(look.desired.broken.names.iter().cloned());
    let rows = look.ledger.streams.iter().filter(|(_, row)| row.state != RowState::Removed);
    known.extend(rows.map(|(name, _)| name.clone()));
    known.extend(look.plan.changes.iter().map(|change| change.stream.clone()));
    known.extend(look.plan.blocked.iter().map(|blocked| blocked.stream.clone()));
    known
}

fn one_of(look: &Look, known: &BTreeSet<Name>, name: &str) -> Result<Name, String> {
    if let Some(found) = known.iter().find(|known| known.as_str() == name) {
        return Ok(found.clone());
    }
    if look.desired.sources.keys().any(|source| source.as_str() == name) {
        return Err(format!("`{name}` is a source: only streams are planned"));
    }
    let help = suggest::help(name, "streams", known.iter().map(Name::as_str));
    let help = help.map_or_else(String::new, |help| format!("; {help}"));
    let file = match Path::new(name).is_file() {
        true => format!("; to mean the file of that name, write `./{name}`"),
        false => String::new(),
    };
    Err(format!("there is no stream `{name}`{help}{file}"))
}
