//! Job: a tree of files becomes what is desired, with every diagnostic there is.
//! Never: I/O, or stopping at the first mistake.
//! Start here: `load`.

mod across;
mod at_once;
mod config;
mod context;
mod definition_file;
mod document;
mod entry;
mod moment;
mod query;
mod reading;
mod renamed;
mod report;
mod revision;
pub mod schema;
mod script;
mod source;
mod stream;
pub mod suggest;
mod text;
mod unbuilt;
mod upstream;
mod walk;
mod weir_file;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::graph::{Graph, Node};
use crate::load::entry::{Body, Entry};
use crate::load::report::Report;
use crate::load::source::SourceState;
use crate::load::stream::Surroundings;
use crate::load::upstream::Streams;
use crate::model::desired::{Broken, Desired, DesiredStream};
use crate::model::diagnostic::Diagnostic;
use crate::model::name::Name;
use crate::model::tree::SourceTree;

pub use config::config;
pub use context::{Context, EngineRules, Engines};

/// Everything that `tree` asks for.
///
/// Guarantees: total and deterministic; all diagnostics there are. A definition with an error is in `broken` and
/// neither in `sources` nor in `streams`; while there is any, no removal may be planned.
pub fn load(tree: &SourceTree, context: &Context) -> Desired {
    let mut found = context.warnings();
    found.extend(entry::unreadable(tree));
    let vars = entry::vars(tree, context, &mut found);
    let mut entries = entry::read(tree, &vars);
    across::names_are_unique(&mut entries);
    renamed::old_names_are_free(&mut entries);
    let renamed = renamed::by_old_name(&entries);
    let mut sources = sources(&mut entries);
    upstream::topics_are_read_as_written(&mut entries, &mut sources);
    let (mut streams, wrong) =
        streams(&Surroundings { tree, context, vars: &vars, sources: &sources, renamed: &renamed }, &mut entries);
    let sources = sources.into_iter().filter_map(|(name, state)| state.usable().map(|source| (name, source))).collect();
    across::topics_have_one_writer(&mut entries, &streams);
    let all = Streams::new(streams.values().chain(&wrong));
    let looped = all.loops_are_mistakes(&mut entries);
    all.broken_upstreams_break(&mut entries, &looped);

    let broken = broken(&entries, &found);
    streams.retain(|name, _| !broken.names.contains(name));
    let frozen = frozen(tree, &broken);
    found.extend(entries.into_iter().flat_map(|entry| entry.found));
    found.sort();
    found.dedup();
    let graph = Graph::new(streams.values().map(|desired| Node::of(&desired.stream)));
    Desired {
        project: context.project.clone(),
        origin: context.origin.clone(),
        sources,
        order: graph.order().into_iter().cloned().collect(),
        streams,
        broken,
        frozen,
        diagnostics: found,
    }
}

/// Every source by its name, whether it is usable or not.
fn sources(entries: &mut [Entry]) -> BTreeMap<Name, SourceState> {
    let mut sources = BTreeMap::new();
    for entry in entries {
        let Some(name) = entry.name.clone() else { continue };
        let state = match &entry.body {
            Body::Source(read) => {
                let (document, file) = &**read;
                let mut report = Report::new(document);
                let source = source::build(&mut report, &name, file);
                entry.found.extend(report.found);
                match source.filter(|_| !entry.has_error()) {
                    Some(source) => SourceState::Usable(Box::new(source)),
                    None => SourceState::Broken,
                }
            }
            Body::Stream(read) if read.1.script.is_some() => SourceState::Script,
            Body::Stream(read) => match upstream::of_stream(&read.0, &name, &read.1) {
                Some(output) => SourceState::Stream(Box::new(output)),
                None => SourceState::Broken,
            },
            Body::Unread | Body::Built { .. } => SourceState::Broken,
        };
        // Of a name that is defined twice nothing is usable.
        sources.entry(name).and_modify(|earlier| *earlier = SourceState::Broken).or_insert(state);
    }
    sources
}

/// Every stream that could be made out: those without a mistake by name, and the others.
fn streams(around: &Surroundings<'_>, entries: &mut [Entry]) -> (BTreeMap<Name, DesiredStream>, Vec<DesiredStream>) {
    let built = at_once::each(entries.iter_mut().collect(), |entry| built(entry, around));
    let (mut streams, mut wrong) = (BTreeMap::new(), Vec::new());
    for (stream, has_error) in built.flatten() {
        if has_error {
            wrong.push(*stream);
        } else {
            streams.insert(stream.stream.name.clone(), *stream);
        }
    }
    (streams, wrong)
}

/// The stream of a file, and whether anything is wrong with it. The file's tree is given up: of many files, all of them
/// and all streams need not be there at once.
fn built(entry: &mut Entry, around: &Surroundings<'_>) -> Option<(Box<DesiredStream>, bool)> {
    let (Some(name), Body::Stream(read)) = (&entry.name, &entry.body) else { return None };
    let (document, file) = &**read;
    let mut report = Report::new(document);
    let stream = stream::build(&mut report, name, file, around);
    let found = report.found;
    let topic = match file.script {
        Some(_) => document.error_at_key("", &["script"], "").span,
        None => document.error("", &["output", "topic"], "").span,
    };
    entry.body = Body::Built { topic };
    entry.found.extend(found);
    Some((Box::new(stream?), entry.has_error()))
}

fn broken(entries: &[Entry], found: &[Diagnostic]) -> Broken {
    let wrong = || entries.iter().filter(|entry| entry.has_error());
    let mut paths: BTreeSet<String> = wrong().map(|entry| entry.path.clone()).collect();
    paths.extend(found.iter().filter(|found| found.is_error()).map(|found| found.file.clone()));
    Broken { paths, names: wrong().filter_map(|entry| entry.name.clone()).collect() }
}

/// Law: what is broken freezes removals. So does a folder without any file: it is more often a mount that is not there
/// than the wish that nothing be left. Whoever means it leaves a source, or `vars.toml`.
fn frozen(tree: &SourceTree, broken: &Broken) -> Option<String> {
    match (&tree.unsettled, broken.paths.first(), broken.paths.len()) {
        (Some(reason), ..) => Some(reason.clone()),
        (None, Some(path), 1) => Some(format!("`{path}` has errors")),
        (None, Some(path), more) => Some(format!("`{path}` and {} more have errors", more - 1)),
        (None, None, _) if tree.files.is_empty() => Some(format!("{} holds no definition at all", tree.root)),
        (None, None, _) => None,
    }
}

#[cfg(test)]
mod tests;
