//! Shapes of all kinds: where a job stopped is read out whatever it was.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use weir::model::column::TypeKind;
use weir::model::definition::{Source, Start};
use weir::model::offsets::{Offsets, Taken};
use weir::model::run::ChangeResult;
use weir::model::step::StepKind;

use crate::contract::helper;
use crate::handover::cases::{FILTER, Query, Scene, UNION, Way, hands_over_in};
use crate::handover::hand::Reading;
use crate::support::flink::{FlinkWorld, column};
use crate::support::kafka::{produce, read_all};

const THREE: Query = Query {
    sql: "SELECT 'orders' AS T, ORDER_ID AS N, 'a' AS B, 1 AS G FROM orders WHERE MOD(ORDER_ID, 2) = 0
          UNION ALL SELECT 'orders', ORDER_ID, 'b', 1 FROM orders WHERE MOD(ORDER_ID, 3) <> 0
          UNION ALL SELECT 'orders', ORDER_ID, 'c', 1 FROM orders WHERE MOD(ORDER_ID, 5) = 0",
    gives: |topic, number| {
        let c = (number % 5 == 0).then_some("c");
        (UNION.gives)(topic, number).into_iter().chain(c).collect()
    },
};
const TWICE: Query = Query {
    sql: "SELECT 'orders' AS T, ORDER_ID AS N, 'a' AS B, 1 AS G FROM orders WHERE MOD(ORDER_ID, 10) <> 0
          UNION ALL SELECT 'again', ORDER_ID, 'a', 1 FROM again WHERE MOD(ORDER_ID, 10) <> 0",
    gives: FILTER.gives,
};
const OTHER_TWICE: Query = Query {
    sql: "SELECT 'again' AS T, ORDER_ID AS N, 'a' AS B, 2 AS G FROM again WHERE MOD(ORDER_ID, 2) = 0
          UNION ALL SELECT 'again', ORDER_ID, 'b', 2 FROM again WHERE MOD(ORDER_ID, 3) <> 0
          UNION ALL SELECT 'orders', ORDER_ID, 'a', 2 FROM orders WHERE MOD(ORDER_ID, 2) = 0
          UNION ALL SELECT 'orders', ORDER_ID, 'b', 2 FROM orders WHERE MOD(ORDER_ID, 3) <> 0",
    gives: UNION.gives,
};
/// No operator is chained to a source whose rows are taken as they are into a union.
const PLAIN: Query = Query { sql: "SELECT * FROM orders UNION ALL SELECT * FROM more", gives: |_, _| vec!["a"] };
const MIXED: Query = Query {
    sql: "SELECT * FROM orders UNION ALL SELECT * FROM more WHERE MOD(N, 10) <> 0",
    gives: |topic, number| if topic == "orders" || number % 10 != 0 { vec!["a"] } else { vec![] },
};
const AFTER_PLAIN: Query = Query {
    sql: "SELECT T, N, 'a' AS B, 2 AS G FROM more WHERE MOD(N, 2) = 0
          UNION ALL SELECT T, N, 'b', 2 FROM more WHERE MOD(N, 3) <> 0
          UNION ALL SELECT T, N, 'a', 2 FROM orders WHERE MOD(N, 2) = 0
          UNION ALL SELECT T, N, 'b', 2 FROM orders WHERE MOD(N, 3) <> 0",
    gives: UNION.gives,
};

/// The rows as they are written, with nothing left out.
fn whole(source: &Source) -> Source {
    let kinds = [("T", TypeKind::String), ("N", TypeKind::Int), ("B", TypeKind::String), ("G", TypeKind::Int)];
    Source { columns: kinds.into_iter().map(|(name, kind)| column(name, kind)).collect(), ..source.clone() }
}

