//! How long a file was absent or a job missing: counted from this process's own looks, never from a clock's date.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::model::config::Settings;
use crate::model::desired::Desired;
use crate::model::ledger::{Ledger, RowState};
use crate::model::name::Name;
use crate::model::observed::Observed;

/// Since when, on this process's own steady clock. A new process begins at zero.
#[derive(Debug, Default)]
pub struct Looks {
    /// When the last look was begun.
    seen: Duration,
    absent: BTreeMap<Name, Duration>,
    missing: BTreeMap<Name, Duration>,
}

impl Looks {
    /// Takes one look into account and writes the times that have passed into `observed`.
    ///
    /// A file counts as absent only while the whole tree can be trusted, a job as missing only while a ready cluster
    /// does not list it; a look that cannot tell begins the count anew.
    pub fn note(&mut self, now: Duration, desired: &Desired, ledger: &Ledger, observed: &mut Observed) {
        self.seen = now;
        for (name, recorded) in &ledger.streams {
            let gone = recorded.state == RowState::Live && !desired.streams.contains_key(name);
            match (gone, &desired.frozen) {
                (true, None) => _ = self.absent.entry(name.clone()).or_insert(now),
                (true, Some(_)) | (false, _) => _ = self.absent.remove(name),
            }
        }
        let unseen = crate::plan::unseen(desired, ledger, &observed.engines);
        self.missing.retain(|name, _| unseen.contains(name));
        for name in unseen {
            self.missing.entry(name).or_insert(now);
        }
        observed.absent = since(&self.absent, now);
        observed.missing = since(&self.missing, now);
    }

    /// How long a one-shot command must still wait before a second look can tell, and for what. Where the last look was
    /// begun too early for that and has taken longer, the wait is over and the second look is still to come.
    pub fn pending(&self, now: Duration, settings: &Settings) -> Option<(Duration, String)> {
        let absent = self.absent.iter().map(|(name, since)| {
            let text = format!("the file of `{name}` to be absent for {:?}", settings.settle);
            (*since + settings.settle, text)
        });
        let missing = self.missing.iter().map(|(name, since)| {
            let text = format!("the job of `{name}` to be missing for {:?}", settings.missing_after);
            (*since + settings.missing_after, text)
        });
        let (due, what) = absent.chain(missing).filter(|(due, _)| *due > self.seen).max()?;
        Some((due.saturating_sub(now), what))
    }
}

fn since(started: &BTreeMap<Name, Duration>, now: Duration) -> BTreeMap<Name, Duration> {
    started.iter().map(|(name, since)| (name.clone(), now.saturating_sub(*since))).collect()
}

#[cfg(test)]
mod tests;
