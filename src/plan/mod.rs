//! Job: what is desired, recorded and observed becomes a plan: plain data, with a reason for everything.
//! Never: I/O, a clock, randomness, or an error: the plan is total, and the same inputs give the same bytes.
//! Start here: [`plan`], then [`rules`] for what a change does to state.
//!
//! ```text
//! join ─ one subject per name ─▶ decide ─▶ create │ running │ paused │ gone │ remove ─▶ guard ─▶ order ─▶ Plan
//!           upstream first; inputs ─┤ ├ stale: jobs that must not run └ rules: what becomes of state
//!     readers: what they would lose ┘ └ drift: notes
//! ```

mod back;
mod create;
mod decide;
mod decision;
mod drift;
mod failing;
mod gone;
mod guard;
mod handover;
mod health;
mod inputs;
mod join;
mod moved;
mod narrow;
mod needs;
mod order;
mod owner;
mod paused;
mod readers;
mod reading;
mod recording;
mod remove;
mod renamed;
pub mod render;
mod restart;
mod rules;
mod running;
mod saved;
mod sight;
mod stale;
mod steps;
mod stop;
mod topic;
mod transactions;
mod unseen;
mod world;
mod writers;

use std::collections::BTreeMap;

use crate::graph::Graph;
use crate::model::config::Settings;
use crate::model::desired::Desired;
use crate::model::digest::Digest;
use crate::model::ledger::Ledger;
use crate::model::name::Name;
use crate::model::observed::Observed;
use crate::model::plan::Because;
use crate::model::plan::Blocked;
use crate::model::plan::Change;
use crate::model::plan::Note;
use crate::model::plan::Plan;
use crate::model::renames::Renames;

use self::decision::Obstacle;
use self::decision::Outcome;
use self::inputs::Earlier;
use self::join::Subject;
use self::owner::Owners;
use self::readers::Held;
use self::writers::Writers;

pub use self::health::health;
pub use self::narrow::narrow;
pub use self::restart::restart;
pub use self::rules::RULES;
pub use self::rules::Rule;
pub use self::saved::save;
pub use self::saved::stale;
pub use self::unseen::unseen;
pub use self::world::World;

/// What would be done, and why. Total, synchronous, deterministic.
pub fn plan(desired: &Desired, ledger: &Ledger, observed: &Observed, settings: &Settings) -> Plan {
    let renames = &Renames::of(desired, ledger);
    let owners = Owners::of_seen(&desired.project, ledger, observed);
    let world = World { renames, owners: Some(&owners), ..World::new(desired, ledger, observed, settings) };
    let writers = Writers::of(&world);
    let world = World { writers: Some(&writers), ..world };
    let mut plan = Plan {
        project: desired.project.clone(),
        changes: Vec::new(),
        blocked: Vec::new(),
        unmanaged: join::unmanaged(&world),
        diagnostics: desired.diagnostics.clone(),
        notes: Vec::new(),
        unchanged: 0,
        left_out: None,
    };
    let subjects = join::subjects(&world);
    let graph = order::graph(&subjects);
    let subjects = order::sorted(&subjects, &graph);
    let mut decided = decide_all(&world, &subjects, &graph);
    for subject in subjects {
        add(&mut plan, subject, decided.remove(&subject.name).unwrap_or_default());
    }
    guard::limit_deletions(&mut plan, settings.max_deletions);
    plan.diagnostics.extend(transactions::warnings(desired, settings.transaction_timeout));
    order::arrange(&mut plan, &graph);
    plan.diagnostics.sort();
    plan.diagnostics.dedup();
    plan
}

/// What is decided upstream is what a reader is judged by, and a change that would take something from a reader which
/// stays as it is must not be done: then everything is decided again without it. What is unchanged is left out.
fn decide_all(world: &World<'_>, subjects: &[&Subject<'_>], graph: &Graph<'_>) -> BTreeMap<Name, Outcome> {
    let mut held = Held::new();
    loop {
        let mut earlier = Earlier::new(graph);
        let mut decided = BTreeMap::new();
        for subject in subjects {
            let outcome = decide_one(&World { held: &held, ..*world }, subject, &mut earlier);
            if !outcome.is_unchanged() {
                decided.insert(subject.name.clone(), outcome);
            }
        }
        let more = readers::held(world, &decided);
        if more.is_empty() {
            return decided;
        }
        // Each round holds at least one more, so there is a last one.
        held.extend(more);
    }
}

fn decide_one(world: &World<'_>, subject: &Subject<'_>, earlier: &mut Earlier<'_>) -> Outcome {
    let resolved = subject.want.map(|want| inputs::resolve(earlier, subject, want));
    let (resolved, inputs) = match resolved {
        Some(Ok(resolved)) => (Some(resolved), Ok(())),
        Some(Err(obstacle)) => (None, Err(obstacle)),
        None => (None, Ok(())),
    };
    let unread = inputs.as_ref().err().map(|obstacle: &Obstacle| (obstacle.because, obstacle.reason.clone()));
    let mut subject: Subject<'_> = subject.clone();
    subject.want = resolved.as_deref().or(subject.want);
    let outcome = decide::decide(&World { earlier, ..*world }, &subject, inputs);
    earlier.add(world, &subject, &outcome, unread);
    outcome
}

fn add(plan: &mut Plan, subject: &Subject<'_>, outcome: Outcome) {
    if outcome.change.is_none() && outcome.blocked.is_none() && subject.is_counted() {
        plan.unchanged += 1;
    }
    if let Some(draft) = outcome.change {
        plan.changes.push(Change {
            stream: subject.name.clone(),
            engine: subject.engine().clone(),
            action: draft.action,
            reason: draft.reason,
            verdict: draft.verdict,
            diff: draft.diff,
            steps: draft.steps,
            downstream: Vec::new(),
            guard: guard::of(subject),
        });
    }
    if let Some(block) = outcome.blocked {
        plan.blocked.push(Blocked {
            stream: subject.name.clone(),
            engine: subject.engine().clone(),
            action: block.action,
            reason: block.reason,
            verdict: block.verdict,
            diff: block.diff,
            because: block.because,
        });
    }
    plan.notes.extend(outcome.notes.into_iter().map(|text| Note { stream: subject.name.clone(), text }));
    plan.diagnostics.extend(outcome.diagnostics);
}

/// 64 hex digits. Two plans with one hash do the same things and ask for the same leave: everything else that a plan
/// tells (jobs of others, notes, what is waited for) may change between two looks and does not count.
pub fn hash(plan: &Plan) -> String {
    let asked: Vec<&Blocked> = plan.blocked.iter().filter(|blocked| blocked.because == Because::Unconfirmed).collect();
    let told = serde_json::to_string(&(&plan.project, &plan.changes, asked))
        .expect("a plan is plain data: all its maps have strings as keys");
    Digest::new().field("plan").field(told).hex()
}
