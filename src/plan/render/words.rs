//! Each step in one line.

use std::collections::BTreeMap;

use crate::model::definition::Start;
use crate::model::job::JobState;
use crate::model::ledger::RowState;
use crate::model::offsets::HelperAct;
use crate::model::offsets::OffsetsAct;
use crate::model::offsets::Taken;
use crate::model::plan::Action;
use crate::model::plan::Change;
use crate::model::plan::Plan;
use crate::model::plan::Verdict;
use crate::model::step::Act;
use crate::model::step::EngineAct;
use crate::model::step::LedgerAct;
use crate::model::step::Restore;
use crate::model::step::TopicAct;

/// The sign before a change.
pub fn symbol(change: &Change) -> &'static str {
    match change.action {
        Action::Create => "+",
        Action::Update if loses(change.verdict) => "±",
        Action::Update => "~",
        Action::Restart => "↻",
        Action::Record => "·",
        Action::Stop => "■",
        Action::Start => "▶",
        Action::Delete => "-",
    }
}

/// Whether state ends or rows come again.
pub fn loses(verdict: Option<Verdict>) -> bool {
    match verdict {
        Some(Verdict::DropsState | Verdict::Replays) => true,
        Some(Verdict::Unchanged | Verdict::KeepsState | Verdict::CarriesOffsets | Verdict::Refused) | None => false,
    }
}

/// What is put behind a reason.
pub fn verdict(verdict: Option<Verdict>) -> String {
    verdict.map_or_else(String::new, |verdict| format!(" [{}]", verdict.word()))
}

/// The line that sums up.
pub fn closing(plan: &Plan) -> String {
    let count = plan.unchanged;
    if plan.is_empty() {
        return match count {
            0 => "No changes. There are no streams.".to_owned(),
            1 => "No changes. 1 stream is as its file says.".to_owned(),
            _ => format!("No changes. {count} streams are as their files say."),
        };
    }
    let mut parts = Vec::new();
    let actions =
        [Action::Create, Action::Update, Action::Restart, Action::Record, Action::Stop, Action::Start, Action::Delete];
    for action in actions {
        match plan.count(action) {
            0 => {}
            some => parts.push(format!("{some} to {}", action.word())),
        }
    }
    if count > 0 {
        parts.push(format!("{count} unchanged"));
    }
    if !plan.blocked.is_empty() {
        parts.push(format!("{} blocked", plan.blocked.len()));
    }
    format!("Plan: {}.", parts.join(", "))
}

/// What a narrowed plan does not show, in one line; `None`: nothing.
pub fn left_out(plan: &Plan) -> Option<String> {
    let left = plan.left_out.as_ref()?;
    let mut parts: Vec<String> =
        left.changes.iter().map(|(action, count)| format!("{count} to {}", action.word())).collect();
    if left.blocked > 0 {
        parts.push(format!("{} blocked", left.blocked));
    }
    (!parts.is_empty()).then(|| format!("left out: {}", parts.join(", ")))
}

/// What a step does, in words.
pub fn summary(act: &Act) -> String {
    match act {
        Act::Ledger(act) => of_ledger(act),
        Act::Topic(act) => of_topic(act),
        Act::Engine(_, act) => of_engine(act),
    }
}

fn of_ledger(act: &LedgerAct) -> String {
    match act {
        LedgerAct::Record(record) => match &record.renamed_from {
            Some(old) => format!("take over the row of `{old}`, and record {}", record.path),
            None => format!("record {}", record.path),
        },
        LedgerAct::Close { state } => match state {
            RowState::Live => "record that the stream is back".to_owned(),
            RowState::Kept => "record that the job is left to run, unowned".to_owned(),
            RowState::Removed => "record that the stream is removed".to_owned(),
        },
    }
}

