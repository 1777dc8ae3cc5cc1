//! What is told of a stream's past.

use weir::model::desired::{SqlText, Texts};
use weir::model::ledger::DeploymentStatus;
use weir::model::step::Receipt;
use weir::store::{Event, Fate, History};

use super::Ledgers;
use super::given::{Given, failed, name_of};
use super::nouns;

fn texts(definition: &str) -> Texts {
    let sql = SqlText { path: "big.sql".to_owned(), text: "SELECT 1 -- größe\n".to_owned() };
    Texts { path: "shop/big.toml".to_owned(), definition: definition.to_owned(), sql: Some(sql) }
}

pub async fn every_deployment_is_told_with_its_files(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    let mut first = nouns::deploy(given.id, &given.project, "big", 1);
    first.texts = Some(texts("# the first\n"));
    let deploy = given.intent("big", 0, 1, nouns::deploying(first.clone()));
    given.run(&deploy, Fate::Done(Receipt::Deployed)).await;
    given.stopped("big", 1, "file:///savepoints/1").await;
    given.run(&given.deploy("big", 1, 2), failed()).await;

    let told = given.store.history(&given.project, &name_of("big"), 10).await.expect("readable").deployments;
    let seen: Vec<_> = told.iter().map(|past| (past.generation, past.status)).collect();
    assert_eq!(seen, [(2, DeploymentStatus::Failed), (1, DeploymentStatus::Stopped)], "the newest first");
    let past = &told[1];
    assert_eq!((&past.texts, told[0].texts.as_ref()), (&first.texts, None));
    assert_eq!((&past.stream, &past.restore, &past.revision), (&first.stream, &first.restore, &first.revision));
    assert_eq!(
        (&past.job_id, &past.engine, &past.engine_version),
        (&first.job_id, &first.stream.engine, &first.engine_version)
    );
    assert_eq!(past.by, given.lease.holder);
    assert_eq!(past.savepoint.as_deref(), Some("file:///savepoints/1"));
    // The year 2020 and later, in milliseconds: the store's clock.
    assert!(past.submitted_at > 1_577_836_800_000 && past.verified_at.is_none());
    assert!(past.ended_at.is_some_and(|ended| ended >= past.submitted_at));
}

/// The files of the submission that counts.
pub async fn a_generation_taken_up_again_has_the_files_of_its_last_try(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    for (text, fate) in [("lost", super::given::abandoned()), ("there", Fate::Done(Receipt::Deployed))] {
        let mut wanted = nouns::deploy(given.id, &given.project, "big", 1);
        wanted.texts = Some(texts(text));
        let guard = given.stream("big").await.generation;
        given.run(&given.intent("big", guard, 1, nouns::deploying(wanted)), fate).await;
    }
    let told = given.store.history(&given.project, &name_of("big"), 10).await.expect("readable").deployments;
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].texts, Some(texts("there")));
}

pub async fn events_of_a_stream_are_its_own(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    let other = Given::leader_of(ledgers, "bank").await;
    let event = |stream: Option<&str>, what: &str| Event {
        at: 0,
        who: "somebody".to_owned(),
        stream: stream.map(name_of),
        what: what.to_owned(),
        plan: None,
    };
    for (project, stream, what) in [
        (&given, Some("big"), "1"),
        (&given, None, "2"),
        (&given, Some("bigger"), "3"),
        (&other, Some("big"), "4"),
        (&given, Some("big"), "5"),
        (&given, Some("big"), "6"),
    ] {
        project.store.event(&project.project, &event(stream, what)).await.expect("appended");
    }
    let of = async |stream: &str, most: u32| {
        let told = given.store.history(&given.project, &name_of(stream), most).await.expect("readable");
        told.events.into_iter().map(|event| event.what).collect::<Vec<_>>()
    };
    assert_eq!(of("big", 10).await, ["6", "5", "1"]);
    assert_eq!(of("big", 2).await, ["6", "5"]);
    assert_eq!(
        given.store.history(&given.project, &name_of("nobody"), 10).await,
        Ok(History::default()),
        "nothing is known of it"
    );
}
