//! Outputs of streams as inputs of others: what a name or a topic stands for, and what cannot be read.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::graph::{Graph, Link, Node};
use crate::load::definition_file::StreamFile;
use crate::load::document::Document;
use crate::load::entry::{Body, Entry};
use crate::load::report::Report;
use crate::load::source::SourceState;
use crate::load::stream::output;
use crate::model::column::Column;
use crate::model::definition::{OnBadRecord, Source, Upstream};
use crate::model::desired::DesiredStream;
use crate::model::diagnostic::Diagnostic;
use crate::model::name::{Name, TopicName};
use crate::model::tree::Span;
use crate::sql::Dialect;
use crate::sql::facts;

/// Members of a loop that a message names before it says how many more there are.
const NAMED: usize = 8;

/// What a stream's name stands for in a query: its output. `None`: it cannot be made out; the stream's own rules say why.
pub fn of_stream(document: &Document, name: &Name, file: &StreamFile) -> Option<Source> {
    let mut unsaid = Report::new(document);
    let output = output(&mut unsaid, name, file)?;
    Some(Source {
        output_of: Some(Upstream::of(name, &output)),
        name: name.clone(),
        topic: output.topic,
        format: output.format,
        on_bad_record: OnBadRecord::Fail,
        columns: Vec::new(),
        time: None,
        connector: BTreeMap::new(),
    })
}

/// A source over the topic of a stream is read as that stream writes it: as an upsert log where it has a key, and
/// committed rows only where it writes in transactions. Of any other output a source says everything itself.
pub fn topics_are_read_as_written(entries: &mut [Entry], sources: &mut BTreeMap<Name, SourceState>) {
    let mut writers: BTreeMap<TopicName, Option<Source>> = BTreeMap::new();
    writers.extend(sources.values().filter_map(SourceState::declared).map(|source| (source.topic.clone(), None)));
    for state in sources.values() {
        if let SourceState::Stream(output) = state
            && let Some(writer) = writers.get_mut(&output.topic)
        {
            writer.get_or_insert_with(|| Source::clone(output));
        }
    }
    for entry in entries {
        let (Some(name), Body::Source(read)) = (&entry.name, &entry.body) else { continue };
        let Some(state) = sources.get_mut(name) else { continue };
        let SourceState::Usable(source) = state else { continue };
        let Some(Some(output)) = writers.get(&source.topic) else { continue };
        let Some(upstream) = output.output_of.as_ref().filter(|upstream| upstream.is_told_to_sources()) else {
            continue;
        };
        let found = upsert_fits(&read.0, source, output, upstream);
        if found.is_empty() {
            source.output_of = Some(upstream.clone());
        } else {
            entry.found.extend(found);
            *state = SourceState::Broken;
        }
    }
}

/// The key of an upsert log is read from the records' keys: as the stream writes it, and every column of it.
fn upsert_fits(document: &Document, source: &Source, output: &Source, upstream: &Upstream) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if upstream.key.is_empty() {
        return found;
    }
    let (topic, stream) = (&source.topic, &upstream.stream);
    let declared: BTreeSet<&str> = source.columns.iter().map(|column: &Column| column.name.as_str()).collect();
    let missing = upstream.key.iter().filter(|key| !declared.contains(key.as_str()));
    let missing: Vec<String> = missing.map(|key| format!("`{key}`")).collect();
    if !missing.is_empty() {
        let message = format!(
            "topic `{topic}` is an upsert log of stream `{stream}`, and of its key {} is not declared",
            missing.join(", ")
        );
        let wrong = document.error_at_key("upsert_key", &["columns"], message);
        found.push(wrong.with_help(format!("declare the whole key, or read the stream by its name, `{stream}`")));
    }
    if source.format != output.format {
        let message = format!("stream `{stream}` writes topic `{topic}` in another format");
        let wrong = document.error("conflict", &["format"], message);
        found.push(wrong.with_help(format!("give both one `format`, or read the stream by its name, `{stream}`")));
    }
    found
}

/// Every stream that could be made out, those with an error among them.
pub struct Streams<'a> {
    by_name: BTreeMap<&'a Name, &'a DesiredStream>,
}

