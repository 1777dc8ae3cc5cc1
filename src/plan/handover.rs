//! From the job that runs, or ran, to the one that follows.
//!
//! ```text
//! keeps_state      stop ─ deploy from the savepoint
//! carries_offsets  stop ─ forget_groups ─ deploy from the savepoint, its sources' places only    (same sources)
//! carries_offsets, drops_state
//!                  open_control ─ stop ─ deploy_helper ─ read_offsets ─ cancel_helper ─ forget_groups ─ deploy at them
//!                  ─ close_control
//! replays          stop ─ forget_groups ─ deploy from the beginning
//! ```

use std::collections::BTreeMap;

use crate::model::check::Accepted;
use crate::model::check::PlanSource;
use crate::model::definition::Delivery;
use crate::model::definition::Start;
use crate::model::ledger::Deployment;
use crate::model::ledger::Savepoint;
use crate::model::ledger::SavepointKind;
use crate::model::name::Name;
use crate::model::observed::Cluster;
use crate::model::offsets::Offsets;
use crate::model::offsets::Taken;
use crate::model::plan::Because;
use crate::model::plan::Verdict;
use crate::model::step::Restore;
use crate::model::step::Step;
use crate::model::step::StepKind;

use super::decision::Obstacle;
use super::needs;
use super::reading;
use super::reading::Reading;
use super::recording;
use super::rules;
use super::rules::Effect;
use super::running::Case;
use super::steps;
use super::topic;
use super::world::TopicFact;

/// What the job before leaves behind.
#[derive(Clone, Copy)]
pub enum Left<'a> {
    /// It runs, and is stopped with a savepoint.
    Job,
    /// It does not run, and is given up first: what follows is planned from what it leaves.
    Failing,
    Savepoint(&'a Savepoint),
    /// A job that was to take up the places of this savepoint's sources did not find them.
    Untaken(&'a Savepoint),
}

impl Left<'_> {
    pub fn word(self) -> &'static str {
        match self {
            Left::Job | Left::Failing => "job",
            Left::Savepoint(savepoint) | Left::Untaken(savepoint) => savepoint.kind.word(),
        }
    }
}

enum Way {
    State,
    Direct,
    /// The places were read out already.
    At(Offsets),
    Read,
    Again(Start),
}

/// The steps of the whole change: what is recorded, the new topic, the end of the old job, the new one.
pub fn follow(case: &Case<'_>, left: Left<'_>) -> Result<Vec<Step>, Obstacle> {
    let Case { world, subject, row, want, .. } = *case;
    let answer = answer(case, left)?;
    let mut list = recording::steps(world, subject, row, want)?;
    list.extend(new_topic(case)?);
    let deploy = |restore| steps::deploy(world, subject, want, answer, restore);
    let steps = hand_over(case, left, &answer.1.sources, deploy)?;
    match left {
        Left::Failing => Ok(vec![steps::give_up(world, subject, case.deployment)]),
        Left::Job | Left::Savepoint(_) | Left::Untaken(_) => Ok(list.into_iter().chain(steps).collect()),
    }
}

/// The job of an earlier deployment takes up what is left, as the engine accepted it then. Nothing is recorded: the file
/// says something else.
pub fn again(case: &Case<'_>, left: Left<'_>, earlier: &Deployment) -> Result<Vec<Step>, Obstacle> {
    let Case { world, subject, want, .. } = *case;
    let cluster = world.ready_cluster(&want.stream.engine)?;
    world.broker()?;
    let deploy = |restore| steps::deploy_again(world, subject, want, (cluster, earlier), restore);
    hand_over(case, left, &earlier.sources, deploy)
}

