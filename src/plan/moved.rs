//! Which input of a saved change is not as it was, in words.

use std::collections::BTreeMap;

use crate::model::job::JobState;
use crate::model::name::TopicName;
use crate::model::saved::Inputs;
use crate::model::saved::SeenJob;
use crate::model::saved::SeenTopic;

use super::render::state;

/// One phrase for each input that moved.
pub fn words(then: &Inputs, now: &Inputs) -> Vec<String> {
    let mut words = Vec::new();
    words.extend(definition(then, now));
    words.extend(generation(then, now));
    jobs(&then.jobs, &now.jobs, &mut words);
    words.extend(engine(then, now));
    topics(&then.topics, &now.topics, &mut words);
    words
}

fn definition(then: &Inputs, now: &Inputs) -> Option<String> {
    match (&then.definition, &now.definition) {
        (Some(then), Some(now)) if then == now => None,
        (Some(_), Some(_)) => Some("its definition changed".to_owned()),
        (Some(_), None) => Some("its definition is gone".to_owned()),
        (None, Some(_)) => Some("its definition is back".to_owned()),
        (None, None) => None,
    }
}

fn generation(then: &Inputs, now: &Inputs) -> Option<String> {
    let shown = |generation: Option<u32>| generation.map_or("none".to_owned(), |generation| generation.to_string());
    if then.generation != now.generation {
        let (then, now) = (shown(then.generation), shown(now.generation));
        return Some(format!("the ledger's generation moved from {then} to {now}"));
    }
    (then.recorded != now.recorded).then(|| "what the ledger records of it changed".to_owned())
}

fn jobs(then: &[SeenJob], now: &[SeenJob], words: &mut Vec<String>) {
    for job in then {
        let found = now.iter().find(|found| found.id == job.id && found.engine == job.engine);
        match found.map(|found| found.state) {
            Some(same) if same == job.state => {}
            Some(ended) if job.state.is_live() && !ended.is_live() => {
                words.push(format!("its job {} ended: it {}", job.id, end(ended)));
            }
            Some(other) => words.push(format!("its job {} is {}, not {}", job.id, state(other), state(job.state))),
            None if job.state.is_live() => words.push(format!("its job {} is not listed any more", job.id)),
            None => {}
        }
    }
    let appeared = now.iter().filter(|job| job.state.is_live() && then.iter().all(|other| other.id != job.id));
    words.extend(appeared.map(|job| format!("job {} of generation {} appeared", job.id, job.generation)));
}

fn end(state: JobState) -> &'static str {
    match state {
        JobState::Failed => "failed",
        JobState::Finished => "finished",
        JobState::Cancelled => "was cancelled",
        JobState::Starting | JobState::Running | JobState::Restarting | JobState::Ending => "is live",
    }
}

fn engine(then: &Inputs, now: &Inputs) -> Option<String> {
    if then.engine != now.engine {
        return Some(format!("its engine is `{}`, not `{}`", now.engine, then.engine));
    }
    match (&then.engine_version, &now.engine_version) {
        (Some(then), Some(later)) if then != later => {
            return Some(format!("engine `{}` is of version {later}, not {then}", now.engine));
        }
        (Some(_), None) => return Some(format!("engine `{}` does not answer", now.engine)),
        (None, Some(_)) => return Some(format!("engine `{}` answers again", now.engine)),
        (Some(_), Some(_)) | (None, None) => {}
    }
    let checked = then.definition == now.definition && then.check != now.check;
    checked.then(|| format!("what engine `{}` says of the query changed", now.engine))
}

fn topics(then: &BTreeMap<TopicName, SeenTopic>, now: &BTreeMap<TopicName, SeenTopic>, words: &mut Vec<String>) {
    for (topic, seen) in then {
        match (seen, now.get(topic)) {
            (_, None) => {}
            (seen, Some(found)) if seen == found => {}
            (_, Some(SeenTopic::Unknown)) => words.push("Kafka does not answer".to_owned()),
            (_, Some(SeenTopic::Absent)) => words.push(format!("topic `{topic}` is gone")),
            (SeenTopic::Absent, Some(SeenTopic::There { .. })) => words.push(format!("topic `{topic}` was made")),
            (SeenTopic::There { .. } | SeenTopic::Unknown, Some(SeenTopic::There { .. })) => {
                words.push(format!("topic `{topic}` changed"));
            }
        }
    }
    words.dedup();
}
