//! Where a job stopped: the helper's control topic and consumer groups, made, read and ended.
//!
//! *Guarantee*: a helper commits what it has read only with a checkpoint, and a checkpoint waits for its sink. So once
//! a group has committed an offset of a partition, every row below it lies in the control topic: if the first one
//! there is none, the partition goes on at what was committed. Nothing depends on time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::broker::BrokerError;
use crate::broker::kafka::Kafka;
use crate::broker::kafka::client::{Until, blocking};
use crate::broker::kafka::control::{self, Beat, Firsts};
use crate::broker::kafka::failure::Failure;
use crate::broker::kafka::groups::{Committed, Group, passes};
use crate::broker::kafka::shape::Wanted;
use crate::model::name::TopicName;
use crate::model::offsets::{Offsets, OffsetsAct, OffsetsRead, Scan};
use crate::model::step::{Lookup, Receipt};

/// Between two looks at what is committed.
const PAUSE: Duration = Duration::from_millis(25);
/// One question for what is committed.
const ONE_CALL: Duration = Duration::from_secs(3);
/// Rows of a helper that was never cleaned up go by themselves.
const KEPT: (&str, &str) = ("retention.ms", "3600000");

/// What was found out about all scans, in their order.
struct Seen {
    committed: Vec<Committed>,
    firsts: Firsts,
}

/// First offset held and the next to be written, by topic and partition.
type Edges = BTreeMap<String, Vec<(i64, i64)>>;

impl Kafka {
    pub(super) async fn offsets_act(&self, act: &OffsetsAct, until: Until) -> Result<Receipt, BrokerError> {
        match act {
            OffsetsAct::ForgetGroups { groups } => {
                self.forget(groups, until).await?;
                Ok(Receipt::GroupsForgotten)
            }
            OffsetsAct::OpenControl { control, scans } => {
                let config = BTreeMap::from([(KEPT.0.to_owned(), KEPT.1.to_owned())]);
                let wanted = Wanted { partitions: Some(1), replication: None, config: &config };
                self.create(control, wanted, until).await?;
                self.forget(&groups(scans), until).await?;
                let log_starts = self.log_starts(scans, until).await;
                let log_starts = log_starts.map_err(|failure| failure.of_reading(&self.bootstrap))?;
                Ok(Receipt::ControlOpen { log_starts })
            }
            OffsetsAct::Read(read) => self.read_offsets(read, until).await.map(Receipt::Offsets),
            OffsetsAct::CloseControl { control, groups } => {
                self.delete(control, until).await?;
                self.forget(groups, until).await?;
                Ok(Receipt::ControlClosed)
            }
        }
    }

    pub(super) async fn offsets_found(&self, act: &OffsetsAct, until: Until) -> Lookup {
        match self.settled(act, until).await {
            Ok(found) => found,
            Err(failure) => Lookup::Unknown { reason: failure.of_reading(&self.bootstrap).to_string() },
        }
    }

    async fn settled(&self, act: &OffsetsAct, until: Until) -> Result<Lookup, Failure> {
        let (control, groups, receipt) = match act {
            // It changes nothing: it is read again.
            OffsetsAct::Read(_) => return Ok(Lookup::NotDone),
            OffsetsAct::ForgetGroups { groups } => (None, groups.clone(), Receipt::GroupsForgotten),
            OffsetsAct::CloseControl { control, groups } => (Some(control), groups.clone(), Receipt::ControlClosed),
            OffsetsAct::OpenControl { control, scans } => {
                let there = self.client.listing(until).await?.topics.contains_key(control.as_str());
                let fresh = !self.client.any_group(groups(scans).into_iter().collect(), until).await?;
                let log_starts = self.log_starts(scans, until).await?;
                return Ok(match there && fresh {
                    true => Lookup::Done(Receipt::ControlOpen { log_starts }),
                    false => Lookup::NotDone,
                });
            }
        };
        let listing = self.client.listing(until).await?;
        let there = control.is_some_and(|control| listing.topics.contains_key(control.as_str()));
        let any = there || self.client.any_group(groups.into_iter().collect(), until).await?;
        Ok(if any { Lookup::NotDone } else { Lookup::Done(receipt) })
    }

