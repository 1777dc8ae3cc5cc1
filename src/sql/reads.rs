//! Which columns of a source a text reads.

use crate::model::column::Column;
use crate::model::definition::{Format, Source};
use crate::sql::facts::{Facts, Reads};

/// What is read of a table over all statements of a text. `None` where it is no source of any.
pub fn of_table(facts: &[Facts], name: &str) -> Option<Reads> {
    let each = facts.iter().flat_map(|facts| facts.reads(name).into_iter().chain(of_table(&facts.parts, name)));
    each.reduce(Reads::with)
}

/// The columns of `source` that a job with this text depends on, in declared order: those read, and that of the event
/// time. Where a record's fields are found by their place (csv), or one that is missing fails the job, all of them.
pub fn columns<'a>(facts: &[Facts], source: &'a Source) -> Vec<&'a Column> {
    let by_place = match source.format {
        Format::Json => source.connector.get("json.fail-on-missing-field").is_some_and(|value| value == "true"),
        Format::Csv | Format::Raw => true,
    };
    match of_table(facts, source.name.as_str()) {
        Some(Reads::Columns(read)) if !by_place => {
            let time = source.time.as_ref().map(|time| &time.column);
            let counts = |column: &&Column| read.contains(&column.name) || time == Some(&column.name);
            source.columns.iter().filter(counts).collect()
        }
        Some(Reads::Columns(_) | Reads::All) | None => source.columns.iter().collect(),
    }
}
