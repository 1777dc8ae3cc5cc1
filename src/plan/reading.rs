//! The steps that read out where a job stopped.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::model::check::PlanSource;
use crate::model::job::JobKey;
use crate::model::name::Name;
use crate::model::offsets::Chaining;
use crate::model::offsets::Helper;
use crate::model::offsets::HelperAct;
use crate::model::offsets::OffsetsAct;
use crate::model::offsets::OffsetsRead;
use crate::model::offsets::Scan;
use crate::model::offsets::Taken;
use crate::model::offsets::control_topic;
use crate::model::plan::Because;
use crate::model::step::Act;
use crate::model::step::EngineAct;
use crate::model::step::Step;
use crate::model::step::StepKind;
use crate::model::step::TopicAct;

use super::decision::Obstacle;
use super::needs;
use super::running::Case;
use super::steps;

pub struct Reading {
    pub open: Step,
    pub helpers: Vec<Step>,
    pub read: Step,
    pub gone: Vec<Step>,
    pub close: Step,
}

/// `state`: what the job that ended left. The helpers run on its engine; their numbers are counted within the newest
/// generation, so that no id is given twice.
pub fn steps(case: &Case<'_>, state: Taken) -> Result<Reading, Obstacle> {
    let Case { world, subject, row, deployment, .. } = *case;
    let (project, generation) = (&world.desired.project, subject.generation());
    let control = control_topic(project, &subject.name).ok_or_else(|| {
        case.refusal("its name is too long for a control topic: its offsets cannot be read out".to_owned())
    })?;
    let attempt = row.failures.get(&StepKind::DeployHelper).copied().unwrap_or(0);
    let scans = scans(case, attempt)?;
    let kinds: BTreeSet<Chaining> = scans.iter().map(Scan::chaining).collect();
    let keys: Vec<(Chaining, u32, JobKey)> = kinds
        .into_iter()
        .zip(attempt..)
        .map(|(kind, attempt)| (kind, attempt, JobKey::offsets(project, &subject.name, generation, attempt)))
        .collect();
    room(case, keys.len())?;
    let engine = &deployment.stream.engine;
    let on_engine = |attempt: u32, act: HelperAct| {
        let act = Act::Engine(engine.clone(), EngineAct::Helper(act));
        steps::tried(world, subject, generation, attempt, act)
    };
    let helper = |chaining: Chaining, key: &JobKey| Helper {
        job_id: key.id(world.ledger.id),
        job_name: key.name(),
        state: state.clone(),
        chaining,
        scans: scans.clone(),
        control: control.clone(),
        options: deployment.stream.options.clone(),
        log_starts: BTreeMap::new(),
    };
    let on_topic =
        |act: OffsetsAct| steps::tried(world, subject, generation, attempt, Act::Topic(TopicAct::Offsets(act)));
    let read = OffsetsRead {
        generation: deployment.generation,
        helpers: keys.iter().map(|(_, _, key)| key.id(world.ledger.id)).collect(),
        control: control.clone(),
        scans: scans.clone(),
    };
    let helpers = keys.iter();
    let helpers = helpers.map(|(kind, n, key)| on_engine(*n, HelperAct::Deploy(Box::new(helper(*kind, key)))));
    let gone = keys.iter().map(|(_, n, key)| on_engine(*n, HelperAct::Cancel { job_id: key.id(world.ledger.id) }));
    let groups: BTreeSet<String> = scans.iter().map(|scan| scan.group.clone()).collect();
    Ok(Reading {
        helpers: helpers.collect(),
        gone: gone.collect(),
        open: on_topic(OffsetsAct::OpenControl { control: control.clone(), scans: scans.clone() }),
        read: on_topic(OffsetsAct::Read(Box::new(read))),
        close: on_topic(OffsetsAct::CloseControl { control, groups }),
    })
}

/// The scans of the job that ended, in the order of its plan.
fn scans(case: &Case<'_>, attempt: u32) -> Result<Vec<Scan>, Obstacle> {
    let Case { world, subject, deployment, .. } = *case;
    if deployment.sources.is_empty() {
        return Err(case.refusal("the ledger does not say what its sources looked like".to_owned()));
    }
    let scan = |(nth, found): (usize, &PlanSource)| {
        let source = Name::parse(&found.table).ok()?;
        let topic = deployment.stream.sources.get(&source)?.topic.clone();
        let group = Scan::group(&world.desired.project, &subject.name, subject.generation(), attempt, nth);
        Some(Scan { source, topic, outputs: found.outputs, group })
    };
    let scans: Option<Vec<Scan>> = deployment.sources.iter().enumerate().map(scan).collect();
    scans.ok_or_else(|| case.refusal("its plan has a source that its definition does not name".to_owned()))
}

/// The job that ended gives its slots back first.
fn room(case: &Case<'_>, helpers: usize) -> Result<(), Obstacle> {
    let cluster = case.world.ready_cluster(&case.deployment.stream.engine)?;
    let held = case.subject.live_deployment().map_or(0, |_| needs::slots(&case.deployment.stream));
    if cluster.slots_free as usize + held as usize >= helpers {
        return Ok(());
    }
    let text = format!(
        "engine `{}` has {} free task slots; reading out its offsets wants {helpers}",
        case.deployment.stream.engine, cluster.slots_free
    );
    Err(Obstacle::new(Because::Needs, text))
}
