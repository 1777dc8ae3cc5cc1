//! A stream under another name: it takes over the row of the old one, and with it job, state and topic. No engine and no
//! topic learns of it: the job carries the old name until it is replaced for another reason.

use crate::model::ledger::Recorded;
use crate::model::name::Name;
use crate::model::plan::Because;
use crate::model::step::Act;
use crate::model::step::LedgerAct;
use crate::model::step::StepKind;

use super::decision::Draft;
use super::decision::Obstacle;
use super::decision::Outcome;
use super::join::Moved;
use super::join::Subject;
use super::needs;
use super::steps;
use super::world::World;

/// Why the name cannot be taken now.
pub fn obstacle(world: &World<'_>, subject: &Subject<'_>) -> Option<Obstacle> {
    if let Some(old) = subject.clash {
        let new = &subject.name;
        let text = format!(
            "`{new}` has a past of its own and cannot be `{old}` under another name: take another name, or take \
             `renamed_from` out"
        );
        return Some(Obstacle::new(Because::Needs, text));
    }
    subject.moved?;
    needs::carried_by_another(world, subject).map(|text| Obstacle::new(Because::Needs, text))
}

/// The row changes its name before anything else is done: every later step is one of the new name.
pub fn take_over(world: &World<'_>, subject: &Subject<'_>, outcome: Outcome) -> Outcome {
    let (Some(moved), Some(row)) = (subject.moved, subject.row) else {
        return never_there(world, subject, outcome);
    };
    let change = outcome.change.filter(|draft| outcome.blocked.is_none() || goes_on(draft));
    let Some(mut draft) = change else {
        let outcome = Outcome { change: None, ..outcome };
        return outcome.note(format!("until that is done it goes on as `{}`", moved.from));
    };
    match draft.steps.first_mut().map(|step| &mut step.act) {
        Some(Act::Ledger(LedgerAct::Record(record))) => record.renamed_from = Some(moved.from.clone()),
        Some(Act::Ledger(LedgerAct::Close { .. }) | Act::Topic(_) | Act::Engine(..)) | None => {
            draft.steps.insert(0, steps::rename(world, subject, row, moved.from));
        }
    }
    let reason = format!("renamed from `{}`: {}", moved.from, draft.reason);
    let outcome = Outcome { change: Some(Draft { reason, ..draft }), ..outcome };
    match own_topic(subject, row, moved) {
        Some(note) => outcome.note(note),
        None => outcome,
    }
}

/// Clearing up behind a stream that is blocked is no reason to make the row its own.
fn goes_on(draft: &Draft) -> bool {
    let kinds = [StepKind::Record, StepKind::Deploy];
    draft.steps.iter().any(|step| kinds.contains(&step.act.kind()))
}

/// A name that was nobody's is most often a slip; one whose rename is done is not.
fn never_there(world: &World<'_>, subject: &Subject<'_>, outcome: Outcome) -> Outcome {
    let old = subject.want.and_then(|want| want.renamed_from.as_ref());
    match old.filter(|old| subject.row.is_none() && !is_recorded(world, old)) {
        Some(old) => outcome.note(format!("no stream `{old}` is recorded: there is nothing to take over")),
        None => outcome,
    }
}

fn is_recorded(world: &World<'_>, old: &Name) -> bool {
    world.ledger.streams.contains_key(old)
}

/// The default of `[output] topic` is the name, and the old one while `renamed_from` stands.
fn own_topic(subject: &Subject<'_>, row: &Recorded, moved: Moved<'_>) -> Option<String> {
    let want = subject.want?.stream.output_topic()?;
    let kept = row.stream.output_topic() == Some(want) && want.as_str() == moved.from.as_str();
    kept.then(|| format!("it goes on writing topic `{want}`: name that in `[output]` before `renamed_from` goes"))
}
