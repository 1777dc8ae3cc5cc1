//! Outputs written in transactions, seen by a reader of committed rows.

use std::time::{Duration, Instant};

use weir::model::check::Accepted;
use weir::model::definition::{Delivery, Stream};
use weir::model::job::Generation;
use weir::model::run::ChangeResult;
use weir::model::step::{Restore, Step};

use crate::handover::cases::{FILTER, OTHER_FILTER, Query, Scene, UNION, Way, steps};
use crate::handover::hand::Clock;
use crate::handover::refusals::newest_checkpoint;
use crate::support::stack::Stack;

/// By what the next generation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// One change stops the job and deploys the next, which takes up all its state.
    Update,
    /// Stopped by one change and, after a while, started by another: what is left too when weir is killed in between.
    StopAndStart,
    /// Another query, over the offsets in state.
    Direct,
    /// Another query, over offsets read out of state.
    Offsets,
    /// The job was cancelled; its last checkpoint is taken up.
    Checkpoint,
}

const PAUSE: Duration = Duration::from_secs(3);

fn delivered(scene: &Scene, query: Query, delivery: Delivery) -> Stream {
    let mut stream = scene.stream(query.sql);
    stream.output.delivery = delivery;
    stream
}

/// Flow: the old query runs; the new one follows it; the rows of both are counted.
async fn follows(name: &str, next: Next, queries: (Query, Query), deliveries: (Delivery, Delivery)) {
    let mut scene = Scene::new(&["orders"]).await;
    let before = delivered(&scene, queries.0, deliveries.0);
    let after = delivered(&scene, queries.1, deliveries.1);
    let ran = scene.hand.begins(&before).await;
    let accepted = scene.hand.accepted(&after).await;
    scene.tail.until(1, 3000).await;
    let begun = Instant::now();
    let clock = changes(&scene, (&before, &ran), (&after, &accepted), next).await;
    scene.tail.until(2, 2000).await;
    let first = scene.tail.came.lock().expect("no panic under the lock").first_new.expect("rows came");
    let gap = (first - begun).as_secs_f64();
    let found = scene.counted(queries.0.gives, queries.1.gives).await;
    println!(
        "once | Flink {} | {name} | {next:?} | {} rows | missing {} | doubled {} | wrong {} | to first row {gap:.2} s | {}",
        Stack::get().flink_version,
        found.rows,
        found.missing,
        found.doubled,
        found.wrong,
        clock.told()
    );
    assert_eq!((found.missing, found.doubled, found.wrong), (0, 0, 0));
}

async fn changes(scene: &Scene, old: (&Stream, &Accepted), new: (&Stream, &Accepted), next: Next) -> Clock {
    let ((before, ran), (after, accepted)) = (old, new);
    let hand = &scene.hand;
    let deploys = |restore| hand.deploys(after, accepted, 2, restore).to_vec();
    match next {
        Next::Update => {
            let stop = hand.stops(before, 1);
            let restore = Restore::StopOf { step: stop.id.clone() };
            done(scene, before, 1, [vec![stop], deploys(restore)].concat()).await
        }
        Next::StopAndStart => {
            done(scene, before, 1, vec![hand.stops(before, 1)]).await;
            tokio::time::sleep(PAUSE).await;
            let path = hand.row(before).await.savepoint.expect("stopped with one").path;
            done(scene, after, 1, deploys(Restore::Savepoint { path })).await
        }
        Next::Direct | Next::Offsets => {
            let way = if next == Next::Direct { Way::Direct } else { Way::Offsets };
            done(scene, before, 1, steps(hand, (before, ran, 1), (after, accepted), way)).await
        }
        Next::Checkpoint => {
            done(scene, before, 1, vec![hand.cancels(before, 1)]).await;
            let path = newest_checkpoint(&hand.job_id(before, 1));
            done(scene, after, 1, deploys(Restore::Savepoint { path })).await
        }
    }
}

async fn done(scene: &Scene, stream: &Stream, guard: Generation, steps: Vec<Step>) -> Clock {
    let (result, clock) = scene.hand.change(stream, guard, steps).await;
    assert_eq!(result, ChangeResult::Done, "{}", clock.told());
    clock
}

const ONCE: (Delivery, Delivery) = (Delivery::ExactlyOnce, Delivery::ExactlyOnce);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_of_an_exactly_once_stream_loses_and_doubles_nothing() {
    follows("filter to filter", Next::Update, (FILTER, OTHER_FILTER), ONCE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exactly_once_stream_stopped_and_started_loses_and_doubles_nothing() {
    follows("filter to filter", Next::StopAndStart, (FILTER, OTHER_FILTER), ONCE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_exactly_once_query_goes_on_by_direct_restore() {
    follows("filter to filter", Next::Direct, (FILTER, OTHER_FILTER), ONCE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_exactly_once_query_goes_on_by_offsets() {
    follows("filter to union", Next::Offsets, (FILTER, UNION), ONCE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_exactly_once_stream_goes_on_from_its_last_checkpoint() {
    follows("filter to filter", Next::Checkpoint, (FILTER, OTHER_FILTER), ONCE).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_becomes_exactly_once_with_its_state() {
    let deliveries = (Delivery::AtLeastOnce, Delivery::ExactlyOnce);
    for next in [Next::Update, Next::StopAndStart] {
        follows("to exactly once", next, (FILTER, OTHER_FILTER), deliveries).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_ceases_to_be_exactly_once_with_its_state() {
    let deliveries = (Delivery::ExactlyOnce, Delivery::AtLeastOnce);
    for next in [Next::Update, Next::StopAndStart] {
        follows("to at least once", next, (FILTER, OTHER_FILTER), deliveries).await;
    }
}
