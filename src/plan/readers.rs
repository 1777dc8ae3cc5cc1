//! What a change takes from under those who read the stream's output: it waits until they are changed with it.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::model::column::Column;
use crate::model::definition::Source;
use crate::model::inputs::Written;
use crate::model::ledger::Deployment;
use crate::model::ledger::RowState;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::step::Act;
use crate::model::step::EngineAct;
use crate::model::step::TopicAct;
use crate::sql::Dialect;
use crate::sql::facts;
use crate::sql::facts::Facts;
use crate::sql::facts::Reads;
use crate::sql::types;

use super::decision::Block;
use super::decision::Outcome;
use super::inputs::deployed;
use super::join::is_live;
use super::world::World;

/// Streams whose new job must not be submitted, or whose topic must not be deleted, and why.
pub type Held = BTreeMap<Name, String>;

type ByTopic<'a, T> = BTreeMap<&'a TopicName, Vec<T>>;

/// A job that runs, and an input of it.
struct Reader<'a> {
    name: &'a Name,
    deployment: &'a Deployment,
    source: &'a Source,
}

/// Of all that was decided, what would take something from a reader that stays as it is.
pub fn held(world: &World<'_>, decided: &BTreeMap<Name, Outcome>) -> Held {
    let mut held = Held::new();
    let (mut running_readers, mut readers) = (None, None);
    for (name, outcome) in decided {
        let loss = if let Some(topic) = dropped(outcome) {
            let readers = readers.get_or_insert_with(|| recorded(world));
            let mut found = readers.get(topic).into_iter().flatten().filter(|reader| **reader != name);
            let stays = |reader: &&&Name| decided.get(**reader).is_none_or(|outcome| !is_removed(outcome));
            found.find(stays).map(|reader| format!("stream `{reader}` reads it"))
        } else {
            taken(world, name, outcome, decided, || running_readers.get_or_insert_with(|| running(world)))
        };
        held.extend(loss.map(|loss| (name.clone(), loss)));
    }
    held
}

/// What the new job of a stream would not give a reader any more.
fn taken<'r, 'a: 'r>(
    world: &World<'a>,
    name: &Name,
    outcome: &Outcome,
    decided: &BTreeMap<Name, Outcome>,
    readers: impl FnOnce() -> &'r mut ByTopic<'a, Reader<'a>>,
) -> Option<String> {
    let deploy = deployed(outcome)?;
    let old = world.renames.row(world.ledger, name)?.writes()?;
    let new = Written { stream: name, output: &deploy.stream.output, columns: &deploy.columns };
    if old == new {
        return None;
    }
    let mut found = readers().get(&old.output.topic).into_iter().flatten().filter(|reader| reader.name != name);
    found.find_map(|reader| {
        let outcome = decided.get(reader.name);
        let stays = outcome.is_none_or(|outcome| !follows(outcome, reader.deployment));
        let lost = lost(reader, old, new).filter(|_| stays)?;
        Some(format!("{lost}{}", why_not(outcome)))
    })
}

fn dropped(outcome: &Outcome) -> Option<&TopicName> {
    let steps = outcome.change.iter().flat_map(|draft| &draft.steps);
    steps.filter_map(|step| topic_deleted(&step.act)).next()
}

fn topic_deleted(act: &Act) -> Option<&TopicName> {
    match act {
        Act::Topic(TopicAct::Delete { topic }) => Some(topic),
        Act::Topic(TopicAct::Create { .. } | TopicAct::Alter { .. } | TopicAct::Grow { .. } | TopicAct::Offsets(_))
        | Act::Ledger(_)
        | Act::Engine(..) => None,
    }
}

fn is_removed(outcome: &Outcome) -> bool {
    outcome.change.as_ref().is_some_and(|draft| draft.action == Action::Delete)
}

/// The change is told as blocked; what it would do to state is told with it.
pub fn hold(outcome: Outcome, held: Option<&String>) -> Outcome {
    let submits = deployed(&outcome).is_some();
    match (held, outcome.change) {
        (Some(reason), Some(draft)) if submits => {
            let block = Block {
                action: draft.action,
                because: Because::Refused,
                reason: format!("{}; but {reason}", draft.reason),
                verdict: draft.verdict,
                diff: draft.diff,
            };
            Outcome { change: None, blocked: Some(block), ..outcome }
        }
        (Some(_) | None, change) => Outcome { change, ..outcome },
    }
}

