//! Whether the brokers take the transactions of exactly-once outputs.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::broker::kafka::client::Listing;

/// Made by the brokers with the first transaction; none is possible without.
const TOPIC: &str = "__transaction_state";

/// A line of `doctor`. No error: nobody may want an exactly-once output here. `settings` are a broker's.
pub fn told(listing: &Listing, settings: &BTreeMap<String, String>, timeout: Duration) -> String {
    match obstacle(listing, settings, timeout) {
        Some(why) => format!("exactly-once outputs are not possible: {why}"),
        None => "exactly-once outputs are possible".to_owned(),
    }
}

fn obstacle(listing: &Listing, settings: &BTreeMap<String, String>, timeout: Duration) -> Option<String> {
    let number = |key: &str| settings.get(key)?.parse::<u128>().ok();
    let (max, asked) = (number("transaction.max.timeout.ms"), timeout.as_millis());
    if let Some(max) = max.filter(|max| asked > *max) {
        return Some(format!(
            "`kafka.transaction_timeout` is {asked} ms, the brokers take at most {max} ms (transaction.max.timeout.ms)"
        ));
    }
    match listing.topics.get(TOPIC) {
        Some(layout) => {
            layout.leaderless.first().map(|partition| format!("topic {TOPIC} has no leader for partition {partition}"))
        }
        None => {
            let replicas = number("transaction.state.log.replication.factor");
            let brokers = listing.brokers.len();
            let replicas = replicas.filter(|replicas| *replicas > brokers as u128)?;
            Some(format!(
                "topic {TOPIC} is to have {replicas} replicas (transaction.state.log.replication.factor), and the \
                 brokers are {brokers}"
            ))
        }
    }
}

#[cfg(test)]
mod tests;
