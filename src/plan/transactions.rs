//! Exactly-once outputs whose transactions may time out before they are committed: rows that a job counts as written
//! would then be lost.

use std::time::Duration;

use jiff::SignedDuration;

use crate::model::definition::Delivery;
use crate::model::desired::Desired;
use crate::model::desired::DesiredStream;
use crate::model::diagnostic::Diagnostic;
use crate::model::options::CHECKPOINT_INTERVAL;
use crate::model::options::DEFAULT_CHECKPOINT_INTERVAL;

/// The longest stop to be expected while a transaction is open: for so long a failing job is tried again.
const LONGEST_STOP: Duration = Duration::from_secs(5 * 60);

/// A transaction is opened with one checkpoint, closed with the next and committed once that is done: two intervals,
/// and whatever time the job is down.
pub fn warnings(desired: &Desired, timeout: Duration) -> impl Iterator<Item = Diagnostic> {
    desired.streams.values().filter_map(move |want| warning(want, timeout))
}

fn warning(want: &DesiredStream, timeout: Duration) -> Option<Diagnostic> {
    match want.stream.output.delivery {
        Delivery::AtLeastOnce => return None,
        Delivery::ExactlyOnce => {}
    }
    let written = want.stream.options.get(CHECKPOINT_INTERVAL).map_or(DEFAULT_CHECKPOINT_INTERVAL, String::as_str);
    // A text that is no length of time is the engine's to refuse.
    let interval = length(written)?;
    let needed = interval.saturating_mul(2).saturating_add(LONGEST_STOP);
    (timeout < needed).then(|| {
        let text = format!(
            "stream `{}`: a transaction of its output times out after {}, but with checkpoints every {written} and a stop \
             of {} it may stay open for {}: its rows would be lost",
            want.stream.name,
            told(timeout),
            told(LONGEST_STOP),
            told(needed)
        );
        Diagnostic::warning("transaction_timeout", &want.path, None, text)
            .with_help("raise `kafka.transaction_timeout` in weir.toml, within what the brokers allow, or take checkpoints more often")
    })
}

/// Words of a length of time, as `15m` or `6m 20s`.
fn told(length: Duration) -> String {
    let (minutes, seconds, millis) = (length.as_secs() / 60, length.as_secs() % 60, length.subsec_millis());
    let parts = [(minutes, "m"), (seconds, "s"), (u64::from(millis), "ms")];
    let parts: Vec<String> =
        parts.iter().filter(|(number, _)| *number > 0).map(|(number, unit)| format!("{number}{unit}")).collect();
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

/// As Flink reads it: a number and a unit, which is milliseconds where none is given, or the ISO form `PT10S`.
///
/// Source: Flink's `TimeUtils`.
fn length(text: &str) -> Option<Duration> {
    let text = text.trim();
    if text.starts_with(['P', 'p']) {
        return Duration::try_from(text.parse::<SignedDuration>().ok()?).ok();
    }
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..end].parse().ok()?;
    let nanos: u64 = match text[end..].trim().to_ascii_lowercase().as_str() {
        "d" | "day" | "days" => 86_400_000_000_000,
        "h" | "hour" | "hours" => 3_600_000_000_000,
        "m" | "min" | "minute" | "minutes" => 60_000_000_000,
        "s" | "sec" | "secs" | "second" | "seconds" => 1_000_000_000,
        "" | "ms" | "milli" | "millis" | "millisecond" | "milliseconds" => 1_000_000,
        "µs" | "micro" | "micros" | "microsecond" | "microseconds" => 1_000,
        "ns" | "nano" | "nanos" | "nanosecond" | "nanoseconds" => 1,
        _ => return None,
    };
    number.checked_mul(nanos).map(Duration::from_nanos)
}

#[cfg(test)]
mod tests;
