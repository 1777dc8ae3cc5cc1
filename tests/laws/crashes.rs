//! A process that ends between any two calls, at every such place in turn.

use std::sync::Arc;

use weir::engine::fake::Fault;
use weir::model::job::JobState;
use weir::model::step::Restore;
use weir::store::postgres::Postgres;

use crate::postgres::Database;
use crate::watch::Watch;
use crate::world::{Ended, World, name, nothing_between};

/// What is under way when the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Under {
    Create,
    Update,
    Stop,
    Start,
    Drop,
    /// A query whose sources stand as before.
    Query,
    /// One of another shape: its offsets are read out.
    Shape,
    /// As `Query`, and its job fails whatever it begins with: what ran before goes on.
    DoomedQuery,
    /// As `Shape`, and its job fails.
    DoomedShape,
    /// As `Query`, and its job fails after a checkpoint: what ran before goes on from there.
    DoomedLate,
    /// The job fails for good, and another query is saved.
    Mended,
}

const ALL: [Under; 8] =
    [Under::Create, Under::Update, Under::Stop, Under::Start, Under::Drop, Under::Query, Under::Shape, Under::Mended];
const DOOMED: [Under; 3] = [Under::DoomedQuery, Under::DoomedShape, Under::DoomedLate];
/// More places than any of these has.
const MOST: i64 = 200;

impl Under {
    /// The project just before, and the file just saved.
    async fn begin(self, store: &Arc<Postgres>) -> World {
        let mut world = World::new(store, nothing_between).await;
        world.save("first", |text| text.on_remove = "drop");
        match self {
            Under::Create => return world,
            Under::Update
            | Under::Stop
            | Under::Drop
            | Under::Query
            | Under::Shape
            | Under::DoomedQuery
            | Under::DoomedShape
            | Under::DoomedLate
            | Under::Mended => {}
            Under::Start => world.save("first", |text| text.running = true),
        }
        world.until_quiet().await.expect("nothing is in the way");
        match self {
            Under::Create => {}
            Under::Update => world.save("first", |text| text.interval = 20),
            Under::Query => world.save("first", |text| text.columns = "ORDER_ID"),
            Under::Shape => world.save("first", |text| text.twice = true),
            Under::DoomedQuery => {
                world.fake.doom("SELECT ORDER_ID FROM", "it divides by zero");
                world.save("first", |text| text.columns = "ORDER_ID");
            }
            Under::DoomedShape => {
                world.fake.doom("UNION ALL", "it divides by zero");
                world.save("first", |text| text.twice = true);
            }
            Under::DoomedLate => {
                world.fake.doom_late("SELECT ORDER_ID FROM", "it divides by zero");
                world.save("first", |text| text.columns = "ORDER_ID");
            }
            Under::Mended => {
                world.fake.now().iter().for_each(|job| world.fake.set_state(&job.id, JobState::Failed));
                world.save("first", |text| text.twice = true);
            }
            Under::Stop => world.save("first", |text| text.running = false),
            Under::Start => {
                world.save("first", |text| text.running = false);
                world.until_quiet().await.expect("nothing is in the way");
                world.save("first", |text| text.running = true);
            }
            Under::Drop => {
                world.remove("first");
                world.look_only().await;
            }
        }
        world
    }

    /// Live jobs, and the highest generation given away, when all is done.
    fn end(self) -> (usize, u32) {
        match self {
            Under::Create => (1, 1),
            Under::Update | Under::Start | Under::Query | Under::Shape | Under::Mended => (1, 2),
            // Once more at the offsets that were read, then back.
            Under::DoomedQuery => (1, 4),
            Under::DoomedShape | Under::DoomedLate => (1, 3),
            Under::Stop | Under::Drop => (0, 1),
        }
    }
}

async fn every_place(under: Under, faults: &[Fault]) {
    let database = Database::create().await;
    let store = Arc::new(Postgres::connect(&database.url).await.expect("the stack's Postgres answers"));
    let mut places = 0;
    for place in 0..MOST {
        let mut world = under.begin(&store).await;
        world.fake.script(faults.iter().copied());
        world.wire.crash_in(place);
        let ended = world.pass().await;
        if matches!(ended, Ended::Done(_)) {
            break;
        }
        places = place + 1;
        world.wire.rest();
        let told = format!("{under:?} with {faults:?}, place {place}");
        world.until_quiet().await.unwrap_or_else(|how| panic!("{told}: {how}"));
        let ledger = world.ledger().await;
        Watch::open(&ledger).unwrap_or_else(|how| panic!("{told}: {how}"));
        let generation = ledger.streams.values().map(|row| row.generation).max().unwrap_or(0);
        let (live, expected) = under.end();
        assert_eq!((world.live("first"), generation), (live, expected), "{told}: {:?}", world.watch.acts());
        if DOOMED.contains(&under) {
            let running = ledger.streams[&name("first")].deployment.as_ref().expect("it ran");
            assert_eq!(running.stream.sql, "SELECT ORDER_ID, AMOUNT FROM orders", "{told}");
        }
    }
    assert!((10..MOST).contains(&places), "{under:?} has {places} places");
}

/// Laws 3 and 8.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_between_any_two_calls_leaves_one_job() {
    for under in ALL {
        every_place(under, &[]).await;
    }
}

/// A change whose job never runs leaves what ran before, wherever the process ends.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_on_the_way_back_leaves_the_job_of_before() {
    for under in DOOMED {
        every_place(under, &[]).await;
    }
}

/// Law 3: also where the engine misbehaves in the same moment.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_beside_a_lost_or_doubled_reply_leaves_one_job() {
    for under in [Under::Create, Under::Stop] {
        every_place(under, &[Fault::DoneButReplyLost]).await;
        every_place(under, &[Fault::Doubled]).await;
        every_place(under, &[Fault::Late(3)]).await;
    }
}

/// Law 8: a stop that was given up, and whose request arrived when nobody wanted it any more, is found: the stream
/// goes on from its savepoint.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_that_arrives_late_is_known() {
    let database = Database::create().await;
    let store = Arc::new(Postgres::connect(&database.url).await.expect("the stack's Postgres answers"));
    let mut world = World::new(&store, nothing_between).await;
    world.save("first", |_| {});
    world.until_quiet().await.expect("nothing is in the way");
    // Long enough that the pass which un-stops it sees the job still running.
    world.fake.script([Fault::Late(2)]);
    world.save("first", |text| text.running = false);
    world.pass().await;
    assert_eq!(world.live("first"), 1, "the request is on its way");
    world.save("first", |text| text.running = true);
    world.until_quiet().await.expect("nothing is in the way");
    let row = world.ledger().await.streams.remove(&name("first")).expect("recorded");
    let restore = row.deployment.expect("deployed").restore;
    assert!(matches!(restore, Restore::Savepoint { .. }), "{restore:?}");
    assert_eq!((world.live("first"), row.generation), (1, 2), "{:?}", world.watch.acts());
}
