//! What is written comes back, and stays.

use std::collections::{BTreeMap, BTreeSet};

use weir::model::check::{Check, CheckId};
use weir::model::definition::Body;
use weir::model::ledger::{DeploymentStatus, Ledger, RowState, Savepoint, SavepointKind};
use weir::model::name::TopicName;
use weir::model::step::{Act, LedgerAct, Receipt, StepKind, TopicAct};
use weir::store::{Event, Fate};

use super::Ledgers;
use super::given::{Given, abandoned, failed, name_of};
use super::nouns;

pub async fn a_new_ledger_is_empty(ledgers: &dyn Ledgers) {
    let (one, other) = (ledgers.open().await, ledgers.open().await);
    let project = nouns::project("shop");
    let found = one.read(&project).await.expect("readable");
    let empty = Ledger {
        id: found.id,
        streams: BTreeMap::new(),
        checks: BTreeMap::new(),
        open: Vec::new(),
        given_up: Vec::new(),
        elsewhere: Vec::new(),
        holder: None,
    };
    assert_eq!(found, empty);
    assert!(!found.id.is_nil());
    assert_eq!(other.read(&project).await, Ok(empty), "the same id in every process");
    assert_eq!(one.events(&project, 10).await, Ok(Vec::new()));
}

pub async fn what_other_projects_run_is_told_while_it_runs(ledgers: &dyn Ledgers) {
    let one = Given::leader_of(ledgers, "one").await;
    let other = Given::leader_of(ledgers, "other").await;
    one.recorded("big", 0).await;
    assert_eq!(other.ledger().await.elsewhere, [], "it has no job");
    one.deployed("big", 1).await;
    let found = other.ledger().await.elsewhere;
    let deployment = one.stream("big").await.deployment.expect("deployed");
    let told: Vec<_> = found.iter().map(|job| (job.project.as_str(), job.stream.as_str(), &job.job_id)).collect();
    assert_eq!(told, [("one", "big", &deployment.job_id)]);
    assert_eq!(found[0].writes, [deployment.stream.output.topic.clone()].into());
    let reads: BTreeSet<TopicName> = deployment.stream.sources.values().map(|source| source.topic.clone()).collect();
    assert_eq!(found[0].reads, reads);
    assert_eq!(one.ledger().await.elsewhere, [], "its own jobs are not elsewhere");
    one.stopped("big", 1, "file:/s/1").await;
    assert_eq!(other.ledger().await.elsewhere, [], "it ended");
}

pub async fn a_script_writes_elsewhere_what_it_says(ledgers: &dyn Ledgers) {
    let one = Given::leader_of(ledgers, "one").await;
    let other = Given::leader_of(ledgers, "other").await;
    for (name, writes) in [("two", vec!["a", "b"]), ("none", vec![])] {
        let writes: BTreeSet<TopicName> =
            writes.into_iter().map(|topic| TopicName::parse(topic).expect("a topic's name")).collect();
        one.recorded(name, 0).await;
        let mut wanted = nouns::deploy(one.id, &one.project, name, 1);
        wanted.stream.body = Body::Script { writes: writes.clone() };
        one.run(&one.intent(name, 0, 1, nouns::deploying(wanted)), Fate::Done(Receipt::Deployed)).await;
        let found = other.ledger().await.elsewhere;
        let job = found.iter().find(|job| job.stream.as_str() == name).expect("it has a job");
        assert_eq!(job.writes, writes);
    }
}

pub async fn a_recorded_stream_comes_back_equal(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    for record in nouns::some(nouns::any_record("big")) {
        let act = Act::Ledger(LedgerAct::Record(Box::new(record.clone())));
        let intent = given.intent("big", 0, 0, act);
        given.begin(&intent).await.expect("begun");
        let row = given.stream("big").await;
        assert_eq!((row.path, row.origin, row.stream), (record.path, record.origin, record.stream));
        assert_eq!((row.policy, row.revision), (record.policy, record.revision));
        assert_eq!((row.state, row.generation, row.topic_made), (RowState::Live, 0, false));
        assert_eq!((row.deployment, row.abandoned, row.savepoint), (None, None, None));
        assert_eq!(given.ledger().await.open[0].step, intent.step);
        given.settle(&intent, Fate::Done(Receipt::Recorded)).await.expect("settled");
    }
}

