//! Rows about what a query reads.

use std::collections::BTreeMap;

use crate::model::column::Column;
use crate::model::definition::EventTime;
use crate::model::definition::Source;
use crate::model::definition::Start;
use crate::model::definition::Stream;
use crate::model::definition::Upstream;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::sql::facts::Reads;
use crate::sql::reads;

use super::Pair;

/// What is told of the sources that both sides read and for which `differs` says something.
fn each(pair: &Pair<'_>, differs: impl Fn(&Source, &Source) -> Option<String>) -> Option<String> {
    let renamed = renamed(pair.old, pair.new);
    let both = pair
        .new
        .sources
        .iter()
        .filter_map(|(name, new)| Some((name, pair.old.sources.get(renamed.get(name).unwrap_or(name))?, new)));
    let words = both.filter_map(|(name, old, new)| differs(old, new).map(|what| format!("source `{name}`: {what}")));
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// Sources that are read under another name than before, new and old: of each topic that one name is gone and one has
/// come for. Which of several is which nobody can tell.
pub fn renamed(old: &Stream, new: &Stream) -> BTreeMap<Name, Name> {
    let gone = only_in(old, new);
    let come = only_in(new, old);
    let alone = |sources: &[&Source], topic: &TopicName| sources.iter().filter(|one| one.topic == *topic).count() == 1;
    let pair = |new: &&Source| {
        let old = gone.iter().find(|old| old.topic == new.topic)?;
        (alone(&gone, &new.topic) && alone(&come, &new.topic)).then(|| (new.name.clone(), old.name.clone()))
    };
    come.iter().filter_map(pair).collect()
}

fn only_in<'a>(one: &'a Stream, other: &Stream) -> Vec<&'a Source> {
    one.sources.iter().filter(|(name, _)| !other.sources.contains_key(*name)).map(|(_, source)| source).collect()
}

pub fn inputs(pair: &Pair<'_>) -> Option<String> {
    let renamed = renamed(pair.old, pair.new);
    let mut words: Vec<String> = renamed.iter().map(|(new, old)| format!("`{old}` is read as `{new}`")).collect();
    let gone = only_in(pair.old, pair.new).into_iter().filter(|old| !renamed.values().any(|was| *was == old.name));
    words.extend(gone.map(|old| format!("`{}` is read no more", old.name)));
    let come = only_in(pair.new, pair.old).into_iter().filter(|new| !renamed.contains_key(&new.name));
    let from = match pair.new.start {
        Start::Earliest => "from its beginning",
        Start::Latest => "from now on",
        Start::Timestamp(_) => "from `deploy.start` on",
    };
    words.extend(come.map(|new| format!("`{}` is read anew, {from}", new.name)));
    (!words.is_empty()).then(|| words.join("; "))
}

/// Names that come and go over one topic, where it is not plain which is which.
pub fn mixed_up(pair: &Pair<'_>) -> Option<String> {
    let renamed = renamed(pair.old, pair.new);
    let (gone, come) = (only_in(pair.old, pair.new), only_in(pair.new, pair.old));
    let unclear = come.iter().filter(|new| !renamed.contains_key(&new.name));
    let words = unclear
        .filter(|new| gone.iter().any(|old| old.topic == new.topic))
        .map(|new| format!("which of the sources over topic `{}` became `{}` cannot be told", new.topic, new.name));
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join("; "))
}

pub fn topic(pair: &Pair<'_>) -> Option<String> {
    each(pair, |old, new| {
        (old.topic != new.topic).then(|| format!("`topic` changed from `{}` to `{}`", old.topic, new.topic))
    })
}

