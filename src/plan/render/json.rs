//! The plan for programs: `format_version` "1".

use serde_json::Value;
use serde_json::json;

use crate::model::plan::Action;
use crate::model::plan::Blocked;
use crate::model::plan::Change;
use crate::model::plan::Plan;
use crate::model::plan::Verdict;

use super::words;

/// Keys are only ever added within one `format_version`.
pub fn json(plan: &Plan) -> Value {
    json!({
        "format_version": "1",
        "project": plan.project,
        "hash": crate::plan::hash(plan),
        "changes": plan.changes.iter().map(change).collect::<Vec<_>>(),
        "blocked": plan.blocked.iter().map(blocked).collect::<Vec<_>>(),
        "unmanaged": plan.unmanaged,
        "diagnostics": plan.diagnostics,
        "notes": plan.notes,
        "summary": {
            "create": plan.count(Action::Create),
            "update": plan.count(Action::Update),
            "restart": plan.count(Action::Restart),
            "record": plan.count(Action::Record),
            "stop": plan.count(Action::Stop),
            "start": plan.count(Action::Start),
            "delete": plan.count(Action::Delete),
            // No change takes over a job of others yet.
            "adopt": 0,
            "unchanged": plan.unchanged,
            "blocked": plan.blocked.len(),
        },
    })
}

fn change(change: &Change) -> Value {
    let steps: Vec<Value> = change
        .steps
        .iter()
        .map(|step| json!({ "kind": step.act.kind().word(), "summary": words::summary(&step.act) }))
        .collect();
    json!({
        "stream": change.stream,
        "engine": change.engine,
        "action": change.action.word(),
        "reason": change.reason,
        "verdict": change.verdict.map(Verdict::word),
        "diff": change.diff,
        "steps": steps,
        "downstream": change.downstream,
        "guard": change.guard,
    })
}

fn blocked(blocked: &Blocked) -> Value {
    json!({
        "stream": blocked.stream,
        "engine": blocked.engine,
        "action": blocked.action.word(),
        "because": blocked.because,
        "reason": blocked.reason,
        "verdict": blocked.verdict.map(Verdict::word),
        "diff": blocked.diff,
    })
}
