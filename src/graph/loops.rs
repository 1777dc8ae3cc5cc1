//! Streams that read, in the end, their own output.

use std::collections::{BTreeMap, VecDeque};

use crate::graph::{Edge, Graph};
use crate::model::name::Name;

/// A stream of a loop, and the input by which it reads the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<'a> {
    pub stream: &'a Name,
    pub input: &'a Name,
}

impl<'a> Graph<'a> {
    /// Loops, so that every stream that is in one is in one of these. Each stream reads the one behind it, and the last
    /// the first, whose name is the lowest that was in none before.
    pub fn loops(&self) -> Vec<Vec<Link<'a>>> {
        let group = self.groups();
        let mut covered = vec![false; self.names.len()];
        let mut found = Vec::new();
        for start in 0..self.names.len() {
            if covered[start] {
                continue;
            }
            let way = self.way_round(start, &group);
            way.iter().for_each(|(at, _)| covered[*at] = true);
            if !way.is_empty() {
                found.push(way.into_iter().map(|(at, input)| Link { stream: self.names[at], input }).collect());
            }
        }
        found
    }

    /// The shortest way from a stream by what it reads back to itself; empty where there is none. It never leaves the
    /// stream's group.
    fn way_round(&self, start: usize, group: &[usize]) -> Vec<(usize, &'a Name)> {
        let inside = |edge: &&Edge<'a>| group[edge.upstream] == group[start];
        let mut came: BTreeMap<usize, (usize, &'a Name)> = BTreeMap::new();
        let mut ahead = VecDeque::from([start]);
        while let Some(at) = ahead.pop_front() {
            for edge in self.upstreams[at].iter().filter(inside) {
                if edge.upstream == start {
                    let mut way = vec![(at, edge.input)];
                    while let Some(before) = way.last().and_then(|(at, _)| came.get(at)) {
                        way.push(*before);
                    }
                    way.reverse();
                    return way;
                }
                came.entry(edge.upstream).or_insert_with(|| {
                    ahead.push_back(edge.upstream);
                    (at, edge.input)
                });
            }
        }
        Vec::new()
    }

    /// For each stream the number of its group: two are in one if each reads, in the end, the other (Kosaraju's way).
    fn groups(&self) -> Vec<usize> {
        let mut seen = vec![false; self.names.len()];
        let mut ended = Vec::with_capacity(self.names.len());
        for start in 0..self.names.len() {
            self.walk(start, &mut seen, &mut ended);
        }
        let mut group = vec![usize::MAX; self.names.len()];
        for &root in ended.iter().rev() {
            let mut ahead = vec![root];
            while let Some(at) = ahead.pop() {
                if group[at] == usize::MAX {
                    group[at] = root;
                    ahead.extend(&self.readers[at]);
                }
            }
        }
        group
    }

    /// Goes from a stream to all that it reads, and notes each when everything behind it was seen.
    fn walk(&self, start: usize, seen: &mut [bool], ended: &mut Vec<usize>) {
        if std::mem::replace(&mut seen[start], true) {
            return;
        }
        let mut path = vec![(start, 0)];
        while let Some((at, next)) = path.last_mut() {
            match self.upstreams[*at].get(*next) {
                Some(edge) => {
                    *next += 1;
                    if !std::mem::replace(&mut seen[edge.upstream], true) {
                        path.push((edge.upstream, 0));
                    }
                }
                None => {
                    ended.push(*at);
                    path.pop();
                }
            }
        }
    }
}
