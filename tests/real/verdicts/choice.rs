//! Which cases run: all of them by hand; else a few of each verdict and delivery, by a seed that rotates.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::Timestamp;
use weir::model::definition::Delivery;

use crate::verdicts::case::Case;

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

/// What `WEIR_VERDICT` picks by hand: names of cases, verdicts and deliveries, with commas between.
pub fn picked() -> Option<Vec<String>> {
    let text = std::env::var("WEIR_VERDICT").ok()?;
    Some(text.split(',').map(str::to_owned).collect())
}

/// Those whose name, verdict or delivery is among the words; one of each kind that is named at all.
pub fn pick(cases: Vec<Case>, words: &[String]) -> Vec<(Case, Delivery)> {
    let names = |delivery: &Delivery| serde_json::to_value(delivery).ok().and_then(|it| Some(it.as_str()?.to_owned()));
    let is_delivery = |word: &String| {
        [Delivery::AtLeastOnce, Delivery::ExactlyOnce].iter().any(|it| names(it).as_ref() == Some(word))
    };
    let (sinks, rest): (Vec<&String>, Vec<&String>) = words.iter().partition(|word| is_delivery(word));
    let of_case =
        |case: &Case| rest.is_empty() || rest.iter().any(|word| case.name == **word || case.verdict.word() == *word);
    let picked: Vec<Case> = cases.into_iter().filter(of_case).collect();
    let mut chosen = choose(&picked, Size::All, 0);
    chosen.retain(|(_, delivery)| sinks.is_empty() || sinks.iter().any(|sink| names(delivery).as_ref() == Some(sink)));
    chosen
}

pub fn choose(cases: &[Case], size: Size, seed: u64) -> Vec<(Case, Delivery)> {
    let mut groups: BTreeMap<_, Vec<&Case>> = BTreeMap::new();
    for case in cases.iter().filter(|case| case.not_shown.is_none()) {
        for delivery in &case.delivery {
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

#[test]
fn each_case_has_its_turn_and_each_verdict_every_time() {
    let cases = crate::verdicts::case::all();
    let all = choose(&cases, Size::All, 0).len();
    let kinds = |chosen: &[(Case, Delivery)]| {
        let kinds: BTreeSet<_> = chosen.iter().map(|(case, delivery)| (case.verdict, *delivery)).collect();
        kinds.len()
    };
    let mut seen = BTreeSet::new();
    for seed in 0..all as u64 {
        let chosen = choose(&cases, Size::Each(1), seed);
        assert_eq!((chosen.len(), kinds(&chosen)), (12, 12), "six verdicts and two deliveries");
        seen.extend(chosen.into_iter().map(|(case, delivery)| (case.name, delivery)));
    }
    assert_eq!(seen.len(), all);
}
