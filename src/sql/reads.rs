//! Which columns of a source a text reads.

use crate::model::column::Column;
use crate::model::definition::{Format, Source};
use crate::sql::facts::{Facts, Reads};

/// What is read of a table over all statements of a text. `None` where it is no source of any.
pub fn of_table(facts: &[Facts], name: &str) -> Option<Reads> {
    let each = facts.iter().flat_map(|facts| facts.reads(name).into_iter().chain(of_table(&facts.parts, name)));
    each.reduce(Reads::with)
}

/// Whether every column of a source counts, read or not, and its place: where a record's fields are found by their place
/// (csv), or one that is missing fails the job.
pub fn all_count(source: &Source) -> bool {
    match source.format {
        Format::Json => source.connector.get("json.fail-on-missing-field").is_some_and(|value| value == "true"),
        Format::Csv | Format::Raw => true,
    }
}

/// The columns that a job with this text declares of `source`. What it does not read stays away, and the order is that
/// of the names: an engine's plan would change with either. One column at least.
pub fn declared(facts: &[Facts], source: &Source) -> Vec<Column> {
    let read = columns(facts, source);
    let some = match of_table(facts, source.name.as_str()) {
        Some(Reads::Columns(_)) => !all_count(source),
        Some(Reads::All) | None => false,
    };
    if !some {
        return source.columns.clone();
    }
    let mut declared: Vec<Column> = read.into_iter().cloned().collect();
    let key = source.columns.iter().filter(|column| source.key().contains(&column.name));
    declared.extend(key.cloned());
    if declared.is_empty() {
        declared.extend(source.columns.iter().min_by(|a, b| a.name.cmp(&b.name)).cloned());
    }
    declared.sort_by(|a, b| a.name.cmp(&b.name));
    declared.dedup_by(|a, b| a.name == b.name);
    declared
}

/// The columns of `source` that a job with this text depends on, in declared order: those read, and that of the event
/// time. Where a record's fields are found by their place (csv), or one that is missing fails the job, all of them.
pub fn columns<'a>(facts: &[Facts], source: &'a Source) -> Vec<&'a Column> {
    match of_table(facts, source.name.as_str()) {
        Some(Reads::Columns(read)) if !all_count(source) => {
            let time = source.time.as_ref().map(|time| &time.column);
            let counts = |column: &&Column| read.contains(&column.name) || time == Some(&column.name);
            source.columns.iter().filter(counts).collect()
        }
        Some(Reads::Columns(_) | Reads::All) | None => source.columns.iter().collect(),
    }
}
