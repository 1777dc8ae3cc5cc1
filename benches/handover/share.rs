//! Whose time it is, between the stop of one job and the submission of the next.

use std::fmt;
use std::time::{Duration, SystemTime};

use hyper::Method;

use crate::support::proxy::Exchange;

/// What is counted as what; for those who read the figures.
pub const LEGEND: &str = "  Flink's: inside requests to the gateway and the JobManager; pauses after which the answer is again `not yet`; and
  `read_offsets`, which waits for rows and commits of the helper job
  ours: all else, which is the pause before the look that finds a thing done, all of it; steps in Kafka; the ledger and
  what is computed; the way of each request to the server and back";

/// A step of the journal.
pub struct Step {
    pub kind: String,
    pub begun: SystemTime,
    pub settled: SystemTime,
}

type Span = (SystemTime, SystemTime);

/// Of one hand-over.
#[derive(Debug, Clone, Copy)]
pub struct Share {
    /// When the stop was asked for.
    pub stopped: SystemTime,
    /// When the new job was submitted.
    pub submitted: SystemTime,
    /// From the stop to the first row.
    pub first_row: Duration,
    /// All from the stop to the submission.
    whole: Duration,
    flink: Duration,
    /// Of that, waiting for the helper job.
    reading: Duration,
    pauses: Duration,
    kafka: Duration,
    requests: usize,
}

impl Share {
    pub fn of(mut exchanges: Vec<Exchange>, steps: Vec<Step>) -> Share {
        exchanges.sort_by_key(|exchange| exchange.begun);
        let stop = exchanges.iter().find(|exchange| is_stop(exchange)).expect("the old job was stopped");
        let insert = exchanges.iter().rfind(|exchange| is_insert(exchange)).expect("the new job was submitted");
        let (stopped, submitted) = (stop.begun, insert.begun);
        let within = |span: &Span| (span.0.max(stopped), span.1.min(submitted).max(span.0.max(stopped)));
        let of_kind = |kinds: &[&str]| -> Vec<Span> {
            let found = steps.iter().filter(|step| kinds.contains(&step.kind.as_str()));
            found.map(|step| within(&(step.begun, step.settled))).collect()
        };
        let reading = of_kind(&["read_offsets"]);
        let asked: Vec<&Exchange> = exchanges.iter().filter(|it| it.begun >= stopped && it.begun < submitted).collect();
        let (waited, last_pauses) = pauses(&asked);
        let mut flink: Vec<Span> = asked.iter().map(|exchange| (exchange.begun, exchange.ended)).collect();
        flink.extend(waited.iter().chain(&reading));
        Share {
            stopped,
            submitted,
            first_row: Duration::ZERO,
            whole: length(&(stopped, submitted)),
            reading: reading.iter().map(length).sum(),
            flink: covered(flink.iter().map(within).collect()),
            pauses: last_pauses
                .iter()
                .filter(|pause| !reading.iter().any(|span| lies_in(pause, span)))
                .map(length)
                .sum(),
            kafka: of_kind(&["forget_groups", "open_control", "close_control"]).iter().map(length).sum(),
            requests: asked.len(),
        }
    }

    pub fn ours(&self) -> Duration {
        self.whole.saturating_sub(self.flink)
    }

    /// The one in the middle.
    pub fn median(mut all: Vec<Share>) -> Share {
        all.sort_by_key(Share::ours);
        all[all.len() / 2]
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = |time: Duration| format!("{:.3}", time.as_secs_f64());
        let rest = self.ours().saturating_sub(self.pauses + self.kafka);
        write!(
            f,
            "stop to first row {}, to submission {} (read_offsets {}); ours {} (pauses {}, Kafka {}, ledger and all else {}); {} requests",
            seconds(self.first_row),
            seconds(self.whole),
            seconds(self.reading),
            seconds(self.ours()),
            seconds(self.pauses),
            seconds(self.kafka),
            seconds(rest),
            self.requests
        )
    }
}

/// Between two looks at the same thing: those after which it was not done either, and those before it was found done.
fn pauses(asked: &[&Exchange]) -> (Vec<Span>, Vec<Span>) {
    let (mut waited, mut last) = (Vec::new(), Vec::new());
    let mut awaited = None;
    for (at, exchange) in asked.iter().enumerate() {
        awaited = ended_job(exchange).or(awaited);
        if !is_not_yet(exchange, awaited) {
            continue;
        }
        let again = asked[at + 1..].iter().find(|next| question(next) == question(exchange));
        let Some(again) = again else { continue };
        let pause = (exchange.ended, again.begun);
        match is_not_yet(again, awaited) {
            true => waited.push(pause),
            false => last.push(pause),
        }
    }
    (waited, last)
}

fn is_stop(exchange: &Exchange) -> bool {
    exchange.seen.method == Method::POST && exchange.seen.path.ends_with("/stop")
}

fn is_insert(exchange: &Exchange) -> bool {
    exchange.seen.method == Method::POST && exchange.seen.body.contains(r#""statement":"INSERT INTO"#)
}

/// The job whose end is asked for.
fn ended_job(exchange: &Exchange) -> Option<&str> {
    let cancelled = exchange.seen.method == Method::PATCH;
    let path = exchange.seen.path.split('?').next().filter(|_| cancelled || is_stop(exchange))?;
    path.strip_prefix("/jobs/")?.split('/').next()
}

/// The same for each look at the same thing. A page of a result that has no rows is followed by the next one.
fn question(exchange: &Exchange) -> &str {
    let path = exchange.seen.path.split('?').next().unwrap_or_default();
    path.split_once("/result/").map_or(path, |(operation, _)| operation)
}

fn is_not_yet(exchange: &Exchange, awaited: Option<&str>) -> bool {
    let reply: serde_json::Value = serde_json::from_str(&exchange.reply).unwrap_or_default();
    match question(exchange) {
        "/jobs/overview" => {
            let mut jobs = reply["jobs"].as_array().into_iter().flatten();
            let job = jobs.find(|job| job["jid"].as_str() == awaited);
            job.is_some_and(|job| !["FINISHED", "CANCELED", "FAILED"].iter().any(|over| job["state"] == *over))
        }
        path if path.contains("/savepoints/") => reply["status"]["id"] == "IN_PROGRESS",
        path if path.contains("/operations/") => {
            let nothing = reply["results"]["data"].as_array().is_none_or(Vec::is_empty) && reply["jobID"].is_null();
            reply["resultType"] == "NOT_READY" || (reply["resultType"] == "PAYLOAD" && nothing)
        }
        _ => false,
    }
}

fn length(span: &Span) -> Duration {
    span.1.duration_since(span.0).unwrap_or_default()
}

fn lies_in(inner: &Span, outer: &Span) -> bool {
    inner.0 >= outer.0 && inner.1 <= outer.1
}

/// What the spans cover together.
fn covered(mut spans: Vec<Span>) -> Duration {
    spans.sort();
    let mut end = SystemTime::UNIX_EPOCH;
    let mut covered = Duration::ZERO;
    for span in spans {
        covered += length(&(span.0.max(end), span.1));
        end = end.max(span.1);
    }
    covered
}
