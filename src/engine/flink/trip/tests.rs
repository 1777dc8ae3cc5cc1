use std::collections::BTreeMap;

use crate::engine::flink::trip::told;
use crate::model::name::TopicName;

const OUT: &str = "OffsetOutOfRangeException: Fetch position FetchPosition{offset=5, offsetEpoch=Optional.empty, \
    currentLeader=LeaderAndEpoch{leader=Optional[a:9092 (id: 1 rack: null)], epoch=0}} is out of range for partition \
    or-ders.v1-2";

fn starts(topic: &str, starts: &[i64]) -> BTreeMap<TopicName, Vec<i64>> {
    BTreeMap::from([(TopicName::parse(topic).expect("a topic"), starts.to_vec())])
}

#[test]
fn what_the_log_lost_is_counted() {
    let said = told(OUT.to_owned(), &starts("or-ders.v1", &[0, 0, 17]));
    assert!(said.contains("topic or-ders.v1, partition 2") && said.contains("12 records are lost"), "{said}");
}

#[test]
fn without_the_logs_start_the_loss_is_told_without_a_number() {
    for starts in [BTreeMap::new(), starts("or-ders.v1", &[0])] {
        let said = told(OUT.to_owned(), &starts);
        assert!(said.contains("offset 5") && said.ends_with("records are lost"), "{said}");
    }
}

#[test]
fn a_tripped_wire_names_its_partitions() {
    let cause = "NoOffsetForPartitionException: Undefined offset with no reset policy for partitions: [orders-1]";
    let said = told(cause.to_owned(), &BTreeMap::new());
    assert!(said.contains("no offset of [orders-1]"), "{said}");
}

#[test]
fn a_transaction_that_the_brokers_forgot_is_told_with_the_setting() {
    let cause = "Failed to commit KafkaCommittable{producerId=2, epoch=0, transactionalId=weir.shop.large-0-2} \
        (InvalidPidMappingException: The producer attempted to use a producer id which is not currently assigned to its \
        transactional id.)";
    let said = told(cause.to_owned(), &BTreeMap::new());
    assert!(said.contains("transactional.id.expiration.ms") && said.contains("seven days"), "{said}");
}

#[test]
fn another_failure_is_told_as_it_came() {
    assert_eq!(told("OutOfMemoryError: heap".to_owned(), &BTreeMap::new()), "OutOfMemoryError: heap");
}
