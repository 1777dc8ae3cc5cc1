//! What a stream reads of others: what those write when the plan is done.
//!
//! Streams are decided upstream before readers. A stream that this plan deploys writes what its new job will; any other
//! goes on writing what its newest job writes, whatever its file asks for. So where a change is not done, its readers
//! are judged against what is there.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::graph::Graph;
use crate::model::column::Column;
use crate::model::definition::DesiredRun;
use crate::model::definition::Output;
use crate::model::definition::Source;
use crate::model::desired::DesiredStream;
use crate::model::inputs::Written;
use crate::model::inputs::fill;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::model::plan::Because;
use crate::model::step::Deploy;
use crate::model::step::Step;
use crate::model::step::StepKind;

use super::decision::Obstacle;
use super::decision::Outcome;
use super::join::Subject;
use super::world::TopicFact;
use super::world::World;

/// What was decided of the streams before.
pub struct Earlier<'g> {
    /// Only of streams that are read anything is kept.
    graph: Option<&'g Graph<'g>>,
    streams: BTreeMap<Name, Fate>,
    /// Topics that are not there, with who would write them and whether it will.
    topics: BTreeMap<TopicName, Coming>,
}

/// What a stream will write, or why nobody knows.
struct Fate {
    /// A job goes on that its definition would change.
    goes_on: bool,
    output: Output,
    columns: Result<Vec<Column>, (Because, String)>,
}

/// A topic that is not there.
pub enum Coming {
    /// It is made before any reader begins.
    Made,
    /// Why its writer does not make it.
    Not(String),
}

impl<'g> Earlier<'g> {
    /// Nothing was decided.
    pub const NONE: &'static Earlier<'static> =
        &Earlier { graph: None, streams: BTreeMap::new(), topics: BTreeMap::new() };

    pub fn new(graph: &'g Graph<'g>) -> Earlier<'g> {
        Earlier { graph: Some(graph), streams: BTreeMap::new(), topics: BTreeMap::new() }
    }

    pub fn coming(&self, topic: &TopicName) -> Option<&Coming> {
        self.topics.get(topic)
    }

    /// Takes in what was decided of a stream; `unread`: why its inputs are not known.
    pub fn add(
        &mut self,
        world: &World<'_>,
        subject: &Subject<'_>,
        outcome: &Outcome,
        unread: Option<(Because, String)>,
    ) {
        let Some(want) = subject.want.filter(|_| self.graph.is_some_and(|graph| graph.is_read(&subject.name))) else {
            return;
        };
        let output = &want.stream.output;
        let absent = |topic: &&TopicName| matches!(world.topic(topic), TopicFact::Absent);
        if let Some(topic) = want.stream.output_topic().filter(absent) {
            self.topics.insert(topic.clone(), coming(subject, outcome));
        }
        let fate = match (deployed(outcome), subject.row.and_then(|row| row.writes())) {
            (Some(deploy), _) => {
                Fate { goes_on: false, output: deploy.stream.output.clone(), columns: Ok(deploy.columns.clone()) }
            }
            (None, Some(written)) => {
                let columns = Ok(written.columns.to_vec());
                let goes_on = outcome.blocked.is_some() || outcome.change.is_some();
                Fate { goes_on, output: written.output.clone(), columns }
            }
            (None, None) => Fate {
                goes_on: false,
                output: output.clone(),
                columns: unread.map_or_else(|| never_ran(world, subject, want, outcome), Err),
            },
        };
        self.streams.insert(subject.name.clone(), fate);
    }

    /// Whether a stream writes what it wrote, though its file may ask for something else.
    pub fn goes_on(&self, stream: &Name) -> bool {
        self.streams.get(stream).is_some_and(|fate| fate.goes_on)
    }

    fn writer_of(&self, source: &Source) -> Option<(&Name, &Fate)> {
        self.streams.get_key_value(&source.output_of.as_ref()?.stream)
    }

    /// What stands in the topic of an input, if another stream writes it.
    fn written(&self, source: &Source) -> Result<Option<Written<'_>>, Obstacle> {
        let Some((stream, fate)) = self.writer_of(source) else { return Ok(None) };
        match (&fate.columns, source.stream()) {
            (Ok(columns), _) => Ok(Some(Written { stream, output: &fate.output, columns })),
            (Err((because, why)), Some(_)) => Err(Obstacle::new(*because, why.as_str())),
            // It has columns of its own.
            (Err(_), None) => Ok(None),
        }
    }
}

fn coming(subject: &Subject<'_>, outcome: &Outcome) -> Coming {
    let makes = |step: &Step| step.act.kind() == StepKind::CreateTopic;
    match (&outcome.change, &outcome.blocked) {
        (Some(draft), _) if draft.steps.iter().any(makes) => Coming::Made,
        (_, Some(block)) => {
            Coming::Not(format!("stream `{}`, which would make it, is blocked: {}", subject.name, block.reason))
        }
        (_, None) => Coming::Not(format!("stream `{}`, which would make it, does not run", subject.name)),
    }
}

/// The columns of a stream that has no output and gets none by this plan.
fn never_ran(
    world: &World<'_>,
    subject: &Subject<'_>,
    want: &DesiredStream,
    outcome: &Outcome,
) -> Result<Vec<Column>, (Because, String)> {
    if let Some(block) = &outcome.blocked {
        return Err((block.because, format!("its upstream `{}` is blocked: {}", subject.name, block.reason)));
    }
    let said = world.cluster(&want.stream.engine).and_then(|cluster| world.check(want, cluster));
    let unsaid =
        |obstacle: Obstacle| (obstacle.because, format!("of its upstream `{}`: {}", subject.name, obstacle.reason));
    said.map(|accepted| accepted.columns.clone()).map_err(unsaid)
}

/// The job that an outcome submits.
pub fn deployed(outcome: &Outcome) -> Option<&Deploy> {
    let steps = outcome.change.iter().flat_map(|draft| &draft.steps);
    steps.filter_map(|step| step.act.deploys()).next()
}

/// The definition with its inputs as they will be. A stream that is only to be stopped needs nobody's word: its inputs
/// are those of its job.
pub fn resolve<'a>(
    earlier: &Earlier<'_>,
    subject: &Subject<'_>,
    want: &'a DesiredStream,
) -> Result<Cow<'a, DesiredStream>, Obstacle> {
    let filled = fill(want, |source| earlier.written(source));
    match filled {
        Err(obstacle) if want.stream.run == DesiredRun::Stopped => as_it_runs(subject, want).ok_or(obstacle),
        Ok(_) | Err(_) => filled,
    }
}

fn as_it_runs<'a>(subject: &Subject<'_>, want: &'a DesiredStream) -> Option<Cow<'a, DesiredStream>> {
    let read = &subject.deployment()?.stream.sources;
    let mut filled = want.clone();
    for (name, source) in filled.stream.sources.iter_mut() {
        if source.stream().is_some() {
            *source = read.get(name)?.clone();
        }
    }
    Some(Cow::Owned(filled))
}
