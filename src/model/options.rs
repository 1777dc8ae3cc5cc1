//! The engine options that a file may set: one table, read by `load` (is it allowed), by the revision (does it
//! count), by `plan` (what does a change of it do to state) and by the docs.

use crate::model::config::EngineKind;
use crate::model::plan::Bearing;

/// How often a job of Flink takes a checkpoint; with each the transactions of an exactly-once output are committed.
pub const CHECKPOINT_INTERVAL: &str = "execution.checkpointing.interval";
/// Where nobody sets it.
pub const DEFAULT_CHECKPOINT_INTERVAL: &str = "10 s";

/// One row of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OptionRule {
    pub engine: EngineKind,
    /// A whole key, or a prefix that ends in `.*`.
    pub key: &'static str,
    /// What a change of its value does to the state of a running job.
    pub bearing: Bearing,
    /// Why, in words, for the plan and the docs.
    pub reason: &'static str,
}

impl OptionRule {
    fn covers(&self, key: &str) -> bool {
        match self.key.strip_suffix('*') {
            Some(prefix) => key.strip_prefix(prefix).is_some_and(|rest| !rest.is_empty()),
            None => self.key == key,
        }
    }
}

const fn flink(key: &'static str, bearing: Bearing, reason: &'static str) -> OptionRule {
    OptionRule { engine: EngineKind::Flink, key, bearing, reason }
}

pub const OPTIONS: &[OptionRule] = &[
    flink("parallelism.default", Bearing::Keeps, "state is spread anew over the tasks"),
    flink("pipeline.max-parallelism", Bearing::Places, "state cannot be split into another number of key groups"),
    // With and without are told apart by a row of the plan's own table.
    flink("table.exec.state.ttl", Bearing::Keeps, "what is in state gets another time to live"),
    flink("table.exec.mini-batch.*", Bearing::Places, "mini-batches change the job's operators"),
    flink("table.exec.source.idle-timeout", Bearing::Keeps, "only the watermarks of idle partitions change"),
    flink("table.local-time-zone", Bearing::Places, "the meaning of local times in state would change"),
    flink(CHECKPOINT_INTERVAL, Bearing::Keeps, "checkpoints are taken at another pace"),
    flink("execution.checkpointing.timeout", Bearing::Keeps, "checkpoints may take another time"),
    flink("execution.checkpointing.min-pause", Bearing::Keeps, "checkpoints are taken at another pace"),
    flink("execution.checkpointing.unaligned.enabled", Bearing::Keeps, "barriers travel in another way"),
    flink("restart-strategy.*", Bearing::Keeps, "only what follows a failure changes"),
    flink("state.backend.type", Bearing::Places, "a native savepoint belongs to one state backend"),
];

/// Never set by a file or by `allow_options`: they would move identity, code, state or the cluster.
const FORBIDDEN: &[&str] = &[
    "$internal.*",
    "pipeline.jars",
    "*.classpaths",
    "execution.target",
    "rest.*",
    "execution.state-recovery.*",
    "*.dir",
    "fs.*",
];

pub fn rule(engine: EngineKind, key: &str) -> Option<&'static OptionRule> {
    OPTIONS.iter().find(|rule| rule.engine == engine && rule.covers(key))
}

/// The pattern that forbids `key`, if one does.
pub fn forbidden(key: &str) -> Option<&'static str> {
    FORBIDDEN.iter().copied().find(|pattern| match (pattern.strip_prefix('*'), pattern.strip_suffix('*')) {
        (Some(end), _) => key.ends_with(end),
        (None, Some(start)) => key.starts_with(start),
        (None, None) => key == *pattern,
    })
}
