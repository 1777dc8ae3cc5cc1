//! What is seen in a text, in few lines.

use std::fmt::Write;

use weir::model::limits::SqlLimits;
use weir::sql::Dialect;
use weir::sql::SqlError;
use weir::sql::facts;
use weir::sql::facts::{Facts, Field, Object, Place, Reads, Source};
use weir::sql::rules;
use weir::sql::rules::{Finding, Purpose};

use crate::corpus::Case;

fn read(dialect: Dialect, case: &Case) -> Result<(Vec<Facts>, Vec<Finding>), Vec<SqlError>> {
    let purpose = match case.purpose.as_str() {
        "script" => Purpose::Script,
        "stream" => Purpose::Stream,
        "ad hoc" => Purpose::AdHoc,
        other => panic!("no such purpose: {other}"),
    };
    let set = ["table.exec.state.ttl", "auto.offset.reset", "table.exec.mini-batch.*"];
    let limits = SqlLimits { set: set.iter().map(|key| (*key).to_owned()).collect(), ..SqlLimits::default() };
    let facts = facts::read(&case.text, dialect)?;
    let findings = rules::check(&case.text, &facts, dialect, purpose, &limits);
    Ok((facts, findings))
}

pub fn is_refused(dialect: Dialect, case: &Case) -> bool {
    read(dialect, case).map_or(true, |(_, findings)| findings.iter().any(Finding::is_error))
}

pub fn is_parsed(dialect: Dialect, case: &Case) -> bool {
    fn all(facts: &[Facts]) -> bool {
        facts.iter().all(|facts| facts.parsed && all(&facts.parts))
    }
    read(dialect, case).is_ok_and(|(facts, _)| all(&facts))
}

/// An accepted text is shown by its facts and warnings, a refused one by its errors.
pub fn seen(dialect: Dialect, case: &Case) -> String {
    let mut out = String::new();
    match read(dialect, case) {
        Err(errors) => {
            for error in errors {
                let place = weir::sql::place::line_column(&case.text, error.span.start);
                writeln!(out, "{} {}:{} {}", error.code, place.line, place.column, error.message).expect("a string");
            }
        }
        Ok((facts, findings)) => {
            let errors = findings.iter().any(Finding::is_error);
            if !errors {
                facts.iter().for_each(|facts| statement(&mut out, facts, 0));
            }
            for finding in findings.iter().filter(|finding| finding.is_error() || !errors) {
                let place = weir::sql::place::line_column(&case.text, finding.span.start);
                let kind = if finding.is_error() { "" } else { "warning " };
                writeln!(out, "{kind}{} {}:{} {}", finding.code, place.line, place.column, finding.message)
                    .expect("a string");
            }
        }
    }
    out.trim_end().to_owned()
}

fn at(place: &Place) -> String {
    format!("@{}:{}", place.line, place.column)
}

fn statement(out: &mut String, facts: &Facts, depth: usize) {
    let mut lines = vec![head(facts)];
    lines.extend(facts.sources.iter().map(source));
    for join in &facts.joins {
        lines.push(format!("  join {:?} {:?} {}", join.kind, join.bound, at(&join.place)));
    }
    for window in &facts.windows {
        let size = window.size.as_deref().map_or(String::new(), |size| format!(" size {size}"));
        let step = window.step.as_deref().map_or(String::new(), |step| format!(" step {step}"));
        lines.push(format!("  window {:?}{size}{step} {}", window.kind, at(&window.place)));
    }
    let clauses = [
        facts.filtered.then(|| "where".to_owned()),
        facts.ordered.then(|| "order by".to_owned()),
        facts.limit.as_ref().map(|limit| format!("limit {}", limit.count)),
        facts.emit.map(|emit| format!("emit {emit:?}")),
        facts.partition_by.as_ref().map(|by| format!("partition by {by}")),
    ];
    let clauses: Vec<String> = clauses.into_iter().flatten().collect();
    if !clauses.is_empty() {
        lines.push(format!("  {}", clauses.join(", ")));
    }
    if !facts.stateful.is_empty() {
        let states: Vec<String> = facts.stateful.iter().map(|state| format!("{state:?}")).collect();
        lines.push(format!("  keeps {}", states.join(" ")));
    }
    lines.extend(facts.hints.iter().map(|hint| format!("  hint {} {}", hint.text, at(&hint.place))));
    lines.extend(facts.with.iter().map(|(key, value)| format!("  with {key} = {value}")));
    lines.extend(facts.jars.iter().map(|jar| format!("  jar {jar}")));
    if !facts.columns.is_empty() {
        let names = facts.columns.iter().map(|field| match field {
            Field::Named(name) => name.as_str(),
            Field::Unnamed => "?",
            Field::Star => "*",
        });
        lines.push(format!("  columns {}", names.collect::<Vec<_>>().join(", ")));
    }
    for line in lines {
        writeln!(out, "{}{line}", "    ".repeat(depth)).expect("a string can be written");
    }
    facts.parts.iter().for_each(|part| statement(out, part, depth + 1));
}

fn head(facts: &Facts) -> String {
    let object = facts.object.as_deref().map_or(String::new(), |object| format!(" {object}"));
    let named = |object: &Object| format!("{} {}", object.name, at(&object.place));
    let name = facts.name.as_ref().map_or(String::new(), |name| format!(" {}", named(name)));
    let sink = facts.sink.as_ref().map_or(String::new(), |sink| format!(" into {}", named(sink)));
    format!("{:?}{object}{name}{sink}", facts.kind)
}

fn source(source: &Source) -> String {
    let alias = source.alias.as_deref().map_or(String::new(), |alias| format!(" as {alias}"));
    let reads = match &source.reads {
        Reads::All => "*".to_owned(),
        Reads::Columns(columns) => columns.iter().cloned().collect::<Vec<_>>().join(" "),
    };
    format!("  reads {}{alias} {}: {reads}", source.name, at(&source.place))
}
