//! Job: which stream reads whose output: their order, their loops, and what lies downstream of one.
//! Never: I/O, SQL, or a word on what a change does.
//! Start here: [`Graph::new`].

mod loops;
mod order;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::definition::Source;
use crate::model::definition::Stream;
use crate::model::name::{Name, TopicName};

pub use self::loops::Link;

/// A stream as far as the graph is concerned.
#[derive(Debug, Clone)]
pub struct Node<'a> {
    pub name: &'a Name,
    pub writes: BTreeSet<&'a TopicName>,
    pub reads: Vec<Input<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub name: &'a Name,
    /// Whether that is a stream's name, and not that of a source which only happens to be called as one.
    pub stream: Option<&'a Name>,
    pub topic: &'a TopicName,
}

impl<'a> Node<'a> {
    pub fn of(stream: &'a Stream) -> Node<'a> {
        let input =
            |(name, source): (&'a Name, &'a Source)| Input { name, stream: source.stream(), topic: &source.topic };
        let reads = stream.sources.iter().map(input).collect();
        Node { name: &stream.name, writes: stream.writes(), reads }
    }
}

/// Streams, and an edge from each to every reader of its output. Building it, its order and its loops take time linear
/// in streams and edges (the order a logarithm more, and a loop is found by a search of the streams that read each
/// other).
#[derive(Debug)]
pub struct Graph<'a> {
    /// Sorted; all other lists go by the places in this one.
    names: Vec<&'a Name>,
    upstreams: Vec<Vec<Edge<'a>>>,
    /// Sorted, each once.
    readers: Vec<Vec<usize>>,
}

/// What a stream reads.
#[derive(Debug, Clone, Copy)]
struct Edge<'a> {
    upstream: usize,
    /// The input's name in the reader: the upstream's own, or that of a source over its topic.
    input: &'a Name,
}

impl<'a> Graph<'a> {
    /// An input that is read by a stream's name is that stream's output; any other is that of whoever writes its topic. Of two
    /// nodes of one name the first counts.
    pub fn new(nodes: impl IntoIterator<Item = Node<'a>>) -> Graph<'a> {
        let mut by_name: BTreeMap<&Name, Node<'a>> = BTreeMap::new();
        for node in nodes {
            by_name.entry(node.name).or_insert(node);
        }
        let names: Vec<&Name> = by_name.keys().copied().collect();
        let place: BTreeMap<&Name, usize> = names.iter().enumerate().map(|(place, name)| (*name, place)).collect();
        let mut writers: BTreeMap<&TopicName, Vec<usize>> = BTreeMap::new();
        for (at, node) in by_name.values().enumerate() {
            for topic in &node.writes {
                writers.entry(topic).or_default().push(at);
            }
        }
        let mut upstreams: Vec<Vec<Edge<'a>>> = Vec::with_capacity(names.len());
        let mut readers: Vec<Vec<usize>> = vec![Vec::new(); names.len()];
        for (at, node) in by_name.values().enumerate() {
            let mut edges = Vec::new();
            for input in &node.reads {
                let named = input.stream.and_then(|stream| place.get(stream)).map(std::slice::from_ref);
                let found = named.or(writers.get(input.topic).map(Vec::as_slice)).unwrap_or_default();
                edges.extend(found.iter().map(|upstream| Edge { upstream: *upstream, input: input.name }));
            }
            let sources: BTreeSet<usize> = edges.iter().map(|edge| edge.upstream).collect();
            sources.into_iter().for_each(|upstream| readers[upstream].push(at));
            upstreams.push(edges);
        }
        Graph { names, upstreams, readers }
    }

    /// The streams that read the output of `name`, sorted.
    pub fn readers(&self, name: &Name) -> Vec<&'a Name> {
        let found = self.place(name).map(|place| self.readers[place].as_slice()).unwrap_or_default();
        found.iter().map(|reader| self.names[*reader]).collect()
    }

    pub fn is_read(&self, name: &Name) -> bool {
        self.place(name).is_some_and(|place| !self.readers[place].is_empty())
    }

    /// What `name` reads of other streams: the input's name and the stream behind it.
    pub fn upstreams(&self, name: &Name) -> Vec<(&'a Name, &'a Name)> {
        let found = self.place(name).map(|place| self.upstreams[place].as_slice()).unwrap_or_default();
        found.iter().map(|edge| (edge.input, self.names[edge.upstream])).collect()
    }

    /// Everything that reads the output of `name`, also through others, sorted.
    pub fn downstream(&self, name: &Name) -> BTreeSet<&'a Name> {
        let Some(start) = self.place(name) else { return BTreeSet::new() };
        let mut found: BTreeSet<usize> = BTreeSet::new();
        let mut ahead: Vec<usize> = self.readers[start].clone();
        while let Some(next) = ahead.pop() {
            if next != start && found.insert(next) {
                ahead.extend(&self.readers[next]);
            }
        }
        found.into_iter().map(|at| self.names[at]).collect()
    }

    fn place(&self, name: &Name) -> Option<usize> {
        self.names.binary_search(&name).ok()
    }
}

#[cfg(test)]
mod tests;
