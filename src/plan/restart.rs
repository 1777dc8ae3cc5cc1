//! A stream whose job is asked to begin again as it is: stopped with a savepoint, and the same query from it. One that
//! does not run is given up, and the same query goes on from its last checkpoint.

use std::collections::BTreeSet;

use crate::model::definition::DesiredRun;
use crate::model::desired::DesiredStream;
use crate::model::job::JobState;
use crate::model::ledger::Deployment;
use crate::model::ledger::Recorded;
use crate::model::name::Name;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Blocked;
use crate::model::plan::Change;
use crate::model::plan::Plan;
use crate::model::plan::Verdict;
use crate::model::renames::Renames;
use crate::model::step::Restore;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::join;
use super::join::Subject;
use super::narrow::narrow;
use super::needs;
use super::recording;
use super::rules;
use super::rules::Leave;
use super::running::able_to_stop;
use super::sight;
use super::sight::Sight;
use super::steps;
use super::world::World;

/// One change, or why there is none. A stream that an apply would change is not restarted: two things would be done
/// at once, and one was asked for.
pub fn restart(world: &World<'_>, name: &Name) -> Plan {
    let whole = super::plan(world.desired, world.ledger, world.observed, world.settings);
    let mut plan = narrow(&whole, world.desired, world.ledger, &BTreeSet::from([name.clone()]));
    plan.left_out = None;
    plan.unchanged = 0;
    // What is restarted anyway is what is asked for.
    let (asked, others): (Vec<Change>, Vec<Change>) =
        std::mem::take(&mut plan.changes).into_iter().partition(|change| change.action == Action::Restart);
    // That its job is over is no reason against it.
    let over = |blocked: &Blocked| blocked.action == Action::Restart && blocked.because == Because::Refused;
    let is_over = others.is_empty() && asked.is_empty() && plan.blocked.iter().all(over);
    for blocked in &mut plan.blocked {
        blocked.action = Action::Restart;
    }
    if !asked.is_empty() {
        plan.changes = asked;
        plan.blocked.clear();
    } else if plan.blocked.is_empty() {
        plan.blocked.extend(others.into_iter().map(first));
    }
    // One reason is enough.
    plan.blocked.truncate(1);
    if let Some(new) = Renames::of(world.desired, world.ledger).asked_for_by(name) {
        plan.blocked.extend(world.ledger.streams.get(name).map(|row| renamed(row, name, new)));
        return plan;
    }
    let subject = join::subjects(world).into_iter().find(|subject| subject.name == *name);
    let Some(subject) = subject.filter(|_| is_over) else { return plan };
    let outcome = match decide(world, &subject) {
        Ok(draft) => Outcome::change(draft),
        Err(_) if !plan.blocked.is_empty() => return plan,
        Err(obstacle) => obstacle.stops(Action::Restart),
    };
    plan.blocked.clear();
    super::add(&mut plan, &subject, outcome);
    plan
}

/// It is another one by the files already.
fn renamed(row: &Recorded, old: &Name, new: &Name) -> Blocked {
    Blocked {
        stream: old.clone(),
        engine: row.stream.engine.clone(),
        action: Action::Restart,
        reason: format!(
            "its file is `{new}` now, renamed from it: an apply comes first, and then `weir restart {new}`"
        ),
        verdict: None,
        diff: None,
        because: Because::Needs,
    }
}

/// What an apply would do comes first.
fn first(change: Change) -> Blocked {
    let Change { stream, engine, action, reason, verdict, diff, .. } = change;
    let reason = format!("its next apply would {} it, which comes first: {reason}", action.word());
    Blocked { stream, engine, action: Action::Restart, reason, verdict, diff, because: Because::Needs }
}

fn decide(world: &World<'_>, subject: &Subject<'_>) -> Result<Draft, Obstacle> {
    let none = |why: &str| Obstacle::new(Because::Needs, why);
    let want = subject.want.ok_or_else(|| none("no file asks for it: there is no job to restart"))?;
    if want.stream.run == DesiredRun::Stopped {
        return Err(none("its file says `run = \"stopped\"`: there is no job to restart"));
    }
    let deployment = subject.live_deployment().ok_or_else(|| none("it has no job that runs"))?;
    let owned = match sight::of(world, subject, deployment) {
        Sight::Live(owned) if owned.job.state == JobState::Restarting => {
            return given_up(world, subject, want, deployment);
        }
        Sight::Live(owned) => owned,
        Sight::Unclear(obstacle) => return Err(obstacle),
        Sight::Ended(JobState::Failed | JobState::Cancelled) => return given_up(world, subject, want, deployment),
        Sight::Ended(_) | Sight::Gone => {
            return Err(Obstacle::new(Because::Refused, "its job runs no more; restarting that: not yet"));
        }
    };
    able_to_stop(owned)?;
    // What it reads of other streams it goes on reading as it does.
    let want = &as_it_runs(want, deployment);
    let answer = needs::to_take_up(world, want, deployment)?;
    needs::room_to_replace(answer.0, &deployment.stream, want)?;
    let stop = steps::stop(world, subject, deployment);
    let restore = Restore::StopOf { step: stop.id.clone() };
    let mut list = vec![stop];
    list.extend(steps::deploy(world, subject, want, answer, restore));
    Ok(Draft {
        action: Action::Restart,
        reason: "asked for: its job stops with a savepoint, and the same query goes on from it".to_owned(),
        verdict: Some(Verdict::KeepsState),
        diff: None,
        steps: list,
    })
}

/// What follows is planned from what it leaves.
fn given_up(
    world: &World<'_>,
    subject: &Subject<'_>,
    want: &DesiredStream,
    deployment: &Deployment,
) -> Result<Draft, Obstacle> {
    let as_it_runs = &as_it_runs(want, deployment);
    let same = |row: &&Recorded| {
        let leave = Leave::of(&want.policy, &row.policy);
        !rules::judge(&recording::baseline(row, deployment), &as_it_runs.stream, ("", ""), leave).asks_for_a_job()
    };
    if subject.row.filter(same).is_none() {
        return Err(Obstacle::new(Because::Needs, "its file is another one than its job: an apply comes first"));
    }
    needs::to_take_up(world, as_it_runs, deployment)?;
    Ok(Draft {
        action: Action::Restart,
        reason: "asked for: its job does not run; it is given up, and the same query goes on from its last checkpoint"
            .to_owned(),
        verdict: Some(Verdict::KeepsState),
        diff: None,
        steps: vec![steps::give_up(world, subject, deployment)],
    })
}

fn as_it_runs(want: &DesiredStream, deployment: &Deployment) -> DesiredStream {
    let mut filled = want.clone();
    for (name, source) in filled.stream.sources.iter_mut() {
        match (source.stream(), deployment.stream.sources.get(name)) {
            (Some(_), Some(read)) => *source = read.clone(),
            (None, _) | (Some(_), None) => {}
        }
    }
    filled
}
