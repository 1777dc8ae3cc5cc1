//! A row that takes another name.

use weir::model::job::Generation;
use weir::model::ledger::RowState;
use weir::model::step::{Act, LedgerAct, Receipt, Record};
use weir::store::{Fate, Intent, StoreError};

use super::Ledgers;
use super::given::{Given, abandoned, name_of};
use super::nouns;

fn renaming(given: &Given, old: &str, new: &str, guard: Generation) -> Intent {
    let record = Record { renamed_from: Some(name_of(old)), ..nouns::record(new) };
    given.intent(new, guard, guard, Act::Ledger(LedgerAct::Record(Box::new(record))))
}

async fn renamed(given: &Given, old: &str, new: &str, guard: Generation) {
    given.run(&renaming(given, old, new, guard), Fate::Done(Receipt::Recorded)).await;
}

pub async fn a_row_takes_all_that_it_has_to_its_new_name(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.stopped("big", 1, "file:/s/1").await;
    let before = given.stream("big").await;
    let intent = renaming(&given, "big", "huge", 1);
    given.begin(&intent).await.expect("begun");
    given.begin(&intent).await.expect("begun twice, it is begun once");
    let open = given.ledger().await.open;
    assert_eq!((open.len(), &open[0].stream), (1, &name_of("huge")));
    given.settle(&intent, Fate::Done(Receipt::Recorded)).await.expect("settled");

    let after = given.stream("huge").await;
    assert_eq!((after.deployment, after.savepoint), (before.deployment, before.savepoint));
    assert_eq!((after.generation, after.state, after.stream), (1, RowState::Live, nouns::stream("huge")));
    let left = given.stream("big").await;
    assert_eq!((left.state, left.generation, left.topic_made), (RowState::Removed, 1, false));
    assert_eq!((left.deployment, left.savepoint), (None, None));
    let past = given.store.history(&given.project, &name_of("huge"), 9).await.expect("read");
    assert_eq!(past.deployments.len(), 1, "its history goes with it");
}

pub async fn a_rename_whose_guard_does_not_hold_changes_nothing(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let before = given.ledger().await;
    let refused = given.begin(&renaming(&given, "big", "huge", 0)).await;
    assert_eq!(refused, Err(StoreError::Moved { stream: name_of("huge"), expected: 0, found: 1 }));
    assert_eq!(given.ledger().await, before);
}

pub async fn under_no_name_is_a_generation_given_twice(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    renamed(&given, "big", "huge", 1).await;
    given.deployed("huge", 2).await;
    renamed(&given, "huge", "big", 2).await;
    let generations =
        |ledger: weir::model::ledger::Ledger| ["big", "huge"].map(|name| ledger.streams[&name_of(name)].generation);
    assert_eq!(generations(given.ledger().await), [2, 2], "the two rows changed names");
    assert_eq!(given.ledger().await.streams.len(), 2);
    assert_eq!(given.stream("big").await.deployment.map(|newest| newest.generation), Some(2));

    // Another stream comes to a name with more generations than its own.
    given.recorded("other", 0).await;
    given.deployed("other", 1).await;
    renamed(&given, "other", "huge", 3).await;
    assert_eq!(generations(given.ledger().await), [2, 3]);
    assert_eq!(given.stream("other").await.generation, 3);
    let again = given.begin(&given.deploy("huge", 3, 2)).await;
    assert!(matches!(again, Err(StoreError::Unusable(_))), "{again:?}");
}

pub async fn a_name_with_a_past_is_not_taken(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    for name in ["big", "huge"] {
        given.recorded(name, 0).await;
        given.deployed(name, 1).await;
    }
    let before = given.ledger().await;
    let refused = given.begin(&renaming(&given, "big", "huge", 1)).await;
    assert!(matches!(refused, Err(StoreError::Unusable(_))), "{refused:?}");
    assert_eq!(given.ledger().await, before);
}

pub async fn what_was_given_up_may_arrive_under_the_new_name(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.deployed("big", 2).await;
    renamed(&given, "big", "huge", 2).await;
    given.recorded("other", 0).await;
    given.deployed("other", 1).await;
    let stop = given.stop("other", 1);
    given.run(&stop, abandoned()).await;
    renamed(&given, "other", "big", 3).await;

    let late = given.ledger().await.given_up;
    assert_eq!(late.iter().map(|intent| &intent.step).collect::<Vec<_>>(), [&stop.step]);
    assert_eq!(late[0].stream, name_of("big"));
    let arrived = Intent { stream: name_of("big"), ..stop };
    let receipt = Receipt::Stopped { savepoint: "file:/s/late".to_owned() };
    given.settle(&arrived, Fate::Done(receipt)).await.expect("settled");
    assert_eq!(given.stream("big").await.savepoint.map(|savepoint| savepoint.path), Some("file:/s/late".to_owned()));
    assert_eq!(given.ledger().await.given_up, []);
}
