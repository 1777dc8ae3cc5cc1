//! What a stream's job means, as one hash.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::column::Column;
use crate::model::definition::{Delivery, EventTime, Format, OnBadRecord, Source, Stream, TimeEncoding, Upstream};
use crate::model::desired::Revision;
use crate::model::digest::Digest;
use crate::model::few::Few;
use crate::model::name::{EngineName, Name, TopicName};
use crate::sql::facts::Facts;
use crate::sql::outline;
use crate::sql::reads;

/// All that counts. The names of these fields stand in recorded definitions too, so they do not change; a new field
/// must leave the hash of a stream that does not use it as it was.
#[derive(Serialize)]
struct Meaning<'a> {
    tokens: Vec<&'a str>,
    sources: BTreeMap<&'a Name, SourceMeaning<'a>>,
    engine: &'a EngineName,
    output: OutputMeaning<'a>,
    options: &'a Few<String, String>,
}

/// A source as far as the job depends on it, field for field as in [`Source`].
#[derive(Serialize)]
struct SourceMeaning<'a> {
    name: &'a Name,
    topic: &'a TopicName,
    format: Format,
    on_bad_record: OnBadRecord,
    columns: Vec<&'a Column>,
    time: &'a Option<EventTime>,
    connector: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output_of: Option<&'a Upstream>,
}

impl<'a> SourceMeaning<'a> {
    fn of(source: &'a Source, facts: &[Facts]) -> SourceMeaning<'a> {
        SourceMeaning {
            name: &source.name,
            topic: &source.topic,
            format: source.format,
            on_bad_record: source.on_bad_record,
            columns: reads::columns(facts, source),
            time: &source.time,
            connector: &source.connector,
            output_of: source.output_of.as_ref(),
        }
    }
}

/// The output but its topic settings, which change nothing for the job.
#[derive(Serialize)]
struct OutputMeaning<'a> {
    topic: &'a TopicName,
    format: Format,
    time_encoding: TimeEncoding,
    partitions: Option<u32>,
    replication: Option<u16>,
    delivery: Delivery,
    key: &'a [String],
}

/// `facts`: every statement of the SQL, which counts in its normal form. Columns that it does not read, `run`, `start`,
/// policy, path and topic settings do not count.
pub fn of(stream: &Stream, facts: &[Facts]) -> Revision {
    let output = &stream.output;
    let meaning = Meaning {
        tokens: outline::meaning(facts),
        sources: stream.sources.iter().map(|(name, source)| (name, SourceMeaning::of(source, facts))).collect(),
        engine: &stream.engine,
        output: OutputMeaning {
            topic: &output.topic,
            format: output.format,
            time_encoding: output.time_encoding,
            partitions: output.partitions,
            replication: output.replication,
            delivery: output.delivery,
            key: &output.key,
        },
        options: &stream.options,
    };
    let json = serde_json::to_vec(&meaning).expect("plain data with text keys always becomes JSON");
    Revision(Digest::new().field("revision").field(json).hex())
}

#[cfg(test)]
mod tests;
