//! Outputs written in transactions, seen by a reader of committed rows.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use weir::model::check::Accepted;
use weir::model::definition::{Delivery, Stream};
use weir::model::job::Generation;
use weir::model::name::TopicName;
use weir::model::run::ChangeResult;
use weir::model::step::{Restore, Step};

use crate::handover::cases::{FILTER, OTHER_FILTER, Query, Scene, UNION, Way, steps};
use crate::handover::hand::Clock;
use crate::handover::refusals::newest_checkpoint;
use crate::support::kafka::{Record, read_at_least};
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
const PATIENCE: Duration = Duration::from_secs(30);

/// A generation of a stream.
#[derive(Clone, Copy)]
struct Generated {
    query: Query,
    delivery: Delivery,
    parallelism: u32,
}

const fn once(query: Query) -> Generated {
    Generated { query, delivery: Delivery::ExactlyOnce, parallelism: 1 }
}

impl Generated {
    fn in_scene(self, scene: &Scene) -> Stream {
        let mut stream = scene.stream(self.query.sql);
        stream.output.delivery = self.delivery;
        stream.options.insert("parallelism.default".to_owned(), self.parallelism.to_string());
        stream
    }
}

/// Flow: the old query runs; the new one follows it; the rows of both are counted.
async fn follows(name: &str, next: Next, (old, new): (Generated, Generated)) {
    let mut scene = Scene::new(&["orders"]).await;
    let (before, after) = (old.in_scene(&scene), new.in_scene(&scene));
    let ran = scene.hand.begins(&before).await;
    let accepted = scene.hand.accepted(&after).await;
    scene.tail.until(1, 3000).await;
    let begun = Instant::now();
    let clock = changes(&scene, (&before, &ran), (&after, &accepted), next).await;
    scene.tail.until(2, 2000).await;
    let first = scene.tail.came.lock().expect("no panic under the lock").first_new.expect("rows came");
    let gap = (first - begun).as_secs_f64();
    let found = scene.counted(old.query.gives, new.query.gives).await;
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_of_an_exactly_once_stream_loses_and_doubles_nothing() {
    follows("filter to filter", Next::Update, (once(FILTER), once(OTHER_FILTER))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exactly_once_stream_stopped_and_started_loses_and_doubles_nothing() {
    follows("filter to filter", Next::StopAndStart, (once(FILTER), once(OTHER_FILTER))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_exactly_once_query_goes_on_by_direct_restore() {
    follows("filter to filter", Next::Direct, (once(FILTER), once(OTHER_FILTER))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_exactly_once_query_goes_on_by_offsets() {
    follows("filter to union", Next::Offsets, (once(FILTER), once(UNION))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_exactly_once_stream_goes_on_from_its_last_checkpoint() {
    follows("filter to filter", Next::Checkpoint, (once(FILTER), once(OTHER_FILTER))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exactly_once_stream_takes_more_and_fewer_tasks() {
    let wide = |query| Generated { parallelism: 2, ..once(query) };
    follows("to two tasks", Next::Update, (once(FILTER), wide(OTHER_FILTER))).await;
    follows("to one task", Next::Update, (wide(FILTER), once(OTHER_FILTER))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stream_becomes_exactly_once_with_its_state_and_ceases_to_be() {
    let often = |query| Generated { delivery: Delivery::AtLeastOnce, ..once(query) };
    for next in [Next::Update, Next::StopAndStart] {
        follows("to exactly once", next, (often(FILTER), once(OTHER_FILTER))).await;
        follows("to at least once", next, (once(FILTER), often(OTHER_FILTER))).await;
    }
}

/// A job that was killed leaves its transaction open; here one of its name does.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn readers_do_not_wait_for_a_transaction_left_open_under_the_streams_name() {
    let mut scene = Scene::new(&["orders"]).await;
    let stream = once(FILTER).in_scene(&scene);
    let left =
        open_transaction(&stream.output.topic, &format!("weir.{}.{}-0-1", scene.hand.world.project, stream.name));
    let begun = Instant::now();
    scene.hand.begins(&stream).await;
    scene.tail.until(1, 1000).await;
    println!("once | rows behind an open transaction after {:.2} s", begun.elapsed().as_secs_f64());
    let found = scene.counted(FILTER.gives, OTHER_FILTER.gives).await;
    assert_eq!((found.missing, found.doubled, found.wrong), (0, 0, 0), "the row of the open one is not seen");
    drop(left);
}

/// A row that no query gives, in a transaction that stays open for ten minutes if nobody ends it.
fn open_transaction(topic: &TopicName, id: &str) -> BaseProducer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &Stack::get().kafka).set_log_level(RDKafkaLogLevel::Emerg);
    config.set("transactional.id", id).set("transaction.timeout.ms", "600000");
    let producer: BaseProducer = config.create().expect("the settings of a producer");
    producer.init_transactions(PATIENCE).expect("the broker knows transactions");
    producer.begin_transaction().expect("none is open");
    let row = r#"{"T":"orders","N":0,"B":"open","G":1}"#;
    producer.send(BaseRecord::<str, str>::to(topic.as_str()).payload(row)).map_err(|(error, _)| error).expect("queued");
    producer.flush(PATIENCE).expect("the broker takes the row");
    producer
}

/// Every input row gives one row of its key with the next count: a count that is missing or comes twice is a row that
/// was lost or doubled, in state or in the output.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_exactly_once_aggregate_counts_on_without_a_gap() {
    for (old, new) in [
        (Delivery::ExactlyOnce, Delivery::ExactlyOnce),
        (Delivery::AtLeastOnce, Delivery::ExactlyOnce),
        (Delivery::ExactlyOnce, Delivery::AtLeastOnce),
    ] {
        let mut scene = Scene::without_tail(&["orders"]).await;
        let mut before =
            scene.stream("SELECT MOD(ORDER_ID, 7) AS K, COUNT(*) AS C FROM orders GROUP BY MOD(ORDER_ID, 7)");
        before.output.key = vec!["K".to_owned()];
        before.output.delivery = old;
        let mut after = before.clone();
        after.output.delivery = new;
        let ran = scene.hand.begins(&before).await;
        tokio::time::sleep(PAUSE).await;
        changes(&scene, (&before, &ran), (&after, &ran), Next::Update).await;
        tokio::time::sleep(PAUSE).await;
        let written = scene.ends();
        let rows = read_at_least(&after.output.topic, written as usize, PATIENCE).await;
        let mut counts: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
        for row in rows.iter().map(Record::json) {
            let number = |column: &str| row[column].as_i64().expect("a number");
            counts.entry(number("K")).or_default().push(number("C"));
        }
        for (key, counts) in counts {
            let read = (written as i64 - key + 6) / 7;
            assert_eq!(counts, (1..=read).collect::<Vec<_>>(), "{old:?} to {new:?}, key {key}");
        }
        println!("once | aggregate, {old:?} to {new:?}: {written} rows counted");
    }
}