pub async fn a_deployment_comes_back_equal(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    for (guard, (stream, columns, restore, changelog)) in (0..).zip(nouns::some(nouns::any_deploy("big"))) {
        let mut wanted = nouns::deploy(given.id, &given.project, "big", guard + 1);
        (wanted.stream, wanted.columns) = (stream, columns);
        (wanted.restore, wanted.changelog) = (restore, changelog);
        let intent = given.intent("big", guard, guard + 1, nouns::deploying(wanted.clone()));
        given.begin(&intent).await.expect("begun");
        let row = given.stream("big").await;
        let found = row.deployment.expect("written with the intent");
        assert_eq!((row.generation, found.generation), (guard + 1, guard + 1));
        assert_eq!((found.status, found.job_id), (DeploymentStatus::Submitting, wanted.job_id));
        assert_eq!((found.revision, found.engine_version), (wanted.revision, wanted.engine_version));
        assert_eq!((found.stream, found.columns, found.restore), (wanted.stream, wanted.columns, wanted.restore));
        assert_eq!(given.ledger().await.open[0].step, intent.step);
        given.settle(&intent, Fate::Done(Receipt::Deployed)).await.expect("settled");
        assert_eq!(given.status("big").await, Some(DeploymentStatus::Live));
    }
}

pub async fn checks_come_back_equal_and_the_newest_answer_holds(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    let checks: BTreeMap<CheckId, Check> = nouns::some(nouns::any_check()).into_iter().collect();
    let listed: Vec<_> = checks.clone().into_iter().collect();
    given.store.save_checks(&given.lease, &listed).await.expect("saved");
    assert_eq!(given.ledger().await.checks, checks);

    let newer = Check::Refused { diagnostics: Vec::new() };
    let (id, _) = listed[0].clone();
    given.store.save_checks(&given.lease, &[(id.clone(), newer.clone())]).await.expect("saved");
    let mut expected = checks;
    expected.insert(id, newer);
    assert_eq!(given.ledger().await.checks, expected);
}

pub async fn rows_are_never_deleted(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.stopped("big", 1, "file:///savepoints/1").await;
    for state in [RowState::Removed, RowState::Kept] {
        let close = given.close("big", 1, state);
        given.begin(&close).await.expect("begun");
        assert_eq!(given.stream("big").await.state, RowState::Live, "an intent closes nothing");
        given.settle(&close, Fate::Done(Receipt::Recorded)).await.expect("settled");
        let row = given.stream("big").await;
        assert_eq!((row.state, row.generation), (state, 1));
        assert!(row.deployment.is_some() && row.savepoint.is_some());

        given.recorded("big", 1).await;
        let row = given.stream("big").await;
        assert_eq!((row.state, row.generation), (RowState::Live, 1), "its generations go on");
        assert!(row.deployment.is_some() && row.savepoint.is_some());
    }
    given.deployed("big", 2).await;
}

pub async fn a_stop_leaves_its_savepoint(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    for generation in [1, 2] {
        given.deployed("big", generation).await;
        given.run(&given.stop("big", generation), abandoned()).await;
        assert_eq!(given.status("big").await, Some(DeploymentStatus::Live));
        let path = format!("file:///savepoints/{generation}");
        given.stopped("big", generation, &path).await;
        let row = given.stream("big").await;
        let engine_version = "1.20.1".to_owned();
        assert_eq!(row.savepoint, Some(Savepoint { path, kind: SavepointKind::Savepoint, generation, engine_version }));
        assert_eq!(row.deployment.map(|d| d.status), Some(DeploymentStatus::Stopped));
    }
}

