//! Jobs that do not run, one after the other.

use std::sync::Arc;

use weir::engine::fake::Fake;
use weir::model::job::JobState;
use weir::model::step::Restore;
use weir::store::postgres::Postgres;

use crate::files::Presence;
use crate::postgres::Database;
use crate::world::{World, name, nothing_between};

const FAILS: &str = "it divides by zero";

async fn world() -> (Database, World) {
    let database = Database::create().await;
    let store = Arc::new(Postgres::connect(&database.url).await.expect("the stack's Postgres answers"));
    let mut world = World::new(&store, nothing_between).await;
    world.save("first", |_| {});
    world.until_quiet().await.expect("nothing is in the way");
    (database, world)
}

fn the_job_fails(world: &World) {
    world.fake.now().iter().for_each(|job| {
        if job.state.is_live() {
            world.fake.set_state(&job.id, JobState::Failed);
        }
    });
}

/// An edit that was to mend a job may be as wrong as what it mends: the next one goes on from the same checkpoint.
#[tokio::test(flavor = "multi_thread")]
async fn the_second_edit_mends_what_the_first_did_not() {
    for wrong in [1, 2] {
        let (_database, mut world) = world().await;
        the_job_fails(&world);
        for (columns, part) in
            [("AMOUNT", "SELECT AMOUNT FROM"), ("AMOUNT, ORDER_ID", "SELECT AMOUNT, ORDER_ID")].into_iter().take(wrong)
        {
            world.fake.doom(part, FAILS);
            world.save("first", |text| text.columns = columns);
            world.until_quiet().await.expect("nothing is in the way");
            assert_eq!(world.live("first"), 0);
        }
        world.save("first", |text| text.columns = "ORDER_ID");
        let plan = world.until_quiet().await.expect("nothing is in the way");
        assert_eq!((world.live("first"), plan.blocked), (1, Vec::new()), "{:#?}", world.story);
    }
}

/// The same after a job that had been edited itself, also where the edit came so far that it left a checkpoint of its own:
/// what had failed before is not put back.
#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_followed_from_the_newest_checkpoint() {
    for doom in [Fake::doom, Fake::doom_late] {
        let (_database, mut world) = world().await;
        world.save("first", |text| text.columns = "ORDER_ID");
        world.until_quiet().await.expect("nothing is in the way");
        the_job_fails(&world);
        doom(&world.fake, "SELECT AMOUNT FROM", FAILS);
        world.save("first", |text| text.columns = "AMOUNT");
        world.until_quiet().await.expect("nothing is in the way");
        assert_eq!(world.live("first"), 0, "{:#?}", world.story);
        world.save("first", |text| text.columns = "AMOUNT, ORDER_ID");
        let plan = world.until_quiet().await.expect("nothing is in the way");
        assert_eq!((world.live("first"), plan.blocked), (1, Vec::new()), "{:#?}", world.story);
    }
}

/// What is put back may fail too: that is told, and not tried for ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_that_fails_is_not_gone_again() {
    let (_database, mut world) = world().await;
    world.fake.doom("SELECT", FAILS);
    world.save("first", |text| text.columns = "ORDER_ID");
    world.until_quiet().await.expect("nothing is done for ever");
    world.fake.pardon();
    world.save("first", |text| text.columns = "AMOUNT");
    world.until_quiet().await.expect("nothing is in the way");
    assert_eq!(world.live("first"), 1, "{:#?}", world.story);
}

/// A stream whose topic was dropped begins anew: what ran before is not what a failure leads back to.
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_before_a_drop_is_put_back() {
    let (_database, mut world) = world().await;
    world.save("first", |text| text.on_remove = "drop");
    world.until_quiet().await.expect("nothing is in the way");
    world.remove("first");
    world.until_quiet().await.expect("nothing is in the way");
    world.fake.doom("SELECT ORDER_ID FROM", FAILS);
    world.save("first", |text| {
        text.there = Presence::There;
        text.columns = "ORDER_ID";
    });
    world.until_quiet().await.expect("nothing is done for ever");
    assert_eq!(world.live("first"), 0, "{:#?}", world.story);
    world.save("first", |text| text.columns = "AMOUNT");
    world.until_quiet().await.expect("nothing is in the way");
    let row = world.ledger().await.streams[&name("first")].clone();
    let restore = row.deployment.expect("it runs").restore;
    assert!(matches!(restore, Restore::Start(_)), "{restore:?}");
}

/// What follows a job that was given up is planned anew, and begun only with those who read it and change with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_of_what_failed_never_runs_without_its_columns() {
    let (_database, mut world) = world().await;
    world.save("first", |text| text.columns = "ORDER_ID");
    world.save("second", |text| {
        text.columns = "ORDER_ID";
        text.from = "first";
    });
    world.until_quiet().await.expect("nothing is in the way");
    let of_first = world.ledger().await.streams[&name("first")].deployment.clone().expect("it runs").job_id;
    world.fake.set_state(&of_first, JobState::Failed);
    world.save("first", |text| text.columns = "AMOUNT");
    world.save("second", |text| text.columns = "AMOUNT");
    for _ in 0..3 {
        world.pass().await;
        let live = |stream: &str| {
            let jobs = world.fake.now().into_iter().filter(|job| job.state.is_live());
            let mut deployed = jobs.filter_map(|job| world.fake.deployed(&job.id));
            deployed.find(|deploy| deploy.stream.name.as_str() == stream).map(|deploy| deploy.columns)
        };
        if let (Some(written), Some(read)) = (live("first"), live("second")) {
            assert_eq!(written, read, "{:#?}", world.story);
        }
    }
    assert_eq!((world.live("first"), world.live("second")), (1, 1), "{:#?}", world.story);
}
