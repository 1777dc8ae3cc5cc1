//! Submission of a stream's job under the id that was chosen for it, and what became of one whose reply was lost.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::engine::EngineError;
use crate::engine::flink::begin::Begin;
use crate::engine::flink::client::gateway::Session;
use crate::engine::flink::script::Statements;
use crate::engine::flink::{Flink, ddl, limits, script, state};
use crate::model::definition::{Body, Delivery};
use crate::model::job::{JobId, JobState};
use crate::model::options;
use crate::model::step::{Deploy, Lookup, Receipt, Restore};

/// Overridden by the engine's options, and those by the stream's.
const DEFAULTS: &[(&str, &str)] = &[(options::CHECKPOINT_INTERVAL, options::DEFAULT_CHECKPOINT_INTERVAL)];

/// A restart strategy with an end: ten attempts within about five minutes, counted anew after ten minutes of peace.
/// Set only where nobody else set one.
const RESTARTS: &[(&str, &str)] = &[
    ("restart-strategy.type", "exponential-delay"),
    ("restart-strategy.exponential-delay.initial-backoff", "1 s"),
    ("restart-strategy.exponential-delay.max-backoff", "1 min"),
    ("restart-strategy.exponential-delay.backoff-multiplier", "2.0"),
    ("restart-strategy.exponential-delay.reset-backoff-threshold", "10 min"),
    ("restart-strategy.exponential-delay.attempts-before-reset-backoff", "10"),
];

/// Flow: a session; sources, the query as a view (which proves that its text is one query), the sink; then the one
/// INSERT, whose configuration of its own carries the job's id. Of a script: sources, what it declares, and its INSERTs
/// as one statement set.
/// Guarantees: at most one job per id: Flink refuses a second submission under it, also after the first has ended.
/// Errors: [`EngineError::Refused`] and [`EngineError::Unreachable`] before the INSERT was sent; whatever goes wrong
/// after that is [`EngineError::Uncertain`], the planner's clear words too: a failed job may lie under the id.
pub async fn deploy(flink: &Flink, deploy: &Deploy) -> Result<Receipt, EngineError> {
    if let Some(problem) = limits::problems(&deploy.stream).first() {
        return Err(EngineError::Refused(problem.message.clone()));
    }
    moves_no_offsets_of_a_script(deploy)?;
    let config = job_config(flink, deploy)?;
    let session = flink.open_session(&deploy.stream).await?;
    let result = submit(flink, &session, deploy, &config).await;
    session.close().await;
    result
}

async fn submit(
    flink: &Flink,
    session: &Session,
    deploy: &Deploy,
    config: &BTreeMap<String, String>,
) -> Result<Receipt, EngineError> {
    let (before, insert) = statements(flink, deploy);
    for sql in before {
        session.run(&sql).await.map_err(|error| flink.statement_failed(error))?;
    }
    let submitted = session.run_with(&insert, config).await;
    let outcome = submitted.map_err(|error| match flink.statement_failed(error) {
        EngineError::Refused(why) | EngineError::Unreachable(why) | EngineError::Uncertain(why) => {
            EngineError::Uncertain(why)
        }
    })?;
    let shown = outcome.rows.first().and_then(|row| row.first()).and_then(Value::as_str);
    match shown.or(outcome.job_id.as_deref()).map(JobId::seen) {
        Some(id) if id == deploy.job_id => Ok(Receipt::Deployed),
        Some(id) => Err(EngineError::Uncertain(format!("the job got the id {id}, not {}", deploy.job_id))),
        None => Err(EngineError::Uncertain("the SQL gateway did not tell the job's id".to_owned())),
    }
}

/// What stands before the INSERT, and the INSERT.
fn statements(flink: &Flink, deploy: &Deploy) -> (Vec<String>, String) {
    let Deploy { stream, group, columns, .. } = deploy;
    let declared = ddl::sources(stream, flink.kafka(), group, begin(deploy));
    let mut before: Vec<String> = declared.into_iter().map(|declared| declared.sql).collect();
    let insert = match stream.body {
        Body::Query => {
            before.extend([ddl::view(&stream.sql), ddl::sink(&stream.output, columns, flink.kafka(), group)]);
            ddl::insert(&stream.sql)
        }
        Body::Script { .. } => {
            let Statements { declared, set } = script::statements(stream, flink.kafka(), group);
            before.extend(declared.into_iter().map(|sent| sent.sql));
            set.after("EXECUTE ").sql
        }
    };
    (before, insert)
}

