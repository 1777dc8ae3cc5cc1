use std::collections::{BTreeMap, BTreeSet};

use crate::broker::kafka::control::Firsts;
use crate::broker::kafka::groups::Committed;
use crate::broker::kafka::offsets::{Edges, Seen, fill_empty, next_offsets};
use crate::model::name::{Name, TopicName};
use crate::model::offsets::{Offsets, OffsetsRead, Scan};

fn scan(source: &str, topic: &str) -> Scan {
    Scan {
        source: Name::parse(source).expect("a name"),
        topic: TopicName::parse(topic).expect("a topic"),
        outputs: 1,
        group: format!("g.{source}"),
    }
}

fn read(scans: &[Scan]) -> OffsetsRead {
    let control = TopicName::parse("control").expect("a topic");
    OffsetsRead { generation: 1, helpers: BTreeSet::new(), control, scans: scans.to_vec() }
}

fn committed(topics: &[(&str, &[Option<i64>])]) -> Committed {
    topics.iter().map(|(topic, offsets)| (topic.to_string(), offsets.to_vec())).collect()
}

fn edges(topics: &[(&str, &[(i64, i64)])]) -> Edges {
    topics.iter().map(|(topic, edges)| (topic.to_string(), edges.to_vec())).collect()
}

fn firsts(rows: &[(u32, &str, u32, i64)]) -> Firsts {
    rows.iter().map(|(scan, topic, part, off)| ((*scan, topic.to_string(), *part), *off)).collect()
}

fn of(source: &str, offsets: &[i64]) -> Offsets {
    let offsets = (0..).zip(offsets.iter().copied()).collect();
    Offsets(BTreeMap::from([(Name::parse(source).expect("a name"), offsets)]))
}

#[test]
fn a_partition_goes_on_at_its_first_row_or_else_at_what_is_committed() {
    let seen = Seen {
        committed: vec![committed(&[("o", &[Some(50), Some(9)])])],
        firsts: firsts(&[(0, "o", 0, 20), (1, "o", 1, 3)]),
    };
    let edges = edges(&[("o", &[(0, 90), (0, 9)])]);
    assert_eq!(next_offsets(&read(&[scan("a", "o")]), &seen, &edges), Ok(of("a", &[20, 9])));
}

#[test]
fn rows_or_commits_of_another_topic_are_a_swapped_source() {
    let scans = [scan("a", "o")];
    let edges = edges(&[("o", &[(0, 90)]), ("p", &[(0, 90)])]);
    let by_row =
        Seen { committed: vec![committed(&[("o", &[Some(5)])])], firsts: firsts(&[(0, "o", 0, 4), (0, "p", 0, 1)]) };
    let by_commit = Seen { committed: vec![committed(&[("o", &[Some(5)]), ("p", &[Some(1)])])], firsts: firsts(&[]) };
    for seen in [by_row, by_commit] {
        let why = next_offsets(&read(&scans), &seen, &edges).expect_err("it is swapped");
        assert!(why.contains("took up the offsets of topic p"), "{why}");
    }
}

#[test]
fn an_offset_outside_the_log_is_refused_with_the_loss() {
    let seen = Seen { committed: vec![committed(&[("o", &[Some(5)])])], firsts: firsts(&[]) };
    for (edge, told) in [((17, 90), "12 records are lost"), ((0, 3), "log ends at 3")] {
        let why = next_offsets(&read(&[scan("a", "o")]), &seen, &edges(&[("o", &[edge])])).expect_err("outside");
        assert!(why.contains(told), "{why}");
    }
    assert!(next_offsets(&read(&[scan("a", "o")]), &seen, &edges(&[("o", &[(5, 5)])])).is_ok());
}

#[test]
fn a_source_that_was_read_twice_must_have_stopped_at_one_place() {
    let scans = [scan("a", "o"), scan("a", "o")];
    let edges = edges(&[("o", &[(0, 90)])]);
    let at = |first: i64, second: i64| Seen {
        committed: vec![committed(&[("o", &[Some(first)])]), committed(&[("o", &[Some(second)])])],
        firsts: firsts(&[]),
    };
    assert_eq!(next_offsets(&read(&scans), &at(7, 7), &edges), Ok(of("a", &[7])));
    let why = next_offsets(&read(&scans), &at(7, 8), &edges).expect_err("two places");
    assert!(why.contains("`a` twice"), "{why}");
}

#[test]
fn what_was_never_read_is_known_only_where_its_log_is_empty() {
    let scan = scan("a", "o");
    let filled = |offsets: &[Option<i64>], control: Option<i64>, logs: &[(i64, i64)]| {
        let mut found = committed(&[("o", offsets), ("control", &[control])]);
        match fill_empty(&scan, &mut found, &edges(&[("o", logs)])) {
            None => Ok(found["o"].iter().map(|offset| offset.expect("none is missing")).collect::<Vec<_>>()),
            Some(partition) => Err(partition),
        }
    };
    assert_eq!(filled(&[None, None], None, &[(0, 0), (0, 0)]), Ok(vec![0, 0]), "never written to");
    assert_eq!(filled(&[Some(5), None], None, &[(0, 9), (4, 4)]), Ok(vec![5, 4]), "one commit tells of all");
    assert_eq!(filled(&[None, None], Some(1), &[(4, 4), (0, 0)]), Ok(vec![4, 0]), "also one of the control topic");
    assert_eq!(filled(&[None, None], None, &[(4, 4), (0, 0)]), Err(0), "a commit may still come");
    assert_eq!(filled(&[None, None], Some(1), &[(4, 4), (0, 1)]), Err(1), "its rows will show");
    assert_eq!(filled(&[Some(5), None], Some(1), &[(0, 9), (3, 4)]), Err(1));
}