impl<'a> Streams<'a> {
    pub fn new(streams: impl IntoIterator<Item = &'a DesiredStream>) -> Streams<'a> {
        Streams { by_name: streams.into_iter().map(|desired| (&desired.stream.name, desired)).collect() }
    }

    /// A stream whose input comes, in the end, from its own output has no first row. Gives the names that are told.
    pub fn loops_are_mistakes(&self, entries: &mut [Entry]) -> BTreeSet<&'a Name> {
        let graph = Graph::new(self.by_name.values().map(|desired| Node::of(&desired.stream)));
        let mut told: BTreeMap<&Name, Diagnostic> = BTreeMap::new();
        for found in graph.loops() {
            for at in 0..found.len() {
                let desired = self.by_name[found[at].stream];
                told.entry(found[at].stream).or_insert_with(|| in_loop(desired, &found, at));
            }
        }
        for entry in entries {
            if let Some(wrong) = entry.name.as_ref().and_then(|name| told.get(name)) {
                entry.found.push(wrong.clone());
            }
        }
        told.into_keys().collect()
    }

    /// Nothing is read of a stream whose definition has errors, nor of one that reads such a stream. `looped` are told
    /// already.
    pub fn broken_upstreams_break(&self, entries: &mut [Entry], looped: &BTreeSet<&Name>) {
        let mut readers: BTreeMap<&Name, Vec<&DesiredStream>> = BTreeMap::new();
        for desired in self.by_name.values() {
            for input in desired.stream.sources.keys().filter(|input| self.by_name.contains_key(input)) {
                readers.entry(input).or_default().push(desired);
            }
        }
        let wrong = entries.iter().filter(|entry| entry.has_error()).filter_map(|entry| entry.name.clone());
        let mut seen: BTreeSet<Name> = wrong.collect();
        let mut ahead: VecDeque<Name> = seen.iter().cloned().collect();
        let mut told: BTreeMap<&Name, Vec<Diagnostic>> = BTreeMap::new();
        while let Some(broken) = ahead.pop_front() {
            for reader in readers.get(&broken).into_iter().flatten() {
                let name = &reader.stream.name;
                if !looped.contains(name) {
                    told.entry(name).or_default().push(reads_broken(reader, &broken));
                }
                if seen.insert(name.clone()) {
                    ahead.push_back(name.clone());
                }
            }
        }
        for entry in entries {
            let found = entry.name.as_ref().and_then(|name| told.get(name));
            entry.found.extend(found.into_iter().flatten().cloned());
        }
    }
}

fn reads_broken(reader: &DesiredStream, upstream: &Name) -> Diagnostic {
    let message = format!("the definition of `{upstream}` has errors");
    let span = Some(mention(reader, upstream));
    Diagnostic::error("broken_source", &reader.place.file, span, message).with_help("see its own diagnostics")
}

/// The loop as the stream at `at` sees it.
fn in_loop(desired: &DesiredStream, found: &[Link<'_>], at: usize) -> Diagnostic {
    let next = |at: usize| &found[(at + 1) % found.len()];
    let link = &found[at];
    let message = if found.len() == 1 {
        format!("the stream reads its own output{}", through(link, link))
    } else {
        let hops = (at..at + found.len()).map(|at| {
            let (link, next) = (&found[at % found.len()], next(at));
            format!("`{}`{}", next.stream, through(link, next))
        });
        let mut hops: Vec<String> = hops.collect();
        if hops.len() > NAMED {
            let left_out = hops.len() - NAMED;
            hops.splice(NAMED / 2..NAMED / 2 + left_out, [format!("… {left_out} more …")]);
        }
        format!("the stream reads, in the end, its own output: `{}` reads {}", link.stream, hops.join(", which reads "))
    };
    Diagnostic::error("cycle", &desired.place.file, Some(mention(desired, link.input)), message)
        .with_help("what a stream reads cannot come from what it writes: read something else in one of them")
}

/// By which source, where it is not the stream's name.
fn through(link: &Link<'_>, next: &Link<'_>) -> String {
    if link.input == next.stream { String::new() } else { format!(" (as `{}`)", link.input) }
}

/// Where the query first names an input, in its file.
fn mention(desired: &DesiredStream, input: &Name) -> Span {
    let sql = &desired.stream.sql;
    let facts = facts::read(sql, Dialect::Flink).unwrap_or_default();
    let all =
        facts.iter().flat_map(|facts| std::iter::once(facts).chain(&facts.parts)).flat_map(|facts| &facts.sources);
    let first = all.filter(|source| source.name == input.as_str()).map(|source| source.place.span()).min();
    desired.place.span(first.unwrap_or(Span::new(0, sql.len())))
}