/// Where tables of a script's own go on, nobody but its whole state can say.
fn moves_no_offsets_of_a_script(deploy: &Deploy) -> Result<(), EngineError> {
    let whole = match &deploy.restore {
        Restore::Start(_) | Restore::Savepoint { .. } | Restore::StopOf { .. } => true,
        Restore::Direct { .. } | Restore::DirectOf { .. } | Restore::Offsets(_) | Restore::OffsetsOf { .. } => false,
    };
    if !whole && !deploy.stream.body.is_query() && script::reads_topics_itself(&deploy.stream) {
        let why = "the script reads topics by tables of its own, whose offsets cannot be carried over";
        return Err(EngineError::Refused(why.to_owned()));
    }
    Ok(())
}

/// A restored source goes on from its state; where it would begin without one matters no more.
fn begin(deploy: &Deploy) -> Begin<'_> {
    match &deploy.restore {
        Restore::Start(start) => Begin::Start(*start),
        Restore::Savepoint { .. } | Restore::StopOf { .. } | Restore::OffsetsOf { .. } => {
            Begin::Start(deploy.stream.start)
        }
        Restore::Direct { .. } | Restore::DirectOf { .. } => Begin::Group,
        Restore::Offsets(offsets) => Begin::At(offsets, deploy.stream.start),
    }
}

/// Everything the job is told beside its SQL. Checkpoint settings are the submitter's: the JobManager's own do not
/// reach the job.
fn job_config(flink: &Flink, deploy: &Deploy) -> Result<BTreeMap<String, String>, EngineError> {
    let settings = flink.settings();
    let mut config: BTreeMap<String, String> = owned(DEFAULTS);
    let set_by_hand = || settings.options.iter().chain(&deploy.stream.options);
    if !set_by_hand().any(|(key, _)| key.starts_with("restart-strategy")) {
        config.extend(owned(RESTARTS));
    }
    config.extend(set_by_hand().map(|(key, value)| (key.clone(), value.clone())));
    let mut set = |key: &str, value: &str| config.insert(key.to_owned(), value.to_owned());
    set("$internal.pipeline.job-id", deploy.job_id.as_str());
    set("pipeline.name", &deploy.job_name);
    set("execution.checkpointing.dir", &settings.checkpoint_dir);
    set("execution.checkpointing.savepoint-dir", &settings.savepoint_dir);
    set("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION");
    set("execution.checkpointing.num-retained", "3");
    match deploy.stream.output.delivery {
        Delivery::AtLeastOnce => {}
        // Transactions are committed with checkpoints: one that lets rows in twice would commit them twice.
        Delivery::ExactlyOnce => _ = set("execution.checkpointing.mode", "EXACTLY_ONCE"),
    }
    match &deploy.restore {
        Restore::Start(_) | Restore::Offsets(_) => {}
        Restore::Savepoint { path } => {
            set("execution.state-recovery.path", path);
            set("execution.state-recovery.ignore-unclaimed-state", "false");
        }
        Restore::Direct { path } => {
            set("execution.state-recovery.path", path);
            set("execution.state-recovery.ignore-unclaimed-state", "true");
        }
        Restore::StopOf { step } | Restore::DirectOf { step } => {
            return Err(EngineError::Refused(format!("the savepoint of step {step} is not known")));
        }
        Restore::OffsetsOf { step, .. } => {
            return Err(EngineError::Refused(format!("the offsets of step {step} are not known")));
        }
    }
    Ok(config)
}

fn owned(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Settles a submission by its id alone. A job that failed or was cancelled leaves its id burnt.
pub async fn lookup(flink: &Flink, deploy: &Deploy) -> Lookup {
    let row = match flink.job_manager().job(&deploy.job_id).await {
        Ok(row) => row,
        Err(failure) => return flink.lookup_failed(failure),
    };
    match row.map(|row| state::state(&row)) {
        None => Lookup::NotDone,
        Some(JobState::Starting | JobState::Running | JobState::Restarting | JobState::Ending | JobState::Finished) => {
            Lookup::Done(Receipt::Deployed)
        }
        Some(JobState::Failed) => Lookup::Failed { reason: flink.why_failed(&deploy.job_id).await },
        Some(JobState::Cancelled) => Lookup::Failed { reason: "the job was cancelled".to_owned() },
    }
}

#[cfg(test)]
mod tests;
