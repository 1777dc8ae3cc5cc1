//! What came out, held against what one uninterrupted run gives: pure functions over rows.
//!
//! An input's partition is read in order, so a change cuts it at one place: what lies before is the old query's, what
//! lies behind is the new one's. The place is not known; there must be one that fits.

mod tests;

use std::collections::BTreeMap;
use std::ops::{Add, AddAssign, Neg};

use serde_json::Value;

use crate::verdicts::expression::Row;
use crate::verdicts::reference::{Reference, Total, canonical};

/// Row `number` of an input.
pub type Input = (String, u64);

/// Event time runs on 2 ms a row: so many rows later a window must have closed.
const CLOSES_WITHIN: u64 = 2500;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Miss {
    pub missing: i64,
    pub doubled: i64,
    /// What neither query gives there.
    pub wrong: i64,
}

/// A row of the output.
#[derive(Debug, Clone, PartialEq)]
pub struct Came {
    /// Kafka's key, of an upsert log.
    pub key: Option<String>,
    /// `None`: the key is gone.
    pub row: Option<Row>,
}

/// Whether the last totals may still be on their way: windows that the end of the input leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    Closed,
    Open,
}

/// What a verdict promises of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// The old query's rows up to one place in each partition, the new one's from there on.
    OneCut,
    /// The old query's rows up to one place, and the new one's over everything.
    ReadAgain,
    /// One state over everything: the end is what the new query gives for all rows, whoever wrote it.
    Whole,
}

/// What the old and the new job wrote, and what they should have.
pub struct Trial<'a> {
    pub old: (&'a Reference, &'a [Came]),
    pub new: (&'a Reference, &'a [Came]),
    /// By partition, in the order of the log.
    pub partitions: &'a [Vec<Input>],
    pub end: End,
}

impl Miss {
    pub fn total(self) -> i64 {
        self.missing + self.doubled + self.wrong
    }
}

impl Add for Miss {
    type Output = Miss;

    fn add(self, other: Miss) -> Miss {
        Miss {
            missing: self.missing + other.missing,
            doubled: self.doubled + other.doubled,
            wrong: self.wrong + other.wrong,
        }
    }
}

impl AddAssign for Miss {
    fn add_assign(&mut self, other: Miss) {
        *self = *self + other;
    }
}

impl Neg for Miss {
    type Output = Miss;

    fn neg(self) -> Miss {
        Miss { missing: -self.missing, doubled: -self.doubled, wrong: -self.wrong }
    }
}

