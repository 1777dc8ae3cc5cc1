//! A plan cut down to some streams does nothing that the whole one would not, and says how much it leaves out.

use std::collections::BTreeSet;

use proptest::prelude::*;
use weir::model::definition::TimeEncoding;
use weir::model::name::Name;
use weir::model::plan::{Action, Because, Plan};
use weir::plan::narrow;

use crate::laws::config;
use crate::made_up::text;
use crate::world::{Text, World, build, name};

fn only(world: &World, names: &[&str]) -> Plan {
    let names: BTreeSet<Name> = names.iter().map(|called| name(called)).collect();
    narrow(&world.plan(), &world.desired, &world.ledger, &names)
}

fn world(text: &str) -> World {
    build(&toml::from_str::<Text>(text).expect("a world"))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_narrowed_plan_is_a_part_of_the_whole(text in text(), chosen in 0usize..8) {
        let world = build(&text);
        let whole = world.plan();
        let all: BTreeSet<Name> = world.desired.streams.keys().chain(world.ledger.streams.keys()).cloned().collect();
        let names: BTreeSet<Name> = all.iter().enumerate().filter(|(at, _)| chosen >> at & 1 == 1)
            .map(|(_, name)| name.clone()).collect();
        let part = narrow(&whole, &world.desired, &world.ledger, &names);
        for change in &part.changes {
            prop_assert!(names.contains(&change.stream) && whole.changes.contains(change), "{change:?}");
        }
        for blocked in &part.blocked {
            prop_assert!(names.contains(&blocked.stream), "{blocked:?}");
        }
        // A change without its other half is blocked.
        let halves = part.blocked.iter().filter(|blocked| !whole.blocked.contains(blocked)).count();
        let left = part.left_out.clone().expect("it was narrowed");
        prop_assert_eq!(left.changes.values().sum::<usize>() + part.changes.len() + halves, whole.changes.len());
        prop_assert_eq!(left.blocked + part.blocked.len(), whole.blocked.len() + halves);
        prop_assert!(names != all || part.unchanged == whole.unchanged);
    }
}

#[test]
fn limits_count_what_is_left_out() {
    let removed = |limit: usize| {
        world(&format!("max_deletions = {limit}\n[recorded.a]\n[recorded.b]\n[recorded.c]\n[desired.other]"))
    };
    let part = only(&removed(3), &["a"]);
    assert_eq!((part.changes.len(), part.blocked.len()), (1, 0));
    assert_eq!(part.changes[0].action, Action::Delete);
    let left = part.left_out.expect("narrowed");
    assert_eq!(left.changes.into_iter().collect::<Vec<_>>(), [(Action::Create, 1), (Action::Delete, 2)]);

    let part = only(&removed(2), &["a"]);
    assert_eq!((part.changes.len(), part.blocked.len()), (0, 1), "three removals are asked for, two go without leave");
    assert_eq!(part.blocked[0].because, Because::Unconfirmed);
}

/// `down` reads what `up` writes.
fn chained(text: &str) -> World {
    let reads = "reads = [\"up\"]\nsql = \"SELECT ORDER_ID FROM up\"\n";
    let text = text.replace("[desired.down]\n", &format!("[desired.down]\n{reads}"));
    world(&text.replace("[recorded.down.definition]\n", &format!("[recorded.down.definition]\n{reads}")))
}

#[test]
fn a_reader_is_not_made_without_what_it_reads() {
    let world = chained("[desired.up]\n[desired.down]\n");
    assert_eq!(only(&world, &["up"]).changes.len(), 1, "the writer needs no reader");
    assert_eq!(only(&world, &["up", "down"]).changes.len(), 2);
    let part = only(&world, &["down"]);
    assert_eq!(part.changes, []);
    assert_eq!(part.blocked[0].because, Because::Needs);
    assert!(part.blocked[0].reason.contains("it reads `up`, whose create"), "{}", part.blocked[0].reason);
}

const EDITED: &str = r#"
[desired.up]
options = { "parallelism.default" = "2" }
[recorded.up]
[recorded.up.definition]
[desired.down]
options = { "parallelism.default" = "2" }
[recorded.down]
[recorded.down.definition]
"#;

#[test]
fn changes_that_leave_the_rows_between_them_alone_go_one_by_one() {
    let world = chained(EDITED);
    assert_eq!(world.plan().changes.len(), 2, "{:?}", world.plan());
    for stream in ["up", "down"] {
        let part = only(&world, &[stream]);
        assert_eq!((part.changes.len(), part.blocked.len()), (1, 0), "{stream}");
    }
}

#[test]
fn a_writer_of_other_rows_and_its_reader_go_together() {
    let mut world = chained(EDITED);
    let plan = world.plan();
    let row = world.ledger.streams.get_mut(&name("up")).expect("recorded");
    // As it would be had the change been another: the job that runs writes another topic.
    row.deployment.as_mut().expect("it ran").stream.output.time_encoding = TimeEncoding::EpochMs;
    for (stream, says) in [("up", "`down` reads it"), ("down", "it reads `up`")] {
        let part = narrow(&plan, &world.desired, &world.ledger, &BTreeSet::from([name(stream)]));
        assert_eq!(part.changes, [], "{stream}");
        assert!(part.blocked[0].reason.contains(says), "{}", part.blocked[0].reason);
    }
    let both = narrow(&plan, &world.desired, &world.ledger, &BTreeSet::from([name("up"), name("down")]));
    assert_eq!(both.changes.len(), 2);
}
