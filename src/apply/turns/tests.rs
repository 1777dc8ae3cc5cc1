use super::*;
use crate::model::name::EngineName;
use crate::model::plan::{Action, Guard};

/// Changes as `name: what lies downstream`.
fn changes(lines: &[&str]) -> Vec<Change> {
    let name = |text: &str| Name::parse(text).expect("a name");
    let change = |line: &&str| {
        let (stream, downstream) = line.split_once(':').expect("name: names");
        Change {
            stream: name(stream),
            engine: EngineName::parse("flink").expect("an engine"),
            action: Action::Update,
            reason: String::new(),
            verdict: None,
            diff: None,
            steps: Vec::new(),
            downstream: downstream.split_whitespace().map(name).collect(),
            guard: Guard { generation: 1 },
        }
    };
    lines.iter().map(change).collect()
}

/// Takes every turn there is, and gives the names; with `!` where the change must not begin.
fn free(turns: &mut Turns<'_>) -> Vec<String> {
    let mut found = Vec::new();
    while let Some(turn) = turns.next() {
        found.push(format!("{}{}", turn.undone.map_or("", |_| "!"), turn.change.stream));
    }
    found
}

#[test]
fn changes_that_do_not_read_each_other_do_not_wait() {
    assert_eq!(free(&mut Turns::new(&changes(&["a: x", "b:", "c: y"]))), ["a", "b", "c"]);
}

#[test]
fn a_reader_waits_for_all_that_it_reads() {
    let changes = changes(&["a: d", "b: d", "c:", "d:"]);
    let mut turns = Turns::new(&changes);
    assert_eq!(free(&mut turns), ["a", "b", "c"]);
    turns.ended(1, true);
    assert_eq!(free(&mut turns), [""; 0]);
    turns.ended(0, true);
    assert_eq!(free(&mut turns), ["d"]);
}

/// As the plan's order has it: a reader that ends goes first.
#[test]
fn what_is_read_waits_for_a_reader_before_it() {
    let changes = changes(&["reader:", "read: reader"]);
    let mut turns = Turns::new(&changes);
    assert_eq!(free(&mut turns), ["reader"]);
    turns.ended(0, true);
    assert_eq!(free(&mut turns), ["read"]);
}

#[test]
fn nothing_begins_after_what_was_not_done_however_far_behind() {
    let changes = changes(&["a: b c", "b: c", "c:", "d:"]);
    let mut turns = Turns::new(&changes);
    assert_eq!(free(&mut turns), ["a", "d"]);
    turns.ended(0, false);
    turns.ended(3, true);
    assert_eq!(free(&mut turns), ["!b"]);
    turns.ended(1, false);
    assert_eq!(free(&mut turns), ["!c"]);
    turns.ended(2, false);
    assert_eq!(free(&mut turns), [""; 0]);
}