impl Trial<'_> {
    pub fn judge(&self, promise: Promise) -> Miss {
        match promise {
            Promise::OneCut => self.best(|after| after),
            Promise::ReadAgain => self.best(|after| vec![after[0]; after.len()]),
            Promise::Whole => self.whole(),
        }
    }

    fn whole(&self) -> Miss {
        let came: Vec<Came> = self.old.1.iter().chain(self.new.1).cloned().collect();
        let all: Vec<Input> = self.partitions.iter().flatten().cloned().collect();
        let place = Place::of(&all, self.end);
        let seen = self.seen(self.new.0, &came);
        place.costs(self.new.0, &seen, Side::After)[0] + seen.strangers(self.new.0, self.partitions)
    }

    /// Rows that do not name their input are of the first one.
    fn seen(&self, reference: &Reference, came: &[Came]) -> Seen {
        let first = self.partitions.iter().flatten().next().map_or("", |(input, _)| input);
        Seen::of(reference, came, first)
    }

    /// At the place of each partition that fits best; `after` makes what the rows behind each place cost.
    fn best(&self, after: fn(Vec<Miss>) -> Vec<Miss>) -> Miss {
        let (old, new) = (self.seen(self.old.0, self.old.1), self.seen(self.new.0, self.new.1));
        let mut sum = old.strangers(self.old.0, self.partitions) + new.strangers(self.new.0, self.partitions);
        for inputs in self.partitions {
            let place = Place::of(inputs, self.end);
            let before = place.costs(self.old.0, &old, Side::Before);
            let after = after(place.costs(self.new.0, &new, Side::After));
            let best = before.into_iter().zip(after).map(|(old, new)| old + new).min_by_key(|miss| miss.total());
            sum += best.unwrap_or_default();
        }
        sum
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// What came, by what it belongs to: the input row of a plain query, the key of totals.
struct Seen {
    by: BTreeMap<String, Vec<String>>,
    /// Rows that tell not what they belong to.
    lost: i64,
}

impl Seen {
    /// Of an upsert log the last row of each key counts.
    fn of(reference: &Reference, came: &[Came], input: &str) -> Seen {
        let mut last: BTreeMap<&str, Option<&Row>> = BTreeMap::new();
        let mut rows: Vec<&Row> = Vec::new();
        for came in came {
            match &came.key {
                Some(key) => _ = last.insert(key, came.row.as_ref()),
                None => rows.extend(&came.row),
            }
        }
        rows.extend(last.into_values().flatten());
        let mut seen = Seen { by: BTreeMap::new(), lost: 0 };
        for row in rows {
            match belongs(reference, row, input) {
                Some(to) => seen.by.entry(to).or_default().push(canonical(row)),
                None => seen.lost += 1,
            }
        }
        seen
    }

    fn get(&self, to: &str) -> &[String] {
        self.by.get(to).map_or(&[], Vec::as_slice)
    }

    /// Rows that belong to nothing that was ever read.
    fn strangers(&self, reference: &Reference, partitions: &[Vec<Input>]) -> Miss {
        let mut left = self.by.clone();
        for (input, number) in partitions.iter().flatten() {
            if reference.is_totals() {
                reference.adds(input, *number).iter().for_each(|(key, _)| _ = left.remove(&canonical(key)));
            } else {
                left.remove(&numbered(input, *number));
            }
        }
        Miss { wrong: self.lost + left.values().map(|rows| rows.len() as i64).sum::<i64>(), ..Miss::default() }
    }
}

fn numbered(input: &str, number: u64) -> String {
    format!("{input} {number}")
}

fn belongs(reference: &Reference, row: &Row, first: &str) -> Option<String> {
    if reference.is_totals() {
        let names = reference.keys();
        let key: Option<Row> = names.iter().map(|name| Some((name.clone(), row.get(name)?.clone()))).collect();
        return key.map(|key| canonical(&key));
    }
    let input = row.get("T").and_then(Value::as_str).unwrap_or(first);
    Some(numbered(input, row.get("N")?.as_u64()?))
}

/// One partition's rows, in order.
struct Place<'a> {
    inputs: &'a [Input],
    highest: u64,
    end: End,
}