    async fn forget(&self, groups: &BTreeSet<String>, until: Until) -> Result<(), BrokerError> {
        let names: Vec<&str> = groups.iter().map(String::as_str).collect();
        let what = format!("deleting consumer groups {}", names.join(", "));
        let deleted = self.client.delete_groups(&names, until).await;
        deleted.map_err(|failure| failure.of_changing(&self.bootstrap, &what))
    }

    /// Of the topics that exist.
    async fn log_starts(&self, scans: &[Scan], until: Until) -> Result<BTreeMap<TopicName, Vec<i64>>, Failure> {
        let edges = self.client.offsets(self.partitions(scans, until).await?, until).await?;
        let low = |topic: &TopicName| Some(edges.get(topic.as_str())?.iter().map(|(low, _)| *low).collect());
        Ok(scans.iter().filter_map(|scan| Some((scan.topic.clone(), low(&scan.topic)?))).collect())
    }

    async fn partitions(&self, scans: &[Scan], until: Until) -> Result<BTreeMap<String, u32>, Failure> {
        let listing = self.client.listing(until).await?;
        let topics = scans.iter().map(|scan| scan.topic.as_str());
        Ok(topics.filter_map(|topic| Some((topic.to_owned(), listing.topics.get(topic)?.partitions))).collect())
    }

    /// Errors: [`BrokerError::Refused`] in words: no offset shows in time, a source reads another one's topic, records
    /// are lost.
    async fn read_offsets(&self, read: &OffsetsRead, until: Until) -> Result<Offsets, BrokerError> {
        let failed = |failure: Failure| failure.of_reading(&self.bootstrap);
        let partitions = self.partitions(&read.scans, until).await.map_err(failed)?;
        if let Some(scan) = read.scans.iter().find(|scan| !partitions.contains_key(scan.topic.as_str())) {
            return Err(BrokerError::Refused(format!("topic {} does not exist", scan.topic)));
        }
        let groups: Result<Vec<_>, Failure> =
            read.scans.iter().map(|scan| Group::new(&self.client.config, &scan.group).map(Arc::new)).collect();
        let mut asked = partitions.clone();
        asked.insert(read.control.to_string(), 1);
        let committed = self.committed(read, &groups.map_err(failed)?, &asked, until).await.map_err(failed)?;
        let (config, asked) = (self.client.config.clone(), read.clone());
        let firsts = blocking(move || control::firsts(&config, &asked.control, &asked.helpers, until));
        let seen = Seen { committed, firsts: firsts.await.map_err(failed)? };
        let edges = self.client.offsets(partitions, until).await.map_err(failed)?;
        next_offsets(read, &seen, &edges).map_err(BrokerError::Refused)
    }

    /// Waits until each scan's place is known in every partition of its topic, and keeps the helper from waiting.
    async fn committed(
        &self,
        read: &OffsetsRead,
        groups: &[Arc<Group>],
        topics: &BTreeMap<String, u32>,
        until: Until,
    ) -> Result<Vec<Committed>, Failure> {
        let beat = Beat::new(&self.client.config, &read.control)?;
        loop {
            beat.strike()?;
            // Before what is committed: a record that comes in between must not be passed over.
            let edges = self.client.offsets(topics.clone(), until).await?;
            let (mut found, mut missing) = (Vec::new(), None);
            for (scan, group) in read.scans.iter().zip(groups) {
                let (group, topics) = (Arc::clone(group), topics.clone());
                match blocking(move || group.committed(&topics, Until::within(ONE_CALL))).await {
                    Ok(mut committed) => {
                        let unknown = fill_empty(scan, &mut committed, &edges);
                        missing = missing.or(unknown.map(|partition| {
                            format!("no offset of topic {}, partition {partition}, shows", scan.topic)
                        }));
                        committed.remove(read.control.as_str());
                        found.push(committed);
                    }
                    Err(failure) if passes(&failure) => {
                        let told = || format!("no offset of topic {} shows: {}", scan.topic, failure.reason());
                        missing = Some(missing.unwrap_or_else(told));
                    }
                    Err(failure) => return Err(failure),
                }
            }
            match missing {
                None => return Ok(found),
                Some(missing) if until.over() => return Err(Failure::Unasked(format!("{missing} in time"))),
                Some(_) => tokio::time::sleep(PAUSE).await,
            }
        }
    }
}

