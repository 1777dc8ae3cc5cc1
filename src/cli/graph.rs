//! `weir graph`: which stream reads what.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use serde_json::{Value, json};

use crate::cli::args::{Form, Global, GraphArgs};
use crate::cli::output::{self, Exit};
use crate::cli::project::{OpenError, files};
use crate::cli::validate;
use crate::graph::{Graph, Node};
use crate::model::definition::Source;
use crate::model::desired::Desired;
use crate::model::diagnostic::Diagnostic;
use crate::model::name::Name;

/// Readers that a line of text names before it says how many more there are.
const NAMED: usize = 4;

/// Reads every definition. Needs no network, and no `weir.toml`.
pub fn graph(global: &Global, args: &GraphArgs) -> Result<Exit, OpenError> {
    let form = match (global.form()?, args.dot) {
        (Form::Human, false) => Shown::Text,
        (Form::Human, true) => Shown::Dot,
        (Form::Json, false) => Shown::Json,
        (Form::Json, true) => return Err("`--dot` and `--output json` are two forms: choose one".to_owned().into()),
    };
    let files = files(global)?;
    validate::show_config(&files.diagnostics, &files.config_file);
    let desired = crate::load::load(&crate::origin::directory::read(&files.folder), &files.context);
    let broken = desired.diagnostics.iter().any(Diagnostic::is_error);
    let page = Page::new(&desired);
    match form {
        Shown::Text => output::data(&page.text()),
        Shown::Dot => output::data(&page.dot()),
        Shown::Json => output::json(&page.json()),
    }
    match form {
        Shown::Text | Shown::Dot => validate::show(&files.folder, &desired.diagnostics),
        // They stand in it.
        Shown::Json => {}
    }
    if broken {
        output::note("definitions with errors are left out");
    }
    Ok(if broken { Exit::Bad } else { Exit::Good })
}

#[derive(Clone, Copy)]
enum Shown {
    Text,
    Dot,
    Json,
}

struct Page<'a> {
    desired: &'a Desired,
    graph: Graph<'a>,
}

/// An input of a stream.
struct Read<'a> {
    source: &'a Source,
    /// Whose output it is.
    stream: Option<&'a Name>,
}

impl<'a> Page<'a> {
    fn new(desired: &'a Desired) -> Page<'a> {
        let graph = Graph::new(desired.streams.values().map(|desired| Node::of(&desired.stream)));
        Page { desired, graph }
    }

    fn reads(&self, stream: &Name) -> Vec<Read<'a>> {
        let behind: BTreeMap<&Name, &Name> = self.graph.upstreams(stream).into_iter().collect();
        let sources = self.desired.streams[stream].stream.sources.values();
        sources.map(|source| Read { source, stream: behind.get(&source.name).copied() }).collect()
    }

    /// By source, the streams that read it.
    fn readers_of_sources(&self) -> BTreeMap<&'a Name, Vec<&'a Name>> {
        let mut found: BTreeMap<&Name, Vec<&Name>> =
            self.desired.sources.keys().map(|source| (source, Vec::new())).collect();
        for name in &self.desired.order {
            for input in self.desired.streams[name].stream.sources.keys() {
                found.entry(input).and_modify(|readers| readers.push(name));
            }
        }
        found
    }

    /// A line for each stream, what is read before what reads it.
    fn text(&self) -> String {
        let mut rows = vec![["STREAM".to_owned(), "READS".to_owned(), "READ BY".to_owned()]];
        for name in &self.desired.order {
            let reads: Vec<String> = self.reads(name).iter().map(Read::text).collect();
            rows.push([name.to_string(), reads.join(", "), some_of(&self.graph.readers(name))]);
        }
        let width = |at: usize| rows.iter().map(|row| row[at].chars().count()).max().unwrap_or_default();
        let (first, second) = (width(0), width(1));
        let mut text = String::new();
        for [stream, reads, readers] in &rows {
            let line = format!("{stream:<first$}  {reads:<second$}  {readers}");
            text.push_str(line.trim_end());
            text.push('\n');
        }
        let unread = self.readers_of_sources().into_iter().filter(|(_, readers)| readers.is_empty());
        let unread: Vec<&Name> = unread.map(|(source, _)| source).collect();
        if !unread.is_empty() {
            let _ = write!(text, "\nSources that no stream reads: {}\n", listed(&unread));
        }
        text
    }

    fn json(&self) -> Value {
        let stream = |name: &Name| {
            let stream = &self.desired.streams[name].stream;
            json!({
                "name": name,
                "engine": stream.engine,
                "topic": stream.output.topic,
                "key": stream.output.key,
                "reads": self.reads(name).iter().map(Read::json).collect::<Vec<_>>(),
                "readers": self.graph.readers(name),
            })
        };
        let writers: BTreeMap<_, _> =
            self.desired.streams.values().map(|desired| (&desired.stream.output.topic, &desired.stream.name)).collect();
        let sources = self.readers_of_sources();
        let source = |source: &Source| {
            json!({
                "name": source.name,
                "topic": source.topic,
                "stream": writers.get(&source.topic),
                "readers": sources.get(&source.name),
            })
        };
        json!({
            "streams": self.desired.order.iter().map(stream).collect::<Vec<_>>(),
            "sources": self.desired.sources.values().map(source).collect::<Vec<_>>(),
            "diagnostics": self.desired.diagnostics,
        })
    }

    /// For Graphviz. A source over a stream's topic hangs on the stream by a dashed line.
    fn dot(&self) -> String {
        let mut text = "digraph weir {\n  rankdir = LR;\n  node [shape = box];\n".to_owned();
        let mut lines: BTreeSet<String> = BTreeSet::new();
        for source in self.desired.sources.keys() {
            let _ = writeln!(text, "  {} [shape = ellipse];", quoted(source.as_str()));
        }
        for name in &self.desired.order {
            let _ = writeln!(text, "  {};", quoted(name.as_str()));
            for Read { source, stream } in self.reads(name) {
                let [from, to] = [&source.name, name].map(|name| quoted(name.as_str()));
                let label = match source.is_upsert() {
                    true => format!(" [label = {}]", quoted(&source.key().join(", "))),
                    false => String::new(),
                };
                lines.insert(format!("  {from} -> {to}{label};\n"));
                if let Some(stream) = stream.filter(|stream| **stream != source.name) {
                    lines.insert(format!("  {} -> {from} [style = dashed];\n", quoted(stream.as_str())));
                }
            }
        }
        lines.iter().for_each(|line| text.push_str(line));
        text.push_str("}\n");
        text
    }
}

impl Read<'_> {
    /// `orders`; `totals by CUSTOMER_ID`; `recent = totals` where it is a source over the topic of `totals`.
    fn text(&self) -> String {
        let name = &self.source.name;
        let from = match self.stream.filter(|stream| *stream != name) {
            Some(stream) => format!("{name} = {stream}"),
            None => name.to_string(),
        };
        match self.source.is_upsert() {
            true => format!("{from} by {}", self.source.key().join(", ")),
            false => from,
        }
    }

    fn json(&self) -> Value {
        json!({
            "input": self.source.name,
            "topic": self.source.topic,
            "stream": self.stream,
            "key": self.source.key(),
        })
    }
}

fn some_of(names: &[&Name]) -> String {
    match names.len() {
        0 => "-".to_owned(),
        many if many > NAMED + 1 => format!("{} and {} more", listed(&names[..NAMED]), many - NAMED),
        _ => listed(names),
    }
}

fn listed(names: &[&Name]) -> String {
    names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[cfg(test)]
mod tests;