impl<'a> Place<'a> {
    fn of(inputs: &'a [Input], end: End) -> Place<'a> {
        Place { inputs, highest: inputs.iter().map(|(_, number)| *number).max().unwrap_or(0), end }
    }

    /// For each place of the cut, from before the first row to behind the last, what is wrong with the rows of this
    /// side.
    fn costs(&self, reference: &Reference, seen: &Seen, side: Side) -> Vec<Miss> {
        if reference.is_totals() { self.totals(reference, seen, side) } else { self.rows(reference, seen, side) }
    }

    fn rows(&self, reference: &Reference, seen: &Seen, side: Side) -> Vec<Miss> {
        let mut total = Miss::default();
        let mut steps = Vec::new();
        for (input, number) in self.inputs {
            let wanted: Vec<String> = reference.rows(input, *number).iter().map(canonical).collect();
            let found = seen.get(&numbered(input, *number));
            let (inside, outside) = (compare(&wanted, found), compare(&[], found));
            // At the first place of the cut no row is before it and every row is behind it.
            let (now, then) = if side == Side::Before { (outside, inside) } else { (inside, outside) };
            total += now;
            steps.push(then + -now);
        }
        running(total, steps)
    }

    fn totals(&self, reference: &Reference, seen: &Seen, side: Side) -> Vec<Miss> {
        let mut keys: BTreeMap<String, (Row, Vec<(usize, Row)>)> = BTreeMap::new();
        for (at, (input, number)) in self.inputs.iter().enumerate() {
            for (key, row) in reference.adds(input, *number) {
                keys.entry(canonical(&key)).or_insert((key, Vec::new())).1.push((at, row));
            }
        }
        let mut total = Miss::default();
        let mut steps = vec![Miss::default(); self.inputs.len()];
        for (name, (key, added)) in &keys {
            let found = seen.get(name);
            let wanted = wanted(reference, key, added, side);
            let cost = |have: usize, cut: usize| {
                let close = self.closes(added.last().expect("a key has rows").0, cut, side);
                total_cost(wanted[have].as_ref(), found, close)
            };
            let mut before = cost(0, 0);
            total += before;
            let mut have = 0;
            for (at, step) in steps.iter_mut().enumerate() {
                let had = have;
                while added.get(have).is_some_and(|(place, _)| *place == at) {
                    have += 1;
                }
                // What a window owes depends on how far the old job had read.
                if had == have && (side == Side::After || self.end == End::Closed) {
                    continue;
                }
                let now = cost(have, at + 1);
                *step += now + -before;
                before = now;
            }
        }
        running(total, steps)
    }

    /// Whether a key whose last row lies there must have been told, by a job that read up to the cut or to the end.
    fn closes(&self, last: usize, cut: usize, side: Side) -> End {
        let read = match (side, cut) {
            (Side::Before, 0) => 0,
            (Side::Before, cut) => self.inputs[cut - 1].1,
            (Side::After, _) => self.highest,
        };
        let last = self.inputs[last].1;
        if self.end == End::Open && last + CLOSES_WITHIN >= read { End::Open } else { End::Closed }
    }
}

/// The total of a key after so many of its rows lie before the cut.
fn wanted(reference: &Reference, key: &Row, added: &[(usize, Row)], side: Side) -> Vec<Option<String>> {
    let mut total = Total::default();
    let mut texts = vec![None];
    let mut take = |row: &Row| {
        reference.add(&mut total, row);
        texts.push(Some(canonical(&reference.shown(key, &total))));
    };
    match side {
        Side::Before => added.iter().for_each(|(_, row)| take(row)),
        Side::After => added.iter().rev().for_each(|(_, row)| take(row)),
    }
    if side == Side::After {
        texts.reverse();
    }
    texts
}

fn total_cost(wanted: Option<&String>, found: &[String], end: End) -> Miss {
    let mut miss = Miss::default();
    match (wanted, found) {
        (Some(_), []) if end == End::Closed => miss.missing = 1,
        (_, []) => {}
        (None, found) => miss.wrong = found.len() as i64,
        (Some(wanted), found) => {
            let right = found.iter().filter(|row| *row == wanted).count() as i64;
            miss.doubled = (right - 1).max(0);
            miss.wrong = found.len() as i64 - right;
        }
    }
    miss
}

/// As multisets.
fn compare(wanted: &[String], found: &[String]) -> Miss {
    let mut left = found.to_vec();
    let mut miss = Miss::default();
    for row in wanted {
        match left.iter().position(|other| other == row) {
            Some(at) => _ = left.swap_remove(at),
            None => miss.missing += 1,
        }
    }
    miss.doubled = left.iter().filter(|row| wanted.contains(row)).count() as i64;
    miss.wrong = left.len() as i64 - miss.doubled;
    miss
}

fn running(first: Miss, steps: Vec<Miss>) -> Vec<Miss> {
    let mut at = first;
    let later = steps.into_iter().map(|step| {
        at += step;
        at
    });
    std::iter::once(first).chain(later).collect()
}
