//! The laws of an engine on a real Flink, and what is Flink's own.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use weir::engine::Engine;
use weir::model::check::{Changelog, Check};
use weir::model::column::{Column, TypeKind};
use weir::model::definition::{EventTime, OnBadRecord, Source, Start, Stream, TimeEncoding};
use weir::model::diagnostic::Diagnostic;
use weir::model::name::TopicName;
use weir::model::step::{Receipt, Restore};

use crate::contract::engine as law;
use crate::contract::engine::Way;
use crate::support::flink::{FlinkWorld, column, orders, stream};
use crate::support::kafka::{produce, read_all, read_at_least};
use crate::support::stack::Stack;

const PATIENCE: Duration = Duration::from_secs(40);

#[tokio::test]
async fn a_check_tells_columns_changelog_and_sources() {
    law::a_check_tells_columns_changelog_and_sources(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_refused_query_is_told_with_its_place() {
    law::a_refused_query_is_told_with_its_place(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_deployed_job_is_listed_under_our_id_and_name() {
    law::a_deployed_job_is_listed_under_our_id_and_name(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_second_deploy_makes_no_second_job() {
    law::a_second_deploy_makes_no_second_job(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn two_deploys_at_once_make_one_job() {
    law::two_deploys_at_once_make_one_job(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn an_id_is_burnt_once_its_job_has_ended() {
    law::an_id_is_burnt_once_its_job_has_ended(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_stop_gives_one_savepoint_however_often_it_is_asked_for() {
    law::a_stop_gives_one_savepoint_however_often_it_is_asked_for(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_job_takes_up_a_savepoint() {
    law::a_job_takes_up_a_savepoint(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_savepoint_that_is_not_there_burns_the_id() {
    law::a_savepoint_that_is_not_there_burns_the_id(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_savepoint_not_yet_known_is_refused() {
    law::a_savepoint_not_yet_known_is_refused(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_cancelled_job_stays_cancelled() {
    law::a_cancelled_job_stays_cancelled(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn what_does_not_run_is_given_up() {
    law::what_does_not_run_is_given_up(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn what_runs_is_not_given_up() {
    law::what_runs_is_not_given_up(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn what_finished_is_not_given_up() {
    law::what_finished_is_not_given_up(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_job_that_nobody_knows_counts_as_cancelled() {
    law::a_job_that_nobody_knows_counts_as_cancelled(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn stopping_a_job_that_nobody_knows_does_nothing() {
    law::stopping_a_job_that_nobody_knows_does_nothing(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn verifying_a_job_that_fails_tells_why() {
    law::verifying_a_job_that_fails_tells_why(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn what_does_not_answer_is_unknown() {
    law::what_does_not_answer_is_unknown(&FlinkWorld::new()).await;
}

fn order(number: u64) -> Value {
    json!({"ORDER_ID": number, "AMOUNT": 600.0})
}

/// The values of a column in a topic, sorted.
async fn values(topic: &TopicName, rows: usize, name: &str) -> Vec<i64> {
    let found = read_at_least(topic, rows, PATIENCE).await;
    let mut values: Vec<i64> = found.iter().map(|row| row.json()[name].as_i64().expect("a number")).collect();
    values.sort_unstable();
    values
}

/// The codes of a refusal.
async fn refused(world: &FlinkWorld, stream: &Stream) -> Vec<Diagnostic> {
    match world.flink.check(stream).await.expect("Flink answers") {
        Check::Refused { diagnostics } => diagnostics,
        Check::Accepted(accepted) => panic!("{accepted:?}"),
    }
}

fn with_time(source: Source, kind: TypeKind, encoding: TimeEncoding) -> Source {
    let time = EventTime {
        column: "SEEN".to_owned(),
        encoding,
        delay: Duration::from_secs(5),
        idle: Some(Duration::from_secs(1)),
    };
    let columns = [source.columns.clone(), vec![column("SEEN", kind)]].concat();
    Source { columns, time: Some(time), ..source }
}

#[tokio::test]
async fn a_job_that_takes_up_a_savepoint_gives_exactly_the_new_rows() {
    let world = FlinkWorld::new();
    let input = world.topic(3).await;
    for partition in 0..3 {
        produce(&input, partition, (0..10).map(|number| order(number * 3 + partition as u64))).await;
    }
    let stream = world.over(input.clone(), "SELECT ORDER_ID, AMOUNT FROM orders WHERE AMOUNT > 500").await;
    let output = stream.output.topic.clone();
    let way = Way::of(&world, stream).await;
    way.runs().await;
    assert_eq!(values(&output, 30, "ORDER_ID").await, (0..30).collect::<Vec<_>>());
    let path = way.stopped(1).await;
    produce(&input, 1, (30..37).map(order)).await;
    let second = way.deploy(2, Restore::Savepoint { path });
    assert_eq!(way.does(&second, 2).await, Ok(Receipt::Deployed));
    assert_eq!(values(&output, 37, "ORDER_ID").await, (0..37).collect::<Vec<_>>());
    way.stopped(2).await;
    assert_eq!(read_all(&output).await.len(), 37, "none twice");
}

#[tokio::test]
async fn strings_reach_flink_as_what_they_are() {
    let world = FlinkWorld::new();
    let wild = "a`b\"c;--'d */ ü😀";
    let input = world.topic(1).await;
    produce(&input, 0, [json!({wild: 7})]).await;
    let source = Source { columns: vec![column(wild, TypeKind::Int)], ..orders(input) };
    let text = "it''s \"x\" `y` ; \n -- no comment /* \\ ü😀 DROP TABLE orders";
    let sql = format!("SELECT `{0}`, '{text}' AS `q'``;` FROM orders -- `", wild.replace('`', "``"));
    let output = world.topic(1).await;
    let way = Way::of(&world, stream(&[source], &sql, output.clone())).await;
    assert_eq!(way.accepted.columns[0], column(wild, TypeKind::Int));
    way.runs().await;
    let row = read_at_least(&output, 1, PATIENCE).await[0].json();
    assert_eq!(row, json!({wild: 7, "q'`;": text.replace("''", "'")}));
}

#[tokio::test]
async fn a_name_that_flink_cannot_write_is_a_diagnostic() {
    let world = FlinkWorld::new();
    let source = Source { columns: vec![column("a\nb", TypeKind::Int)], ..orders(world.topic(1).await) };
    let stream = stream(&[source], "SELECT 1 AS x FROM orders", world.topic(1).await);
    assert_eq!(refused(&world, &stream).await[0].code, "column_name");
}

#[tokio::test]
async fn a_text_that_is_more_than_a_query_is_refused() {
    let world = FlinkWorld::new();
    for sql in [
        "SELECT ORDER_ID FROM orders; DROP TABLE orders",
        "SELECT ORDER_ID FROM orders\n;\nINSERT INTO `weir.output` SELECT 1",
        "INSERT INTO `weir.output` SELECT 1",
        "(ORDER_ID) SELECT ORDER_ID FROM orders",
        "SELECT ORDER_ID FROM orders /*",
    ] {
        let stream = world.over(world.topic(1).await, sql).await;
        assert_eq!(refused(&world, &stream).await[0].code, "engine_refused", "{sql}");
    }
}

#[tokio::test]
async fn an_updating_query_needs_its_own_key() {
    let world = FlinkWorld::new();
    let sql = "SELECT ORDER_ID, COUNT(*) AS N FROM orders GROUP BY ORDER_ID";
    let mut stream = world.over(world.topic(1).await, sql).await;
    assert_eq!(refused(&world, &stream).await[0].code, "changelog_needs_key");
    stream.output.key = vec!["N".to_owned()];
    assert_eq!(refused(&world, &stream).await[0].code, "output_key");
    stream.output.key = vec!["NOPE".to_owned()];
    assert_eq!(refused(&world, &stream).await[0].code, "unknown_key_column");
    stream.output.key = vec!["ORDER_ID".to_owned()];
    match world.flink.check(&stream).await.expect("Flink answers") {
        Check::Accepted(accepted) => {
            assert_eq!(accepted.changelog, Changelog::Updating);
            let nullable: Vec<_> = accepted.columns.iter().map(|Column { kind, .. }| kind.nullable).collect();
            assert_eq!(nullable, [false, true]);
        }
        Check::Refused { diagnostics } => panic!("{diagnostics:#?}"),
    }
}

#[tokio::test]
async fn an_upsert_log_holds_each_keys_newest_row() {
    let world = FlinkWorld::new();
    let input = world.topic(1).await;
    produce(&input, 0, [1, 2, 1, 1].map(order)).await;
    let mut stream = world.over(input, "SELECT ORDER_ID, COUNT(*) AS N FROM orders GROUP BY ORDER_ID").await;
    stream.output.key = vec!["ORDER_ID".to_owned()];
    let output = stream.output.topic.clone();
    let way = Way::of(&world, stream).await;
    way.runs().await;
    let newest: BTreeMap<_, _> =
        read_at_least(&output, 4, PATIENCE).await.into_iter().map(|row| (row.key.clone(), row.json())).collect();
    let key = |id: u64| Some(json!({"ORDER_ID": id}).to_string());
    assert_eq!(
        newest,
        BTreeMap::from([(key(1), json!({"ORDER_ID": 1, "N": 3})), (key(2), json!({"ORDER_ID": 2, "N": 1}))])
    );
}

#[tokio::test]
async fn columns_without_or_with_the_same_name_are_told() {
    let world = FlinkWorld::new();
    let unnamed = world.over(world.topic(1).await, "SELECT ORDER_ID, AMOUNT + 1 FROM orders").await;
    assert_eq!(refused(&world, &unnamed).await[0].code, "unnamed_column");
    let doubled = world.over(world.topic(1).await, "SELECT ORDER_ID, AMOUNT AS ORDER_ID FROM orders").await;
    assert_eq!(refused(&world, &doubled).await[0].code, "doubled_column");
}

#[tokio::test]
async fn windows_close_although_partitions_are_idle() {
    let world = FlinkWorld::new();
    let sql = "SELECT window_start AS S, COUNT(*) AS N
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(SEEN), INTERVAL '1' HOUR)) GROUP BY window_start, window_end";
    let hours = |hour: u64, encoding| match encoding {
        TimeEncoding::Iso8601 => json!(format!("2025-01-01T{hour:02}:30:00")),
        TimeEncoding::Sql => json!(format!("2025-01-01 {hour:02}:30:00")),
        TimeEncoding::EpochMs => json!(1_735_689_600_000_u64 + hour * 3_600_000 + 1_800_000),
    };
    for encoding in [TimeEncoding::Iso8601, TimeEncoding::Sql, TimeEncoding::EpochMs] {
        let input = world.topic(3).await;
        let order = |hour| json!({"ORDER_ID": 1, "AMOUNT": 1.0, "SEEN": hours(hour, encoding)});
        produce(&input, 1, [0, 0, 1].map(order)).await;
        let source = with_time(orders(input.clone()), TypeKind::Timestamp(3), encoding);
        let output = world.topic(1).await;
        let way = Way::of(&world, stream(&[source], sql, output.clone())).await;
        assert_eq!(way.accepted.sources[0].table, "orders");
        way.runs().await;
        // Rows go on coming to one partition: where all fall silent at once, Flink gives no watermark until the next.
        let until = Instant::now() + PATIENCE;
        while read_all(&output).await.len() < 2 {
            assert!(Instant::now() < until, "{encoding:?}: no hour closed within {PATIENCE:?}");
            produce(&input, 1, [order(2)]).await;
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        let mut closed: Vec<_> = read_all(&output).await.iter().map(|row| row.json()).collect();
        closed.sort_by_key(Value::to_string);
        let want = [json!({"S": "2025-01-01T01:00:00", "N": 1}), json!({"S": "2025-01-01T00:00:00", "N": 2})];
        let mut want = want.to_vec();
        want.sort_by_key(Value::to_string);
        assert_eq!(closed, want, "{encoding:?}");
        assert_eq!(way.does(&way.cancel(1), 1).await, Ok(Receipt::Cancelled));
    }
}

#[tokio::test]
async fn a_bad_record_is_skipped_where_the_definition_says_so() {
    let world = FlinkWorld::new();
    let input = world.topic(1).await;
    produce(&input, 0, [order(1), json!("no_such_json"), order(2)]).await;
    let source = Source { on_bad_record: OnBadRecord::Skip, ..orders(input) };
    let output = world.topic(1).await;
    let way = Way::of(&world, stream(&[source], "SELECT ORDER_ID FROM orders", output.clone())).await;
    way.runs().await;
    assert_eq!(values(&output, 2, "ORDER_ID").await, [1, 2]);
}

#[tokio::test]
async fn reading_begins_where_the_stream_says() {
    let world = FlinkWorld::new();
    let input = world.topic(1).await;
    produce(&input, 0, (0..5).map(order)).await;
    let stream = world.over(input.clone(), "SELECT ORDER_ID FROM orders").await;
    let output = stream.output.topic.clone();
    let way = Way::of(&world, stream).await;
    let latest = way.deploy(1, Restore::Start(Start::Latest));
    assert_eq!(way.does(&latest, 1).await, Ok(Receipt::Deployed));
    assert_eq!(way.does(&way.verify(1), 1).await, Ok(Receipt::Running));
    // Its first checkpoint is past the moment at which it chose its offsets.
    let path = way.stopped(1).await;
    produce(&input, 0, (5..8).map(order)).await;
    let second = way.deploy(2, Restore::Savepoint { path });
    assert_eq!(way.does(&second, 2).await, Ok(Receipt::Deployed));
    assert_eq!(values(&output, 3, "ORDER_ID").await, [5, 6, 7]);
}

#[tokio::test]
async fn a_job_keeps_its_own_checkpoints_when_it_is_cancelled() {
    let world = FlinkWorld::new();
    let way = Way::of(&world, law::World::stream(&world).await).await;
    way.runs().await;
    let id = way.key(1).id(way.ledger);
    let folder = Stack::get().state_dir.join("checkpoints").join(id.as_str());
    let checkpoints = || {
        let entries = std::fs::read_dir(&folder).into_iter().flatten().filter_map(Result::ok);
        entries.filter(|entry| entry.path().join("_metadata").exists()).count()
    };
    let until = tokio::time::Instant::now() + PATIENCE;
    while checkpoints() == 0 {
        assert!(tokio::time::Instant::now() < until, "no checkpoint in {}", folder.display());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(way.does(&way.cancel(1), 1).await, Ok(Receipt::Cancelled));
    assert!((1..=3).contains(&checkpoints()), "{}", checkpoints());
}

#[tokio::test]
async fn a_topic_that_is_not_there_is_why_a_job_fails() {
    let world = FlinkWorld::new();
    let input = world.topics.lock().await.name("flink");
    let stream = world.over(input.clone(), "SELECT ORDER_ID FROM orders").await;
    let way = Way::of(&world, stream).await;
    assert_eq!(way.does(&way.first(), 1).await, Ok(Receipt::Deployed));
    match way.does(&way.verify(1), 1).await {
        Err(why) => assert!(why.to_string().contains("UnknownTopicOrPartition"), "{why}"),
        Ok(receipt) => panic!("{receipt:?}"),
    }
}
