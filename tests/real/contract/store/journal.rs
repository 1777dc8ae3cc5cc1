//! Intents, their outcomes, and generations.

use uuid::Uuid;
use weir::model::ledger::DeploymentStatus;
use weir::model::step::{Act, EngineAct, Receipt, Restore, StepKind};
use weir::store::{Fate, Intent, StoreError};

use super::Ledgers;
use super::given::{Given, abandoned, failed, name_of};
use super::nouns;

pub async fn an_intent_without_receipt_is_open(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    let mut begun = Vec::new();
    for (ordinal, name) in [(0, "b"), (1, "a"), (2, "c")] {
        given.begin(&given.record(name, 0)).await.expect("begun");
        given.settle(&given.record(name, 0), Fate::Done(Receipt::Recorded)).await.expect("settled");
        let deploy = Intent { ordinal, ..given.deploy(name, 0, 1) };
        given.begin(&deploy).await.expect("begun");
        begun.push(deploy);
    }
    let open = given.ledger().await.open;
    assert_eq!(open.len(), 3);
    for (open, begun) in open.iter().zip(&begun) {
        assert_eq!((open.run, &open.stream, open.generation), (begun.run, &begun.stream, begun.generation));
        assert_eq!(open.step, begun.step);
    }

    for (intent, fate) in begun.iter().zip([Fate::Done(Receipt::Deployed), failed(), abandoned()]) {
        given.settle(intent, fate).await.expect("settled");
    }
    assert_eq!(given.ledger().await.open, Vec::new());
}

pub async fn beginning_twice_is_beginning_once(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    let deploy = given.deploy("big", 0, 1);
    given.begin(&deploy).await.expect("begun");
    let once = given.ledger().await;
    given.begin(&deploy).await.expect("its first reply may have been lost");
    assert_eq!(given.ledger().await, once);
}

pub async fn an_open_step_is_not_begun_by_another_run(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    let deploy = given.deploy("big", 0, 1);
    given.begin(&deploy).await.expect("begun");
    let before = given.ledger().await;
    let again = Intent { run: Uuid::new_v4(), guard: 1, ..deploy };
    assert!(matches!(given.begin(&again).await, Err(StoreError::Unusable(_))));
    assert_eq!(given.ledger().await, before);
}

pub async fn settling_twice_is_settling_once(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.stopped("big", 1, "file:///savepoints/1").await;
    let once = given.ledger().await;
    let again = Receipt::Stopped { savepoint: "file:///savepoints/2".to_owned() };
    for fate in [Fate::Done(again), failed(), abandoned()] {
        given.settle(&given.stop("big", 1), fate).await.expect("closed already");
        assert_eq!(given.ledger().await, once);
    }
}

pub async fn what_was_never_begun_is_not_settled(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    let before = given.ledger().await;
    let unknown = given.deploy("big", 0, 1);
    let refused = given.settle(&unknown, Fate::Done(Receipt::Deployed)).await;
    assert!(matches!(refused, Err(StoreError::Unusable(_))), "{refused:?}");
    assert_eq!(given.ledger().await, before);
}

pub async fn a_stream_never_recorded_has_no_steps(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    for intent in [given.deploy("big", 0, 1), given.stop("big", 0), given.cancel("big", 0, 1)] {
        assert!(matches!(given.begin(&intent).await, Err(StoreError::Unusable(_))));
    }
    assert!(given.ledger().await.open.is_empty());
}

pub async fn a_guard_that_moved_stops_the_step(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let before = given.ledger().await;
    let moved = |expected| StoreError::Moved { stream: name_of("big"), expected, found: 1 };
    assert_eq!(given.begin(&given.deploy("big", 0, 2)).await, Err(moved(0)));
    assert_eq!(given.begin(&given.record("big", 0)).await, Err(moved(0)));
    assert_eq!(given.begin(&given.cancel("big", 2, 1)).await, Err(moved(2)));
    let unseen = StoreError::Moved { stream: name_of("small"), expected: 1, found: 0 };
    assert_eq!(given.begin(&given.record("small", 1)).await, Err(unseen));
    assert_eq!(given.ledger().await, before);
}

pub async fn a_generation_is_never_given_twice(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.run(&given.deploy("big", 1, 2), failed()).await;
    let before = given.ledger().await;
    for taken in [1, 2] {
        let again = Intent { run: Uuid::new_v4(), ..given.deploy("big", 2, taken) };
        assert!(matches!(given.begin(&again).await, Err(StoreError::Unusable(_))), "{taken} was given again");
    }
    assert_eq!(given.ledger().await, before);
}

