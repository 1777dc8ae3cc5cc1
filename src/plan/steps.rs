//! Steps with their full payload: the executor sees nothing else.

use std::collections::BTreeMap;

use crate::model::check::Accepted;
use crate::model::check::Changelog;
use crate::model::check::CheckKey;
use crate::model::check::PlanSource;
use crate::model::column::Column;
use crate::model::definition::Output;
use crate::model::definition::Stream;
use crate::model::desired::DesiredStream;
use crate::model::desired::Texts;
use crate::model::job::Generation;
use crate::model::job::Job;
use crate::model::job::JobKey;
use crate::model::ledger::Deployment;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::model::observed::Cluster;
use crate::model::offsets;
use crate::model::offsets::HelperAct;
use crate::model::offsets::OffsetsAct;
use crate::model::offsets::Scan;
use crate::model::step::Act;
use crate::model::step::Deploy;
use crate::model::step::EngineAct;
use crate::model::step::LedgerAct;
use crate::model::step::Record;
use crate::model::step::Restore;
use crate::model::step::Step;
use crate::model::step::StepKey;
use crate::model::step::TopicAct;

use super::join::OwnedHelper;
use super::join::OwnedJob;
use super::join::Subject;
use super::topic;
use super::world::World;

pub fn record(world: &World<'_>, subject: &Subject<'_>, want: &DesiredStream) -> Step {
    let record = Record {
        path: want.path.clone(),
        origin: world.desired.origin.clone(),
        stream: want.stream.clone(),
        policy: want.policy.clone(),
        revision: want.revision.clone(),
        renamed_from: None,
    };
    of_row(world, subject, Act::Ledger(LedgerAct::Record(Box::new(record))))
}

/// The row of an old name becomes the stream's, as it is. Its id is made of the old name: what the file says may be
/// recorded by a later step of the same change.
pub fn rename(world: &World<'_>, subject: &Subject<'_>, row: &Recorded, from: &Name) -> Step {
    let record = Record {
        path: row.path.clone(),
        origin: row.origin.clone(),
        stream: Stream { name: subject.name.clone(), ..row.stream.clone() },
        policy: row.policy.clone(),
        revision: row.revision.clone(),
        renamed_from: Some(from.clone()),
    };
    let act = Act::Ledger(LedgerAct::Record(Box::new(record)));
    let attempt = row.failures.get(&act.kind()).copied().unwrap_or(0);
    keyed(world, (from, row.generation), attempt, act)
}

pub fn close(world: &World<'_>, subject: &Subject<'_>, state: RowState) -> Step {
    of_row(world, subject, Act::Ledger(LedgerAct::Close { state }))
}

pub fn create_topic(world: &World<'_>, subject: &Subject<'_>, output: &Output) -> Step {
    let act = TopicAct::Create {
        topic: output.topic.clone(),
        partitions: output.partitions,
        replication: output.replication,
        config: topic::settings(output),
    };
    of_row(world, subject, Act::Topic(act))
}

pub fn alter_topic(
    world: &World<'_>,
    subject: &Subject<'_>,
    topic: &TopicName,
    config: BTreeMap<String, Option<String>>,
) -> Step {
    of_row(world, subject, Act::Topic(TopicAct::Alter { topic: topic.clone(), config }))
}

pub fn grow_topic(world: &World<'_>, subject: &Subject<'_>, topic: &TopicName, partitions: u32) -> Step {
    of_row(world, subject, Act::Topic(TopicAct::Grow { topic: topic.clone(), partitions }))
}

pub fn delete_topic(world: &World<'_>, subject: &Subject<'_>, topic: &TopicName) -> Step {
    of_row(world, subject, Act::Topic(TopicAct::Delete { topic: topic.clone() }))
}

