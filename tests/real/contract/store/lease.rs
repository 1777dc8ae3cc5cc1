//! Who may write.

use std::time::Duration;

use weir::model::check::Check;
use weir::model::step::Receipt;
use weir::store::{Claim, Fate, Lease, Store, StoreError};

use super::Ledgers;
use super::given::{Given, TTL, settled, take};
use super::nouns;

pub async fn an_epoch_rises_with_every_taking(ledgers: &dyn Ledgers) {
    let store = ledgers.open().await;
    let project = nouns::project("shop");
    let mut epochs = Vec::new();
    for holder in ["first", "first", "second"] {
        let lease = take(store.as_ref(), &project, holder).await;
        assert_eq!((&lease.project, lease.holder.as_str()), (&project, holder));
        epochs.push(lease.epoch);
        if holder == "first" && epochs.len() == 2 {
            store.release(&lease).await.expect("released");
        }
    }
    assert!(epochs.is_sorted_by(|before, after| before < after), "{epochs:?}");
}

pub async fn a_lease_has_one_holder(ledgers: &dyn Ledgers) {
    let (one, other) = (ledgers.open().await, ledgers.open().await);
    let project = nouns::project("shop");
    let (first, second) = tokio::join!(one.acquire(&project, "one", TTL), other.acquire(&project, "other", TTL));
    let claims = [first.expect("answered"), second.expect("answered")];
    let mut held = claims.iter().filter_map(|claim| match claim {
        Claim::Held(lease) => Some(lease),
        Claim::Taken { .. } => None,
    });
    let lease = held.next().expect("one has it");
    assert_eq!(held.next(), None, "both have it");
    let taken = claims.iter().find_map(|claim| match claim {
        Claim::Held(_) => None,
        Claim::Taken { holder, remaining } => Some((holder, *remaining)),
    });
    let (holder, remaining) = taken.expect("the other is told");
    assert_eq!(holder, &lease.holder);
    assert!(remaining <= TTL && remaining > Duration::ZERO, "{remaining:?}");
    assert_eq!(one.read(&project).await.expect("readable").holder.as_ref(), Some(holder));
}

pub async fn a_lease_that_ran_out_is_taken_over(ledgers: &dyn Ledgers) {
    let (one, other) = (ledgers.open().await, ledgers.open().await);
    let project = nouns::project("shop");
    let first = held(one.acquire(&project, "one", Duration::ZERO).await);
    assert_eq!(one.read(&project).await.expect("readable").holder, None);
    let second = held(other.acquire(&project, "other", TTL).await);
    assert!(second.epoch > first.epoch);
    assert_eq!(one.renew(&first, TTL).await, Err(StoreError::Fenced));
    assert_eq!(one.read(&project).await.expect("readable").holder.as_deref(), Some("other"));
}

pub async fn a_lease_given_back_is_free_and_stays_so(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.store.release(&given.lease).await.expect("released");
    assert_eq!(given.ledger().await.holder, None);
    assert_eq!(given.store.renew(&given.lease, TTL).await, Err(StoreError::Fenced));
    assert_eq!(given.begin(&given.record("big", 0)).await, Err(StoreError::Fenced));
    take(ledgers.open().await.as_ref(), &given.project, "second").await;
    given.store.release(&given.lease).await.expect("not ours: nothing is done");
    assert_eq!(given.ledger().await.holder.as_deref(), Some("second"));
}

pub async fn a_leader_past_its_lease_writes_nothing(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    let intent = given.record("big", 0);
    given.store.renew(&given.lease, Duration::ZERO).await.expect("ours");
    let before = given.ledger().await;
    writes_nothing(&given, &given.lease).await;
    assert_eq!(given.ledger().await, before);

    given.store.renew(&given.lease, TTL).await.expect("nobody took it");
    given.begin(&intent).await.expect("ours again");
}

pub async fn a_fenced_writer_writes_nothing(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    let deploy = given.deploy("big", 0, 1);
    given.begin(&deploy).await.expect("begun");
    given.store.renew(&given.lease, Duration::ZERO).await.expect("ours");
    let successor = ledgers.open().await;
    take(successor.as_ref(), &given.project, "second").await;

    let before = given.ledger().await;
    writes_nothing(&given, &given.lease).await;
    let done = settled(&deploy, Fate::Done(Receipt::Deployed));
    assert_eq!(given.store.settle(&given.lease, &done).await, Err(StoreError::Fenced));
    assert_eq!(given.store.renew(&given.lease, TTL).await, Err(StoreError::Fenced));
    assert_eq!(given.ledger().await, before);
}

/// Neither the name alone nor the epoch alone is the lease.
pub async fn a_lease_is_holder_and_epoch(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    let before = given.ledger().await;
    for forged in [
        Lease { holder: "other".to_owned(), ..given.lease.clone() },
        Lease { epoch: given.lease.epoch - 1, ..given.lease.clone() },
        Lease { epoch: given.lease.epoch + 1, ..given.lease.clone() },
    ] {
        writes_nothing(&given, &forged).await;
        assert_eq!(given.store.renew(&forged, TTL).await, Err(StoreError::Fenced));
    }
    assert_eq!(given.ledger().await, before);
}

async fn writes_nothing(given: &Given, lease: &Lease) {
    let store: &dyn Store = given.store.as_ref();
    let intent = given.record("other", 0);
    assert_eq!(store.begin(lease, &intent).await, Err(StoreError::Fenced));
    let done = settled(&intent, Fate::Done(Receipt::Recorded));
    assert_eq!(store.settle(lease, &done).await, Err(StoreError::Fenced));
    let (id, _) = nouns::some(nouns::any_check()).remove(0);
    let check = Check::Refused { diagnostics: Vec::new() };
    assert_eq!(store.save_checks(lease, &[(id, check)]).await, Err(StoreError::Fenced));
}

fn held(claim: Result<Claim, StoreError>) -> Lease {
    match claim.expect("answered") {
        Claim::Held(lease) => lease,
        Claim::Taken { holder, .. } => panic!("{holder} has the lease"),
    }
}
