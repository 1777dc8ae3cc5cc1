//! What was shown, a line for each case.

use std::io::Write;
use std::time::Duration;

use weir::model::definition::Delivery;
use weir::model::plan::Verdict;

use crate::support::stack::Stack;
use crate::verdicts::case::Outcome;
use crate::verdicts::judge::Miss;

/// A line that is seen though the test passes: what is printed otherwise is kept back.
macro_rules! say {
    ($($text:tt)*) => {
        // Nobody may be listening.
        _ = writeln!(std::io::stderr(), $($text)*)
    };
}
pub(super) use say;

/// A case that ran to its end.
#[derive(Debug, Clone)]
pub struct Shown {
    pub case: String,
    pub change: String,
    pub delivery: Delivery,
    pub expected: Verdict,
    /// What the plan said.
    pub said: Verdict,
    pub rows: u64,
    pub miss: Miss,
    pub took: Duration,
}

/// The case's name, and why it did not run to its end.
pub type Failed = (String, Delivery, String);

pub type Told = Result<Shown, Failed>;

impl Shown {
    pub fn is_right(&self) -> bool {
        self.said == self.expected && self.miss == Miss::default()
    }
}

pub fn print(told: &[Told]) {
    let version = Stack::get().flink_version;
    say!("case | change | verdict | Flink | delivery | rows in | missing | doubled | wrong | seconds");
    for one in told {
        match one {
            Ok(shown) => {
                let Shown { case, change, delivery, said, rows, miss, took, .. } = shown;
                let Miss { missing, doubled, wrong } = miss;
                let (verdict, took) = (said.word(), took.as_secs());
                say!(
                    "{case} | {change} | {verdict} | {version} | {delivery:?} | {rows} | {missing} | {doubled} | {wrong} | {took}"
                );
            }
            Err((case, delivery, why)) => say!("{case} | | not shown | {version} | {delivery:?} | {why}"),
        }
    }
}

/// A refused change that was done all the same.
#[derive(Debug, Clone)]
pub struct Forced {
    pub case: String,
    pub expected: Option<Outcome>,
    pub found: Outcome,
    /// The engine's words, or what is wrong with the rows.
    pub told: String,
}

pub fn print_forced(all: &[Result<Forced, Failed>]) {
    say!("refused, and done all the same | what comes of it");
    for one in all {
        match one {
            Ok(Forced { case, found, told, .. }) => {
                let first: String = told.lines().next().unwrap_or_default().chars().take(200).collect();
                say!("{case} | {found:?}: {first}");
            }
            Err((case, _, why)) => say!("{case} | {why}"),
        }
    }
}
