//! What a stream's job means, as one hash.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::model::definition::{Delivery, Format, Source, Stream, TimeEncoding};
use crate::model::desired::Revision;
use crate::model::digest::Digest;
use crate::model::name::{EngineName, Name, TopicName};

/// All that counts. The names of these fields stand in recorded definitions too, so they do not change; a new field
/// must leave the hash of a stream that does not use it as it was.
#[derive(Serialize)]
struct Meaning<'a> {
    tokens: &'a [String],
    sources: &'a BTreeMap<Name, Source>,
    engine: &'a EngineName,
    output: OutputMeaning<'a>,
    options: &'a BTreeMap<String, String>,
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

/// `tokens`: the SQL in its normal form. `run`, `start`, policy, path and topic settings do not count.
pub fn of(stream: &Stream, tokens: &[String]) -> Revision {
    let output = &stream.output;
    let meaning = Meaning {
        tokens,
        sources: &stream.sources,
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