/// The end of the old job and the begin of the new one, whose scans are `sources`.
fn hand_over(
    case: &Case<'_>,
    left: Left<'_>,
    sources: &[PlanSource],
    deploy: impl FnOnce(Restore) -> [Step; 2],
) -> Result<Vec<Step>, Obstacle> {
    let Case { world, subject, deployment, want, .. } = *case;
    let way = way(case, left, sources)?;
    let mut list = Vec::new();
    let (stop, state) = match left {
        Left::Job | Left::Failing => {
            let stop = steps::stop(world, subject, deployment);
            let step = stop.id.clone();
            (Some(stop), Taken::StopOf { step })
        }
        Left::Savepoint(savepoint) | Left::Untaken(savepoint) => {
            (None, Taken::Savepoint { path: savepoint.path.clone() })
        }
    };
    match way {
        Way::State => {
            list.extend(stop);
            list.extend(deploy(strictly(state)));
        }
        Way::Direct => {
            list.extend(stop);
            list.push(steps::forget_groups(world, subject, &want.stream));
            list.extend(deploy(places_of(state)));
        }
        Way::At(offsets) => {
            list.push(steps::forget_groups(world, subject, &want.stream));
            list.extend(deploy(Restore::Offsets(offsets)));
        }
        Way::Again(start) => {
            list.extend(stop);
            list.push(steps::forget_groups(world, subject, &want.stream));
            list.extend(deploy(Restore::Start(start)));
        }
        Way::Read => {
            let Reading { open, helpers, read, gone, close } = reading::steps(case, state)?;
            list.push(open);
            list.extend(stop);
            list.extend(helpers);
            let restore = Restore::OffsetsOf { step: read.id.clone(), renamed: renamed(case) };
            list.push(read);
            list.extend(gone);
            list.push(steps::forget_groups(world, subject, &want.stream));
            list.extend(deploy(restore));
            list.push(close);
        }
    }
    Ok(list)
}

/// What becomes of state, for the change's reason; empty where nothing is lost.
pub fn told(case: &Case<'_>) -> String {
    match case.judged.verdict {
        Verdict::Unchanged | Verdict::KeepsState | Verdict::Refused => String::new(),
        Verdict::CarriesOffsets => "; it keeps no state, its offsets are carried".to_owned(),
        Verdict::DropsState => "; its state is dropped, its offsets are carried".to_owned(),
        Verdict::Replays => {
            let records = |topic: TopicFact<'_>| match topic {
                TopicFact::There(topic) => topic.records(),
                TopicFact::Absent | TopicFact::Unknown(_) => 0,
            };
            let topics = case.want.stream.sources.values().map(|source| &source.topic);
            let again: u64 = topics.map(|topic| records(case.world.topic(topic))).sum();
            let stale = match case.want.stream.output.key.is_empty() {
                true => "",
                false => "; keys that the query gives no more stay in the topic as they were",
            };
            format!("; {again} records are read again{stale}")
        }
    }
}

/// The cluster that takes the new job, and what it said of it.
fn answer<'a>(case: &Case<'a>, left: Left<'_>) -> Result<(&'a Cluster, &'a Accepted), Obstacle> {
    let Case { world, subject, deployment, want, judged, .. } = *case;
    let moves = deployment.stream.output.topic != want.stream.output.topic;
    match left {
        // A stream without a job keeps no place that another could not take. Where it ran before is asked too: a job
        // of it may still be there.
        Left::Savepoint(_) | Left::Untaken(_) => {
            world.ready_cluster(&deployment.stream.engine)?;
            needs::own_topic(world, subject, want)?;
        }
        Left::Job | Left::Failing if moves => needs::own_topic(world, subject, want)?,
        Left::Job | Left::Failing => {}
    }
    let answer = match judged.verdict {
        Verdict::Unchanged | Verdict::KeepsState => needs::to_take_up(world, want, deployment)?,
        Verdict::CarriesOffsets | Verdict::DropsState | Verdict::Replays => needs::to_follow(world, want, deployment)?,
        Verdict::Refused => return Err(case.refusal(judged.reason())),
    };
    match left {
        Left::Job | Left::Failing => needs::room_to_replace(answer.0, &deployment.stream, want)?,
        Left::Savepoint(_) | Left::Untaken(_) => {}
    }
    Ok(answer)
}

fn way(case: &Case<'_>, left: Left<'_>, sources: &[PlanSource]) -> Result<Way, Obstacle> {
    let judged = case.judged;
    let known = || match (left, &case.deployment.ended_at) {
        (Left::Savepoint(_) | Left::Untaken(_), Some(offsets)) => Some(offsets),
        (Left::Savepoint(_) | Left::Untaken(_), None) | (Left::Job | Left::Failing, _) => None,
    };
    let direct = || match left {
        Left::Untaken(_) => false,
        Left::Job | Left::Failing | Left::Savepoint(_) => {
            !judged.asks_for(Effect::ReadPlaces) && same_places(case, sources)
        }
    };
    Ok(match judged.verdict {
        Verdict::Unchanged | Verdict::KeepsState | Verdict::Refused => Way::State,
        Verdict::Replays => Way::Again(beginning(case.want.stream.start)),
        Verdict::CarriesOffsets | Verdict::DropsState => match known() {
            Some(offsets) => Way::At(still_held(case, offsets)?),
            None if judged.verdict == Verdict::CarriesOffsets && direct() => match uncommitted(case, left) {
                // Its sink, too, must find what was left to it.
                true => Way::State,
                false => Way::Direct,
            },
            None if uncommitted(case, left) => return Err(unreadable()),
            None => Way::Read,
        },
    })
}

