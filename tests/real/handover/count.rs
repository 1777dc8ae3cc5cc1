//! What came against what an uninterrupted run gives: which rows are missing, which are doubled.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::handover::load::BUSY_PARTITIONS;
use crate::handover::load::Row;

/// The branches in which a query gives the row of a number of a topic.
pub type Gives = fn(topic: &str, number: u64) -> Vec<&'static str>;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Count {
    pub rows: usize,
    pub missing: usize,
    pub doubled: usize,
    /// Given by a query that should not have given it there.
    pub wrong: usize,
}

/// In each partition there must be one place up to which every row was the old query's, and from which on every row
/// is the new one's.
pub fn count(came: &[Row], topics: &[(&str, u64)], old: Gives, new: Gives) -> Count {
    let mut total = Count { rows: came.len(), ..Count::default() };
    for (topic, written) in topics {
        for partition in 0..BUSY_PARTITIONS {
            let of = |row: &&Row| row.topic == *topic && row.number % BUSY_PARTITIONS == partition;
            let rows: Vec<&Row> = came.iter().filter(of).collect();
            let numbers = (partition..*written).step_by(BUSY_PARTITIONS as usize).collect::<Vec<_>>();
            let best =
                split_places(&rows, &numbers).into_iter().map(|place| {
                    compare(&rows, &numbers, |number| {
                        if number < place { (1, old(topic, number)) } else { (2, new(topic, number)) }
                    })
                });
            let best = best.min_by_key(|count| count.missing + count.doubled + count.wrong).unwrap_or_default();
            total.missing += best.missing;
            total.doubled += best.doubled;
            total.wrong += best.wrong;
        }
    }
    total
}

/// Where the switch may have been: from the last row of the old query to the first one of the new.
fn split_places(rows: &[&Row], numbers: &[u64]) -> Vec<u64> {
    let of = |generation: u32| rows.iter().filter(move |row| row.generation == generation).map(|row| row.number);
    let (last, first) = (of(1).max(), of(2).min());
    let from = last.map_or(0, |last| last + 1).min(first.unwrap_or(u64::MAX));
    let to = first.or(numbers.last().map(|last| last + 1)).unwrap_or(0).max(from);
    let mut places: Vec<u64> = (from..=to).collect();
    // A wide gap is a fault whichever place in it is taken.
    places.dedup();
    places.into_iter().step_by(1 + (to - from) as usize / 200).collect()
}

fn compare(rows: &[&Row], numbers: &[u64], wanted: impl Fn(u64) -> (u32, Vec<&'static str>)) -> Count {
    let mut seen: BTreeMap<(u64, String), Vec<u32>> = BTreeMap::new();
    for row in rows {
        seen.entry((row.number, row.branch.clone())).or_default().push(row.generation);
    }
    let mut count = Count::default();
    let mut known: BTreeSet<(u64, String)> = BTreeSet::new();
    for number in numbers {
        let (generation, branches) = wanted(*number);
        for branch in branches {
            let key = (*number, branch.to_owned());
            match seen.get(&key).map(Vec::as_slice) {
                None => count.missing += 1,
                Some([one]) if *one == generation => {}
                Some([_]) => count.wrong += 1,
                Some(more) => count.doubled += more.len() - 1,
            }
            known.insert(key);
        }
    }
    count.wrong += seen.iter().filter(|(key, _)| !known.contains(key)).map(|(_, all)| all.len()).sum::<usize>();
    count
}

#[test]
fn a_switch_at_one_place_is_right_and_others_are_not() {
    let row = |number, generation| Row { topic: "o".into(), number, branch: "a".into(), generation };
    let gives: Gives = |_, number| if number % 5 == 4 { vec![] } else { vec!["a"] };
    let good: Vec<Row> = (0..40).filter(|n| n % 5 != 4).map(|n| row(n, if n < 20 { 1 } else { 2 })).collect();
    let told = |rows: &[Row]| {
        let Count { missing, doubled, wrong, .. } = count(rows, &[("o", 40)], gives, gives);
        (missing, doubled, wrong)
    };
    assert_eq!(told(&good), (0, 0, 0));
    let lost: Vec<Row> = good.iter().filter(|row| row.number != 21).cloned().collect();
    assert_eq!(told(&lost), (1, 0, 0));
    let end: Vec<Row> = good.iter().filter(|row| row.number < 30).cloned().collect();
    assert_eq!(told(&end), (8, 0, 0));
    let twice = [good.clone(), vec![row(18, 2)]].concat();
    assert_eq!(told(&twice), (0, 1, 0));
    let early = [good.clone(), vec![row(14, 2)]].concat();
    assert_ne!(told(&early), (0, 0, 0));
}
