//! A plan in a file is applied as it is, or not at all.

use proptest::prelude::*;
use uuid::Uuid;
use weir::model::job::{JobKey, JobState};
use weir::model::name::ProjectName;
use weir::model::observed::{BrokerView, EngineView};
use weir::model::saved::{NotAPlan, SavedPlan};
use weir::plan;

use crate::laws::config;
use crate::made_up::text;
use crate::world::{Text, World, build, ledger_id, name, project};

fn world(text: &str) -> World {
    build(&toml::from_str::<Text>(text).expect("a world"))
}

fn inputs(world: &World) -> plan::World<'_> {
    plan::World::new(&world.desired, &world.ledger, &world.observed, &world.settings)
}

/// By way of the file.
fn kept(world: &World) -> SavedPlan {
    SavedPlan::read(&plan::save(&inputs(world), &world.plan()).write()).expect("it was just written")
}

fn stale(saved: &SavedPlan, world: &World) -> Vec<String> {
    plan::stale(saved, &inputs(world), &world.plan())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_plan_is_right_as_long_as_nothing_moves(text in text()) {
        let world = build(&text);
        let saved = kept(&world);
        prop_assert_eq!(&saved.plan, &world.plan());
        prop_assert_eq!(stale(&saved, &world), Vec::<String>::new());
        for change in &saved.plan.changes {
            prop_assert!(saved.inputs.contains_key(&change.stream), "{change:?}");
        }
    }

    #[test]
    fn what_a_plan_does_in_another_world_is_not_done(first in text(), second in text()) {
        let (first, second) = (build(&first), build(&second));
        let saved = kept(&first);
        let now = second.plan();
        if stale(&saved, &second).is_empty() {
            for change in &saved.plan.changes {
                let same = now.changes.iter().find(|planned| planned.stream == change.stream);
                prop_assert_eq!(same.map(|planned| &planned.steps), Some(&change.steps));
            }
        }
    }
}

const UPDATE: &str = r#"
[desired.big]
options = { "parallelism.default" = "2" }
[recorded.big]
[recorded.big.definition]
[desired.other]
[recorded.other]
"#;

/// What `edit` does to the world makes the plan of [`UPDATE`] stale, for one reason.
fn told(edit: impl FnOnce(&mut World)) -> String {
    let mut world = world(UPDATE);
    let saved = kept(&world);
    assert_eq!(saved.plan.changes.len(), 1);
    edit(&mut world);
    let told = stale(&saved, &world);
    assert_eq!(told.len(), 1, "{told:?}");
    told[0].clone()
}

