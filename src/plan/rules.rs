//! What a change of a definition leaves of its job's state: one table.
//!
//! The old side is always the newest *deployment*, whose state would be taken up. The worst row that applies rules. What
//! no row names does not change the job.

mod options;
mod query;
mod source;
#[cfg(test)]
mod tests;
mod verdict;

use std::collections::BTreeSet;

use crate::model::definition::Body;
use crate::model::definition::Source;
use crate::model::definition::Stream;
use crate::model::plan::Bearing;
use crate::sql::Dialect;
use crate::sql::facts;
use crate::sql::facts::Facts;

pub use query::same_query;
pub use source::renamed;
pub use verdict::Judgement;
pub use verdict::Leave;
pub use verdict::judge;
pub use verdict::words;

/// What a finding asks for, beside being recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// Nothing: the job means the same.
    None,
    /// The topic is altered, the job goes on.
    Topic,
    /// A new job follows the old one.
    Job,
    /// As `Job`, whose sources cannot take up their places from the old one's state: they are read out first.
    ReadPlaces,
}

/// One row.
pub struct Rule {
    pub name: &'static str,
    pub bearing: Bearing,
    pub effect: Effect,
    /// For people: why it bears so on state.
    pub why: &'static str,
    /// `None`: the row does not apply. Else what differs, in words.
    differs: fn(&Pair<'_>) -> Option<String>,
}

/// The stream as deployed, the stream as asked for, and what their SQL says.
pub struct Pair<'a> {
    pub old: &'a Stream,
    pub new: &'a Stream,
    /// Versions of the engine: that the state is of, and that takes it up. Empty where no state is taken up.
    pub versions: (&'a str, &'a str),
    same_query: bool,
    old_facts: Vec<Facts>,
    new_facts: Vec<Facts>,
}

