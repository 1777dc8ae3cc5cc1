//! What a query says of its sources, held against what they are.

use crate::load::query::at;
use crate::model::definition::Source;
use crate::model::desired::SqlPlace;
use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::few::Few;
use crate::model::name::Name;
use crate::sql::Dialect;
use crate::sql::facts::{Bound, Facts, Field, Reads, State, Window};
use crate::sql::find;

pub fn problems(
    text: &str,
    place: &SqlPlace,
    statement: &Facts,
    sources: &Few<Name, Source>,
    dialect: Dialect,
) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = match dialect {
        Dialect::Flink => statement.windows.iter().filter_map(|window| time_less(place, window, sources)).collect(),
        // Its records have a time of their own.
        Dialect::Ksqldb => Vec::new(),
    };
    found.extend(sources.values().flat_map(|source| by_case(text, place, statement, source, dialect)));
    found
}

/// A window over rows of a source that has no event time. Of anything but a source itself the engine knows better: a
/// column of a query may be PROCTIME().
fn time_less(place: &SqlPlace, window: &Window, sources: &Few<Name, Source>) -> Option<Diagnostic> {
    let (of, column) = (window.of.as_ref()?, window.time.as_ref()?);
    let source = sources.get(&Name::parse(&of.name).ok()?).filter(|source| source.time.is_none())?;
    let message = format!("the window is over `{column}`, but `{}` has no event time", source.name);
    let help = match source.output_of {
        None => format!("declare it in the source: `[time]` with `column = \"{column}\"`"),
        Some(_) => "declare a source with `[time]` over its topic, under another name".to_owned(),
    };
    Some(at(place, "no_event_time", window.place.span(), message).with_help(help))
}

/// Columns that the source has in other letters only. They may be of something else in the query, so this only warns.
fn by_case(text: &str, place: &SqlPlace, statement: &Facts, source: &Source, dialect: Dialect) -> Vec<Diagnostic> {
    let Some(Reads::Columns(read)) = statement.reads(source.name.as_str()) else { return Vec::new() };
    let has = |name: &str| source.columns.iter().any(|column| column.name == name);
    let named_here = |name: &str| statement.columns.iter().any(|field| *field == Field::Named(name.to_owned()));
    let meant = |name: &String| {
        let same = source.columns.iter().find(|column| column.name.to_lowercase() == name.to_lowercase());
        same.map(|column| column.name.clone())
    };
    let other = read.iter().filter(|name| !has(name));
    let pairs = other.filter_map(|name| meant(name).map(|meant| (name, meant)));
    pairs
        // `AMOUNT AS amount … ORDER BY amount` is that of the output.
        .filter(|(name, meant)| !(named_here(name) && read.contains(meant)))
        .map(|(name, meant)| {
            let span = find::name(text, dialect, name).unwrap_or(statement.place.span());
            let message = format!("`{}` has no column `{name}`, only `{meant}`: case counts", source.name);
            let told = at(place, "column_case", span, message).with_help(format!("write `{meant}`"));
            Diagnostic { severity: Severity::Warning, ..told }
        })
        .collect()
}

/// A query whose rows take the place of earlier ones needs a key, by which they do. Only what is sure is told here; the
/// engine's check tells the rest.
pub fn updates_have_a_key(place: &SqlPlace, statement: &Facts, key: &[String], dialect: Dialect) -> Option<Diagnostic> {
    let sure = statement.updates && dialect == Dialect::Flink && key.is_empty();
    sure.then(|| {
        let message = "the query updates rows that it gave before, so the output needs a key";
        at(place, "changelog_needs_key", statement.place.span(), message)
            .with_help("name the columns that identify a row in `output.key`; the topic is then an upsert log")
    })
}

const TIME_TO_LIVE: &str = "table.exec.state.ttl";

/// State that nothing ends grows as long as the job runs. Whoever means it says so, with a time to live of `0 s`.
pub fn state_has_a_limit(
    place: &SqlPlace,
    statement: &Facts,
    options: &Few<String, String>,
    dialect: Dialect,
) -> Option<Diagnostic> {
    let limited =
        options.contains_key(TIME_TO_LIVE) || statement.hints.iter().any(|hint| hint.text.contains("STATE_TTL"));
    if limited || dialect != Dialect::Flink {
        return None;
    }
    let join = statement.joins.iter().find(|join| join.bound == Bound::None);
    let aggregates = [State::Aggregate, State::Distinct].iter().any(|state| statement.stateful.contains(state));
    let (span, what) = match join {
        Some(join) => (join.place.span(), "the join keeps every row of both sides"),
        None if aggregates && statement.windows.is_empty() => {
            (statement.place.span(), "the aggregate keeps a value for every key")
        }
        None => return None,
    };
    let told = at(place, "unlimited_state", span, format!("{what} for as long as the job runs"));
    let help = format!(
        "say in `[options]` how long an idle one is kept, `\"{TIME_TO_LIVE}\" = \"7 d\"`, or `\"0 s\"` for ever"
    );
    Some(Diagnostic { severity: Severity::Warning, ..told.with_help(help) })
}
