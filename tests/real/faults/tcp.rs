use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use weir::broker::kafka::Kafka;
use weir::broker::{Broker, BrokerError};
use weir::model::observed::BrokerView;
use weir::model::step::{Lookup, TopicAct};

use crate::contract::broker as law;
use crate::support::kafka::Topics;
use crate::support::stack::Stack;
use crate::support::tcp::{Mode, Tcp};

/// Long enough to believe that nothing comes.
const SILENCE: Duration = Duration::from_millis(300);
/// Kafka's api keys.
const LIST_OFFSETS: i16 = 2;
const METADATA: i16 = 3;
const CREATE_TOPICS: i16 = 19;
const DELETE_TOPICS: i16 = 20;
const DESCRIBE_CONFIGS: i16 = 32;
const ALTER_CONFIGS: i16 = 33;

/// A server that gives back what it gets.
async fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
    let address = listener.local_addr().expect("bound").to_string();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                let (mut from, mut to) = client.split();
                tokio::io::copy(&mut from, &mut to).await
            });
        }
    });
    address
}

async fn said(stream: &mut TcpStream, word: &[u8]) -> std::io::Result<Vec<u8>> {
    stream.write_all(word).await?;
    let mut heard = vec![0; word.len()];
    stream.read_exact(&mut heard).await?;
    Ok(heard)
}

async fn silent(stream: &mut TcpStream) -> bool {
    timeout(SILENCE, said(stream, b"x")).await.is_err()
}

/// Ended or reset.
async fn ended(stream: &mut TcpStream) -> bool {
    matches!(stream.read(&mut [0]).await, Ok(0) | Err(_))
}

async fn open(proxy: &Tcp) -> TcpStream {
    TcpStream::connect(proxy.address()).await.expect("the proxy listens")
}

#[tokio::test]
async fn passing_hands_bytes_on_both_ways() {
    let proxy = Tcp::to(&echo().await).await;
    let mut stream = open(&proxy).await;
    assert_eq!(said(&mut stream, b"there and back").await.expect("it passes"), b"there and back");
}

#[tokio::test]
async fn refusing_ends_what_is_open_and_lets_nobody_in_until_it_passes_again() {
    let proxy = Tcp::to(&echo().await).await;
    let mut before = open(&proxy).await;
    said(&mut before, b"x").await.expect("it passes");
    for _ in 0..2 {
        proxy.switch(Mode::Refuse).await;
        let refused = TcpStream::connect(proxy.address()).await.expect_err("nothing listens");
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }
    assert!(ended(&mut before).await);
    proxy.switch(Mode::Pass).await;
    assert_eq!(said(&mut open(&proxy).await, b"y").await.expect("it passes again"), b"y");
}

#[tokio::test]
async fn hanging_lets_everybody_in_and_says_nothing() {
    let proxy = Tcp::to(&echo().await).await;
    let mut before = open(&proxy).await;
    said(&mut before, b"x").await.expect("it passes");
    proxy.switch(Mode::Hang).await;
    assert!(ended(&mut before).await);
    let mut hung = open(&proxy).await;
    assert!(silent(&mut hung).await);
    proxy.switch(Mode::Pass).await;
    assert!(ended(&mut hung).await, "what was sent into the silence never arrives");
}

#[tokio::test]
async fn freezing_keeps_what_is_open_and_says_nothing() {
    let proxy = Tcp::to(&echo().await).await;
    let mut before = open(&proxy).await;
    said(&mut before, b"x").await.expect("it passes");
    proxy.switch(Mode::Freeze).await;
    assert!(silent(&mut before).await);
    assert!(silent(&mut open(&proxy).await).await);
    proxy.switch(Mode::Pass).await;
    assert!(ended(&mut before).await);
    assert_eq!(said(&mut open(&proxy).await, b"y").await.expect("it passes again"), b"y");
}

/// Law 11 for the broker, counted on the wire.
#[tokio::test]
async fn a_look_at_many_topics_costs_what_a_look_at_one_costs() {
    let proxy = Tcp::to_kafka(&Stack::get().kafka).await;
    let broker = Kafka::new(&proxy.address(), &BTreeMap::new()).expect("no properties are asked for");
    let mut topics = Topics::new();
    let names: Vec<_> = (0..200).map(|_| topics.name("broker-many")).collect();
    law::many_topics_are_seen_in_one_look(&broker, names.clone()).await;

    let mut costs = Vec::new();
    for names in [&names[..1], &names[..]] {
        let before = proxy.requests();
        let BrokerView::Known { topics } = broker.view(&names.iter().cloned().collect()).await else {
            panic!("Kafka answers");
        };
        assert_eq!(topics.len(), names.len());
        let after = proxy.requests();
        let sent = |key| after.get(&key).unwrap_or(&0) - before.get(&key).unwrap_or(&0);
        costs.push([METADATA, DESCRIBE_CONFIGS, LIST_OFFSETS].map(sent));
    }
    assert_eq!(costs, [[1, 1, 2], [1, 1, 2]]);
}

#[tokio::test]
async fn an_outage_of_kafka_is_unknown_and_passes() {
    let proxy = Tcp::to_kafka(&Stack::get().kafka).await;
    let broker = Kafka::new(&proxy.address(), &BTreeMap::new()).expect("no properties are asked for");
    let broker = broker.with_deadline(Duration::from_secs(1));
    let mut topics = Topics::new();
    let topic = topics.create("broker-outage", 1).await;
    for mode in [Mode::Refuse, Mode::Hang, Mode::Freeze] {
        proxy.switch(Mode::Pass).await;
        // The first looks after an outage may come before the client has connected again.
        let until = tokio::time::Instant::now() + Duration::from_secs(20);
        loop {
            match broker.view(&[topic.clone()].into()).await {
                BrokerView::Known { topics } => break assert!(topics.contains_key(&topic), "{mode:?}: {topics:?}"),
                BrokerView::Unknown { reason } => assert!(tokio::time::Instant::now() < until, "{mode:?}: {reason}"),
            }
        }
        proxy.switch(mode).await;
        match broker.view(&[topic.clone()].into()).await {
            BrokerView::Unknown { reason } => assert!(reason.contains(&proxy.address()), "{mode:?}: {reason}"),
            BrokerView::Known { topics } => panic!("{mode:?}: {topics:?}"),
        }
    }
}

#[tokio::test]
async fn a_change_whose_reply_is_lost_is_settled_by_looking_it_up() {
    let proxy = Tcp::to_kafka(&Stack::get().kafka).await;
    let broker = Kafka::new(&proxy.address(), &BTreeMap::new()).expect("no properties are asked for");
    let mut topics = Topics::new();
    let topic = topics.name("broker-lost");
    let config = BTreeMap::from([("retention.ms".to_owned(), Some("3600000".to_owned()))]);
    let acts = [
        (CREATE_TOPICS, law::create(&topic, Some(2), &[])),
        (ALTER_CONFIGS, TopicAct::Alter { topic: topic.clone(), config }),
        (DELETE_TOPICS, TopicAct::Delete { topic: topic.clone() }),
    ];
    for (key, act) in acts {
        proxy.lose_reply(key);
        let outcome = broker.execute(&act).await;
        assert!(proxy.lost_reply(key), "{act:?} sent no such request");
        assert!(matches!(outcome, Err(BrokerError::Uncertain(_))), "{act:?} gave {outcome:?}");
        assert!(matches!(broker.lookup(&act).await, Lookup::Done(_)), "{act:?}");
        law::done(&broker, &act).await;
    }
}