const fn row(
    name: &'static str,
    bearing: Bearing,
    effect: Effect,
    why: &'static str,
    differs: fn(&Pair<'_>) -> Option<String>,
) -> Rule {
    Rule { name, bearing, effect, why, differs }
}

use Bearing::{Keeps, Never, Nothing, Places, Same};

/// In the order of a definition's file.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    row("text", Same, Effect::None,
        "comments, white space and the case of keywords mean nothing",
        |pair| (pair.same_query && pair.old.sql != pair.new.sql)
            .then(|| "only the text changed; the job means the same".to_owned())),
    row("filter", Places, Effect::Job,
        "the query is another one; without aggregate, join or window it keeps nothing but its places",
        query::filter),
    row("projection", Places, Effect::Job,
        "as above; rows already written keep their columns",
        query::projection),
    row("function", Places, Effect::Job,
        "as above",
        query::elsewhere),
    row("aggregate", Places, Effect::Job,
        "sums and counts in state are those of another query",
        query::aggregate),
    row("window", Places, Effect::Job,
        "rows in state belong to windows of another kind or size",
        query::window),
    row("join", Places, Effect::Job,
        "rows in state wait for partners of another kind",
        query::join),
    row("script", Nothing, Effect::Job,
        "what a script's tables read and keep is not known",
        query::script),
    row("input", Places, Effect::Job,
        "what is read anew begins where `deploy.start` says",
        source::inputs),
    row("input.mixed", Nothing, Effect::Job,
        "a place is handed on by the source's name, or where one name over a topic became another",
        source::mixed_up),
    row("input.topic", Nothing, Effect::Job,
        "offsets of one topic mean nothing in another",
        source::topic),
    row("input.columns.read", Places, Effect::Job,
        "values in state have another type",
        source::columns_read),
    row("input.columns", Same, Effect::None,
        "what the query does not read is not part of its job",
        source::columns_unread),
    row("input.format", Keeps, Effect::Job,
        "rows in state were read already",
        source::format),
    row("input.connector", Keeps, Effect::Job,
        "how records are fetched is no part of state",
        source::connector),
    row("input.time", Places, Effect::Job,
        "times in state are of another column, or there were none",
        source::time),
    row("input.watermark", Keeps, Effect::Job,
        "only how long the watermark waits changes",
        source::watermark),
    row("input.changelog", Nothing, Effect::Job,
        "rows that replace each other are read in another way than rows that stand",
        source::changelog),
    row("input.writer", Keeps, Effect::Job,
        "only how the records are read changes",
        source::writer),
    row("engine", Places, Effect::ReadPlaces,
        "one engine does not take up another one's state",
        |pair| (pair.old.engine != pair.new.engine)
            .then(|| format!("the engine changed from `{}` to `{}`", pair.old.engine, pair.new.engine))),
    row("engine.version", Places, Effect::ReadPlaces,
        "Flink promises no state of a query over a minor version",
        version),
    row("engine.version.older", Nothing, Effect::Job,
        "Flink reads no savepoint of a later version, not even the places in it",
        older),
    row("output.topic", Keeps, Effect::Job,
        "an append log may go on in another topic; what was written stays in the old one",
        |pair| (new_topic(pair) && !keyed(pair)).then(|| topic(pair))),
    row("output.topic.upsert", Nothing, Effect::Job,
        "an upsert log is whole only if it begins at the beginning",
        |pair| (new_topic(pair) && keyed(pair)).then(|| topic(pair))),
    row("output.format.new_topic", Keeps, Effect::Job,
        "the new topic holds only the new form",
        |pair| encoding(pair).filter(|_| new_topic(pair))),
    row("output.format", Never, Effect::Job,
        "one topic would hold rows of two forms: name another `output.topic` too",
        |pair| encoding(pair).filter(|_| !new_topic(pair))),
    row("output.key.new_topic", Nothing, Effect::Job,
        "a log of another key is whole only if it begins at the beginning",
        |pair| key(pair).filter(|_| new_topic(pair))),
    row("output.key", Never, Effect::Job,
        "one topic would hold rows of two keys: name another `output.topic` too",
        |pair| key(pair).filter(|_| !new_topic(pair))),
    row("output.partitions", Keeps, Effect::Topic,
        "an append log may grow",
        |pair| partitions(pair, |old, new| new > old && !keyed(pair))),
    row("output.partitions.upsert", Never, Effect::Job,
        "rows of one key would lie in two partitions",
        |pair| partitions(pair, |old, new| new > old && keyed(pair))),
    row("output.partitions.fewer", Never, Effect::Job,
        "Kafka takes no partition away",
        |pair| partitions(pair, |old, new| new < old)),
    row("output.replication", Never, Effect::Job,
        "replicas are moved by Kafka's own tools",
        |pair| match (pair.old.output.replication, pair.new.output.replication) {
            (old, Some(new)) if old != Some(new) && !new_topic(pair) => Some("`output.replication` changed".to_owned()),
            (_, Some(_) | None) => None,
        }),
    row("output.delivery", Keeps, Effect::Job,
        "a clean stop leaves no transaction open",
        |pair| (pair.old.output.delivery != pair.new.output.delivery).then(|| "`output.delivery` changed".to_owned())),
    row("output.config", Keeps, Effect::Topic,
        "settings of the topic are no part of the job",
        |pair| (pair.old.output.config != pair.new.output.config && !new_topic(pair)).then(|| options::topic_settings(pair))),
    row("options.same", Same, Effect::None,
        "see the table of options",
        |pair| options::of(pair, Same)),
    row("options.keep", Keeps, Effect::Job,
        "see the table of options",
        |pair| options::of(pair, Keeps)),
    row("options.shape", Places, Effect::ReadPlaces,
        "see the table of options",
        |pair| options::of(pair, Places)),
    row("options.state_ttl", Places, Effect::Job,
        "values in state are written in another form with and without a time to live",
        options::time_to_live),
    row("deploy.start", Same, Effect::None,
        "it counts for the first deployment only",
        |pair| (pair.old.start != pair.new.start)
            .then(|| "`deploy.start` changed: it counts for the first deployment only".to_owned())),
];

