//! A restart is one change of one stream that is otherwise as its file says, or none.

use proptest::prelude::*;
use weir::model::plan::{Action, Plan, Verdict};
use weir::model::step::StepKind;
use weir::plan;
use weir::plan::render::{self, Colour};

use crate::done::carry_out;
use crate::laws::{config, kinds};
use crate::made_up::text;
use crate::world::{Text, World, build, name};

fn restart(world: &World, stream: &str) -> Plan {
    let inputs = plan::World::new(&world.desired, &world.ledger, &world.observed, &world.settings);
    plan::restart(&inputs, &name(stream))
}

fn world(text: &str) -> World {
    build(&toml::from_str::<Text>(text).expect("a world"))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_restart_is_one_change_or_a_reason(text in text()) {
        let mut world = build(&text);
        let whole = world.plan();
        let names: Vec<_> = world.desired.streams.keys().chain(world.ledger.streams.keys()).cloned().collect();
        for stream in names {
            let plan = restart(&world, stream.as_str());
            prop_assert_eq!(plan.changes.len() + plan.blocked.len(), 1, "{:?}", &plan);
            prop_assert!(plan.changes.iter().all(|change| change.action == Action::Restart && change.stream == stream));
            prop_assert!(plan.blocked.iter().all(|blocked| blocked.action == Action::Restart && blocked.stream == stream));
            if whole.changes.iter().any(|change| change.stream == stream && change.action == Action::Restart) {
                continue;
            }
            let asked = whole.changes.iter().any(|change| change.stream == stream)
                || whole.blocked.iter().any(|blocked| blocked.stream == stream);
            let gives_up = plan.changes.iter().any(|change| change.gives_up());
            prop_assert!(!asked || plan.changes.is_empty() || gives_up, "an apply would do something: {:?}", &plan);
            if gives_up {
                prop_assert_eq!(kinds(&plan.changes[0]), [StepKind::GiveUp].into());
                carry_out(&mut world, &plan);
                let follows = world.plan();
                // Unless others are in the way, or nothing is left of it.
                for change in follows.changes.iter().filter(|change| change.stream == stream) {
                    prop_assert_eq!(change.action, Action::Start);
                    let verdicts = [None, Some(Verdict::Unchanged), Some(Verdict::KeepsState)];
                    prop_assert!(verdicts.contains(&change.verdict), "the same query: {:?}", change);
                }
                world = build(&text);
                continue;
            }
            for change in &plan.changes {
                let steps = [StepKind::Stop, StepKind::Deploy, StepKind::Verify];
                prop_assert_eq!(kinds(change), steps.into());
                prop_assert_eq!(change.verdict, Some(Verdict::KeepsState));
                let before = world.plan();
                carry_out(&mut world, &plan);
                prop_assert_eq!(world.plan().changes, before.changes, "nothing but a new generation");
                world = build(&text);
            }
        }
    }
}

#[test]
fn it_stops_with_a_savepoint_and_goes_on_from_it() {
    let plan = restart(&world("[desired.big]\n[recorded.big]\ngeneration = 2\n[desired.fresh]"), "big");
    let shown = render::text(&plan, Colour::Off);
    let lines: Vec<&str> = shown.lines().map(str::trim).collect();
    assert!(lines[0].starts_with("↻ big (flink) restart: asked for") && lines[0].ends_with("[keeps_state]"), "{shown}");
    assert!(lines[1].starts_with("stop job") && lines[2] == "deploy generation 3 from the savepoint of that stop");
    assert_eq!(lines.last(), Some(&"Plan: 1 to restart."), "of one stream, and of no other");
}

#[test]
fn what_does_not_run_is_given_up_first() {
    for state in ["restarting", "failed", "cancelled"] {
        let world = world(&format!("[desired.big]\n[recorded.big]\n[ails]\nbig = \"{state}\""));
        let plan = restart(&world, "big");
        assert!(plan.blocked.is_empty() && plan.changes[0].gives_up(), "{state}: {plan:?}");
        assert!(plan.changes[0].reason.starts_with("asked for: its job does not run"), "{plan:?}");
    }
}

#[test]
fn why_there_is_none_is_said() {
    for (text, says) in [
        ("[desired.big]\nrun = \"stopped\"\n[recorded.big]\nstatus = \"stopped\"", "there is no job to restart"),
        (
            "[desired.big]\nsql = \"SELECT COUNT(*) AS N FROM orders\"\n[recorded.big]\n[recorded.big.definition]",
            "an aggregate was added",
        ),
        ("[desired.big]\nrun = \"stopped\"\n[recorded.big]\n[recorded.big.definition]", "its next apply would stop it"),
        ("[desired.big]\n[recorded.big]\n[engine.flink]\nunknown = \"away\"", "does not answer"),
        ("[desired.big]\n[recorded.big]\n[engine.flink]\njobs = [\"big@1 starting\"]", "no savepoint can be taken now"),
        ("[desired.big]\n[recorded.big]\n[engine.flink]\njobs = [\"big@1 finished\"]", "its job runs no more"),
        (
            "[desired.big]\nsql = \"SELECT COUNT(*) AS N FROM orders\"\n[recorded.big]\n[recorded.big.definition]\n\
             [engine.flink]\njobs = [\"big@1 failed\"]",
            "its job failed",
        ),
        ("[recorded.big]\nstate = \"removed\"\nstatus = \"stopped\"", "no file asks for it"),
    ] {
        let plan = restart(&world(text), "big");
        let shown = render::text(&plan, Colour::Off);
        assert!(
            plan.changes.is_empty() && shown.contains("restart blocked: ") && shown.contains(says),
            "{says}: {shown}"
        );
    }
}
