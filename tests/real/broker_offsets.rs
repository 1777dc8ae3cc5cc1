//! Consumer groups and the control topic on a real Kafka, with rows and commits as a helper writes them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::{Offset, TopicPartitionList};
use serde_json::json;
use weir::broker::kafka::Kafka;
use weir::broker::{Broker, BrokerError};
use weir::model::job::JobId;
use weir::model::name::{Name, TopicName};
use weir::model::offsets::{Offsets, OffsetsAct, OffsetsRead, Scan};
use weir::model::step::{Lookup, Receipt, TopicAct};

use crate::support::kafka::{Topics, produce};
use crate::support::stack::Stack;

const HELPER: &str = "0123456789abcdef0123456789abcdef";

fn kafka() -> Kafka {
    Kafka::new(&Stack::get().kafka, &BTreeMap::new()).expect("no properties are asked for")
}

/// What a helper's source does at a checkpoint.
fn commit(group: &str, topic: &TopicName, offsets: &[(i32, i64)]) {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &Stack::get().kafka).set("group.id", group);
    let consumer: BaseConsumer = config.create().expect("the settings of a consumer");
    let mut all = TopicPartitionList::new();
    for (partition, offset) in offsets {
        all.add_partition_offset(topic.as_str(), *partition, Offset::Offset(*offset)).expect("an offset");
    }
    consumer.commit(&all, CommitMode::Sync).expect("committed");
}

async fn does(act: &OffsetsAct) -> Result<Receipt, BrokerError> {
    kafka().execute(&TopicAct::Offsets(act.clone())).await
}

async fn finds(act: &OffsetsAct) -> Lookup {
    kafka().lookup(&TopicAct::Offsets(act.clone())).await
}

fn scan(topic: &TopicName, nth: usize) -> Scan {
    let source = Name::parse(&format!("s{nth}")).expect("a word");
    Scan { source, topic: topic.clone(), outputs: 1, group: format!("weir.test.{topic}.{nth}") }
}

/// A topic of two partitions with seven rows, its control topic, and what reads it.
async fn scene(topics: &mut Topics) -> (TopicName, TopicName, OffsetsAct, OffsetsAct) {
    let (topic, control) = (topics.create("offsets", 2).await, topics.name("control"));
    produce(&topic, 0, (0..7).map(|number| json!({ "number": number }))).await;
    let scans = vec![scan(&topic, 0)];
    let helpers = BTreeSet::from([JobId::seen(HELPER)]);
    let read = OffsetsRead { generation: 1, helpers, control: control.clone(), scans: scans.clone() };
    let open = OffsetsAct::OpenControl { control: control.clone(), scans };
    (topic, control, open, OffsetsAct::Read(Box::new(read)))
}

#[tokio::test]
async fn a_forgotten_group_has_committed_nothing_however_often_it_is_forgotten() {
    let mut topics = Topics::new();
    let topic = topics.create("offsets", 2).await;
    let group = format!("weir.test.{topic}");
    let forget = OffsetsAct::ForgetGroups { groups: BTreeSet::from([group.clone(), format!("{group}.never")]) };
    commit(&group, &topic, &[(0, 5)]);
    assert_eq!(finds(&forget).await, Lookup::NotDone);
    for _ in 0..2 {
        assert_eq!(does(&forget).await, Ok(Receipt::GroupsForgotten));
    }
    assert_eq!(finds(&forget).await, Lookup::Done(Receipt::GroupsForgotten));
}

#[tokio::test]
async fn opening_makes_the_topic_and_forgets_what_an_earlier_helper_committed() {
    let mut topics = Topics::new();
    let (topic, control, open, _) = scene(&mut topics).await;
    let opened = Receipt::ControlOpen { log_starts: BTreeMap::from([(topic.clone(), vec![0, 0])]) };
    assert_eq!(finds(&open).await, Lookup::NotDone);
    commit(&scan(&topic, 0).group, &topic, &[(0, 5)]);
    for _ in 0..2 {
        assert_eq!(does(&open).await, Ok(opened.clone()));
    }
    assert_eq!(finds(&open).await, Lookup::Done(opened));

    let close = OffsetsAct::CloseControl { control, groups: BTreeSet::from([scan(&topic, 0).group]) };
    assert_eq!(finds(&close).await, Lookup::NotDone);
    for _ in 0..2 {
        assert_eq!(does(&close).await, Ok(Receipt::ControlClosed));
    }
    assert_eq!(finds(&close).await, Lookup::Done(Receipt::ControlClosed));
    assert_eq!(finds(&open).await, Lookup::NotDone);
}

/// The rows are in the topic before the commit: that is what a checkpoint promises.
#[tokio::test]
async fn reading_waits_for_the_commit_and_minds_only_its_own_helpers_rows() {
    let mut topics = Topics::new();
    let (topic, control, open, read) = scene(&mut topics).await;
    assert!(matches!(does(&open).await, Ok(Receipt::ControlOpen { .. })));
    let row = |helper: &str, off: i64| json!({"helper": helper, "scan": 0, "topic": topic, "part": 0, "off": off});
    let other = "ffffffffffffffffffffffffffffffff";
    produce(&control, 0, [row(other, 0), row(HELPER, 3), row(HELPER, 4), row(other, 1)]).await;
    let commits = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let (group, topic) = (scan(&topic, 0).group, topic.clone());
        tokio::task::spawn_blocking(move || commit(&group, &topic, &[(0, 5)])).await.expect("committed");
    };
    let (found, ()) = tokio::join!(does(&read), commits);
    let name = Name::parse("s0").expect("a word");
    let offsets = Offsets(BTreeMap::from([(name, BTreeMap::from([(0, 3), (1, 0)]))]));
    assert_eq!(found, Ok(Receipt::Offsets(offsets)));
    assert_eq!(finds(&read).await, Lookup::NotDone, "it changes nothing and is read again");
}

#[tokio::test]
async fn reading_what_nobody_commits_ends_and_says_what_is_missing() {
    let mut topics = Topics::new();
    let (topic, _, open, read) = scene(&mut topics).await;
    assert!(matches!(does(&open).await, Ok(Receipt::ControlOpen { .. })));
    // A broker that never had a group makes its topic of groups first, which takes longer than this patience.
    let (group, any) = (format!("{topic}-another"), topic.clone());
    tokio::task::spawn_blocking(move || commit(&group, &any, &[(0, 0)])).await.expect("committed");
    // On a busy machine even what is answered takes longer than the least of them.
    for patience in [500, 5_000, 30_000].map(Duration::from_millis) {
        match kafka().with_deadline(patience).execute(&TopicAct::Offsets(read.clone())).await {
            Err(BrokerError::Refused(reason)) => {
                return assert!(reason.contains(&format!("{topic}, partition 0")), "{reason}");
            }
            Err(BrokerError::Unreachable(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    panic!("it never came to an end");
}

#[tokio::test]
async fn a_control_topic_with_rows_of_others_is_not_believed() {
    let mut topics = Topics::new();
    let (topic, control, open, read) = scene(&mut topics).await;
    assert!(matches!(does(&open).await, Ok(Receipt::ControlOpen { .. })));
    produce(&control, 0, [json!({"some": "thing"})]).await;
    let group = scan(&topic, 0).group;
    tokio::task::spawn_blocking(move || commit(&group, &topic, &[(0, 5)])).await.expect("committed");
    match does(&read).await {
        Err(BrokerError::Refused(reason)) => assert!(reason.contains(control.as_str()), "{reason}"),
        other => panic!("{other:?}"),
    }
}
