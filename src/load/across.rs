//! The rules that hold between definitions.

use std::collections::BTreeMap;

use crate::load::entry::{Body, Entry};
use crate::model::desired::DesiredStream;
use crate::model::diagnostic::Diagnostic;
use crate::model::name::{Name, TopicName};

/// A name is defined once, without regard to case. Files with errors count: their name is taken.
pub fn names_are_unique(entries: &mut [Entry]) {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, entry) in entries.iter().enumerate() {
        if let Some(name) = &entry.name {
            places.entry(name.folded()).or_default().push(index);
        }
    }
    for same in places.values().filter(|same| same.len() > 1) {
        for &index in same {
            let others =
                same.iter().filter(|&&other| other != index).map(|&other| format!("`{}`", entries[other].path));
            let others: Vec<String> = others.collect();
            let entry = &mut entries[index];
            let name = entry.name.as_ref().map_or("", Name::as_str);
            let message = format!("the name `{name}` is also defined in {}", others.join(", "));
            let wrong = Diagnostic::error("duplicate_name", &entry.path, entry.name_span, message);
            entry.found.push(wrong.with_help("names are compared without regard to case; rename all but one"));
        }
    }
}

/// Two jobs that write one topic would mix their rows.
pub fn topics_have_one_writer(entries: &mut [Entry], streams: &BTreeMap<Name, DesiredStream>) {
    let mut writers: BTreeMap<&TopicName, Vec<&Name>> = BTreeMap::new();
    for (name, stream) in streams {
        for topic in stream.stream.writes() {
            writers.entry(topic).or_default().push(name);
        }
    }
    for entry in entries {
        let (Some(name), Body::Built { topic: place }) = (&entry.name, &entry.body) else { continue };
        let Some(stream) = streams.get(name).map(|stream| &stream.stream) else { continue };
        for topic in stream.writes() {
            let others = writers[topic].iter().filter(|writer| **writer != name).map(|writer| format!("`{writer}`"));
            let others: Vec<String> = others.collect();
            if others.is_empty() {
                continue;
            }
            let message = format!("the topic `{topic}` is also written by {}", others.join(", "));
            let wrong = Diagnostic::error("same_topic", &entry.path, *place, message);
            entry.found.push(match stream.body.is_query() {
                true => wrong.with_help("name another topic in `[output] topic`"),
                false => wrong,
            });
        }
    }
}
