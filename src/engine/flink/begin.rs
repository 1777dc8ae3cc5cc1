//! Where a source begins to read if no state tells it.

use std::collections::BTreeMap;

use crate::model::definition::Start;
use crate::model::name::Name;
use crate::model::offsets::Offsets;

/// What a Kafka consumer does that has no offset, or one that its log does not hold.
pub const RESET: &str = "properties.auto.offset.reset";

#[derive(Debug, Clone, Copy)]
pub enum Begin<'a> {
    Start(Start),
    /// At what its consumer group has committed; if that is nothing, the job fails. A trip-wire: the group's offsets
    /// were deleted before, so a job that runs has got its offsets from state.
    Group,
    /// Each source at its offsets; one that has none, at the start.
    At(&'a Offsets, Start),
}

impl From<Start> for Begin<'_> {
    fn from(start: Start) -> Self {
        Begin::Start(start)
    }
}

impl Begin<'_> {
    /// The connector's options for a source.
    pub fn options(&self, source: &Name) -> BTreeMap<String, String> {
        match self {
            Begin::Start(start) => at_start(*start),
            Begin::Group => trip_wire(),
            Begin::At(offsets, start) => match offsets.0.get(source) {
                Some(offsets) => at(offsets),
                None => at_start(*start),
            },
        }
    }
}

pub fn at_start(start: Start) -> BTreeMap<String, String> {
    match start {
        Start::Earliest => owned(&[("scan.startup.mode", "earliest-offset")]),
        Start::Latest => owned(&[("scan.startup.mode", "latest-offset")]),
        Start::Timestamp(millis) => {
            owned(&[("scan.startup.mode", "timestamp"), ("scan.startup.timestamp-millis", &millis.to_string())])
        }
    }
}

/// The options that make a source fail which does not find its offsets in state.
pub fn trip_wire() -> BTreeMap<String, String> {
    owned(&[("scan.startup.mode", "group-offsets"), (RESET, "none")])
}

fn at(offsets: &BTreeMap<u32, i64>) -> BTreeMap<String, String> {
    let places: Vec<String> =
        offsets.iter().map(|(partition, offset)| format!("partition:{partition},offset:{offset}")).collect();
    owned(&[("scan.startup.mode", "specific-offsets"), ("scan.startup.specific-offsets", &places.join(";"))])
}

fn owned(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}
