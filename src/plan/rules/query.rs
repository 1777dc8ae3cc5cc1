//! Rows about the text of a query.

use std::collections::BTreeMap;

use crate::model::definition::Body;
use crate::model::definition::Stream;
use crate::sql::Dialect;
use crate::sql::facts;
use crate::sql::facts::Facts;
use crate::sql::facts::State;
use crate::sql::facts::Window;
use crate::sql::normal;
use crate::sql::outline;

use super::Pair;

/// Two texts are one query if their tokens are the same: comments, white space and the case of keywords do not count,
/// and of a script what it sets, which its options tell.
pub fn same_query(old: &Stream, new: &Stream) -> bool {
    old.sql == new.sql
        || match (tokens(old), tokens(new)) {
            (Some(old), Some(new)) => old == new,
            // Text without tokens is compared as text, and that differs.
            (Some(_), None) | (None, Some(_)) | (None, None) => false,
        }
}

fn tokens(stream: &Stream) -> Option<Vec<String>> {
    match stream.body {
        Body::Query => normal::tokens(&stream.sql).ok(),
        Body::Script { .. } => {
            let facts = facts::read(&stream.sql, Dialect::Flink).ok()?;
            Some(outline::meaning(&facts).into_iter().map(str::to_owned).collect())
        }
    }
}

/// The two statements, where there is one on each side and it is another one.
fn both<'a>(pair: &'a Pair<'_>) -> Option<(&'a Facts, &'a Facts)> {
    match (pair.same_query, pair.old_facts.as_slice(), pair.new_facts.as_slice()) {
        (false, [old], [new]) => Some((old, new)),
        (true, ..) | (false, _, _) => None,
    }
}

pub fn filter(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = both(pair)?;
    match (old.filtered, new.filtered) {
        (false, true) => Some("a WHERE was added".to_owned()),
        (true, false) => Some("the WHERE was taken away".to_owned()),
        (true, true) | (false, false) => None,
    }
}

pub fn projection(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = both(pair)?;
    (old.columns != new.columns).then(|| "the query gives other columns".to_owned())
}

/// What no other row of the query tells.
pub fn elsewhere(pair: &Pair<'_>) -> Option<String> {
    if pair.same_query || !pair.old.body.is_query() || !pair.new.body.is_query() {
        return None;
    }
    let told = [filter, projection, aggregate, window, join].iter().any(|row| row(pair).is_some());
    (!told).then(|| "the query changed".to_owned())
}

pub fn aggregate(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = both(pair)?;
    // Another window or join is told by its own row.
    let same_around = || windows(old) == windows(new) && joins(old) == joins(new);
    match (keeps(old, &Kept::Values), keeps(new, &Kept::Values)) {
        (false, false) => None,
        (false, true) => Some("an aggregate was added".to_owned()),
        (true, false) => Some("the aggregate was taken away".to_owned()),
        (true, true) => {
            (filter(pair).is_some() || same_around()).then(|| "a query that keeps aggregates changed".to_owned())
        }
    }
}

/// What an operator keeps, as the rows tell it apart.
#[derive(PartialEq, Eq)]
enum Kept {
    Values,
    Windows,
    Partners,
}

fn kept(state: State) -> Kept {
    match state {
        State::Aggregate
        | State::Over
        | State::Distinct
        | State::Deduplication
        | State::TopN
        | State::Limit
        | State::Sort
        | State::UnionDistinct
        | State::Intersect
        | State::Except
        | State::MatchRecognize
        | State::Recursion
        | State::TableArgument
        | State::UnknownFunction
        | State::Table
        | State::Repartition
        | State::NotParsed => Kept::Values,
        State::Window => Kept::Windows,
        State::Join | State::IntervalJoin | State::WindowJoin | State::TemporalJoin | State::Subquery => Kept::Partners,
    }
}

fn keeps(facts: &Facts, what: &Kept) -> bool {
    facts.stateful.iter().any(|state| kept(*state) == *what)
}

pub fn window(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = both(pair)?;
    let (before, after) = (windows(old), windows(new));
    match (before.as_slice(), after.as_slice()) {
        (same, other) if same == other => None,
        ([], _) => Some("a window was added".to_owned()),
        (_, []) => Some("the window was taken away".to_owned()),
        (_, _) => Some(format!("the window changed from {} to {}", before.join(", "), after.join(", "))),
    }
}

fn windows(facts: &Facts) -> Vec<String> {
    let told = |window: &Window| {
        let sizes = [window.size.as_deref(), window.step.as_deref()].into_iter().flatten().collect::<Vec<_>>();
        format!("{:?} {}", window.kind, sizes.join(" ")).to_uppercase().trim_end().to_owned()
    };
    facts.windows.iter().map(told).collect()
}

pub fn join(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = both(pair)?;
    let (before, after) = (joins(old), joins(new));
    let either = keeps(old, &Kept::Partners) || keeps(new, &Kept::Partners);
    match (before.len(), after.len()) {
        (0, 0) if !either => None,
        (old, new) if old < new => Some("a join was added".to_owned()),
        (old, new) if old > new => Some("a join was taken away".to_owned()),
        (_, _) if before != after => Some("a join is of another kind".to_owned()),
        (_, _) => either.then(|| "a query that joins changed".to_owned()),
    }
}

/// Kinds of joins and how often each stands there.
fn joins(facts: &Facts) -> Vec<String> {
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for join in &facts.joins {
        *found.entry(format!("{:?} {:?}", join.kind, join.bound)).or_default() += 1;
    }
    found.into_iter().flat_map(|(kind, times)| std::iter::repeat_n(kind, times)).collect()
}

pub fn script(pair: &Pair<'_>) -> Option<String> {
    match (&pair.old.body, &pair.new.body) {
        (Body::Query, Body::Query) => None,
        (Body::Script { .. }, Body::Script { .. }) => (!pair.same_query).then(|| "the script changed".to_owned()),
        (Body::Query, Body::Script { .. }) => Some("the query became a script".to_owned()),
        (Body::Script { .. }, Body::Query) => Some("the script became a query".to_owned()),
    }
}
