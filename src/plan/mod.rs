//! Job: what is desired, recorded and observed becomes a plan: plain data, with a reason for everything.
//! Never: I/O, a clock, randomness, or an error: the plan is total, and the same inputs give the same bytes.
//! Start here: [`plan`], then [`rules`] for what a change does to state.
//!
//! ```text
//! join ─ one subject per name ─▶ decide ─▶ create │ running │ paused │ gone │ remove ─▶ guard ─▶ Plan
//!                                  ├ stale: jobs that must not run      └ rules: what becomes of state
//!                                  └ drift: notes
//! ```

mod back;
mod create;
mod decide;
mod decision;
mod drift;
mod gone;
mod guard;
mod handover;
mod health;
mod join;
mod moved;
mod narrow;
mod needs;
mod paused;
mod reading;
mod recording;
mod remove;
pub mod render;
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

use crate::model::config::Settings;
use crate::model::desired::Desired;
use crate::model::digest::Digest;
use crate::model::ledger::Ledger;
use crate::model::observed::Observed;
use crate::model::plan::Because;
use crate::model::plan::Blocked;
use crate::model::plan::Change;
use crate::model::plan::Note;
use crate::model::plan::Plan;

use self::decision::Outcome;
use self::join::Subject;

pub use self::health::health;
pub use self::narrow::narrow;
pub use self::rules::RULES;
pub use self::rules::Rule;
pub use self::saved::save;
pub use self::saved::stale;
pub use self::unseen::unseen;
pub use self::world::World;

/// What would be done, and why. Total, synchronous, deterministic.
pub fn plan(desired: &Desired, ledger: &Ledger, observed: &Observed, settings: &Settings) -> Plan {
    let world = World { desired, ledger, observed, settings };
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
    for subject in join::subjects(&world) {
        let outcome = decide::decide(&world, &subject);
        add(&mut plan, &subject, outcome);
    }
    guard::limit_deletions(&mut plan, settings.max_deletions);
    plan.diagnostics.extend(transactions::warnings(desired, settings.transaction_timeout));
    plan.diagnostics.sort();
    plan.diagnostics.dedup();
    plan
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