pub async fn of_two_writers_one_gets_the_generation(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    let other = ledgers.open().await;
    given.recorded("big", 0).await;
    let mine = given.deploy("big", 0, 1);
    let step = nouns::step(given.id, &given.project, &mine.stream, 1, 7, mine.step.act.clone());
    let theirs = Intent { run: Uuid::new_v4(), step, ..mine.clone() };
    let (first, second) = tokio::join!(given.begin(&mine), other.begin(&given.lease, &theirs));
    let moved = StoreError::Moved { stream: name_of("big"), expected: 0, found: 1 };
    let won = if first.is_ok() { &mine } else { &theirs };
    let lost = if first.is_ok() { second } else { first.and(second) };
    assert_eq!(lost, Err(moved));
    let open = given.ledger().await.open;
    assert_eq!(open.iter().map(|open| open.run).collect::<Vec<_>>(), [won.run]);
}

pub async fn an_abandoned_deploy_is_taken_up_again(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.run(&given.deploy("big", 0, 1), abandoned()).await;
    let row = given.stream("big").await;
    assert_eq!((row.generation, row.deployment), (1, None), "no job was there");
    let left = row.abandoned.expect("shown");
    assert_eq!((left.generation, left.status), (1, DeploymentStatus::Abandoned));
    assert!(row.failures.is_empty(), "the same step is asked for again under the same id");

    let mut wanted = nouns::deploy(given.id, &given.project, "big", 1);
    wanted.restore = Restore::Savepoint { path: "file:///savepoints/1".to_owned() };
    let restore = wanted.restore.clone();
    let again = Intent { run: Uuid::new_v4(), ..given.intent("big", 1, 1, nouns::deploying(wanted)) };
    given.begin(&again).await.expect("the same generation, the same id");
    let row = given.stream("big").await;
    let taken_up = row.deployment.expect("shown");
    assert_eq!((taken_up.status, taken_up.restore), (DeploymentStatus::Submitting, restore));
    assert_eq!(row.abandoned, None);
    given.settle(&again, Fate::Done(Receipt::Deployed)).await.expect("settled");
    assert_eq!(given.status("big").await, Some(DeploymentStatus::Live));
}

pub async fn what_was_abandoned_hides_nothing_that_ran(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.stopped("big", 1, "file:///savepoints/1").await;
    given.run(&given.deploy("big", 1, 2), abandoned()).await;
    let row = given.stream("big").await;
    let of = |deployment: Option<weir::model::ledger::Deployment>| deployment.map(|d| (d.generation, d.status));
    assert_eq!(of(row.deployment), Some((1, DeploymentStatus::Stopped)));
    assert_eq!(of(row.abandoned.map(|deployment| *deployment)), Some((2, DeploymentStatus::Abandoned)));

    given.run(&given.deploy("big", 2, 3), Fate::Done(Receipt::Deployed)).await;
    let row = given.stream("big").await;
    assert_eq!(of(row.deployment), Some((3, DeploymentStatus::Live)));
    assert_eq!(of(row.abandoned.map(|deployment| *deployment)), None, "it is older than what runs");
}

pub async fn failures_number_the_next_attempt(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let stop = given.stop("big", 1);
    for attempt in 0..3 {
        let step = nouns::step(given.id, &given.project, &stop.stream, 1, attempt, stop.step.act.clone());
        given.run(&Intent { step, ..stop.clone() }, failed()).await;
    }
    given.run(&given.cancel("big", 1, 1), abandoned()).await;
    let row = given.stream("big").await;
    assert_eq!(row.failures.into_iter().collect::<Vec<_>>(), [(StepKind::Stop, 3)]);
    assert_eq!(row.deployment.expect("it runs").status, DeploymentStatus::Live);

    given.deployed("big", 2).await;
    assert!(given.stream("big").await.failures.is_empty(), "those of an older generation do not count");
}

pub async fn a_burnt_generation_is_followed_by_the_next(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.run(&given.deploy("big", 0, 1), failed()).await;
    let row = given.stream("big").await;
    let burnt = row.deployment.expect("it reached the engine");
    assert_eq!((row.generation, burnt.generation, burnt.status), (1, 1, DeploymentStatus::Failed));
    assert_eq!(row.failures.into_iter().collect::<Vec<_>>(), [(StepKind::Deploy, 1)]);
    given.deployed("big", 2).await;
    assert_eq!(given.stream("big").await.deployment.map(|d| d.generation), Some(2));
}

pub async fn a_verified_job_stays_live(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let mut expected = given.ledger().await;
    let newest = expected.streams.values_mut().next().and_then(|row| row.deployment.as_mut());
    newest.expect("deployed").verified = true;
    let job_id = nouns::deploy(given.id, &given.project, "big", 1).job_id;
    let verify = given.intent("big", 1, 1, Act::Engine(nouns::engine(), EngineAct::Verify { job_id }));
    given.run(&verify, Fate::Done(Receipt::Running)).await;
    assert_eq!(given.ledger().await, expected);
}

pub async fn a_step_settled_without_its_receipt_stays_open(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let stop = given.stop("big", 1);
    given.begin(&stop).await.expect("begun");
    let before = given.ledger().await;
    let refused = given.settle(&stop, Fate::Done(Receipt::Running)).await;
    assert!(matches!(refused, Err(StoreError::Unusable(_))), "a stop without a savepoint: {refused:?}");
    assert_eq!(given.ledger().await, before);
}
