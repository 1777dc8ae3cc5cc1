//! A judge that lets everything pass proves nothing: each fault is planted and found.

use serde_json::{Value, json};

use crate::verdicts::expression::Row;
use crate::verdicts::judge::{Came, End, Input, Miss, Promise, Trial};
use crate::verdicts::reference::Reference;

const LEN: u64 = 400;

fn partitions() -> Vec<Vec<Input>> {
    (0..2).map(|part| (part..LEN).step_by(2).map(|number| ("orders".to_owned(), number)).collect()).collect()
}

fn came(row: Value) -> Came {
    let Value::Object(row) = row else { panic!("no object: {row}") };
    Came { key: None, row: Some(row) }
}

fn upsert(key: u64, row: Option<Row>) -> Came {
    Came { key: Some(key.to_string()), row }
}

fn miss(missing: i64, doubled: i64, wrong: i64) -> Miss {
    Miss { missing, doubled, wrong }
}

/// Plain rows; the cut lies at 150 in one partition and at 201 in the other.
mod rows {
    use super::*;

    const OLD: &str = "SELECT N, 1 AS G FROM orders WHERE N % 10 <> 0";
    const NEW: &str = "SELECT N, 2 AS G FROM orders WHERE N % 10 <> 1";

    fn is_old(number: u64) -> bool {
        number < if number % 2 == 0 { 150 } else { 201 }
    }

    fn good() -> (Vec<Came>, Vec<Came>) {
        let rows = |old: bool, none: u64| {
            let numbers = (0..LEN).filter(move |number| is_old(*number) == old && number % 10 != none);
            numbers.map(|number| came(json!({"N": number, "G": if old { 1 } else { 2 }}))).collect()
        };
        (rows(true, 0), rows(false, 1))
    }

    fn judged(old: &[Came], new: &[Came], promise: Promise) -> Miss {
        let (before, after) = (Reference::parse(OLD), Reference::parse(NEW));
        Trial { old: (&before, old), new: (&after, new), partitions: &partitions(), end: End::Closed }.judge(promise)
    }

    #[test]
    fn one_cut_in_each_partition_is_right() {
        let (old, new) = good();
        assert_eq!(judged(&old, &new, Promise::OneCut), miss(0, 0, 0));
    }

    #[test]
    fn a_row_that_is_missing_doubled_or_strange_is_found() {
        let (old, new) = good();
        assert_eq!(judged(&old[1..], &new, Promise::OneCut), miss(1, 0, 0));
        assert_eq!(judged(&old, &new[..new.len() - 2], Promise::OneCut), miss(2, 0, 0));
        let twice = [old.clone(), vec![old[7].clone()]].concat();
        assert_eq!(judged(&twice, &new, Promise::OneCut), miss(0, 1, 0));
        for strange in [json!({"N": 150, "G": 1}), json!({"N": 100_000, "G": 2}), json!({"X": 1})] {
            let more = [new.clone(), vec![came(strange)]].concat();
            assert_eq!(judged(&old, &more, Promise::OneCut), miss(0, 0, 1));
        }
    }

    #[test]
    fn what_both_jobs_read_or_neither_did_is_found() {
        let (old, new) = good();
        let again: Vec<Came> = [2, 4, 6].map(|less| came(json!({"N": 150 - less, "G": 2}))).into();
        assert_eq!(judged(&old, &[again, new.clone()].concat(), Promise::OneCut).total(), 3);
        let numbers = |row: &Came| row.row.as_ref().and_then(|row| row["N"].as_u64()).expect("a number");
        let skipped: Vec<Came> = new.into_iter().filter(|row| !(150..170).contains(&numbers(row))).collect();
        assert_eq!(judged(&old, &skipped, Promise::OneCut).total(), 8);
    }

    #[test]
    fn what_is_read_again_comes_in_full_after_the_old_rows() {
        let (old, _) = good();
        let all = |to: u64| -> Vec<Came> {
            (0..to).filter(|number| number % 10 != 1).map(|number| came(json!({"N": number, "G": 2}))).collect()
        };
        assert_eq!(judged(&old, &all(LEN), Promise::ReadAgain), miss(0, 0, 0));
        assert_eq!(judged(&old, &all(LEN)[1..], Promise::ReadAgain), miss(1, 0, 0));
        assert_eq!(judged(&old, &all(LEN - 10), Promise::ReadAgain), miss(9, 0, 0));
    }

    #[test]
    fn the_last_row_of_a_key_counts_in_an_upsert_log() {
        let reference = Reference::parse("SELECT N, 1 AS G FROM orders WHERE N < 2");
        let row = |number: u64, g: u64| came(json!({"N": number, "G": g})).row;
        let judged = |rows: &[Came]| {
            let trial =
                Trial { old: (&reference, rows), new: (&reference, &[]), partitions: &partitions(), end: End::Closed };
            trial.judge(Promise::OneCut)
        };
        assert_eq!(judged(&[upsert(0, row(0, 7)), upsert(1, row(1, 1)), upsert(0, row(0, 1))]), miss(0, 0, 0));
        assert_eq!(judged(&[upsert(0, row(0, 1)), upsert(1, row(1, 1)), upsert(0, None)]), miss(1, 0, 0));
    }
}

/// Counts and sums by key.
mod totals {
    use super::*;

    const COUNT: &str = "SELECT K, COUNT(*) AS C FROM orders GROUP BY K";
    const SUM: &str = "SELECT K, SUM(N) AS S FROM orders GROUP BY K";
    const CUT: u64 = 200;

    fn numbers(key: u64, from: u64, to: u64) -> impl Iterator<Item = u64> {
        (from..to).filter(move |number| number % 10 == key)
    }

