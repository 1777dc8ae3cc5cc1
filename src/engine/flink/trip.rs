//! What it means that a job which takes up state fails.

use std::collections::BTreeMap;

use crate::model::name::TopicName;

/// The reason in our words, or the cause as it came. `log_starts`: by topic and partition, the first offset held.
///
/// Source: messages of Kafka's Java client, NoOffsetForPartitionException, OffsetOutOfRangeException and
/// InvalidPidMappingException.
pub fn told(cause: String, log_starts: &BTreeMap<TopicName, Vec<i64>>) -> String {
    if cause.contains("NoOffsetForPartitionException") {
        let which = cause.split_once("for partitions: ").or(cause.split_once("for partition: "));
        let which = which.map_or(String::new(), |(_, which)| format!(" of {}", which.trim_end_matches(')')));
        return format!(
            "the savepoint holds no offset{which} where the job looks for it: its sources stand in other places or have \
             another shape; nothing was read from there"
        );
    }
    // Flink commits the last transaction of a savepoint once more, and fails where the brokers do not know its name.
    if cause.contains("InvalidPidMappingException") {
        return "the brokers have forgotten the last transaction of the state that it takes up: they keep a name for \
                their `transactional.id.expiration.ms`, seven days by default. After a stop its rows were committed; \
                but Flink does not take up the state any more"
            .to_owned();
    }
    match out_of_range(&cause) {
        Some((offset, topic, partition)) => {
            let start = log_starts.iter().find(|(name, _)| name.as_str() == topic);
            let start = start.and_then(|(_, starts)| starts.get(partition as usize)).copied();
            below_log(topic, partition, offset, start)
        }
        None => cause,
    }
}

fn below_log(topic: &str, partition: u32, offset: i64, start: Option<i64>) -> String {
    let stopped = format!("the job stopped at offset {offset} of topic {topic}, partition {partition}");
    match start.map(|start| (start, start - offset)) {
        Some((start, lost)) if lost > 0 => {
            format!("{stopped}, whose log begins at {start} now: {lost} records are lost")
        }
        Some(_) | None => format!("{stopped}, which its log does not hold any more: records are lost"),
    }
}

/// `… FetchPosition{offset=5, offsetEpoch=…} is out of range for partition orders-0`
fn out_of_range(cause: &str) -> Option<(i64, &str, u32)> {
    let (before, after) = cause.split_once(" is out of range for partition ")?;
    let (_, offset) = before.rsplit_once("{offset=")?;
    let offset = offset.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '_' | '-')).unwrap_or(after.len());
    let (topic, partition) = after[..end].trim_end_matches('.').rsplit_once('-')?;
    Some((offset, topic, partition.parse().ok()?))
}

#[cfg(test)]
mod tests;
