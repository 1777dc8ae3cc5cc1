//! Which change of a plan may begin.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::model::name::Name;
use crate::model::plan::Change;

/// A change waits for those before it in the plan that read what it writes or write what it reads, however far away.
pub struct Turns<'a> {
    changes: &'a [Change],
    /// By place in the plan: those that wait for it.
    waiting: Vec<Vec<usize>>,
    /// How many it waits for.
    ahead: Vec<usize>,
    /// One that it waited for and that was not done.
    undone: Vec<Option<&'a Name>>,
    free: BinaryHeap<Reverse<usize>>,
}

/// A change whose turn it is.
pub struct Turn<'a> {
    pub place: usize,
    pub change: &'a Change,
    /// A stream whose change should have come before and was not done: this one must not begin.
    pub undone: Option<&'a Name>,
}

impl<'a> Turns<'a> {
    pub fn new(changes: &'a [Change]) -> Turns<'a> {
        let places: BTreeMap<&Name, usize> =
            changes.iter().enumerate().map(|(at, change)| (&change.stream, at)).collect();
        let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); changes.len()];
        let mut ahead = vec![0; changes.len()];
        for (at, change) in changes.iter().enumerate() {
            for other in change.downstream.iter().filter_map(|name| places.get(name)).filter(|other| **other != at) {
                let (first, second) = (at.min(*other), at.max(*other));
                waiting[first].push(second);
                ahead[second] += 1;
            }
        }
        let free = ahead.iter().enumerate().filter(|(_, ahead)| **ahead == 0).map(|(at, _)| Reverse(at)).collect();
        Turns { changes, waiting, ahead, undone: vec![None; changes.len()], free }
    }

    /// The first in the plan that waits for nothing and has not had its turn.
    pub fn next(&mut self) -> Option<Turn<'a>> {
        let Reverse(place) = self.free.pop()?;
        Some(Turn { place, change: &self.changes[place], undone: self.undone[place] })
    }

    pub fn ended(&mut self, place: usize, done: bool) {
        for &next in &self.waiting[place] {
            if !done {
                self.undone[next].get_or_insert(&self.changes[place].stream);
            }
            self.ahead[next] -= 1;
            if self.ahead[next] == 0 {
                self.free.push(Reverse(next));
            }
        }
    }
}

#[cfg(test)]
mod tests;