    fn count(key: u64, from: u64, to: u64) -> Came {
        upsert(key, came(json!({"K": key, "C": numbers(key, from, to).count()})).row)
    }

    fn sum(key: u64, from: u64, to: u64) -> Came {
        upsert(key, came(json!({"K": key, "S": numbers(key, from, to).sum::<u64>()})).row)
    }

    fn judged(queries: (&str, &str), old: &[Came], new: &[Came], promise: Promise) -> Miss {
        let (before, after) = (Reference::parse(queries.0), Reference::parse(queries.1));
        Trial { old: (&before, old), new: (&after, new), partitions: &partitions(), end: End::Closed }.judge(promise)
    }

    #[test]
    fn one_state_ends_at_the_totals_of_all_rows() {
        let old: Vec<Came> = (0..10).map(|key| count(key, 0, CUT)).collect();
        let new: Vec<Came> = (0..10).map(|key| count(key, 0, LEN)).collect();
        assert_eq!(judged((COUNT, COUNT), &old, &new, Promise::Whole), miss(0, 0, 0));
        assert_eq!(judged((COUNT, COUNT), &old, &new[1..], Promise::Whole), miss(0, 0, 1));
        assert_eq!(judged((COUNT, COUNT), &[], &new[1..], Promise::Whole), miss(1, 0, 0));
        let anew: Vec<Came> = (0..10).map(|key| count(key, CUT, LEN)).collect();
        assert_eq!(judged((COUNT, COUNT), &old, &anew, Promise::Whole), miss(0, 0, 10));
    }

    #[test]
    fn state_that_begins_anew_begins_where_the_old_one_ended() {
        let old: Vec<Came> = (0..10).map(|key| count(key, 0, CUT)).collect();
        let new = |from: u64| (0..10).map(|key| sum(key, from, LEN)).collect::<Vec<Came>>();
        assert_eq!(judged((COUNT, SUM), &old, &new(CUT), Promise::OneCut), miss(0, 0, 0));
        assert!(judged((COUNT, SUM), &old, &new(CUT - 10), Promise::OneCut).total() >= 10);
        assert!(judged((COUNT, SUM), &old, &new(CUT + 10), Promise::OneCut).total() >= 10);
        let kept: Vec<Came> = (0..10).map(|key| sum(key, 0, LEN)).collect();
        assert!(judged((COUNT, SUM), &old, &kept, Promise::OneCut).total() >= 10);
    }

    #[test]
    fn rows_of_a_key_that_nothing_gives_are_found() {
        let few = "SELECT K, COUNT(*) AS C FROM orders WHERE K < 5 GROUP BY K";
        let old: Vec<Came> = (0..10).map(|key| count(key, 0, CUT)).collect();
        let new: Vec<Came> = (0..5).map(|key| count(key, 0, LEN)).collect();
        assert_eq!(judged((COUNT, few), &old, &new, Promise::Whole), miss(0, 0, 5));
    }
}

/// Each window once, when it has closed.
mod windows {
    use super::*;

    const WINDOWS: &str = "SELECT K, N / 100 AS W, COUNT(*) AS C FROM orders GROUP BY K, N / 100";
    const ROWS: u64 = 6000;

    fn window(key: u64, window: u64, count: u64) -> Came {
        came(json!({"K": key, "W": window, "C": count}))
    }

    fn judged(old: &[Came], new: &[Came], promise: Promise) -> Miss {
        let reference = Reference::parse(WINDOWS);
        let partitions: Vec<Vec<Input>> =
            (0..2).map(|part| (part..ROWS).step_by(2).map(|number| ("orders".to_owned(), number)).collect()).collect();
        Trial { old: (&reference, old), new: (&reference, new), partitions: &partitions, end: End::Open }.judge(promise)
    }

    fn windows(from: u64, to: u64) -> Vec<Came> {
        (from..to).flat_map(|at| (0..10).map(move |key| window(key, at, 10))).collect()
    }

    #[test]
    fn every_closed_window_comes_once() {
        assert_eq!(judged(&windows(0, 20), &windows(20, 55), Promise::Whole), miss(0, 0, 0));
        assert_eq!(judged(&windows(0, 20), &windows(21, 55), Promise::Whole), miss(10, 0, 0));
        assert_eq!(judged(&windows(0, 20), &windows(19, 55), Promise::Whole), miss(0, 10, 0));
        let short = [windows(20, 54), (0..10).map(|key| window(key, 54, 9)).collect()].concat();
        assert_eq!(judged(&windows(0, 20), &short, Promise::Whole), miss(0, 0, 10));
        assert!(judged(&windows(0, 20), &windows(20, 30), Promise::Whole).missing > 0, "the rest should have closed");
    }

    #[test]
    fn a_window_that_was_open_at_the_cut_has_its_later_rows_only() {
        let half = |count: u64| (0..10).map(move |key| window(key, 20, count)).collect::<Vec<Came>>();
        // The cut lies in the midst of the window 20: the first 5 rows of each key are gone with the state.
        let new = |count: u64| [half(count), windows(21, 55)].concat();
        assert_eq!(judged(&windows(0, 19), &new(5), Promise::OneCut), miss(0, 0, 0));
        let both = [windows(0, 19), half(10)].concat();
        assert_eq!(judged(&both, &windows(21, 55), Promise::OneCut), miss(0, 0, 0));
        assert!(judged(&both, &new(5), Promise::OneCut).total() >= 10, "rows were read twice");
        let skipped = [(0..8).map(|key| window(key, 20, 5)).collect(), windows(21, 55)].concat();
        assert_eq!(judged(&windows(0, 19), &skipped, Promise::OneCut), miss(2, 0, 0));
    }
}
