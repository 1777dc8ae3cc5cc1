//! Rows about engine options and settings of the topic.

use std::collections::BTreeSet;

use crate::model::config::EngineKind;
use crate::model::few::Few;
use crate::model::options;
use crate::model::plan::Bearing;

use super::Pair;

const TIME_TO_LIVE: &str = "table.exec.state.ttl";

/// The options that differ and whose row in the table of options bears so.
pub fn of(pair: &Pair<'_>, bearing: Bearing) -> Option<String> {
    let words: Vec<String> = changed_keys(&pair.old.options, &pair.new.options)
        .filter(|key| *key != TIME_TO_LIVE || time_to_live(pair).is_none())
        .filter_map(|key| {
            // An option that no row names came in by `allow_options`.
            let rule = options::rule(EngineKind::Flink, key);
            let (found, why) = rule
                .map_or((Bearing::Places, "what it does to state is not known"), |rule| (rule.bearing, rule.reason));
            let change = from_to(pair.old.options.get(key), pair.new.options.get(key));
            (found == bearing).then(|| format!("option `{key}` {change}: {why}"))
        })
        .collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// From none to some and back; another value is another matter.
pub fn time_to_live(pair: &Pair<'_>) -> Option<String> {
    let (old, new) = (pair.old.options.get(TIME_TO_LIVE), pair.new.options.get(TIME_TO_LIVE));
    // `0`, with or without a unit, is none.
    let is_on = |value: Option<&String>| value.is_some_and(|value| value.chars().any(|c| ('1'..='9').contains(&c)));
    (is_on(old) != is_on(new)).then(|| format!("option `{TIME_TO_LIVE}` {}", from_to(old, new)))
}

pub fn topic_settings(pair: &Pair<'_>) -> String {
    let (old, new) = (&pair.old.output.config, &pair.new.output.config);
    let words: Vec<String> =
        changed_keys(old, new).map(|key| format!("`{key}` {}", from_to(old.get(key), new.get(key)))).collect();
    format!("settings of topic `{}`: {}", pair.new.output.topic, words.join(", "))
}

type Settings = Few<String, String>;

fn changed_keys<'a>(old: &'a Settings, new: &'a Settings) -> impl Iterator<Item = &'a String> {
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter().filter(|key| old.get(*key) != new.get(*key))
}

fn from_to(old: Option<&String>, new: Option<&String>) -> String {
    match (old, new) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (Some(old), None) => format!("{old} → the default"),
        (None, Some(new)) => format!("the default → {new}"),
        (None, None) => "unchanged".into(),
    }
}