async fn plain() -> Scene {
    let mut scene = Scene::new(&["orders", "more"]).await;
    scene.sources = scene.sources.iter().map(whole).collect();
    scene
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_readings_of_a_source_are_three() {
    let scene = Scene::new(&["orders"]).await;
    hands_over_in(scene, "three to union", (THREE, UNION), Way::Offsets, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_sources_over_one_topic_go_on_each_where_it_stopped() {
    let mut scene = Scene::new(&["orders"]).await;
    scene.again("again");
    hands_over_in(scene, "one topic twice", (TWICE, OTHER_TWICE), Way::Offsets, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_tasks_that_read_stop_at_as_many_places() {
    let scene = Scene::new(&["orders"]).await;
    let options = [("parallelism.default", "3")];
    hands_over_in(scene, "parallelism 3", (FILTER, UNION), Way::Offsets, &options).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sources_without_a_chained_output_are_read() {
    hands_over_in(plain().await, "nothing chained", (PLAIN, AFTER_PLAIN), Way::Offsets, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sources_with_and_without_a_chained_output_are_read() {
    hands_over_in(plain().await, "partly chained", (MIXED, AFTER_PLAIN), Way::Offsets, &[]).await;
}

/// A count over all rows tells independently how many were read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_aggregate_stopped_after_as_many_rows_as_it_counted() {
    for sql in [
        "SELECT AMOUNT AS K, COUNT(*) AS C, MAX(ORDER_ID) AS M FROM orders GROUP BY AMOUNT",
        "SELECT AMOUNT AS K, COUNT(*) AS C FROM orders GROUP BY AMOUNT",
    ] {
        let scene = Scene::without_tail(&["orders"]).await;
        let mut counts = scene.stream(sql);
        counts.output.key = vec!["K".to_owned()];
        let sources = scene.hand.begins(&counts).await.sources;
        tokio::time::sleep(Duration::from_secs(3)).await;
        let stop = scene.hand.stops(&counts, 1);
        let state = Taken::StopOf { step: stop.id.clone() };
        let Reading { open, helpers, read, gone, close } = scene.hand.reads(&counts, &sources, (1, 0), state);
        let steps = [vec![open, stop], helpers, vec![read], gone, vec![close]].concat();
        assert_eq!(scene.hand.change(&counts, 1, steps).await.0, ChangeResult::Done);
        let offsets = scene.hand.ended_at(&counts).await;
        let read: i64 = offsets.0.values().flat_map(BTreeMap::values).sum();
        let rows = read_all(&counts.output.topic).await;
        let counted = rows.last().expect("it counted").json()["C"].as_i64().expect("a number");
        assert_eq!(read, counted, "{offsets:?} {sources:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topics_at_rest_are_read_to_their_end_and_new_partitions_from_their_beginning() {
    let scene = Scene::at_rest(&["orders", "more"]).await;
    let (written, empty) = (scene.sources[0].topic.clone(), scene.sources[1].name.clone());
    produce(&written, 1, (0..7).map(|number| serde_json::json!({"ORDER_ID": number, "AMOUNT": 1.0}))).await;
    let both = scene.stream("SELECT ORDER_ID FROM orders WHERE AMOUNT > 2 UNION ALL SELECT ORDER_ID FROM more");
    let sources = scene.hand.begins(&both).await.sources;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let stop = scene.hand.stops(&both, 1);
    assert_eq!(scene.hand.change(&both, 1, vec![stop]).await.0, ChangeResult::Done);
    let path = scene.hand.row(&both).await.savepoint.expect("stopped").path;
    let ended = |partitions: &[i64]| (0..).zip(partitions.iter().copied()).collect::<BTreeMap<u32, i64>>();
    let read = async |attempt: u32| {
        let state = Taken::Savepoint { path: path.clone() };
        let Reading { open, helpers, read, gone, close } = scene.hand.reads(&both, &sources, (1, attempt), state);
        let steps = [vec![open], helpers, vec![read], gone, vec![close]].concat();
        let begun = Instant::now();
        let (result, clock) = scene.hand.change(&both, 1, steps).await;
        assert_eq!(result, ChangeResult::Done);
        println!("at rest: {:.2} s, {:?}: {}", begun.elapsed().as_secs_f64(), StepKind::ReadOffsets, clock.told());
        scene.hand.ended_at(&both).await
    };
    let orders = scene.sources[0].name.clone();
    let wanted = BTreeMap::from([(orders.clone(), ended(&[0, 7, 0])), (empty.clone(), ended(&[0, 0, 0]))]);
    assert_eq!(read(0).await, Offsets(wanted));

    scene.grow(&written, 4).await;
    produce(&written, 3, (0..5).map(|number| serde_json::json!({"ORDER_ID": number, "AMOUNT": 1.0}))).await;
    let wanted = BTreeMap::from([(orders, ended(&[0, 7, 0, 0])), (empty, ended(&[0, 0, 0]))]);
    // The first reading took two helpers: the sources' shapes differ.
    assert_eq!(read(2).await, Offsets(wanted));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_began_at_the_end_stopped_there_in_partitions_that_it_never_read() {
    let scene = Scene::at_rest(&["orders"]).await;
    let topic = scene.sources[0].topic.clone();
    let rows = |from: u64, to: u64| (from..to).map(|number| serde_json::json!({"ORDER_ID": number, "AMOUNT": 1.0}));
    produce(&topic, 0, rows(0, 4)).await;
    let mut stream = scene.stream("SELECT ORDER_ID FROM orders WHERE AMOUNT > 0");
    stream.start = Start::Latest;
    let sources = scene.hand.begins(&stream).await.sources;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let stop = scene.hand.stops(&stream, 1);
    assert_eq!(scene.hand.change(&stream, 1, vec![stop]).await.0, ChangeResult::Done);
    let path = scene.hand.row(&stream).await.savepoint.expect("stopped").path;
    produce(&topic, 0, rows(4, 9)).await;
    let state = Taken::Savepoint { path };
    let Reading { open, helpers, read, gone, close } = scene.hand.reads(&stream, &sources, (1, 0), state);
    let steps = [vec![open], helpers, vec![read], gone, vec![close]].concat();
    assert_eq!(scene.hand.change(&stream, 1, steps).await.0, ChangeResult::Done);
    let ended = BTreeMap::from([(0, 4), (1, 0), (2, 0)]);
    let source = scene.sources[0].name.clone();
    assert_eq!(scene.hand.ended_at(&stream).await, Offsets(BTreeMap::from([(source, ended)])));
}

#[tokio::test]
async fn a_helper_runs_once_until_it_is_cancelled() {
    helper::a_helper_runs_once_until_it_is_cancelled(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_helper_without_its_savepoint_does_not_run() {
    helper::a_helper_without_its_savepoint_does_not_run(&FlinkWorld::new()).await;
}
