//! Plans that are kept in a file, and whether they are still right: the present is planned anew, and what would be done
//! now must be what was saved. What is only told beside it (reasons, notes, readers) may have changed.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::model::check::CheckId;
use crate::model::check::CheckKey;
use crate::model::definition::Stream;
use crate::model::digest::Digest;
use crate::model::ledger::Recorded;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::model::observed::EngineView;
use crate::model::plan::Change;
use crate::model::plan::Plan;
use crate::model::saved::Inputs;
use crate::model::saved::SavedPlan;
use crate::model::saved::SeenJob;
use crate::model::saved::SeenTopic;

use super::join;
use super::join::Subject;
use super::moved;
use super::narrow::narrow;
use super::world::TopicFact;
use super::world::World;

/// A plan made of this world, ready to be written.
pub fn save(world: &World<'_>, plan: &Plan) -> SavedPlan {
    SavedPlan::of(world.ledger.id, plan.clone(), inputs(world, &names(plan)))
}

/// What keeps a saved plan from being applied, one line for each stream; nothing: it is what would be planned now.
/// `whole` is the plan of the same world.
pub fn stale(saved: &SavedPlan, world: &World<'_>, whole: &Plan) -> Vec<String> {
    let project = &world.desired.project;
    if saved.plan.project != *project {
        return vec![format!("it is a plan of project `{}`, not of `{project}`", saved.plan.project)];
    }
    if saved.ledger != world.ledger.id {
        return vec![format!("it was planned from ledger {}, this is ledger {}", saved.ledger, world.ledger.id)];
    }
    let names = names(&saved.plan);
    let fresh = narrow(whole, world.desired, world.ledger, &names);
    let now = inputs(world, &names);
    let mut told = Vec::new();
    for change in &saved.plan.changes {
        let planned = fresh.changes.iter().find(|planned| planned.stream == change.stream);
        if planned.is_some_and(|planned| does_the_same(change, planned)) {
            continue;
        }
        let mut words = match (saved.inputs.get(&change.stream), now.get(&change.stream)) {
            (Some(then), Some(now)) => moved::words(then, now),
            (None, _) | (_, None) => Vec::new(),
        };
        let blocked = fresh.blocked.iter().find(|blocked| blocked.stream == change.stream);
        words.push(match (planned, blocked) {
            (Some(planned), _) => format!("now {} is planned: {}", planned.action.word(), planned.reason),
            (None, Some(blocked)) => format!("now {} is blocked: {}", blocked.action.word(), blocked.reason),
            (None, None) => "now there is nothing to do".to_owned(),
        });
        told.push(format!("{}: {}", change.stream, words.join("; ")));
    }
    told
}

/// All that is done and what it asks for. Whoever left to go reads the reason; it holds counts that move.
fn does_the_same(saved: &Change, planned: &Change) -> bool {
    let Change { stream, engine, action, reason: _, verdict, diff, steps, downstream: _, guard } = saved;
    (stream, engine, action) == (&planned.stream, &planned.engine, &planned.action)
        && (verdict, diff) == (&planned.verdict, &planned.diff)
        && (steps, guard) == (&planned.steps, &planned.guard)
}

fn names(plan: &Plan) -> BTreeSet<Name> {
    plan.changes.iter().map(|change| change.stream.clone()).collect()
}

fn inputs(world: &World<'_>, names: &BTreeSet<Name>) -> BTreeMap<Name, Inputs> {
    let subjects = join::subjects(world).into_iter().filter(|subject| names.contains(&subject.name));
    subjects.map(|subject| (subject.name.clone(), of(world, &subject))).collect()
}

fn of(world: &World<'_>, subject: &Subject<'_>) -> Inputs {
    let engine = subject.want.map_or(subject.engine(), |want| &want.stream.engine);
    let version = match world.observed.engines.get(engine) {
        Some(EngineView::Known(cluster)) => Some(cluster.version.clone()),
        Some(EngineView::Unknown { .. }) | None => None,
    };
    let check = subject.want.zip(version.clone()).and_then(|(want, version)| {
        let id = CheckId { engine: engine.clone(), version, key: CheckKey::of(&want.revision, &want.stream.sources) };
        world.ledger.checks.get(&id).or_else(|| world.observed.checks.get(&id)).map(hash)
    });
    let seen = subject.jobs.iter().map(|owned| SeenJob {
        engine: owned.engine.clone(),
        generation: owned.generation,
        id: owned.job.id.clone(),
        state: owned.job.state,
    });
    Inputs {
        definition: subject.want.map(|want| hash(&(&want.stream, &want.policy, &want.revision, &want.path))),
        generation: subject.row.map(|row| row.generation),
        recorded: subject.row.map(|row| hash(&Recorded { generation: 0, ..row.clone() })),
        jobs: seen.collect(),
        engine: engine.clone(),
        engine_version: version,
        check,
        topics: topics(world, subject),
    }
}

fn topics(world: &World<'_>, subject: &Subject<'_>) -> BTreeMap<TopicName, SeenTopic> {
    let wanted = subject.want.map(|want| &want.stream);
    let recorded = subject.row.map(|row| &row.stream);
    let streams = wanted.into_iter().chain(recorded);
    streams.flat_map(used).map(|topic| (topic.clone(), seen(world, topic))).collect()
}

fn used(stream: &Stream) -> impl Iterator<Item = &TopicName> {
    stream.sources.values().map(|source| &source.topic).chain(stream.writes())
}

fn seen(world: &World<'_>, topic: &TopicName) -> SeenTopic {
    match world.topic(topic) {
        TopicFact::There(found) => SeenTopic::There {
            partitions: found.partitions(),
            replication: found.replication,
            config: found.config.clone(),
        },
        TopicFact::Absent => SeenTopic::Absent,
        TopicFact::Unknown(_) => SeenTopic::Unknown,
    }
}

fn hash(noun: &impl Serialize) -> String {
    let text = serde_json::to_string(noun).expect("a noun is plain data: all its maps have strings as keys");
    Digest::new().field("input").field(text).hex()
}