pub async fn a_job_given_up_leaves_its_checkpoint(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.stopped("big", 1, "file:///savepoints/1").await;
    for (generation, path) in [(2, None), (3, Some("file:///checkpoints/3"))] {
        given.deployed("big", generation).await;
        let receipt = Receipt::GivenUp { checkpoint: path.map(str::to_owned) };
        given.run(&given.give_up("big", generation, generation), Fate::Done(receipt)).await;
        let row = given.stream("big").await;
        let left = row.savepoint.as_ref().map(|left| (left.path.as_str(), left.kind, left.generation));
        let expected = match path {
            Some(path) => (path, SavepointKind::Checkpoint, generation),
            None => ("file:///savepoints/1", SavepointKind::Savepoint, 1),
        };
        assert_eq!(left, Some(expected));
        assert_eq!(row.deployment.map(|newest| newest.status), Some(DeploymentStatus::GivenUp));
        assert_eq!(row.before.map(|before| before.generation), Some(1), "what came after it was not seen to run");
        assert_eq!(row.left_by.map(|left_by| left_by.generation), (generation == 2).then_some(1));
    }
    given.deployed("big", 4).await;
    let row = given.stream("big").await;
    let generations = [&row.left_by, &row.before].map(|of| of.as_ref().map(|of| of.generation));
    assert_eq!(generations, [Some(3), Some(1)]);
}

/// Also where a newer submission never arrived.
pub async fn a_setback_is_of_the_job_that_came_to_grief(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;

    given.run(&given.deploy("big", 1, 2), abandoned()).await;
    given.run(&given.verify("big", 2, 1), failed()).await;
    let setback = given.stream("big").await.setback.expect("it did not come to run");
    assert_eq!((setback.generation, setback.step), (1, StepKind::Verify));

    given.run(&given.give_up("big", 2, 1), failed()).await;
    assert_eq!(given.stream("big").await.setback, None, "it runs after all");
    given.run(&given.verify("big", 2, 1), Fate::Done(Receipt::Running)).await;
    assert!(given.stream("big").await.deployment.expect("it runs").verified);
}

/// Nothing of before it leads anywhere.
pub async fn a_drop_leaves_no_state(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.stopped("big", 1, "file:///savepoints/1").await;
    let delete = TopicAct::Delete { topic: TopicName::parse("big").expect("a topic's name") };
    given.run(&given.topic("big", 1, delete), Fate::Done(Receipt::TopicDeleted)).await;
    given.deployed("big", 2).await;
    let row = given.stream("big").await;
    assert_eq!((row.savepoint, row.before), (None, None));
}

pub async fn cancelling_does_not_rewrite_how_a_job_ended(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.stopped("big", 1, "file:///savepoints/1").await;
    given.run(&given.cancel("big", 1, 1), Fate::Done(Receipt::Cancelled)).await;
    assert_eq!(given.status("big").await, Some(DeploymentStatus::Stopped));

    given.run(&given.deploy("big", 1, 2), failed()).await;
    given.run(&given.cancel("big", 2, 1), Fate::Done(Receipt::Cancelled)).await;
    assert_eq!(given.status("big").await, Some(DeploymentStatus::Failed), "another generation was meant");
    given.deployed("big", 3).await;
    given.run(&given.cancel("big", 3, 3), Fate::Done(Receipt::Cancelled)).await;
    assert_eq!(given.status("big").await, Some(DeploymentStatus::Cancelled));
}

