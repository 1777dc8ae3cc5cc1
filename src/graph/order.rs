//! One order of all streams, the same for the same streams.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use crate::graph::Graph;
use crate::model::name::Name;

impl<'a> Graph<'a> {
    /// Upstream before readers, and otherwise by name. A loop has no such order: it begins with its first name.
    pub fn order(&self) -> Vec<&'a Name> {
        self.order_with_ends(&BTreeSet::new())
    }

    /// As [`Graph::order`], but a stream in `ends` comes before what it reads: nothing changes under one that is about to
    /// go. Of two that end the reader is the first.
    pub fn order_with_ends(&self, ends: &BTreeSet<&Name>) -> Vec<&'a Name> {
        let ends: Vec<bool> = self.names.iter().map(|name| ends.contains(name)).collect();
        let count = self.names.len();
        let mut after: Vec<Vec<usize>> = vec![Vec::new(); count];
        let mut waits: Vec<usize> = vec![0; count];
        for (upstream, readers) in self.readers.iter().enumerate() {
            for &reader in readers.iter().filter(|reader| **reader != upstream) {
                let (first, second) = if ends[reader] { (reader, upstream) } else { (upstream, reader) };
                after[first].push(second);
                waits[second] += 1;
            }
        }
        drain(&after, waits).into_iter().map(|at| self.names[at]).collect()
    }
}

/// The smallest that waits for nothing, again and again; where all wait, the smallest of all.
fn drain(after: &[Vec<usize>], mut waits: Vec<usize>) -> Vec<usize> {
    let count = after.len();
    let mut free: BinaryHeap<Reverse<usize>> = (0..count).filter(|at| waits[*at] == 0).map(Reverse).collect();
    let mut taken = vec![false; count];
    let mut order = Vec::with_capacity(count);
    let mut lowest = 0;
    while order.len() < count {
        let next = match free.pop() {
            Some(Reverse(next)) => next,
            None => {
                lowest += taken[lowest..].iter().take_while(|taken| **taken).count();
                lowest
            }
        };
        if std::mem::replace(&mut taken[next], true) {
            continue;
        }
        order.push(next);
        for &second in &after[next] {
            waits[second] -= 1;
            if waits[second] == 0 && !taken[second] {
                free.push(Reverse(second));
            }
        }
    }
    order
}
