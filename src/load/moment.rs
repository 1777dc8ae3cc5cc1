//! Lengths of time and moments as they are written.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::load::report::Report;
use crate::model::definition::Start;

/// Longest length of time that a file may name: all engines count it in 64-bit milliseconds.
const LONGEST: Duration = Duration::from_secs(10 * 366 * 24 * 3600);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Least {
    Zero,
    AboveZero,
}

/// `5s`, `1h 30m` …: never negative, never longer than [`LONGEST`].
pub fn parse(text: &str) -> Option<Duration> {
    let length = Duration::try_from(text.parse::<SignedDuration>().ok()?).ok()?;
    (length <= LONGEST).then_some(length)
}

/// The length of time that `text`, the value at `path`, names.
pub fn duration(report: &mut Report<'_>, path: &[&str], text: &str, least: Least) -> Option<Duration> {
    let parsed = parse(text).filter(|length| !(least == Least::AboveZero && length.is_zero()));
    if parsed.is_none() {
        let what = match least {
            Least::Zero => "a length of time",
            Least::AboveZero => "a length of time above zero",
        };
        let wrong = report.document.error("bad_duration", path, format!("`{text}` is not {what}"));
        report.push(wrong.with_help("write it as `500ms`, `5s`, `10m`, `1h 30m` or `48h`"));
    }
    parsed
}

/// `deploy.start`.
pub fn start(report: &mut Report<'_>, text: Option<&str>) -> Start {
    let path = ["deploy", "start"];
    let text = text.unwrap_or("earliest");
    match (text, text.parse::<Timestamp>()) {
        ("earliest", _) => Start::Earliest,
        ("latest", _) => Start::Latest,
        (_, Ok(moment)) if moment.as_millisecond() >= 0 => Start::Timestamp(moment.as_millisecond()),
        (other, _) => {
            let wrong = report.document.error("bad_start", &path, format!("`{other}` is no place to start from"));
            report.push(wrong.with_help("`earliest`, `latest`, or a moment with its zone as `2025-01-01T00:00:00Z`"));
            Start::Earliest
        }
    }
}

#[cfg(test)]
mod tests;
