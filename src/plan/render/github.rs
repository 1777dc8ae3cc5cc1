//! Annotations of a GitHub workflow: lines that its runner reads from standard output and shows beside the files.
//! Escapes as `@actions/core` writes them (`command.ts`, `escapeData` and `escapeProperty`).

use std::fmt;

use crate::model::diagnostic::Diagnostic;
use crate::model::diagnostic::Severity;
use crate::model::name::Name;
use crate::model::plan::Because;
use crate::model::plan::Plan;
use crate::sql::place::LineColumn;

use super::words;

/// A file, as seen from the root of the repository, and the part of it that is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    pub file: String,
    /// From the first character up to the one behind the last.
    pub region: Option<(LineColumn, LineColumn)>,
}

/// Where things stand that a plan knows by name.
pub trait Places {
    fn of(&self, found: &Diagnostic) -> Place;
    /// `None`: it has no file.
    fn of_stream(&self, stream: &Name) -> Option<Place>;
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Error,
    Warning,
    Notice,
}

/// One line. Ends without a line break.
pub struct Annotation<'a> {
    pub level: Level,
    pub place: Option<Place>,
    pub title: &'a str,
    pub text: &'a str,
}

impl fmt::Display for Annotation<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.level {
            Level::Error => "::error ",
            Level::Warning => "::warning ",
            Level::Notice => "::notice ",
        })?;
        if let Some(place) = &self.place {
            write!(f, "file={},", property(&place.file))?;
            if let Some((start, end)) = place.region {
                write!(f, "line={},endLine={},", start.line, end.line)?;
                // Columns over several lines are refused by the runner.
                if start.line == end.line {
                    write!(f, "col={},endColumn={},", start.column, end.column)?;
                }
            }
        }
        write!(f, "title={}::{}", property(self.title), data(self.text))
    }
}

/// Errors for what is wrong or refused, warnings for what waits, notices for what would be done.
pub fn github(plan: &Plan, places: &dyn Places) -> String {
    let mut out = diagnostics(&plan.diagnostics, places);
    for blocked in &plan.blocked {
        let level = match blocked.because {
            Because::Refused | Because::Invalid => Level::Error,
            Because::Unknown | Because::Needs | Because::Unconfirmed | Because::Waiting => Level::Warning,
        };
        let title = format!("{}: {} blocked", blocked.stream, blocked.action.word());
        let text = format!("{}{}", blocked.reason, words::verdict(blocked.verdict));
        let place = places.of_stream(&blocked.stream);
        out.push_str(&format!("{}\n", Annotation { level, place, title: &title, text: &text }));
    }
    for change in &plan.changes {
        let level = if words::loses(change.verdict) { Level::Warning } else { Level::Notice };
        let title = format!("{}: {}", change.stream, change.action.word());
        let text = format!("{}{}", change.reason, words::verdict(change.verdict));
        let place = places.of_stream(&change.stream);
        out.push_str(&format!("{}\n", Annotation { level, place, title: &title, text: &text }));
    }
    out
}

pub fn diagnostics(found: &[Diagnostic], places: &dyn Places) -> String {
    found.iter().fold(String::new(), |mut out, found| {
        let level = match found.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
        };
        let text = match &found.help {
            Some(help) => format!("{}\nhelp: {help}", found.message),
            None => found.message.clone(),
        };
        let place = Some(places.of(found));
        out.push_str(&format!("{}\n", Annotation { level, place, title: &found.code, text: &text }));
        out
    })
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests;
