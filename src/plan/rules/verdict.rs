//! From the rows that apply to the verdict.

use std::collections::BTreeSet;

use crate::model::definition::Allow;
use crate::model::definition::Policy;
use crate::model::definition::Stream;
use crate::model::plan::Bearing;
use crate::model::plan::Verdict;

use super::Effect;
use super::Effects;
use super::Pair;
use super::RULES;
use super::Rule;

/// What may be done beyond what loses nothing.
#[derive(Debug, Clone, Copy)]
pub struct Leave<'a> {
    pub allow: &'a BTreeSet<Allow>,
    /// As recorded: it must have been taken back before.
    pub protect: bool,
}

impl Leave<'_> {
    pub fn of<'a>(policy: &'a Policy, recorded: &Policy) -> Leave<'a> {
        Leave { allow: &policy.allow, protect: recorded.protect }
    }
}

/// What all rows together say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judgement {
    pub verdict: Verdict,
    pub effects: Effects,
    /// Only what bears out the verdict, so that a person sees what to take back.
    pub words: String,
    /// Of a refused change: what to do.
    pub way_out: Option<String>,
}

impl Judgement {
    fn of_the_same() -> Judgement {
        Judgement { verdict: Verdict::Unchanged, effects: Effects::new(), words: String::new(), way_out: None }
    }

    /// The words, and of a change that is refused what to do.
    pub fn reason(&self) -> String {
        match &self.way_out {
            Some(way_out) => format!("{}: {way_out}", self.words),
            None => self.words.clone(),
        }
    }

    pub fn asks_for(&self, effect: Effect) -> bool {
        self.effects.contains(&effect)
    }

    /// Whether another job must follow.
    pub fn asks_for_a_job(&self) -> bool {
        self.asks_for(Effect::Job) || self.asks_for(Effect::ReadPlaces)
    }
}

/// `versions`: of the engine that the state is of, and of the one that takes it up.
pub fn judge(old: &Stream, new: &Stream, versions: (&str, &str), leave: Leave<'_>) -> Judgement {
    if old == new && versions.0 == versions.1 {
        // No row says anything of two that are one.
        return Judgement::of_the_same();
    }
    let pair = Pair::new(old, new, versions);
    let found: Vec<(&Rule, String)> =
        RULES.iter().filter_map(|rule| (rule.differs)(&pair).map(|words| (rule, words))).collect();
    let bearing = found.iter().map(|(rule, _)| rule.bearing).max().unwrap_or(Bearing::Same);
    let worst = || found.iter().filter(|(rule, _)| rule.bearing == bearing);
    let words: Vec<&str> = worst().map(|(_, words)| words.as_str()).collect();
    let (verdict, way_out) = match bearing {
        Bearing::Same => (Verdict::Unchanged, None),
        Bearing::Keeps => (Verdict::KeepsState, None),
        Bearing::Places if pair.is_stateless() => (Verdict::CarriesOffsets, None),
        Bearing::Places | Bearing::Nothing => lossy(&pair, bearing, leave),
        Bearing::Never => (Verdict::Refused, worst().next().map(|(rule, _)| rule.why.to_owned())),
    };
    let effects = found.iter().map(|(rule, _)| rule.effect).collect();
    Judgement { verdict, effects, words: words.join("; "), way_out }
}

/// What differs, in words, whatever comes of it.
pub fn words(old: &Stream, new: &Stream) -> String {
    let leave = Leave { allow: &BTreeSet::new(), protect: false };
    judge(old, new, ("", ""), leave).words
}

/// What is lost only with leave.
fn lossy(pair: &Pair<'_>, bearing: Bearing, leave: Leave<'_>) -> (Verdict, Option<String>) {
    let may = |what: Allow| leave.allow.contains(&what) && !leave.protect;
    let drops = bearing == Bearing::Places && pair.has_places();
    // An upsert log that is read into again comes to be right; an append log would get its rows twice.
    let converges = !pair.new.output.key.is_empty();
    match (may(Allow::Replays), drops && may(Allow::DropsState)) {
        (true, true) if converges => (Verdict::Replays, None),
        (_, true) => (Verdict::DropsState, None),
        (true, false) => (Verdict::Replays, None),
        (false, false) if leave.protect => {
            (Verdict::Refused, Some("what it keeps would be lost, and the stream is protected".to_owned()))
        }
        (false, false) => (Verdict::Refused, Some(ask_for(drops, converges))),
    }
}

fn ask_for(drops: bool, converges: bool) -> String {
    let again = match converges {
        true => "`allow = [\"replays\"]` in `[deploy]` reads old input again, until the upsert log is right",
        false => "`allow = [\"replays\"]` in `[deploy]` reads old input again, and writes its rows a second time",
    };
    match drops {
        true => format!(
            "what it keeps would be lost; `allow = [\"drops_state\"]` in `[deploy]` goes on from the same places with \
             empty state, {again}"
        ),
        false => format!("what it keeps would be lost; {again}"),
    }
}