/// Columns that the new query reads, as the old job knew them.
pub fn columns_read(pair: &Pair<'_>) -> Option<String> {
    each(pair, |old, new| {
        if reads::all_count(old) || reads::all_count(new) {
            return (old.columns != new.columns).then(|| "its columns changed, all of which count".to_owned());
        }
        let (before, after) = (by_name(old), by_name(new));
        let read = |name: &str| reads_now(pair, &new.name, name) || reads_before(pair, &old.name, name);
        let mut words: Vec<String> = Vec::new();
        for (name, column) in &after {
            match before.get(name) {
                Some(was) if was.kind != column.kind && read(name) => {
                    words.push(format!("column `{name}`, which is read, has another type"));
                }
                // A new column is part of what `*` gives.
                None if reads_all(pair, &new.name) => words.push(format!("column `{name}` is there now")),
                Some(_) | None => {}
            }
        }
        let gone = before.keys().filter(|name| !after.contains_key(*name) && read(name));
        words.extend(gone.map(|name| format!("column `{name}`, which was read, is gone")));
        // The order of columns is that of `*`.
        let reordered = || old.columns.iter().map(|c| &c.name).ne(new.columns.iter().map(|c| &c.name));
        if words.is_empty() && reads_all(pair, &new.name) && reordered() {
            words.push("its columns stand in another order".to_owned());
        }
        (!words.is_empty()).then(|| words.join(", "))
    })
}

pub fn columns_unread(pair: &Pair<'_>) -> Option<String> {
    if columns_read(pair).is_some() {
        return None;
    }
    each(pair, |old, new| (old.columns != new.columns).then(|| "columns changed that are not read".to_owned()))
}

fn by_name(source: &Source) -> BTreeMap<&str, &Column> {
    source.columns.iter().map(|column| (column.name.as_str(), column)).collect()
}

fn reads_now(pair: &Pair<'_>, source: &Name, column: &str) -> bool {
    is_read(pair.new_facts.iter().filter_map(|facts| facts.reads(source.as_str())), column)
}

fn reads_before(pair: &Pair<'_>, source: &Name, column: &str) -> bool {
    is_read(pair.old_facts.iter().filter_map(|facts| facts.reads(source.as_str())), column)
}

/// Where nobody can say, it counts as read.
fn is_read(mut reads: impl Iterator<Item = Reads>, column: &str) -> bool {
    match reads.next() {
        Some(Reads::Columns(columns)) => columns.contains(column),
        Some(Reads::All) | None => true,
    }
}

fn reads_all(pair: &Pair<'_>, source: &Name) -> bool {
    let found = pair.new_facts.iter().find_map(|facts| facts.reads(source.as_str()));
    match found {
        Some(Reads::All) | None => true,
        Some(Reads::Columns(_)) => false,
    }
}

pub fn format(pair: &Pair<'_>) -> Option<String> {
    each(pair, |old, new| {
        let keys = [("format", old.format != new.format), ("on_bad_record", old.on_bad_record != new.on_bad_record)];
        let keys: Vec<String> =
            keys.iter().filter(|(_, differs)| *differs).map(|(key, _)| format!("`{key}`")).collect();
        (!keys.is_empty()).then(|| format!("{} changed", keys.join(", ")))
    })
}

pub fn connector(pair: &Pair<'_>) -> Option<String> {
    each(pair, |old, new| (old.connector != new.connector).then(|| "`connector` changed".to_owned()))
}

/// What of event time decides which rows fall into which window.
pub fn time(pair: &Pair<'_>) -> Option<String> {
    each(pair, |old, new| {
        let what = |time: &Option<EventTime>| time.as_ref().map(|time| (time.column.clone(), time.encoding));
        (what(&old.time) != what(&new.time)).then(|| "`time` changed".to_owned())
    })
}

pub fn watermark(pair: &Pair<'_>) -> Option<String> {
    if time(pair).is_some() {
        return None;
    }
    each(pair, |old, new| {
        let waits = |time: &Option<EventTime>| time.as_ref().map(|time| (time.delay, time.idle));
        (waits(&old.time) != waits(&new.time)).then(|| "`time.delay` or `time.idle` changed".to_owned())
    })
}

pub fn changelog(pair: &Pair<'_>) -> Option<String> {
    each(pair, |old, new| (old.key() != new.key()).then(|| "the key of its rows changed".to_owned()))
}

pub fn writer(pair: &Pair<'_>) -> Option<String> {
    each(pair, |old, new| {
        let how = |source: &Source| source.output_of.as_ref().map(|of: &Upstream| (of.time_encoding, of.delivery));
        (how(old) != how(new)).then(|| "its topic is written in another way".to_owned())
    })
}
