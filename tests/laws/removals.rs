//! Laws 5 and 7 on the fake cluster.

use std::sync::Arc;

use uuid::Uuid;
use weir::model::job::{Job, JobId, JobState};
use weir::model::ledger::RowState;
use weir::model::step::Restore;
use weir::store::postgres::Postgres;

use crate::files::Presence;
use crate::postgres::Database;
use crate::topics::topic;
use crate::world::{World, name, nothing_between};

async fn world() -> (Database, World) {
    let database = Database::create().await;
    let store = Arc::new(Postgres::connect(&database.url).await.expect("the stack's Postgres answers"));
    let world = World::new(&store, nothing_between).await;
    (database, world)
}

/// Law 7: the value in the ledger rules when the file is gone.
#[tokio::test(flavor = "multi_thread")]
async fn removal_obeys_what_was_recorded() {
    for (on_remove, live, state, topic_stays) in
        [("keep", 1, RowState::Kept, true), ("stop", 0, RowState::Removed, true), ("drop", 0, RowState::Removed, false)]
    {
        let (_database, mut world) = world().await;
        world.save("first", |text| text.on_remove = "stop");
        world.until_quiet().await.expect("nothing is in the way");
        world.save("first", |text| text.on_remove = on_remove);
        world.until_quiet().await.expect("nothing is in the way");
        // Saved, but never looked at: it is the recorded one that rules.
        world.save("first", |text| text.on_remove = if on_remove == "drop" { "keep" } else { "drop" });
        world.remove("first");
        world.until_quiet().await.expect("nothing is in the way");
        let row = world.ledger().await.streams[&name("first")].clone();
        assert_eq!((world.live("first"), row.state), (live, state), "{on_remove}");
        assert_eq!(world.topics.now().contains_key(&topic("first")), topic_stays, "{on_remove}");
    }
}

/// Law 7: a file of the same name takes up the savepoint.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_back_goes_on_where_it_stopped() {
    let (_database, mut world) = world().await;
    world.save("first", |text| text.on_remove = "stop");
    world.until_quiet().await.expect("nothing is in the way");
    world.remove("first");
    world.until_quiet().await.expect("nothing is in the way");
    world.save("first", |text| text.there = Presence::There);
    world.until_quiet().await.expect("nothing is in the way");
    let row = world.ledger().await.streams[&name("first")].clone();
    let restore = row.deployment.expect("it runs").restore;
    let Restore::Savepoint { path } = &restore else { panic!("deployed with {restore:?}") };
    assert!(world.fake.savepoints().contains_key(path), "{path}");
    assert_eq!((world.live("first"), row.generation), (1, 2));
}

/// Law 5: jobs and topics of others stay, also when they carry our names or lie under our topics' names.
#[tokio::test(flavor = "multi_thread")]
async fn what_others_made_is_never_touched() {
    let (_database, mut world) = world().await;
    let project = world.project.name.clone();
    world.topics.make("first");
    world.watch.foreign_topic("first");
    world.save("first", |text| text.on_remove = "drop");
    world.until_quiet().await.expect("nothing is in the way");
    for job_name in ["somebody's".to_owned(), format!("weir:{project}/first@1"), format!("weir:{project}/gone@3")] {
        let id = JobId::seen(&Uuid::new_v4().simple().to_string());
        world.watch.add_foreign(Job { id, name: job_name, state: JobState::Running });
    }
    let plan = world.until_quiet().await.expect("nothing is in the way");
    assert_eq!(plan.unmanaged.len(), 3, "{:?}", plan.unmanaged);
    world.remove("first");
    world.until_quiet().await.expect("nothing is in the way");
    let ledger = world.ledger().await;
    assert_eq!(ledger.streams[&name("first")].state, RowState::Removed);
    assert!(world.topics.now().contains_key(&topic("first")), "weir did not make it");
    let foreign = world.fake.now().into_iter().filter(|job| job.state == JobState::Running);
    assert_eq!(foreign.count(), 3);
}

/// Its job was lost before its file went; the file's return must not be waited with for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_comes_back_to_a_lost_job_is_told_so() {
    let (_database, mut world) = world().await;
    world.save("first", |_| {});
    world.until_quiet().await.expect("nothing is in the way");
    world.fake.forget_everything();
    world.fake.join_worker();
    world.remove("first");
    world.until_quiet().await.expect("nothing is in the way");
    assert_eq!(world.ledger().await.streams[&name("first")].state, RowState::Removed);
    world.save("first", |text| text.there = Presence::There);
    let plan = world.until_quiet().await.expect("nothing is in the way");
    assert_eq!(plan.blocked.len(), 1, "{:?}", plan.blocked);
    assert!(plan.blocked[0].reason.contains("its job is gone"), "{:?}", plan.blocked);
}