fn groups(scans: &[Scan]) -> BTreeSet<String> {
    scans.iter().map(|scan| scan.group.clone()).collect()
}

/// A partition from which no record was ever read has no offset in state, only the word that it begins at its
/// beginning, and that is not committed. It is told by its log: where that holds nothing, reading goes on at its end.
/// That it is such a partition is certain if it was never written to, and if the group has committed anything else, if
/// only of the control topic: one commit tells all that the one reader has from state.
///
/// Returns a partition whose place is not known.
fn fill_empty(scan: &Scan, committed: &mut Committed, edges: &Edges) -> Option<usize> {
    let any = committed.values().flatten().any(Option::is_some);
    let logs = edges.get(scan.topic.as_str())?;
    let own = committed.get_mut(scan.topic.as_str())?;
    for (place, (low, high)) in own.iter_mut().zip(logs) {
        if place.is_none() && low == high && (*high == 0 || any) {
            *place = Some(*high);
        }
    }
    own.iter().position(Option::is_none)
}

/// Errors: in words, why the offsets cannot be used.
fn next_offsets(read: &OffsetsRead, seen: &Seen, edges: &Edges) -> Result<Offsets, String> {
    let mut found = Offsets::default();
    for (nth, (scan, committed)) in read.scans.iter().zip(&seen.committed).enumerate() {
        own_topic(nth as u32, scan, committed, &seen.firsts)?;
        let mut of_scan = BTreeMap::new();
        for (partition, committed) in committed.get(scan.topic.as_str()).into_iter().flatten().enumerate() {
            let partition = partition as u32;
            let committed = committed.ok_or_else(|| format!("no offset of topic {} shows", scan.topic))?;
            let first = seen.firsts.get(&(nth as u32, scan.topic.to_string(), partition));
            let next = first.map_or(committed, |first| committed.min(*first));
            let edge = edges.get(scan.topic.as_str()).and_then(|all| all.get(partition as usize));
            within_log(scan, partition, next, edge.copied())?;
            of_scan.insert(partition, next);
        }
        match found.0.get(&scan.source) {
            Some(other) if *other != of_scan => {
                return Err(format!(
                    "the job read source `{}` twice and stopped at different offsets: {other:?} and {of_scan:?}",
                    scan.source
                ));
            }
            Some(_) => {}
            None => _ = found.0.insert(scan.source.clone(), of_scan),
        }
    }
    Ok(found)
}

/// A source that took up another one's state yields that one's rows, and commits that one's offsets.
fn own_topic(nth: u32, scan: &Scan, committed: &Committed, firsts: &Firsts) -> Result<(), String> {
    let rows = firsts.keys().filter(|(scan, ..)| *scan == nth).map(|(_, topic, _)| topic.as_str());
    let commits = committed.iter().filter(|(_, all)| all.iter().any(Option::is_some)).map(|(topic, _)| topic.as_str());
    match rows.chain(commits).find(|topic| *topic != scan.topic.as_str()) {
        None => Ok(()),
        Some(other) => Err(format!(
            "the source over topic {} took up the offsets of topic {other}: the sources of the job that ended stand in \
             another order",
            scan.topic
        )),
    }
}

fn within_log(scan: &Scan, partition: u32, next: i64, edge: Option<(i64, i64)>) -> Result<(), String> {
    let stopped = format!("the job stopped at offset {next} of topic {}, partition {partition}", scan.topic);
    match edge {
        None => Err(format!("{stopped}, which is gone")),
        Some((low, _)) if next < low => {
            Err(format!("{stopped}, whose log begins at {low} now: {} records are lost", low - next))
        }
        Some((_, high)) if next > high => Err(format!("{stopped}, whose log ends at {high}: it is another topic now")),
        Some(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests;