/// A checkpoint is not the end of its job: transactions that it names may still have to be committed, which only a job
/// with its sink can do.
fn uncommitted(case: &Case<'_>, left: Left<'_>) -> bool {
    let checkpoint = match left {
        Left::Failing => true,
        Left::Savepoint(savepoint) | Left::Untaken(savepoint) => savepoint.kind == SavepointKind::Checkpoint,
        Left::Job => false,
    };
    checkpoint && case.deployment.stream.output.delivery == Delivery::ExactlyOnce
}

fn unreadable() -> Obstacle {
    let text = "its job left no savepoint, and rows that only its sink can commit may belong to its last checkpoint: a \
                query whose sources stand otherwise in the plan cannot follow it. Take the change back, so that the job \
                runs and can be stopped";
    Obstacle::new(Because::Refused, text)
}

/// What was written while nothing ran is read too: a stream that began at `latest` has no place before that.
fn beginning(start: Start) -> Start {
    match start {
        Start::Earliest | Start::Latest => Start::Earliest,
        Start::Timestamp(millis) => Start::Timestamp(millis),
    }
}

/// Whether the new job's sources find the old one's offsets: state is found by place and shape.
fn same_places(case: &Case<'_>, sources: &[PlanSource]) -> bool {
    let renamed = renamed(case);
    let was = |table: &str| {
        let name = Name::parse(table).ok();
        let old = name.as_ref().and_then(|name| renamed.get(name));
        old.map_or(table.to_owned(), |old| old.to_string())
    };
    let old = &case.deployment.sources;
    !old.is_empty()
        && old.len() == sources.len()
        && old.iter().zip(sources).all(|(old, new)| old.table == was(&new.table) && old.outputs == new.outputs)
}

/// Sources under another name than before: new and old.
fn renamed(case: &Case<'_>) -> BTreeMap<Name, Name> {
    rules::renamed(&case.deployment.stream, &case.want.stream)
}

/// The offsets under the new sources' names, if their logs hold them.
fn still_held(case: &Case<'_>, offsets: &Offsets) -> Result<Offsets, Obstacle> {
    for (source, partitions) in &offsets.0 {
        let Some(source) = case.deployment.stream.sources.get(source) else { continue };
        let TopicFact::There(topic) = case.world.topic(&source.topic) else { continue };
        for (partition, offset) in partitions {
            let low = topic.offsets.get(*partition as usize).map_or(0, |(low, _)| *low);
            if *offset < low {
                let text = format!(
                    "it stopped at offset {offset} of topic `{}`, partition {partition}, whose log begins at {low} now: \
                     {} records are lost",
                    source.topic,
                    low - offset
                );
                return Err(Obstacle::new(Because::Refused, text));
            }
        }
    }
    Ok(offsets.clone().renamed(&renamed(case)))
}

pub fn new_topic(case: &Case<'_>) -> Result<Option<Step>, Obstacle> {
    let Case { world, subject, deployment, want, .. } = *case;
    if deployment.stream.output.topic == want.stream.output.topic {
        return Ok(None);
    }
    // Where it is there, its settings are brought to what the file says with all else that is recorded.
    let (made, _) = topic::make(world, subject, want)?;
    Ok(made.filter(|step| step.act.kind() == StepKind::CreateTopic))
}

fn strictly(state: Taken) -> Restore {
    match state {
        Taken::Savepoint { path } => Restore::Savepoint { path },
        Taken::StopOf { step } => Restore::StopOf { step },
    }
}

fn places_of(state: Taken) -> Restore {
    match state {
        Taken::Savepoint { path } => Restore::Direct { path },
        Taken::StopOf { step } => Restore::DirectOf { step },
    }
}
