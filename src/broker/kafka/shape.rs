//! What was asked for against what is there. Pure.

use std::collections::BTreeMap;

use crate::broker::kafka::client::{Layout, Settings};
use crate::model::observed::same_setting;

/// The shape in a `create`; what is `None` or absent is the broker's to choose.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted<'a> {
    pub partitions: Option<u32>,
    pub replication: Option<u16>,
    pub config: &'a BTreeMap<String, String>,
}

impl Wanted<'_> {
    /// In words, each as `3 partitions instead of 1`. A setting counts as there wherever its value comes from.
    pub fn differences(&self, layout: &Layout, settings: &Settings) -> Vec<String> {
        let partitions = self.partitions.filter(|wanted| *wanted != layout.partitions);
        let replication = self.replication.filter(|wanted| *wanted != layout.replication);
        let counts = [
            partitions.map(|wanted| format!("{} partitions instead of {wanted}", layout.partitions)),
            replication.map(|wanted| format!("{} replicas instead of {wanted}", layout.replication)),
        ];
        let config = self.config.iter().filter_map(|(key, wanted)| match settings.effective.get(key) {
            Some(found) if same_setting(found, wanted) => None,
            Some(found) => Some(format!("{key} = {found} instead of {wanted}")),
            None => Some(format!("no {key} instead of {wanted}")),
        });
        counts.into_iter().flatten().chain(config).collect()
    }
}

/// All settings that the topic itself is to have after `change`.
pub(super) fn merged(
    own: &BTreeMap<String, String>,
    change: &BTreeMap<String, Option<String>>,
) -> BTreeMap<String, String> {
    let mut merged = own.clone();
    for (key, value) in change {
        match value {
            Some(value) => _ = merged.insert(key.clone(), value.clone()),
            None => _ = merged.remove(key),
        }
    }
    merged
}

/// Whether the topic's own settings are what `change` makes of them.
pub(super) fn holds(own: &BTreeMap<String, String>, change: &BTreeMap<String, Option<String>>) -> bool {
    change.iter().all(|(key, wanted)| match (own.get(key), wanted) {
        (Some(found), Some(wanted)) => same_setting(found, wanted),
        (found, wanted) => found.is_none() && wanted.is_none(),
    })
}