/// The job that a deployment is about ends with a savepoint, which is filed under the name that the job carries: two
/// names may have jobs of one generation.
pub fn stop(world: &World<'_>, subject: &Subject<'_>, deployment: &Deployment) -> Step {
    let act = EngineAct::Stop {
        job_id: deployment.job_id.clone(),
        folder: format!("{}/{}/{}", world.desired.project, deployment.stream.name, deployment.generation),
    };
    let act = Act::Engine(deployment.stream.engine.clone(), act);
    on_job(world, subject, (&deployment.stream.name, deployment.generation), act)
}

/// The wait until a job runs that nobody has seen run.
pub fn verify(world: &World<'_>, subject: &Subject<'_>, deployment: &Deployment) -> Step {
    let act = EngineAct::Verify { job_id: deployment.job_id.clone() };
    let act = Act::Engine(deployment.stream.engine.clone(), act);
    on_job(world, subject, (&deployment.stream.name, deployment.generation), act)
}

/// A job that does not run ends; its newest checkpoint stays, and is found.
pub fn give_up(world: &World<'_>, subject: &Subject<'_>, deployment: &Deployment) -> Step {
    let act = EngineAct::GiveUp { job_id: deployment.job_id.clone() };
    let act = Act::Engine(deployment.stream.engine.clone(), act);
    on_job(world, subject, (&deployment.stream.name, deployment.generation), act)
}

/// A job that is not the stream's any more ends.
pub fn cancel(world: &World<'_>, subject: &Subject<'_>, owned: OwnedJob<'_>) -> Step {
    let act = EngineAct::Cancel { job_id: owned.job.id.clone() };
    let act = Act::Engine(owned.engine.clone(), act);
    on_job(world, subject, (&carried(subject, owned.job), owned.generation), act)
}

/// A new job, and the wait until it runs.
pub fn deploy(
    world: &World<'_>,
    subject: &Subject<'_>,
    want: &DesiredStream,
    answer: (&Cluster, &Accepted),
    restore: Restore,
) -> [Step; 2] {
    let (cluster, accepted) = answer;
    let known = Known {
        columns: &accepted.columns,
        changelog: accepted.changelog,
        sources: &accepted.sources,
        texts: Some(&want.texts),
    };
    submit(world, subject, want, (cluster, known), restore)
}

/// The job of an earlier deployment, as the engine accepted it then.
pub fn deploy_again(
    world: &World<'_>,
    subject: &Subject<'_>,
    old: &DesiredStream,
    answer: (&Cluster, &Deployment),
    restore: Restore,
) -> [Step; 2] {
    let (cluster, deployment) = answer;
    let changelog = if old.stream.output.key.is_empty() { Changelog::InsertOnly } else { Changelog::Updating };
    let known = Known { columns: &deployment.columns, changelog, sources: &deployment.sources, texts: None };
    submit(world, subject, old, (cluster, known), restore)
}

/// What the engine said of a query.
struct Known<'a> {
    columns: &'a [Column],
    changelog: Changelog,
    sources: &'a [PlanSource],
    /// Of the files that it was read from, where they are as they were.
    texts: Option<&'a Texts>,
}

