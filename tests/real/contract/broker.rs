//! The laws of [`Broker`]. Each takes the broker, and a fixture where the trait alone cannot make the situation.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use futures_util::{StreamExt, stream};
use weir::broker::{Broker, BrokerError};
use weir::model::name::TopicName;
use weir::model::observed::{BrokerView, Topic};
use weir::model::step::{Lookup, Receipt, TopicAct};

/// Writes `rows` rows into one partition.
#[async_trait]
pub trait Writer: Sync {
    async fn write(&self, topic: &TopicName, partition: i32, rows: usize);
}

pub async fn a_created_topic_shows_with_its_shape(broker: &dyn Broker, topic: TopicName) {
    let act = create(&topic, Some(3), &[("retention.ms", "86400000"), ("cleanup.policy", "compact")]);
    assert_eq!(broker.execute(&act).await, Ok(Receipt::TopicCreated));
    let found = seen(broker, &topic).await.expect("it is there as soon as it is created");
    assert_eq!(found.offsets, [(0, 0); 3]);
    assert!(found.replication >= 1);
    assert_eq!(found.config, settings(&[("retention.ms", "86400000"), ("cleanup.policy", "compact")]));
}

pub async fn what_is_left_open_is_the_brokers_to_choose(broker: &dyn Broker, topic: TopicName) {
    assert_eq!(broker.execute(&create(&topic, None, &[])).await, Ok(Receipt::TopicCreated));
    let found = seen(broker, &topic).await.expect("it is there as soon as it is created");
    assert!(found.partitions() >= 1 && found.replication >= 1, "{found:?}");
    assert_eq!(found.config, BTreeMap::new());
}

pub async fn creating_twice_is_creating_once(broker: &dyn Broker, topic: TopicName) {
    let act = create(&topic, Some(2), &[("retention.ms", "86400000")]);
    assert_eq!(broker.execute(&act).await, Ok(Receipt::TopicCreated));
    assert_eq!(broker.execute(&act).await, Ok(Receipt::TopicFound), "what is there was not made now");
    let less = create(&topic, None, &[]);
    assert_eq!(broker.execute(&less).await, Ok(Receipt::TopicFound), "an open shape fits any");
}

pub async fn two_at_once_create_one_topic(broker: &dyn Broker, topic: TopicName) {
    let act = create(&topic, Some(2), &[]);
    let both = tokio::join!(broker.execute(&act), broker.execute(&act));
    let made = [both.0, both.1].into_iter().filter(|receipt| *receipt == Ok(Receipt::TopicCreated)).count();
    let found = seen(broker, &topic).await.expect("it is there");
    assert_eq!((made, found.partitions()), (1, 2), "one of them made it");
}

pub async fn a_topic_of_another_shape_is_refused_and_stays(broker: &dyn Broker, topic: TopicName) {
    done(broker, &create(&topic, Some(2), &[("retention.ms", "86400000")])).await;
    let before = seen(broker, &topic).await;
    let others = [
        (create(&topic, Some(5), &[]), "2 partitions instead of 5"),
        (create(&topic, None, &[("retention.ms", "1000")]), "retention.ms = 86400000 instead of 1000"),
    ];
    for (act, told) in others {
        match broker.execute(&act).await {
            Err(BrokerError::Refused(reason)) => {
                assert!(reason.contains(told) && reason.contains(topic.as_str()), "{reason}");
            }
            other => panic!("{act:?} gave {other:?}"),
        }
        match broker.lookup(&act).await {
            Lookup::Failed { reason } => assert!(reason.contains(told), "{reason}"),
            other => panic!("looking up {act:?} gave {other:?}"),
        }
    }
    assert_eq!(seen(broker, &topic).await, before);
}

