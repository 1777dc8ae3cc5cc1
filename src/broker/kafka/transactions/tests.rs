use super::*;
use crate::broker::kafka::client::Layout;

fn said(brokers: &[i32], state: Option<Layout>, settings: &[(&str, &str)], timeout: u64) -> String {
    let mut listing = Listing::default();
    listing.brokers.extend(brokers);
    listing.topics.extend(state.map(|layout| (TOPIC.to_owned(), layout)));
    let settings = settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    told(&listing, &settings, Duration::from_millis(timeout))
}

fn layout(leaderless: &[i32]) -> Option<Layout> {
    Some(Layout { partitions: 50, replication: 1, leaderless: leaderless.to_vec() })
}

#[test]
fn a_broker_that_takes_transactions_is_said_to() {
    let settings = [("transaction.max.timeout.ms", "900000"), ("transaction.state.log.replication.factor", "3")];
    for (brokers, state) in [(&[1, 2, 3][..], None), (&[1], layout(&[]))] {
        assert_eq!(said(brokers, state, &settings, 900_000), "exactly-once outputs are possible");
    }
    assert_eq!(said(&[1], None, &[], 900_000), "exactly-once outputs are possible", "nothing speaks against it");
}

#[test]
fn what_stands_against_transactions_is_named() {
    let max = [("transaction.max.timeout.ms", "60000")];
    let long = said(&[1], layout(&[]), &max, 900_000);
    assert!(long.contains("not possible") && long.contains("900000 ms") && long.contains("60000 ms"), "{long}");
    let few = said(&[1], None, &[("transaction.state.log.replication.factor", "3")], 1);
    assert!(few.contains("3 replicas"), "{few}");
    let ill = said(&[1], layout(&[7]), &[], 1);
    assert!(ill.contains("no leader for partition 7"), "{ill}");
}