pub async fn a_topic_is_ours_from_its_making_to_its_deletion(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    let topic = TopicName::parse("big").expect("a topic's name");
    let create =
        TopicAct::Create { topic: topic.clone(), partitions: None, replication: None, config: BTreeMap::new() };
    given.run(&given.topic("big", 0, create.clone()), failed()).await;
    assert!(!given.stream("big").await.topic_made);
    given.run(&given.topic("big", 0, create), Fate::Done(Receipt::TopicCreated)).await;
    assert!(given.stream("big").await.topic_made);

    given.deployed("big", 1).await;
    given.run(&given.cancel("big", 1, 1), Fate::Done(Receipt::Cancelled)).await;
    given.recorded("big", 1).await;
    assert!(given.stream("big").await.topic_made, "recording makes and loses no topic");
    let delete = given.topic("big", 1, TopicAct::Delete { topic });
    given.run(&delete, Fate::Done(Receipt::TopicDeleted)).await;
    let row = given.stream("big").await;
    assert_eq!((row.topic_made, row.deployment.map(|d| d.status)), (false, Some(DeploymentStatus::Dropped)));
}

pub async fn projects_do_not_see_each_other(ledgers: &dyn Ledgers) {
    let shop = Given::leader_of(ledgers, "shop").await;
    let bank = Given::leader_of(ledgers, "bank").await;
    assert_eq!(shop.id, bank.id, "one ledger");
    let before = bank.ledger().await;
    shop.recorded("big", 0).await;
    shop.deployed("big", 1).await;
    let open = shop.stop("big", 1);
    shop.begin(&open).await.expect("begun");
    shop.store.save_checks(&shop.lease, &nouns::some(nouns::any_check())).await.expect("saved");
    shop.store.event(&shop.project, &event("applied")).await.expect("appended");

    let after = bank.ledger().await;
    assert_eq!(after.elsewhere.len(), 1, "but what may run on a cluster of both");
    assert_eq!(Ledger { elsewhere: Vec::new(), ..after }, before);
    assert_eq!(bank.store.events(&bank.project, 10).await, Ok(Vec::new()));
    assert!(bank.settle(&open, failed()).await.is_err(), "another project's intent");
    bank.recorded("big", 0).await;
    assert_eq!((bank.stream("big").await.generation, shop.stream("big").await.generation), (0, 1));
    let streams: BTreeSet<_> = shop.ledger().await.streams.into_keys().collect();
    assert_eq!(streams, BTreeSet::from([name_of("big")]));
    assert_eq!(shop.ledger().await.open.len(), 1);
}

pub async fn events_come_newest_first(ledgers: &dyn Ledgers) {
    let store = ledgers.open().await;
    let project = nouns::project("shop");
    let written = [
        event("a"),
        Event { stream: Some(name_of("big")), ..event("'b'; drop table events; --") },
        Event { plan: Some("f0".repeat(32)), ..event("c") },
    ];
    for event in &written {
        store.event(&project, event).await.expect("appended");
    }
    let found = store.events(&project, 10).await.expect("listed");
    let timeless: Vec<_> = found.iter().map(|event| Event { at: 0, ..event.clone() }).collect();
    assert_eq!(timeless, written.iter().rev().cloned().collect::<Vec<_>>());
    // The year 2020 and later, in milliseconds: the store's clock, not the writer's.
    assert!(found.iter().all(|event| event.at > 1_577_836_800_000), "{found:?}");
    assert!(found.is_sorted_by(|newer, older| newer.at >= older.at));
    assert_eq!(store.events(&project, 2).await.expect("listed"), found[..2]);
}

pub async fn words_of_others_may_hold_anything(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.store.event(&given.project, &event("a \0 in it")).await.expect("appended");
    given.recorded("big", 0).await;
    let reason = "an engine said \0".to_owned();
    given.run(&given.deploy("big", 0, 1), Fate::Failed { reason }).await;
    assert_eq!(given.status("big").await, Some(DeploymentStatus::Failed));
    assert_eq!(given.store.events(&given.project, 1).await.expect("listed").len(), 1);
}

fn event(what: &str) -> Event {
    Event { at: 0, who: "a person".to_owned(), stream: None, what: what.to_owned(), plan: None }
}
