//! A plan of all streams cut down to some. It is made of the whole plan, so that every limit still counts every change.

use std::collections::BTreeSet;

use crate::model::definition::Stream;
use crate::model::desired::Desired;
use crate::model::ledger::Ledger;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::name::Name;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Blocked;
use crate::model::plan::Change;
use crate::model::plan::LeftOut;
use crate::model::plan::Plan;
use crate::model::renames::Renames;
use crate::model::step::Deploy;

/// The part of `plan` that is about `names`, and in `left_out` how much of it is not. A change that is only right
/// together with one that was left out is blocked.
pub fn narrow(plan: &Plan, desired: &Desired, ledger: &Ledger, names: &BTreeSet<Name>) -> Plan {
    let mut part = Plan {
        project: plan.project.clone(),
        changes: plan.changes.iter().filter(|change| names.contains(&change.stream)).cloned().collect(),
        blocked: plan.blocked.iter().filter(|blocked| names.contains(&blocked.stream)).cloned().collect(),
        // They are no streams.
        unmanaged: Vec::new(),
        diagnostics: plan.diagnostics.clone(),
        notes: plan.notes.iter().filter(|note| names.contains(&note.stream)).cloned().collect(),
        unchanged: names.iter().filter(|name| is_unchanged(plan, desired, ledger, name)).count(),
        left_out: Some(left_out(plan, names)),
    };
    block_halves(&mut part, plan, ledger);
    part
}

fn is_unchanged(plan: &Plan, desired: &Desired, ledger: &Ledger, name: &Name) -> bool {
    let own = ledger.streams.get(name).filter(|_| Renames::of(desired, ledger).asked_for_by(name).is_none());
    let counted = desired.streams.contains_key(name) || own.is_some_and(|row| row.state == RowState::Live);
    let told = plan.changes.iter().any(|change| change.stream == *name)
        || plan.blocked.iter().any(|blocked| blocked.stream == *name);
    counted && !told
}

fn left_out(plan: &Plan, names: &BTreeSet<Name>) -> LeftOut {
    let mut left = LeftOut::default();
    for change in plan.changes.iter().filter(|change| !names.contains(&change.stream)) {
        *left.changes.entry(change.action).or_default() += 1;
    }
    left.blocked = plan.blocked.iter().filter(|blocked| !names.contains(&blocked.stream)).count();
    left
}

/// Until nothing is left whose other half is not there: a change that is blocked is a half that others lack.
fn block_halves(part: &mut Plan, whole: &Plan, ledger: &Ledger) {
    loop {
        let absent: Vec<&Change> = whole
            .changes
            .iter()
            .filter(|change| part.changes.iter().all(|kept| kept.stream != change.stream))
            .collect();
        let found = part.changes.iter().enumerate().find_map(|(at, change)| {
            absent.iter().find_map(|other| half_of(change, other, ledger)).map(|why| (at, why))
        });
        let Some((at, reason)) = found else { break };
        let Change { stream, engine, action, verdict, diff, .. } = part.changes.remove(at);
        part.blocked.push(Blocked { stream, engine, action, reason, verdict, diff, because: Because::Needs });
    }
    part.blocked.sort_by(|a, b| a.stream.cmp(&b.stream));
}

/// Why `change` may not be done without `other`, if so.
fn half_of(change: &Change, other: &Change, ledger: &Ledger) -> Option<String> {
    let name = &other.stream;
    if deployed(change).is_some_and(|deploy| reads(&deploy.stream, name)) && gives_other_rows(other, ledger) {
        let word = other.action.word();
        return Some(format!("it reads `{name}`, whose {word} gives it other rows and is left out: name both"));
    }
    let running = ledger.streams.get(name).and_then(|row| row.deployment.as_ref());
    let follows = deployed(other).is_some() && running.is_some_and(|running| reads(&running.stream, &change.stream));
    if follows && gives_other_rows(change, ledger) {
        return Some(format!("`{name}` reads it and changes with it, and is left out: name both"));
    }
    None
}

fn reads(stream: &Stream, writer: &Name) -> bool {
    stream.sources.values().any(|source| source.output_of.as_ref().is_some_and(|upstream| upstream.stream == *writer))
}

/// Whether the job that a change deploys writes anything that its readers must be made for.
fn gives_other_rows(writer: &Change, ledger: &Ledger) -> bool {
    let Some(new) = deployed(writer) else { return false };
    let Some(old) = ledger.streams.get(&writer.stream).and_then(Recorded::writes) else { return true };
    let (told, tells) = (old.output, &new.stream.output);
    writer.action == Action::Create
        || old.columns != new.columns
        || (&told.topic, told.format, told.time_encoding) != (&tells.topic, tells.format, tells.time_encoding)
        || (&told.key, told.delivery) != (&tells.key, tells.delivery)
}

fn deployed(change: &Change) -> Option<&Deploy> {
    change.steps.iter().find_map(|step| step.act.deploys())
}
