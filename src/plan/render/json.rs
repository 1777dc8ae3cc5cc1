//! The plan for programs: `format_version` "1".

use std::collections::BTreeMap;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::Value;

use crate::model::diagnostic::Diagnostic;
use crate::model::diagnostic::Severity;
use crate::model::job::JobState;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Blocked;
use crate::model::plan::Change;
use crate::model::plan::Plan;
use crate::model::plan::Unmanaged;
use crate::model::plan::Verdict;

use super::words;

/// What `weir plan --output json` writes. Keys are only ever added within one `format_version`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "Plan")]
struct PlanJson {
    /// Of this form: "1".
    format_version: &'static str,
    project: String,
    /// 64 hex digits. Plans with one hash do the same things and ask for the same leave.
    hash: String,
    /// What is done, in the order of the streams' names.
    changes: Vec<ChangeJson>,
    /// What would be done but is not.
    blocked: Vec<BlockedJson>,
    /// Live jobs that are not weir's: listed, never touched.
    unmanaged: Vec<UnmanagedJson>,
    /// What is wrong with the files.
    diagnostics: Vec<DiagnosticJson>,
    /// Things worth knowing that ask for nothing.
    notes: Vec<NoteJson>,
    /// How many streams by action.
    summary: SummaryJson,
    /// Only where the plan was narrowed to some streams: what it would do to the others.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<LeftOutJson>,
}

#[derive(Serialize, JsonSchema)]
struct ChangeJson {
    stream: String,
    engine: String,
    action: Action,
    /// Why, in words.
    reason: String,
    /// What it does to state; null where there is none yet, or where it ends.
    verdict: Option<Verdict>,
    /// Unified diff of the definition as it was understood, where there were two.
    diff: Option<String>,
    /// In order; a step that fails ends the change.
    steps: Vec<StepJson>,
    /// Streams that read its output, or read what those write.
    downstream: Vec<String>,
    /// What must still hold when the change begins.
    guard: GuardJson,
}

#[derive(Serialize, JsonSchema)]
struct StepJson {
    kind: &'static str,
    /// In words.
    summary: String,
}

#[derive(Serialize, JsonSchema)]
struct GuardJson {
    /// The recorded generation that the plan was made from; 0: no job yet.
    generation: u32,
}

#[derive(Serialize, JsonSchema)]
struct BlockedJson {
    stream: String,
    engine: String,
    action: Action,
    /// Why not, by kind.
    because: Because,
    /// Why not, in words.
    reason: String,
    /// What it would do to state.
    verdict: Option<Verdict>,
    /// Unified diff of the definition as it was understood, where there were two.
    diff: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct UnmanagedJson {
    engine: String,
    job_id: String,
    name: String,
    state: JobState,
}

#[derive(Serialize, JsonSchema)]
struct DiagnosticJson {
    /// Relative to the folder of definitions.
    file: String,
    /// Bytes of the file.
    span: Option<SpanJson>,
    /// Stable, snake case.
    code: String,
    severity: Severity,
    message: String,
    /// The way out.
    help: Option<String>,
}

#[derive(Serialize, JsonSchema)]
struct SpanJson {
    start: usize,
    end: usize,
}

#[derive(Serialize, JsonSchema)]
struct NoteJson {
    stream: String,
    text: String,
}

#[derive(Serialize, JsonSchema)]
struct SummaryJson {
    create: usize,
    update: usize,
    restart: usize,
    record: usize,
    stop: usize,
    start: usize,
    delete: usize,
    /// No change takes over a job of others yet: 0.
    adopt: usize,
    unchanged: usize,
    blocked: usize,
}

#[derive(Serialize, JsonSchema)]
struct LeftOutJson {
    /// How many, by action.
    changes: BTreeMap<&'static str, usize>,
    blocked: usize,
}

pub fn json(plan: &Plan) -> Value {
    let told = PlanJson {
        format_version: "1",
        project: plan.project.to_string(),
        hash: crate::plan::hash(plan),
        changes: changes(plan),
        blocked: blocked(plan),
        unmanaged: unmanaged(plan),
        diagnostics: diagnostics(plan),
        notes: plan
            .notes
            .iter()
            .map(|note| NoteJson { stream: note.stream.to_string(), text: note.text.clone() })
            .collect(),
        summary: summary(plan),
        left_out: plan.left_out.as_ref().map(|left| LeftOutJson {
            changes: left.changes.iter().map(|(action, count)| (action.word(), *count)).collect(),
            blocked: left.blocked,
        }),
    };
    serde_json::to_value(told).expect("a plan is plain data: all its maps have strings as keys")
}

/// The JSON Schema of what [`json`] gives: draft-07 without references.
pub fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<PlanJson>().to_value()
}

fn changes(plan: &Plan) -> Vec<ChangeJson> {
    let one = |change: &Change| ChangeJson {
        stream: change.stream.to_string(),
        engine: change.engine.to_string(),
        action: change.action,
        reason: change.reason.clone(),
        verdict: change.verdict,
        diff: change.diff.clone(),
        steps: change
            .steps
            .iter()
            .map(|step| StepJson { kind: step.act.kind().word(), summary: words::summary(&step.act) })
            .collect(),
        downstream: change.downstream.iter().map(ToString::to_string).collect(),
        guard: GuardJson { generation: change.guard.generation },
    };
    plan.changes.iter().map(one).collect()
}

fn blocked(plan: &Plan) -> Vec<BlockedJson> {
    let one = |blocked: &Blocked| BlockedJson {
        stream: blocked.stream.to_string(),
        engine: blocked.engine.to_string(),
        action: blocked.action,
        because: blocked.because,
        reason: blocked.reason.clone(),
        verdict: blocked.verdict,
        diff: blocked.diff.clone(),
    };
    plan.blocked.iter().map(one).collect()
}

fn unmanaged(plan: &Plan) -> Vec<UnmanagedJson> {
    let one = |job: &Unmanaged| UnmanagedJson {
        engine: job.engine.to_string(),
        job_id: job.job_id.to_string(),
        name: job.name.clone(),
        state: job.state,
    };
    plan.unmanaged.iter().map(one).collect()
}

fn diagnostics(plan: &Plan) -> Vec<DiagnosticJson> {
    let one = |found: &Diagnostic| DiagnosticJson {
        file: found.file.clone(),
        span: found.span.map(|span| SpanJson { start: span.start, end: span.end }),
        code: found.code.clone(),
        severity: found.severity,
        message: found.message.clone(),
        help: found.help.clone(),
    };
    plan.diagnostics.iter().map(one).collect()
}

fn summary(plan: &Plan) -> SummaryJson {
    SummaryJson {
        create: plan.count(Action::Create),
        update: plan.count(Action::Update),
        restart: plan.count(Action::Restart),
        record: plan.count(Action::Record),
        stop: plan.count(Action::Stop),
        start: plan.count(Action::Start),
        delete: plan.count(Action::Delete),
        adopt: 0,
        unchanged: plan.unchanged,
        blocked: plan.blocked.len(),
    }
}

#[cfg(test)]
mod tests;
