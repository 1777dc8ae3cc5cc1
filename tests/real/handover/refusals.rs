//! Where offsets do not come along, and where they are of no use: no row is written, and it is said why.

use std::path::PathBuf;
use std::time::Instant;

use rdkafka::admin::{AdminClient, AdminOptions};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::{Offset, TopicPartitionList};
use weir::model::check::PlanSource;
use weir::model::job::{Generation, JobId};
use weir::model::name::TopicName;
use weir::model::offsets::Taken;
use weir::model::run::ChangeResult;
use weir::model::step::Restore;

use crate::handover::cases::{FILTER, OTHER_FILTER, Query, Scene, TWO, UNION};
use crate::handover::hand::Reading;
use crate::support::stack::Stack;

/// A scene whose first query was stopped, and its sources and savepoint.
async fn stopped(names: &[&str], query: Query) -> (Scene, Vec<PlanSource>, String) {
    let scene = Scene::new(names).await;
    let before = scene.stream(query.sql);
    let sources = scene.hand.begins(&before).await.sources;
    scene.tail.until(1, 1500).await;
    let stop = scene.hand.stops(&before, 1);
    assert_eq!(scene.hand.change(&before, 1, vec![stop]).await.0, ChangeResult::Done);
    let savepoint = scene.hand.row(&before).await.savepoint.expect("it was stopped with one");
    (scene, sources, savepoint.path)
}

/// Opens and reads, and cleans up in a change of its own.
async fn reads(scene: &Scene, old: Query, guard: Generation, steps: Reading) -> ChangeResult {
    let Reading { open, helpers, read, gone, close } = steps;
    let stream = scene.stream(old.sql);
    let (result, _) = scene.hand.change(&stream, guard, [vec![open], helpers, vec![read]].concat()).await;
    assert_eq!(scene.hand.change(&stream, guard, [gone, vec![close]].concat()).await.0, ChangeResult::Done);
    result
}

fn why(result: ChangeResult) -> String {
    match result {
        ChangeResult::Failed { reason } => reason,
        other => panic!("{other:?}"),
    }
}