fn of_topic(act: &TopicAct) -> String {
    match act {
        TopicAct::Create { topic, partitions, replication, config } => {
            let mut shape = Vec::new();
            shape.extend(partitions.map(|count| format!("partitions {count}")));
            shape.extend(replication.map(|count| format!("replication {count}")));
            shape.extend(config.iter().map(|(key, value)| format!("{key} {value}")));
            match shape.is_empty() {
                true => format!("create topic `{topic}`"),
                false => format!("create topic `{topic}`: {}", shape.join(", ")),
            }
        }
        TopicAct::Alter { topic, config } => format!("alter topic `{topic}`: {}", altered(config)),
        TopicAct::Grow { topic, partitions } => format!("grow topic `{topic}` to {partitions} partitions"),
        TopicAct::Delete { topic } => format!("delete topic `{topic}`"),
        TopicAct::Offsets(act) => of_offsets(act),
    }
}

fn of_offsets(act: &OffsetsAct) -> String {
    match act {
        OffsetsAct::ForgetGroups { groups } => {
            let names: Vec<String> = groups.iter().map(|group| format!("`{group}`")).collect();
            format!("delete the offsets of consumer group {}", names.join(", "))
        }
        OffsetsAct::OpenControl { control, .. } => format!("make topic `{control}` for offsets to be written to"),
        OffsetsAct::Read(read) => format!("read from `{}` where generation {} stopped", read.control, read.generation),
        OffsetsAct::CloseControl { control, .. } => format!("delete topic `{control}`"),
    }
}

fn altered(config: &BTreeMap<String, Option<String>>) -> String {
    let words: Vec<String> = config
        .iter()
        .map(|(key, value)| match value {
            Some(value) => format!("{key} {value}"),
            None => format!("{key} as the broker has it"),
        })
        .collect();
    words.join(", ")
}

fn of_engine(act: &EngineAct) -> String {
    match act {
        EngineAct::Deploy(deploy) => format!("deploy generation {} {}", deploy.generation, restore(&deploy.restore)),
        EngineAct::Verify { .. } => "wait until every task of it runs".to_owned(),
        EngineAct::Stop { job_id, folder } => format!("stop job {job_id} with a savepoint below {folder}"),
        EngineAct::Cancel { job_id } => format!("cancel job {job_id}"),
        EngineAct::GiveUp { job_id } => {
            format!("cancel job {job_id}, which does not run, and find its last checkpoint")
        }
        EngineAct::Helper(HelperAct::Deploy(helper)) => {
            format!("start a helper that reads offsets {}", taken(&helper.state))
        }
        EngineAct::Helper(HelperAct::Cancel { job_id }) => format!("cancel helper {job_id}"),
    }
}

fn restore(restore: &Restore) -> String {
    match restore {
        Restore::Start(Start::Earliest) => "from the earliest rows".to_owned(),
        Restore::Start(Start::Latest) => "from the latest rows".to_owned(),
        Restore::Start(Start::Timestamp(at)) => format!("from the rows at {}", super::definition::timestamp(*at)),
        Restore::Savepoint { path } => format!("from savepoint {path}"),
        Restore::StopOf { .. } => "from the savepoint of that stop".to_owned(),
        Restore::Direct { path } => format!("at the offsets in savepoint {path}"),
        Restore::DirectOf { .. } => "at the offsets in the savepoint of that stop".to_owned(),
        Restore::Offsets(_) => "at the offsets where the job before stopped".to_owned(),
        Restore::OffsetsOf { .. } => "at those offsets".to_owned(),
    }
}

fn taken(state: &Taken) -> String {
    match state {
        Taken::Savepoint { path } => format!("from savepoint {path}"),
        Taken::StopOf { .. } => "from the savepoint of that stop".to_owned(),
    }
}

pub fn state(state: JobState) -> &'static str {
    match state {
        JobState::Starting => "starting",
        JobState::Running => "running",
        JobState::Restarting => "restarting",
        JobState::Ending => "ending",
        JobState::Failed => "failed",
        JobState::Finished => "finished",
        JobState::Cancelled => "cancelled",
    }
}
