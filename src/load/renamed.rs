//! Streams that had another name.

use std::collections::BTreeMap;

use crate::load::definition_file::StreamFile;
use crate::load::entry::{Body, Entry};
use crate::model::diagnostic::Diagnostic;
use crate::model::name::Name;

const KEY: [&str; 2] = ["deploy", "renamed_from"];

/// The name that the stream had, if that is one.
pub fn old_name(file: &StreamFile) -> Option<Name> {
    file.deploy.renamed_from.as_deref().and_then(|written| Name::parse(written).ok())
}

/// The name after which the stream's topic is called where nothing is said: a rename keeps it.
pub fn first_name(name: &Name, file: &StreamFile) -> Name {
    old_name(file).unwrap_or_else(|| name.clone())
}

/// Old names and the present ones.
pub fn by_old_name(entries: &[Entry]) -> BTreeMap<Name, Name> {
    let streams = entries.iter().filter_map(|entry| match &entry.body {
        Body::Stream(read) => Some((old_name(&read.1)?, entry.name.clone()?)),
        Body::Source(_) | Body::Unread | Body::Built { .. } => None,
    });
    streams.collect()
}

/// An old name is another one, nobody's any more, and given up to one stream. Names are compared without regard to case.
pub fn old_names_are_free(entries: &mut [Entry]) {
    let found: Vec<(usize, Diagnostic)> =
        (0..entries.len()).filter_map(|at| wrong(entries, at).map(|wrong| (at, wrong))).collect();
    for (at, wrong) in found {
        entries[at].found.push(wrong);
    }
}

fn wrong(entries: &[Entry], at: usize) -> Option<Diagnostic> {
    let Body::Stream(read) = &entries[at].body else { return None };
    let (document, file) = &**read;
    let written = file.deploy.renamed_from.as_deref()?;
    let error = |code: &str, message: String| document.error(code, &KEY, message);
    let old = match Name::parse(written) {
        Ok(old) => old,
        Err(wrong) => {
            let told = error("bad_name", format!("`{}` is no {}", wrong.text, wrong.what));
            return Some(told.with_help(wrong.rule));
        }
    };
    if entries[at].name.as_ref() == Some(&old) {
        let told = error("renamed_from", format!("`{old}` is the stream's own name"));
        return Some(told.with_help("write the name that it had, or remove the key"));
    }
    let others = || entries.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, entry)| entry);
    if let Some(other) = others().find(|other| other.name.as_ref().is_some_and(|name| name.folded() == old.folded())) {
        let told = error("renamed_from", format!("`{old}` is still defined, in `{}`", other.path));
        return Some(told.with_help("remove that file with the rename, or remove the key"));
    }
    let claims = |entry: &&Entry| match &entry.body {
        Body::Stream(read) => old_name(&read.1).is_some_and(|claimed| claimed.folded() == old.folded()),
        Body::Source(_) | Body::Unread | Body::Built { .. } => false,
    };
    let other = others().find(claims)?;
    let told = error("renamed_from", format!("`{}` is renamed from `{old}` too", other.path));
    Some(told.with_help("one stream goes on with what was recorded of it: remove the key in all others"))
}
