//! Which cases run: all of them by hand; else a few of each verdict and delivery, by a seed that rotates.

use std::collections::BTreeMap;

use jiff::Timestamp;
use weir::model::definition::Delivery;

use crate::verdicts::case::Case;

/// The sinks that a stream can have.
const BUILT: &[Delivery] = &[Delivery::AtLeastOnce];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    All,
    /// Of each verdict and delivery.
    Each(usize),
}

/// What `WEIR_N_VERDICTS` says: `all`, or a number; 1 by default.
pub fn size() -> Size {
    match std::env::var("WEIR_N_VERDICTS").as_deref() {
        Ok("all") => Size::All,
        Ok(text) => Size::Each(text.parse().expect("WEIR_N_VERDICTS is `all` or a number")),
        Err(_) => Size::Each(1),
    }
}

/// `WEIR_SEED`, or another one every day.
pub fn seed() -> u64 {
    match std::env::var("WEIR_SEED") {
        Ok(text) => text.parse().expect("WEIR_SEED is a number"),
        Err(_) => Timestamp::now().as_second().unsigned_abs() / 86_400,
    }
}

/// What `WEIR_VERDICT` picks by hand: the names of cases and the words of verdicts, with commas between.
pub fn picked() -> Option<Vec<String>> {
    let text = std::env::var("WEIR_VERDICT").ok()?;
    Some(text.split(',').map(str::to_owned).collect())
}

pub fn is_picked(case: &Case, words: &[String]) -> bool {
    words.iter().any(|word| case.name == *word || case.verdict.word() == word)
}

pub fn choose(cases: &[Case], size: Size, seed: u64) -> Vec<(Case, Delivery)> {
    let mut groups: BTreeMap<_, Vec<&Case>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.not_shown.is_none()) {
        for delivery in case.delivery.iter().filter(|delivery| BUILT.contains(delivery)) {
            groups.entry((case.verdict, *delivery)).or_default().push(case);
        }
    }
    let mut chosen = Vec::new();
    for ((_, delivery), group) in groups {
        let count = match size {
            Size::All => group.len(),
            Size::Each(count) => count.min(group.len()),
        };
        // One after the other, so that in as many days as there are cases each has had its turn.
        let from = (seed as usize * count.max(1)) % group.len();
        chosen.extend((0..count).map(|step| (group[(from + step) % group.len()].clone(), delivery)));
    }
    chosen
}