impl<'a> Pair<'a> {
    pub fn new(old: &'a Stream, new: &'a Stream, versions: (&'a str, &'a str)) -> Pair<'a> {
        let same_query = old.body == new.body && same_query(old, new);
        // What cannot be read has no facts, and counts as a query that keeps state.
        let facts = |stream: &Stream| facts::read(&stream.sql, Dialect::Flink).unwrap_or_default();
        let needed = old != new || versions.0 != versions.1;
        let (old_facts, new_facts) = if needed { (facts(old), facts(new)) } else { (Vec::new(), Vec::new()) };
        Pair { old, new, versions, same_query, old_facts, new_facts }
    }

    /// Whether the job keeps nothing but its places: no operator of the text keeps anything, before and after, every
    /// input's rows stand, and the output has the same key.
    pub fn is_stateless(&self) -> bool {
        let text = |facts: &[Facts]| !facts.is_empty() && facts.iter().all(Facts::is_stateless);
        let query = |stream: &Stream| stream.body == Body::Query;
        text(&self.old_facts)
            && text(&self.new_facts)
            && query(self.old)
            && query(self.new)
            && self.has_places()
            && self.old.output.key == self.new.output.key
    }

    /// Whether a job can be told where to begin in every input: over an upsert log it cannot.
    pub fn has_places(&self) -> bool {
        let stands = |stream: &Stream| stream.body == Body::Query && !reads_upserts(stream);
        stands(self.old) && stands(self.new)
    }
}

/// Whether an input's rows replace each other.
pub fn reads_upserts(stream: &Stream) -> bool {
    stream.sources.values().any(Source::is_upsert)
}

fn new_topic(pair: &Pair<'_>) -> bool {
    pair.old.output.topic != pair.new.output.topic
}

fn keyed(pair: &Pair<'_>) -> bool {
    !pair.old.output.key.is_empty() || !pair.new.output.key.is_empty()
}

fn topic(pair: &Pair<'_>) -> String {
    format!("`output.topic` changed from `{}` to `{}`", pair.old.output.topic, pair.new.output.topic)
}

fn encoding(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = (&pair.old.output, &pair.new.output);
    if old.format != new.format {
        return Some("`output.format` changed".to_owned());
    }
    (old.time_encoding != new.time_encoding).then(|| "`output.time_encoding` changed".to_owned())
}

fn key(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = (&pair.old.output.key, &pair.new.output.key);
    // The order of a key's columns is part of the record's bytes.
    (old != new).then(|| format!("`output.key` changed from [{}] to [{}]", old.join(", "), new.join(", ")))
}

/// Where the old number is not said, it is the broker's to know: the step that grows the topic compares with it.
fn partitions(pair: &Pair<'_>, applies: impl Fn(u32, u32) -> bool) -> Option<String> {
    let (old, new) = (pair.old.output.partitions.unwrap_or(0), pair.new.output.partitions?);
    (!new_topic(pair) && applies(old, new)).then(|| match pair.old.output.partitions {
        Some(old) => format!("`output.partitions` changed from {old} to {new}"),
        None => format!("`output.partitions` is {new} now"),
    })
}

/// `1.20.3` and `1.20.5` are one line of versions, `1.20` and `2.0` are not.
fn version(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = pair.versions;
    (line(old) != line(new)).then(|| format!("its state is of version {old} of the engine, which is {new} now"))
}

/// Where the engine is another one, the old one reads the places out. A version of no numbers is older than none.
fn older(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = pair.versions;
    let numbers = |version| line(version).iter().map(|part| part.parse().ok()).collect::<Option<Vec<u32>>>();
    let is_older = numbers(new)? < numbers(old)? && pair.old.engine == pair.new.engine;
    is_older.then(|| format!("its state is of version {old} of the engine, and {new}, which runs now, cannot read it"))
}

fn line(version: &str) -> Vec<&str> {
    version.split('.').take(2).collect()
}

/// The effects of the rows that apply.
pub type Effects = BTreeSet<Effect>;