fn submit(
    world: &World<'_>,
    subject: &Subject<'_>,
    want: &DesiredStream,
    answer: (&Cluster, Known<'_>),
    restore: Restore,
) -> [Step; 2] {
    let (cluster, known) = answer;
    let project = &world.desired.project;
    let generation = next_generation(subject, want, &known, &restore);
    let key = JobKey::run(project, &subject.name, generation);
    let job_id = key.id(world.ledger.id);
    let deploy = Deploy {
        generation,
        job_id: job_id.clone(),
        job_name: key.name(),
        group: group(world, subject),
        stream: want.stream.clone(),
        revision: want.revision.clone(),
        check: CheckKey::of(&want.revision, &want.stream.sources),
        engine_version: cluster.version.clone(),
        columns: known.columns.to_vec(),
        changelog: known.changelog,
        sources: known.sources.to_vec(),
        restore,
        texts: known.texts.cloned(),
    };
    let engine = &want.stream.engine;
    [
        step(world, subject, generation, Act::Engine(engine.clone(), EngineAct::Deploy(Box::new(deploy)))),
        step(world, subject, generation, Act::Engine(engine.clone(), EngineAct::Verify { job_id })),
    ]
}

/// One more than the highest given away. Only a submission that never arrived is sent again under its own number,
/// and only if it is the same: should it arrive late, the engine sees one job twice and refuses the second.
fn next_generation(subject: &Subject<'_>, want: &DesiredStream, known: &Known<'_>, restore: &Restore) -> Generation {
    let Some(row) = subject.row else { return 1 };
    match &row.abandoned {
        Some(lost)
            if lost.generation == row.generation
                && lost.stream == want.stream
                && lost.columns == known.columns
                && lost.restore == *restore =>
        {
            lost.generation
        }
        Some(_) | None => subject.generation() + 1,
    }
}

/// The consumer groups of a new job's sources forget what was committed: whatever it is, it is not where the old job
/// stopped.
pub fn forget_groups(world: &World<'_>, subject: &Subject<'_>, stream: &Stream) -> Step {
    let groups = offsets::groups(&group(world, subject), stream).into_values().collect();
    of_row(world, subject, Act::Topic(TopicAct::Offsets(OffsetsAct::ForgetGroups { groups })))
}

/// A helper that nobody waits for any more ends.
pub fn cancel_helper(world: &World<'_>, subject: &Subject<'_>, helper: &OwnedHelper<'_>) -> Step {
    let act = EngineAct::Helper(HelperAct::Cancel { job_id: helper.job.id.clone() });
    let act = Act::Engine(helper.engine.clone(), act);
    keyed(world, (&carried(subject, helper.job), helper.generation), helper.attempt, act)
}

/// What an `open_control` made goes.
pub fn close_control(world: &World<'_>, subject: &Subject<'_>, control: &TopicName, scans: &[Scan]) -> Step {
    let groups = scans.iter().map(|scan| scan.group.clone()).collect();
    let act = OffsetsAct::CloseControl { control: control.clone(), groups };
    of_row(world, subject, Act::Topic(TopicAct::Offsets(act)))
}

/// `weir.<project>.<stream>`, stable over generations.
fn group(world: &World<'_>, subject: &Subject<'_>) -> String {
    format!("weir.{}.{}", world.desired.project, subject.name)
}

/// A step whose attempts are counted by whoever asks for it.
pub fn tried(world: &World<'_>, subject: &Subject<'_>, generation: Generation, attempt: u32, act: Act) -> Step {
    keyed(world, (&subject.name, generation), attempt, act)
}

fn keyed(world: &World<'_>, (stream, generation): (&Name, Generation), attempt: u32, act: Act) -> Step {
    let (ledger, project, kind) = (world.ledger.id, &world.desired.project, act.kind());
    let key = StepKey { ledger, project, stream, generation, kind, attempt };
    Step { id: key.id(), act }
}

/// The stream's name that a job of it carries.
fn carried(subject: &Subject<'_>, job: &Job) -> Name {
    JobKey::parse(&job.name).map_or_else(|| subject.name.clone(), |key| key.stream)
}

fn of_row(world: &World<'_>, subject: &Subject<'_>, act: Act) -> Step {
    step(world, subject, subject.generation(), act)
}

fn step(world: &World<'_>, subject: &Subject<'_>, generation: Generation, act: Act) -> Step {
    on_job(world, subject, (&subject.name, generation), act)
}

/// `job`: the name that it carries, and its generation.
fn on_job(world: &World<'_>, subject: &Subject<'_>, job: (&Name, Generation), act: Act) -> Step {
    let kind = act.kind();
    let attempt = match subject.row {
        // Failures are counted for the present generation: a new one begins at zero.
        Some(row) if job.1 <= row.generation => row.failures.get(&kind).copied().unwrap_or(0),
        Some(_) | None => 0,
    };
    keyed(world, job, attempt, act)
}