pub async fn what_the_broker_refuses_creates_nothing(broker: &dyn Broker, topic: TopicName) {
    let act = create(&topic, Some(1), &[("retention.ms", "for ever")]);
    match broker.execute(&act).await {
        Err(BrokerError::Refused(reason)) => assert!(reason.contains("retention.ms = for ever"), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(seen(broker, &topic).await, None);
}

pub async fn offsets_move_with_the_rows(broker: &dyn Broker, writer: &dyn Writer, topic: TopicName) {
    done(broker, &create(&topic, Some(3), &[])).await;
    writer.write(&topic, 0, 7).await;
    writer.write(&topic, 2, 250).await;
    let found = seen(broker, &topic).await.expect("it exists");
    assert_eq!(found.offsets, [(0, 7), (0, 0), (0, 250)]);
    assert_eq!(found.records(), 257);
}

pub async fn a_topic_grows_and_keeps_its_rows(broker: &dyn Broker, topic: TopicName) {
    done(broker, &create(&topic, Some(1), &[("retention.ms", "86400000")])).await;
    let grow = TopicAct::Grow { topic: topic.clone(), partitions: 3 };
    assert_eq!(broker.lookup(&grow).await, Lookup::NotDone);
    for _ in 0..2 {
        assert_eq!(broker.execute(&grow).await, Ok(Receipt::TopicGrown));
        assert_eq!(broker.lookup(&grow).await, Lookup::Done(Receipt::TopicGrown));
    }
    let found = seen(broker, &topic).await.expect("it exists");
    assert_eq!((found.partitions(), found.config), (3, settings(&[("retention.ms", "86400000")])));
    let fewer = TopicAct::Grow { topic: topic.clone(), partitions: 2 };
    assert_eq!(broker.execute(&fewer).await, Ok(Receipt::TopicGrown), "more than asked for stay");
    assert_eq!(seen(broker, &topic).await.expect("it exists").partitions(), 3);
}

pub async fn altering_keeps_the_other_settings(broker: &dyn Broker, topic: TopicName) {
    done(broker, &create(&topic, Some(1), &[("retention.ms", "86400000"), ("cleanup.policy", "compact")])).await;
    let set = alter(&topic, &[("retention.ms", Some("3600000")), ("segment.ms", Some("600000"))]);
    for _ in 0..2 {
        assert_eq!(broker.execute(&set).await, Ok(Receipt::TopicAltered));
    }
    let want = [("retention.ms", "3600000"), ("segment.ms", "600000"), ("cleanup.policy", "compact")];
    assert_eq!(seen(broker, &topic).await.expect("it exists").config, settings(&want));

    let give_back = alter(&topic, &[("retention.ms", None)]);
    for _ in 0..2 {
        assert_eq!(broker.execute(&give_back).await, Ok(Receipt::TopicAltered));
    }
    let want = [("segment.ms", "600000"), ("cleanup.policy", "compact")];
    assert_eq!(seen(broker, &topic).await.expect("it exists").config, settings(&want));
}

pub async fn a_setting_that_the_broker_refuses_alters_nothing(broker: &dyn Broker, topic: TopicName) {
    done(broker, &create(&topic, Some(1), &[("retention.ms", "86400000")])).await;
    for (key, value) in [("retention.ms", "for ever"), ("no.such.setting", "1")] {
        match broker.execute(&alter(&topic, &[(key, Some(value)), ("segment.ms", Some("600000"))])).await {
            Err(BrokerError::Refused(reason)) => assert!(reason.contains(&format!("{key} = {value}")), "{reason}"),
            other => panic!("{key} = {value} gave {other:?}"),
        }
    }
    assert_eq!(seen(broker, &topic).await.expect("it exists").config, settings(&[("retention.ms", "86400000")]));
}

pub async fn altering_what_is_not_there_is_refused(broker: &dyn Broker, topic: TopicName) {
    match broker.execute(&alter(&topic, &[("retention.ms", Some("3600000"))])).await {
        Err(BrokerError::Refused(reason)) => assert!(reason.contains(topic.as_str()), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(seen(broker, &topic).await, None);
}

pub async fn a_deleted_topic_is_gone_and_stays_deleted(broker: &dyn Broker, topic: TopicName) {
    done(broker, &create(&topic, Some(2), &[])).await;
    for _ in 0..2 {
        assert_eq!(broker.execute(&TopicAct::Delete { topic: topic.clone() }).await, Ok(Receipt::TopicDeleted));
        assert_eq!(seen(broker, &topic).await, None);
    }
}

/// A name used again is a new log, not the old one's settings and rows.
pub async fn a_topic_made_again_begins_empty(broker: &dyn Broker, writer: &dyn Writer, topic: TopicName) {
    done(broker, &create(&topic, Some(1), &[("retention.ms", "86400000")])).await;
    writer.write(&topic, 0, 5).await;
    assert_eq!(seen(broker, &topic).await.expect("it exists").offsets, [(0, 5)]);
    done(broker, &TopicAct::Delete { topic: topic.clone() }).await;
    done(broker, &create(&topic, Some(2), &[])).await;
    let found = seen(broker, &topic).await.expect("it exists again");
    assert_eq!((found.offsets, found.config), (vec![(0, 0); 2], BTreeMap::new()));
}

pub async fn lookups_tell_what_became_of_each_act(broker: &dyn Broker, topic: TopicName) {
    let create = create(&topic, Some(1), &[("retention.ms", "86400000")]);
    let alter = alter(&topic, &[("retention.ms", Some("3600000"))]);
    let delete = TopicAct::Delete { topic: topic.clone() };
    let found = async |act: &TopicAct| broker.lookup(act).await;

    assert_eq!(found(&create).await, Lookup::NotDone);
    assert_eq!(found(&alter).await, Lookup::NotDone);
    assert_eq!(found(&delete).await, Lookup::Done(Receipt::TopicDeleted));
    done(broker, &create).await;
    assert_eq!(found(&create).await, Lookup::Done(Receipt::TopicCreated));
    assert_eq!(found(&alter).await, Lookup::NotDone);
    assert_eq!(found(&delete).await, Lookup::NotDone);
    done(broker, &alter).await;
    assert_eq!(found(&alter).await, Lookup::Done(Receipt::TopicAltered));
    done(broker, &delete).await;
    assert_eq!(found(&delete).await, Lookup::Done(Receipt::TopicDeleted));
}

/// `bystander` exists; it was not asked for.
pub async fn missing_topics_are_absent_and_not_created(broker: &dyn Broker, missing: TopicName, bystander: TopicName) {
    done(broker, &create(&bystander, Some(1), &[])).await;
    for _ in 0..2 {
        assert_eq!(view(broker, [&missing]).await, BTreeMap::new());
        assert_eq!(broker.lookup(&alter(&missing, &[("retention.ms", Some("1"))])).await, Lookup::NotDone);
    }
    let both = view(broker, [&missing, &bystander]).await;
    assert_eq!(both.keys().collect::<Vec<_>>(), [&bystander]);
}

/// However many topics, they come in one look.
pub async fn many_topics_are_seen_in_one_look(broker: &dyn Broker, topics: Vec<TopicName>) {
    stream::iter(&topics).for_each_concurrent(8, async |topic| done(broker, &create(topic, Some(2), &[])).await).await;
    let found = view(broker, &topics).await;
    assert_eq!(found.len(), topics.len());
    assert!(found.values().all(|topic| topic.offsets == [(0, 0); 2]), "{found:?}");
}

/// `named`: what the reason must contain, so that a person knows which broker is meant.
pub async fn a_broker_that_does_not_answer_is_unknown(broker: &dyn Broker, topic: TopicName, named: &str) {
    match broker.view(&BTreeSet::from([topic.clone()])).await {
        BrokerView::Unknown { reason } => assert!(reason.contains(named), "{reason}"),
        known => panic!("{known:?}"),
    }
    for act in [create(&topic, None, &[]), alter(&topic, &[("a", None)]), TopicAct::Delete { topic }] {
        match broker.lookup(&act).await {
            Lookup::Unknown { reason } => assert!(reason.contains(named), "{reason}"),
            other => panic!("{other:?}"),
        }
        match broker.execute(&act).await {
            Err(BrokerError::Unreachable(reason)) => assert!(reason.contains(named), "{reason}"),
            other => panic!("{other:?}"),
        }
    }
}

pub fn create(topic: &TopicName, partitions: Option<u32>, config: &[(&str, &str)]) -> TopicAct {
    TopicAct::Create { topic: topic.clone(), partitions, replication: None, config: settings(config) }
}

fn alter(topic: &TopicName, config: &[(&str, Option<&str>)]) -> TopicAct {
    let config = config.iter().map(|(key, value)| (key.to_string(), value.map(str::to_owned))).collect();
    TopicAct::Alter { topic: topic.clone(), config }
}

fn settings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

pub async fn done(broker: &dyn Broker, act: &TopicAct) {
    broker.execute(act).await.unwrap_or_else(|error| panic!("{act:?}: {error}"));
}

async fn view(broker: &dyn Broker, topics: impl IntoIterator<Item = &TopicName>) -> BTreeMap<TopicName, Topic> {
    match broker.view(&topics.into_iter().cloned().collect()).await {
        BrokerView::Known { topics } => topics,
        BrokerView::Unknown { reason } => panic!("{reason}"),
    }
}

pub async fn seen(broker: &dyn Broker, topic: &TopicName) -> Option<Topic> {
    view(broker, [topic]).await.remove(topic)
}
