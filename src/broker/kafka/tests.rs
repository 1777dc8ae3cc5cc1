use std::collections::BTreeMap;

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::broker::BrokerError;
use crate::broker::kafka::Kafka;
use crate::broker::kafka::client::{Layout, Settings};
use crate::broker::kafka::ears::cause;
use crate::broker::kafka::failure::{Failure, words};
use crate::broker::kafka::shape::{Wanted, holds, merged};

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect()
}

fn change(pairs: &[(&str, Option<&str>)]) -> BTreeMap<String, Option<String>> {
    pairs.iter().map(|(key, value)| (key.to_string(), value.map(str::to_owned))).collect()
}

#[test]
fn what_is_not_asked_for_does_not_differ() {
    let layout = Layout { partitions: 4, replication: 3, leaderless: Vec::new() };
    let settings = Settings { effective: map(&[("retention.ms", "1")]), ..Settings::default() };
    let config = BTreeMap::new();
    let wanted = Wanted { partitions: None, replication: None, config: &config };
    assert_eq!(wanted.differences(&layout, &settings), Vec::<String>::new());
}

#[test]
fn every_difference_is_named_with_both_values() {
    let layout = Layout { partitions: 4, replication: 3, leaderless: Vec::new() };
    let settings =
        Settings { effective: map(&[("retention.ms", "1"), ("cleanup.policy", "delete")]), ..Settings::default() };
    let config = map(&[("cleanup.policy", "delete"), ("retention.ms", "2"), ("segment.ms", "3")]);
    let wanted = Wanted { partitions: Some(1), replication: Some(1), config: &config };
    let told = [
        "4 partitions instead of 1",
        "3 replicas instead of 1",
        "retention.ms = 1 instead of 2",
        "no segment.ms instead of 3",
    ];
    assert_eq!(wanted.differences(&layout, &settings), told);
}

#[test]
fn merging_keeps_what_the_change_does_not_name() {
    let own = map(&[("a", "1"), ("b", "2")]);
    let change = change(&[("b", None), ("c", Some("3"))]);
    assert_eq!(merged(&own, &change), map(&[("a", "1"), ("c", "3")]));
    assert!(!holds(&own, &change));
    assert!(holds(&merged(&own, &change), &change));
}

#[test]
fn a_change_without_an_answer_is_uncertain_and_a_refused_one_refused() {
    let silent = [
        RDKafkaErrorCode::OperationTimedOut,
        RDKafkaErrorCode::BrokerTransportFailure,
        RDKafkaErrorCode::RequestTimedOut,
        RDKafkaErrorCode::Unknown,
    ];
    for code in silent {
        let error = Failure::of(KafkaError::AdminOp(code)).of_changing("a:1", "creating topic t");
        assert!(matches!(error, BrokerError::Uncertain(_)), "{code:?} gave {error:?}");
    }
    for code in [RDKafkaErrorCode::InvalidReplicationFactor, RDKafkaErrorCode::TopicAuthorizationFailed] {
        let error = Failure::of(KafkaError::AdminOp(code)).of_changing("a:1", "creating topic t");
        assert!(matches!(error, BrokerError::Refused(_)), "{code:?} gave {error:?}");
    }
}

#[test]
fn errors_are_told_without_their_decoration() {
    assert_eq!(words(RDKafkaErrorCode::TopicAlreadyExists), "Topic already exists");
    assert_eq!(words(RDKafkaErrorCode::OperationTimedOut), "Timed out");
    let reason =
        "127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)";
    assert_eq!(cause(reason), "Connect to ipv4#127.0.0.1:1 failed: Connection refused");
    assert_eq!(cause("anything else"), "anything else");
}

#[test]
fn a_property_that_is_refused_is_named_without_its_value() {
    for (key, value, want) in [
        ("no.such.property", "hidden", "librdkafka knows no property no.such.property"),
        ("security.protocol", "hidden", "librdkafka does not take the value of property security.protocol"),
    ] {
        let error = Kafka::new("127.0.0.1:1", &map(&[(key, value)])).err();
        assert_eq!(error, Some(BrokerError::Refused(want.to_owned())));
    }
}
