//! Lengths of time and moments as they are written.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::load::document::Document;
use crate::model::definition::Start;
use crate::model::diagnostic::Diagnostic;

/// Longest length of time that a file may name: all engines count it in 64-bit milliseconds.
const LONGEST: Duration = Duration::from_secs(10 * 366 * 24 * 3600);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Least {
    Zero,
    AboveZero,
}

/// The length of time at `path`, or `default` where there is none.
pub fn duration(document: &Document, path: &[&str], least: Least, found: &mut Vec<Diagnostic>) -> Option<Duration> {
    let text = &document.text(path)?.text;
    let parsed = text.parse::<SignedDuration>().ok().and_then(|length| Duration::try_from(length).ok());
    let parsed = parsed.filter(|length| *length <= LONGEST && !(least == Least::AboveZero && length.is_zero()));
    if parsed.is_none() {
        let what = match least {
            Least::Zero => "a length of time",
            Least::AboveZero => "a length of time above zero",
        };
        let wrong = document.error("bad_duration", path, format!("`{text}` is not {what}"));
        found.push(wrong.with_help("write it as `500ms`, `5s`, `10m`, `1h 30m` or `2d`"));
    }
    parsed
}

/// `deploy.start`.
pub fn start(document: &Document, found: &mut Vec<Diagnostic>) -> Start {
    let path = ["deploy", "start"];
    let Some(text) = document.text(&path) else { return Start::Earliest };
    match (text.text.as_str(), text.text.parse::<Timestamp>()) {
        ("earliest", _) => Start::Earliest,
        ("latest", _) => Start::Latest,
        (_, Ok(moment)) if moment.as_millisecond() >= 0 => Start::Timestamp(moment.as_millisecond()),
        (other, _) => {
            let wrong = document.error("bad_start", &path, format!("`{other}` is no place to start from"));
            found.push(wrong.with_help("`earliest`, `latest`, or a moment with its zone as `2025-01-01T00:00:00Z`"));
            Start::Earliest
        }
    }
}