/// By topic, the streams whose row reads it.
fn recorded<'a>(world: &World<'a>) -> ByTopic<'a, &'a Name> {
    let mut found: ByTopic<'_, &Name> = BTreeMap::new();
    for (name, row) in world.ledger.streams.iter().filter(|(_, row)| row.state != RowState::Removed) {
        let deployed = row.deployment.as_ref().map(|newest| &newest.stream);
        for source in std::iter::once(&row.stream).chain(deployed).flat_map(|stream| stream.sources.values()) {
            found.entry(&source.topic).or_default().push(world.renames.now(name));
        }
    }
    found
}

/// By topic, the jobs that read it as far as the ledger knows; those that were kept too.
fn running<'a>(world: &World<'a>) -> ByTopic<'a, Reader<'a>> {
    let mut found: ByTopic<'_, Reader<'_>> = BTreeMap::new();
    for (name, row) in world.ledger.streams.iter().filter(|(_, row)| row.state != RowState::Removed) {
        let Some(deployment) = row.deployment.as_ref().filter(|newest| is_live(newest.status)) else { continue };
        for source in deployment.stream.sources.values() {
            let name = world.renames.now(name);
            found.entry(&source.topic).or_default().push(Reader { name, deployment, source });
        }
    }
    found
}

/// Whether the reader's own change gives it another job, or none, in time: what ends goes before what it reads changes.
fn follows(outcome: &Outcome, deployment: &Deployment) -> bool {
    let Some(draft) = &outcome.change else { return false };
    let ends = draft.steps.iter().any(|step| match &step.act {
        Act::Engine(
            _,
            EngineAct::Stop { job_id, .. } | EngineAct::Cancel { job_id } | EngineAct::GiveUp { job_id },
        ) => *job_id == deployment.job_id,
        Act::Engine(_, EngineAct::Deploy(_) | EngineAct::Verify { .. } | EngineAct::Helper(_))
        | Act::Ledger(_)
        | Act::Topic(_) => false,
    });
    match draft.action {
        Action::Delete | Action::Stop => ends,
        Action::Create | Action::Update | Action::Restart | Action::Record | Action::Start => {
            deployed(outcome).is_some()
        }
    }
}

fn why_not(outcome: Option<&Outcome>) -> String {
    match outcome.and_then(|outcome| outcome.blocked.as_ref()) {
        Some(block) => format!(", whose own change is blocked ({})", block.reason),
        None => ", which is not changed with it".to_owned(),
    }
}

/// What the reader's job reads and would not find any more.
fn lost(reader: &Reader<'_>, old: Written<'_>, new: Written<'_>) -> Option<String> {
    let (was, is) = (old.output, new.output);
    let name = reader.name;
    if was.topic != is.topic {
        return Some(format!("topic `{}` would be written no more, and is read by `{name}`", was.topic));
    }
    let shape = [
        ("format", was.format != is.format),
        ("time_encoding", was.time_encoding != is.time_encoding),
        ("key", was.key != is.key),
        ("delivery", was.delivery != is.delivery),
    ];
    if let Some((what, _)) = shape.iter().find(|(_, differs)| *differs) {
        return Some(format!("another `output.{what}` is not what `{name}` reads"));
    }
    let read = columns_read(reader);
    let column = old.columns.iter().filter(|column| read.contains(column.name.as_str())).find_map(|column| {
        let now = new.columns.iter().find(|new| new.name == column.name);
        match now {
            None => Some(format!("column `{}` would be gone", column.name)),
            Some(now) if now.kind.kind != column.kind.kind => {
                Some(format!("column `{}` would be {}, not {}", column.name, kind(now), kind(column)))
            }
            Some(_) => None,
        }
    });
    column.map(|column| format!("{column}, and is read by `{name}`"))
}

/// Without NOT NULL: of an output only its key has it.
fn kind(column: &Column) -> String {
    let mut kind = column.kind.clone();
    kind.nullable = true;
    types::print(&kind)
}

/// Where nobody can say, all that the reader declares count as read.
fn columns_read<'a>(reader: &Reader<'a>) -> BTreeSet<&'a str> {
    let facts = facts::read(&reader.deployment.stream.sql, Dialect::Flink).unwrap_or_default();
    let all = facts.iter().flat_map(|facts| std::iter::once(facts).chain(&facts.parts));
    let mut reads = all.filter_map(|facts: &Facts| facts.reads(reader.source.name.as_str())).peekable();
    let unknown = reads.peek().is_none();
    let reads: Vec<Reads> = reads.collect();
    let is_read = |column: &str| {
        unknown
            || reads.iter().any(|reads| match reads {
                Reads::All => true,
                Reads::Columns(columns) => columns.contains(column),
            })
    };
    let declared = reader.source.columns.iter().map(|column| column.name.as_str());
    declared.filter(|column| is_read(column)).collect()
}