async fn delete_before(topic: &TopicName, partition: i32, offset: i64) {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &Stack::get().kafka);
    let admin: AdminClient<DefaultClientContext> = config.create().expect("the settings of an admin client");
    let mut before = TopicPartitionList::new();
    before.add_partition_offset(topic.as_str(), partition, Offset::Offset(offset)).expect("an offset");
    admin.delete_records(&before, &AdminOptions::new()).await.expect("Kafka answers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_shape_trips_the_wire_before_a_row_is_written_and_goes_on_by_offsets() {
    let (mut scene, sources, path) = stopped(&["orders"], FILTER).await;
    let after = scene.stream(UNION.sql);
    let hand = &scene.hand;
    let accepted = hand.accepted(&after).await;
    let restore = Restore::Direct { path: path.clone() };
    let steps = [vec![hand.forgets(&after, 1)], hand.deploys(&after, &accepted, 2, restore).to_vec()].concat();
    let begun = Instant::now();
    let reason = why(hand.change(&after, 1, steps).await.0);
    println!("tripped after {:.2} s: {reason}", begun.elapsed().as_secs_f64());
    assert!(reason.contains("no offset of") && reason.contains("another shape"), "{reason}");
    let ended = hand.cancels(&after, 2);
    assert_eq!(hand.change(&after, 2, vec![ended]).await.0, ChangeResult::Done);
    assert_eq!(scene.tail.rows().iter().filter(|row| row.generation == 2).count(), 0);

    let Reading { open, helpers, read, gone, close } =
        hand.reads(&scene.stream(FILTER.sql), &sources, (2, 0), Taken::Savepoint { path });
    let restore = Restore::OffsetsOf { step: read.id.clone(), renamed: Default::default() };
    let deploys = hand.deploys(&after, &accepted, 3, restore).to_vec();
    let forgets = hand.forgets(&after, 2);
    let steps = [vec![open], helpers, vec![read], gone, vec![forgets], deploys, vec![close]].concat();
    assert_eq!(hand.change(&after, 2, steps).await.0, ChangeResult::Done);
    scene.tail.until(2, 2000).await;
    let found = scene.counted(FILTER.gives, UNION.gives).await;
    assert_eq!((found.missing, found.doubled, found.wrong), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_helper_of_another_shape_reads_nothing_and_says_why() {
    let (scene, mut sources, path) = stopped(&["orders"], FILTER).await;
    sources[0].outputs = 3;
    let begun = Instant::now();
    let steps = scene.hand.reads(&scene.stream(FILTER.sql), &sources, (1, 0), Taken::Savepoint { path });
    let reason = why(reads(&scene, FILTER, 1, steps).await);
    println!("tripped after {:.2} s: {reason}", begun.elapsed().as_secs_f64());
    assert!(reason.contains("no offset of") && reason.contains("another shape"), "{reason}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sources_in_another_order_are_found_out() {
    let (scene, sources, path) = stopped(&["orders", "more"], TWO).await;
    let swapped = [sources[1].clone(), sources[0].clone()];
    let old = scene.stream(TWO.sql);
    let steps = scene.hand.reads(&old, &swapped, (1, 0), Taken::Savepoint { path: path.clone() });
    let reason = why(reads(&scene, TWO, 1, steps).await);
    assert!(reason.contains("took up the offsets of topic"), "{reason}");
    // The right order can be read all the same, under the next number.
    let steps = scene.hand.reads(&old, &sources, (1, 1), Taken::Savepoint { path });
    assert_eq!(reads(&scene, TWO, 1, steps).await, ChangeResult::Done);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn records_that_are_gone_are_counted_and_nothing_is_begun() {
    let (scene, sources, path) = stopped(&["orders"], FILTER).await;
    let (hand, old) = (&scene.hand, scene.stream(FILTER.sql));
    let steps = hand.reads(&old, &sources, (1, 0), Taken::Savepoint { path: path.clone() });
    assert_eq!(reads(&scene, FILTER, 1, steps).await, ChangeResult::Done);
    let row = hand.row(&old).await;
    let ended_at = row.deployment.expect("it ran").ended_at.expect("its end was read");
    let next = ended_at.0[&scene.sources[0].name][&1];
    delete_before(&scene.sources[0].topic, 1, next + 100).await;

    let steps = hand.reads(&old, &sources, (1, 1), Taken::Savepoint { path: path.clone() });
    let reason = why(reads(&scene, FILTER, 1, steps).await);
    println!("{reason}");
    assert!(reason.contains(&format!("offset {next} of topic {}, partition 1", scene.sources[0].topic)), "{reason}");
    assert!(reason.contains("100 records are lost"), "{reason}");

    let after = scene.stream(OTHER_FILTER.sql);
    let accepted = hand.accepted(&after).await;
    let restore = Restore::Direct { path };
    let steps = [vec![hand.forgets(&after, 1)], hand.deploys(&after, &accepted, 2, restore).to_vec()].concat();
    let reason = why(hand.change(&after, 1, steps).await.0);
    assert!(reason.contains("records are lost"), "{reason}");
}

/// Newest of the checkpoints that a cancelled job left.
pub fn newest_checkpoint(job: &JobId) -> String {
    let folder = Stack::get().state_dir.join("checkpoints").join(job.as_str());
    let entries = std::fs::read_dir(&folder).expect("it made checkpoints").filter_map(Result::ok);
    let whole = entries.map(|entry| entry.path()).filter(|path| path.join("_metadata").exists());
    let number = |path: &PathBuf| path.to_string_lossy().rsplit_once("chk-")?.1.parse::<u64>().ok();
    let newest = whole.max_by_key(number).expect("one is whole");
    format!("file://{}", newest.display())
}

/// What was written since the checkpoint comes again: at least once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_that_could_not_be_stopped_goes_on_from_its_last_checkpoint() {
    let mut scene = Scene::new(&["orders"]).await;
    let (before, after) = (scene.stream(FILTER.sql), scene.stream(UNION.sql));
    let hand = &scene.hand;
    let sources = hand.begins(&before).await.sources;
    scene.tail.until(1, 4000).await;
    assert_eq!(hand.change(&before, 1, vec![hand.cancels(&before, 1)]).await.0, ChangeResult::Done);
    let path = newest_checkpoint(&hand.job_id(&before, 1));
    let Reading { open, helpers, read, gone, close } = hand.reads(&before, &sources, (1, 0), Taken::Savepoint { path });
    let restore = Restore::OffsetsOf { step: read.id.clone(), renamed: Default::default() };
    let deploys = hand.deploys(&after, &hand.accepted(&after).await, 2, restore).to_vec();
    let forgets = hand.forgets(&after, 1);
    let steps = [vec![open], helpers, vec![read], gone, vec![forgets], deploys, vec![close]].concat();
    assert_eq!(hand.change(&after, 1, steps).await.0, ChangeResult::Done);
    scene.tail.until(2, 2000).await;
    let found = scene.counted(FILTER.gives, UNION.gives).await;
    println!("from a checkpoint: missing {}, doubled {}", found.missing, found.doubled);
    assert_eq!(found.missing, 0);
}