fn cluster(world: &mut World) -> &mut weir::model::observed::Cluster {
    match world.observed.engines.values_mut().next() {
        Some(EngineView::Known(cluster)) => cluster,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_input_that_moved_is_named() {
    let big = name("big");
    let says = |told: String, words: &[&str]| {
        for word in words {
            assert!(told.contains(word), "`{word}` in: {told}");
        }
    };
    says(
        told(|world| {
            let want = world.desired.streams.get_mut(&big).expect("desired");
            want.stream.options.insert("parallelism.default".into(), "3".into());
        }),
        &["big: its definition changed", "now update is planned"],
    );
    says(told(|world| _ = world.desired.streams.remove(&big)), &["its definition is gone"]);
    says(
        told(|world| {
            let row = world.ledger.streams.get_mut(&big).expect("recorded");
            row.generation = 2;
        }),
        &["the ledger's generation moved from 1 to 2"],
    );
    says(
        told(|world| {
            let row = world.ledger.streams.get_mut(&big).expect("recorded");
            row.failures.insert(weir::model::step::StepKind::Stop, 1);
        }),
        &["what the ledger records of it changed"],
    );
    let id = JobKey::run(&project(), &big, 1).id(ledger_id());
    for (state, words) in [
        (JobState::Failed, "ended: it failed"),
        (JobState::Finished, "ended: it finished"),
        (JobState::Restarting, "is restarting, not running"),
    ] {
        says(
            told(|world| {
                let job = cluster(world).jobs.iter_mut().find(|job| job.id == id).expect("it runs");
                job.state = state;
            }),
            &["its job", words],
        );
    }
    says(told(|world| cluster(world).jobs.retain(|job| job.id != id)), &["is not listed any more"]);
    says(
        told(|world| {
            let away = EngineView::Unknown { reason: "connection refused".into() };
            world.observed.engines.values_mut().for_each(|view| *view = away.clone());
        }),
        &["engine `flink` does not answer", "now update is blocked"],
    );
    says(
        told(|world| {
            let topics = match &mut world.observed.broker {
                BrokerView::Known { topics } => topics,
                BrokerView::Unknown { reason } => panic!("{reason}"),
            };
            topics.retain(|topic, _| topic.as_str() != "orders");
        }),
        &["topic `orders` is gone"],
    );
    says(
        told(|world| {
            let checks = world.ledger.checks.values_mut().chain(world.observed.checks.values_mut());
            checks.for_each(|check| *check = weir::model::check::Check::Refused { diagnostics: Vec::new() });
        }),
        &["what engine `flink` says of the query changed", "is blocked"],
    );
}

#[test]
fn a_plan_of_another_project_or_ledger_is_none_of_ours() {
    let other = told(|world| world.desired.project = ProjectName::parse("shop").expect("a name"));
    assert!(other.contains("a plan of project `demo`, not of `shop`"), "{other}");
    let other = told(|world| world.ledger.id = Uuid::from_u128(7));
    assert!(other.contains("this is ledger 00000000-0000-0000-0000-000000000007"), "{other}");
}

#[test]
fn what_has_nothing_to_do_with_it_leaves_it_right() {
    let mut now = world(UPDATE);
    let saved = kept(&now);
    cluster(&mut now).slots_free = 3;
    let other = now.desired.streams.get_mut(&name("other")).expect("desired");
    other.stream.sql = "SELECT AMOUNT FROM orders".into();
    other.revision = weir::model::desired::Revision("another".into());
    now.ledger.streams.get_mut(&name("other")).expect("recorded").generation = 5;
    now.observed.absent.insert(name("other"), std::time::Duration::from_secs(3));
    let topics = match &mut now.observed.broker {
        BrokerView::Known { topics } => topics,
        BrokerView::Unknown { reason } => panic!("{reason}"),
    };
    topics.values_mut().flat_map(|topic| &mut topic.offsets).for_each(|(_, high)| *high += 1000);
    now.desired.diagnostics.push(weir::model::diagnostic::Diagnostic::warning("odd", "other.toml", None, "odd"));
    assert_ne!(now.plan(), saved.plan, "something did change");
    assert_eq!(stale(&saved, &now), Vec::<String>::new());
}

#[test]
fn a_limit_that_is_passed_since_holds_for_a_saved_plan_too() {
    let few = world("max_deletions = 1\n[recorded.a]\n[recorded.b]\n[desired.b]");
    let saved = kept(&few);
    assert_eq!(saved.plan.changes.len(), 1);
    let more = world("max_deletions = 1\n[recorded.a]\n[recorded.b]");
    let told = stale(&saved, &more);
    assert!(told.len() == 1 && told[0].contains("2 removals in one plan"), "{told:?}");
}

#[test]
fn a_file_that_is_no_plan_of_ours_is_told_apart() {
    let text = plan::save(&inputs(&world(UPDATE)), &world(UPDATE).plan()).write();
    for foreign in ["", "not json", "{}", "[1]", r#"{"kind": "x", "format_version": "1", "weir": "0"}"#] {
        assert!(matches!(SavedPlan::read(foreign), Err(NotAPlan::Foreign(_))), "{foreign}");
    }
    let newer = text.replace(r#""format_version": "1""#, r#""format_version": "2""#);
    assert_eq!(
        SavedPlan::read(&newer),
        Err(NotAPlan::Format { weir: env!("CARGO_PKG_VERSION").into(), format: "2".into() })
    );
    for (from, to) in [(r#""action": "update""#, r#""action": "upgrade""#), (r#""plan""#, r#""plans""#)] {
        assert!(text.contains(from));
        assert!(matches!(SavedPlan::read(&text.replace(from, to)), Err(NotAPlan::Damaged { .. })), "{to}");
    }
}
