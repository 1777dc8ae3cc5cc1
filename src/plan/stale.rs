//! Jobs of ours that must not run: older than the stream's, or ended by the ledger's word.

use std::collections::BTreeMap;

use crate::model::job::Generation;
use crate::model::job::JobId;
use crate::model::job::JobState;
use crate::model::ledger::RowState;
use crate::model::offsets::OffsetsAct;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::step::Act;
use crate::model::step::Step;
use crate::model::step::StepKind;
use crate::model::step::TopicAct;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::join::OwnedHelper;
use super::join::OwnedJob;
use super::join::Subject;
use super::steps;
use super::world::World;

/// Puts their cancellation before everything else that is done to the stream, and what is left of an interrupted reading
/// after it.
pub fn with_cancels(world: &World<'_>, subject: &Subject<'_>, outcome: Outcome) -> Outcome {
    without_leavings(world, subject, with_jobs_cancelled(world, subject, outcome))
}

/// No intent is open here: nobody waits for a helper, and nobody reads what one wrote.
fn without_leavings(world: &World<'_>, subject: &Subject<'_>, outcome: Outcome) -> Outcome {
    // What the stream's own engine shows cannot be told now.
    if world.cluster(subject.engine()).is_err() {
        return outcome;
    }
    // Two engine names may mean one cluster.
    let live: BTreeMap<&JobId, &OwnedHelper<'_>> = subject
        .helpers
        .iter()
        .filter(|helper| helper.job.state.is_live())
        .map(|helper| (&helper.job.id, helper))
        .collect();
    let cancels: Vec<Step> = live
        .into_values()
        .filter(|helper| helper.job.state != JobState::Ending)
        .map(|helper| steps::cancel_helper(world, subject, helper))
        .collect();
    let kinds = |kind: StepKind| {
        let steps = outcome.change.iter().flat_map(|draft| &draft.steps);
        steps.filter(|step| step.act.kind() == kind).count()
    };
    // A change that reads offsets uses the control topic again and deletes it in the end.
    let left = subject.row.and_then(|row| row.reading.as_ref()).filter(|_| kinds(StepKind::OpenControl) == 0);
    let close = match left.map(|step| &step.act) {
        Some(Act::Topic(TopicAct::Offsets(OffsetsAct::OpenControl { control, scans }))) if world.broker().is_ok() => {
            Some(steps::close_control(world, subject, control, scans))
        }
        Some(Act::Topic(_) | Act::Ledger(_) | Act::Engine(..)) | None => None,
    };
    if cancels.is_empty() && close.is_none() || subject.row.is_none() {
        return outcome;
    }
    let draft = outcome.change.unwrap_or_else(|| Draft {
        action: Action::Record,
        reason: "an interrupted reading of its offsets is cleared away; the stream goes on as it is".to_owned(),
        verdict: None,
        diff: None,
        steps: Vec::new(),
    });
    let change = Draft { steps: cancels.into_iter().chain(draft.steps).chain(close).collect(), ..draft };
    Outcome { change: Some(change), ..outcome }
}

fn with_jobs_cancelled(world: &World<'_>, subject: &Subject<'_>, outcome: Outcome) -> Outcome {
    if let Some(late) = arrived_late(subject, outcome.change.as_ref()) {
        let action = outcome.change.map_or(Action::Update, |draft| draft.action);
        let text =
            format!("its submission of generation {late} arrived after it was given up; the next look takes it up");
        return Obstacle::new(Because::Waiting, text).stops(action);
    }
    let stale = stale(subject, outcome.change.as_ref());
    let Some(oldest) = stale.first() else { return outcome };
    // What the stream's own engine shows cannot be told now.
    if world.cluster(subject.engine()).is_err() {
        return outcome;
    }
    let alone = outcome.change.as_ref().filter(|draft| must_be_alone(draft));
    if let (Some(waits), Some(draft)) = (ending(&stale), alone) {
        let text = format!("a job of generation {} is still ending", waits.generation);
        return Obstacle::new(Because::Waiting, text).stops(draft.action);
    }
    let cancels: Vec<_> = stale
        .iter()
        .filter(|owned| owned.job.state != JobState::Ending)
        .map(|owned| steps::cancel(world, subject, *owned))
        .collect();
    if cancels.is_empty() {
        return outcome;
    }
    let reason = reason(subject, *oldest);
    let change = match outcome.change {
        Some(draft) => Draft {
            reason: format!("{}; {reason}", draft.reason),
            steps: cancels.into_iter().chain(draft.steps).collect(),
            ..draft
        },
        None => Draft { action: Action::Stop, reason, verdict: None, diff: None, steps: cancels },
    };
    Outcome { change: Some(change), ..outcome }
}

/// The newest submission that was given up, if its job runs now. It has read and written like any other: were it
/// cancelled, the next job would begin where it began, and its rows come twice. Settling makes it the stream's.
fn arrived_late(subject: &Subject<'_>, change: Option<&Draft>) -> Option<Generation> {
    let row = subject.row.filter(|row| row.state != RowState::Kept)?;
    let given_up = row.abandoned.as_ref()?;
    let runs = subject.job_of(given_up).is_some_and(|owned| owned.job.state.is_live());
    let taken = change.is_some_and(|draft| submits(draft, &given_up.job_id));
    (runs && !taken).then_some(given_up.generation)
}

/// Oldest first, each once: two engine names may mean one cluster.
fn stale<'a>(subject: &Subject<'a>, change: Option<&Draft>) -> Vec<OwnedJob<'a>> {
    let Some(row) = subject.row else { return Vec::new() };
    if row.state == RowState::Kept {
        return Vec::new();
    }
    let wanted = subject.want.is_some() || row.state == RowState::Live;
    let current = subject.live_deployment().filter(|_| wanted).map(|deployment| &deployment.job_id);
    let mut found: BTreeMap<&JobId, OwnedJob<'a>> = BTreeMap::new();
    for owned in &subject.jobs {
        let submits = change.is_some_and(|draft| submits(draft, &owned.job.id));
        if owned.job.state.is_live() && Some(&owned.job.id) != current && !submits {
            found.entry(&owned.job.id).or_insert(*owned);
        }
    }
    let mut found: Vec<_> = found.into_values().collect();
    found.sort();
    found
}

/// A submission that was given up and arrived late is taken as what it is when the same is asked for again.
fn submits(draft: &Draft, job: &JobId) -> bool {
    draft.steps.iter().filter_map(|step| step.act.deploys()).any(|deploy| deploy.job_id == *job)
}

/// No other job of the stream may write while a new one begins or the topic goes.
fn must_be_alone(draft: &Draft) -> bool {
    let kinds = [StepKind::Deploy, StepKind::DeleteTopic];
    draft.steps.iter().any(|step| kinds.contains(&step.act.kind()))
}

fn ending<'a>(stale: &[OwnedJob<'a>]) -> Option<OwnedJob<'a>> {
    stale.iter().copied().find(|owned| owned.job.state == JobState::Ending)
}

fn reason(subject: &Subject<'_>, owned: OwnedJob<'_>) -> String {
    let runs = format!("a job of generation {} still runs", owned.generation);
    match (subject.live_deployment(), subject.want.is_some() || is_row_live(subject)) {
        (Some(current), true) => format!("{runs}, generation {} is the stream's", current.generation),
        (None, true) => format!("{runs}, the ledger says that it ended"),
        (Some(_) | None, false) => format!("{runs}, the stream is removed"),
    }
}

fn is_row_live(subject: &Subject<'_>) -> bool {
    subject.row.is_some_and(|row| row.state == RowState::Live)
}
