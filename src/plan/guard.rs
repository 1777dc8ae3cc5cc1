//! Limits that hold for a plan as a whole, and what must still hold when a change begins.

use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Blocked;
use crate::model::plan::Guard;
use crate::model::plan::Plan;

use super::join::Subject;

pub fn of(subject: &Subject<'_>) -> Guard {
    Guard { generation: subject.generation() }
}

/// More removals than `most` are none until somebody confirms them: an empty folder may be the wrong one.
pub fn limit_deletions(plan: &mut Plan, most: usize) {
    let count = plan.count(Action::Delete);
    if count <= most {
        return;
    }
    let (deletes, others) =
        std::mem::take(&mut plan.changes).into_iter().partition(|change| change.action == Action::Delete);
    plan.changes = others;
    let deletes: Vec<_> = deletes;
    plan.blocked.extend(deletes.into_iter().map(|change| Blocked {
        stream: change.stream,
        engine: change.engine,
        action: change.action,
        reason: format!("{count} removals in one plan, at most {most} go without leave: {}", change.reason),
        verdict: change.verdict,
        diff: change.diff,
        because: Because::Unconfirmed,
    }));
    plan.blocked.sort_by(|a, b| a.stream.cmp(&b.stream));
}
