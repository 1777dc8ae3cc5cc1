//! The laws of a broker on a real Kafka, and what is Kafka's own.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use weir::broker::Broker;
use weir::broker::kafka::Kafka;
use weir::model::name::TopicName;
use weir::model::observed::BrokerView;
use weir::model::step::{Lookup, Receipt, TopicAct};

use crate::contract::broker as law;
use crate::support::kafka::{Flow, Topics, produce, read_all, read_at_least};
use crate::support::stack::Stack;

/// The longest that brokers take by default.
const TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// Nothing listens there: port 1 is tcpmux's.
const NOWHERE: &str = "127.0.0.1:1";
const CHILD: &str = "WEIR_TEST_CHILD";

struct Rows;

#[async_trait]
impl law::Writer for Rows {
    async fn write(&self, topic: &TopicName, partition: i32, rows: usize) {
        produce(topic, partition, (0..rows).map(|number| json!({ "number": number }))).await;
    }
}

fn kafka() -> Kafka {
    Kafka::new(&Stack::get().kafka, &BTreeMap::new()).expect("no properties are asked for")
}

#[tokio::test]
async fn a_created_topic_shows_with_its_shape() {
    let mut topics = Topics::new();
    law::a_created_topic_shows_with_its_shape(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn what_is_left_open_is_the_brokers_to_choose() {
    let mut topics = Topics::new();
    law::what_is_left_open_is_the_brokers_to_choose(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn creating_twice_is_creating_once() {
    let mut topics = Topics::new();
    law::creating_twice_is_creating_once(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn two_at_once_create_one_topic() {
    let mut topics = Topics::new();
    law::two_at_once_create_one_topic(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn a_topic_of_another_shape_is_refused_and_stays() {
    let mut topics = Topics::new();
    law::a_topic_of_another_shape_is_refused_and_stays(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn what_the_broker_refuses_creates_nothing() {
    let mut topics = Topics::new();
    law::what_the_broker_refuses_creates_nothing(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn offsets_move_with_the_rows() {
    let mut topics = Topics::new();
    law::offsets_move_with_the_rows(&kafka(), &Rows, topics.name("broker")).await;
}

#[tokio::test]
async fn a_topic_grows_and_keeps_its_rows() {
    let mut topics = Topics::new();
    law::a_topic_grows_and_keeps_its_rows(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn altering_keeps_the_other_settings() {
    let mut topics = Topics::new();
    law::altering_keeps_the_other_settings(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn a_setting_that_the_broker_refuses_alters_nothing() {
    let mut topics = Topics::new();
    law::a_setting_that_the_broker_refuses_alters_nothing(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn altering_what_is_not_there_is_refused() {
    let mut topics = Topics::new();
    law::altering_what_is_not_there_is_refused(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn a_deleted_topic_is_gone_and_stays_deleted() {
    let mut topics = Topics::new();
    law::a_deleted_topic_is_gone_and_stays_deleted(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn a_topic_made_again_begins_empty() {
    let mut topics = Topics::new();
    law::a_topic_made_again_begins_empty(&kafka(), &Rows, topics.name("broker")).await;
}

#[tokio::test]
async fn lookups_tell_what_became_of_each_act() {
    let mut topics = Topics::new();
    law::lookups_tell_what_became_of_each_act(&kafka(), topics.name("broker")).await;
}

#[tokio::test]
async fn missing_topics_are_absent_and_not_created() {
    let mut topics = Topics::new();
    let (missing, bystander) = (topics.name("broker"), topics.name("broker"));
    law::missing_topics_are_absent_and_not_created(&kafka(), missing, bystander).await;
}

#[tokio::test]
async fn a_broker_that_does_not_answer_is_unknown() {
    let nowhere = Kafka::new(NOWHERE, &BTreeMap::new()).expect("nothing is connected to");
    let topic = Topics::new().name("broker");
    law::a_broker_that_does_not_answer_is_unknown(&nowhere, topic, NOWHERE).await;
}

#[tokio::test]
async fn a_refused_connection_is_told_as_such() {
    let nowhere = Kafka::new(NOWHERE, &BTreeMap::new()).expect("nothing is connected to");
    // The second look hears no new event from librdkafka, and says the same.
    for _ in 0..2 {
        match nowhere.view(&BTreeSet::from([Topics::new().name("broker")])).await {
            BrokerView::Unknown { reason } => assert!(reason.ends_with("failed: Connection refused"), "{reason}"),
            known => panic!("{known:?}"),
        }
    }
}

/// As a process of its own, which does nothing but ask brokers that are not there.
#[test]
fn outages_print_nothing() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    if std::env::var_os(CHILD).is_some() {
        let nowhere = Kafka::new(NOWHERE, &BTreeMap::new()).expect("nothing is connected to");
        let nowhere = nowhere.with_deadline(Duration::from_secs(2));
        runtime.block_on(async { nowhere.view(&BTreeSet::from([Topics::new().name("broker")])).await });
        runtime.block_on(nowhere.examine(TIMEOUT));
        return;
    }
    let own = std::env::current_exe().expect("this program has a path");
    let child = std::process::Command::new(own)
        .args(["broker_kafka::outages_print_nothing", "--exact", "--nocapture"])
        .env(CHILD, "1")
        .output()
        .expect("this program runs again");
    let (out, err) = (String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
    assert!(child.status.success() && out.contains("1 passed"), "{out}{err}");
    assert_eq!(err, "");
}

#[tokio::test]
async fn examining_names_brokers_topics_and_defaults() {
    let found = kafka().examine(TIMEOUT).await;
    let told: Vec<String> = found.into_iter().map(|(subject, outcome)| format!("{subject}: {outcome:?}")).collect();
    assert_eq!(told.len(), 5, "{told:#?}");
    assert_eq!(told[0], format!("brokers: Ok(\"1 broker at {}\")", Stack::get().kafka));
    assert!(told[1].starts_with("topics: Ok(") && told[1].ends_with("can be listed\")"), "{told:#?}");
    assert_eq!(told[2], "defaults of new topics: Ok(\"replication 1, partitions 1\")");
    assert_eq!(told[3], "transactions: Ok(\"exactly-once outputs are possible\")");
    assert_eq!(told[4], "making topics: Ok(\"allowed\")");
    let long = kafka().examine(TIMEOUT + Duration::from_millis(1)).await.swap_remove(3).1.expect("the broker answers");
    assert!(long.contains("not possible") && long.contains("900000 ms"), "{long}");
    assert!(
        kafka().view(&[TopicName::parse("weir-tries-doctor").expect("a topic")].into()).await == BrokerView::default()
    );

    let nowhere = Kafka::new(NOWHERE, &BTreeMap::new()).expect("nothing is connected to");
    let told = nowhere.examine(TIMEOUT).await;
    assert!(matches!(told.as_slice(), [(_, Err(reason))] if reason.contains(NOWHERE)), "{told:?}");
}

#[tokio::test]
async fn a_steady_flow_writes_each_number_once() {
    let mut topics = Topics::new();
    let topic = topics.create("broker", 2).await;
    let flow = Flow::start(&topic, 2, 100, |number| json!({ "number": number }));
    read_at_least(&topic, 10, Duration::from_secs(20)).await;
    let written = flow.stop().await;
    let found = read_all(&topic).await;
    let mut numbers: Vec<u64> = found.iter().filter_map(|record| record.json()["number"].as_u64()).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..written).collect::<Vec<_>>());
    assert!(found.iter().all(|record| record.key.is_none()));
    assert!((0..2).all(|partition| found.iter().any(|record| record.partition == partition && record.offset == 0)));
}

/// Kafka shows a setting as it has read it.
#[tokio::test]
async fn a_setting_counts_as_set_however_it_was_written() {
    let mut topics = Topics::new();
    let kafka = kafka();
    let written =
        [("cleanup.policy", "compact, delete"), ("min.cleanable.dirty.ratio", "0.10"), ("preallocate", "TRUE")];
    for (key, value) in written {
        let topic = topics.name("broker");
        let config = BTreeMap::from([(key.to_owned(), value.to_owned())]);
        let create = TopicAct::Create { topic: topic.clone(), partitions: Some(1), replication: None, config };
        assert_eq!(kafka.execute(&create).await, Ok(Receipt::TopicCreated), "{key}");
        assert_eq!(kafka.lookup(&create).await, Lookup::Done(Receipt::TopicCreated), "{key}");
        let change = |value: Option<&str>| TopicAct::Alter {
            topic: topic.clone(),
            config: BTreeMap::from([(key.to_owned(), value.map(str::to_owned))]),
        };
        for value in [None, Some(value)] {
            assert_eq!(kafka.execute(&change(value)).await, Ok(Receipt::TopicAltered), "{key} {value:?}");
        }
    }
}
