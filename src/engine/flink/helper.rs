//! The helper that reads offsets out of a savepoint: over the topics of the job that ended, with sources in the same
//! places and of the same shape, so that each takes up its state.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::engine::EngineError;
use crate::engine::flink::client::gateway::Session;
use crate::engine::flink::explain;
use crate::engine::flink::{Flink, begin, ddl, state, stop, trip};
use crate::model::job::{JobId, JobState};
use crate::model::offsets::{Chaining, Helper, HelperAct, Scan, Taken};
use crate::model::step::{Lookup, Receipt};
use crate::sql::flink::{ident, literal};

/// The tables of the helper; a definition's name holds no dot.
const CONTROL: &str = "weir.control";
const SCAN: &str = "weir.scan.";

/// The helper's own, whatever engine and stream have set. One slot is enough: what is read waits in Kafka. Nothing of
/// it outlives its cancelling. It must not come back from a failure: that would be another run of the same rows.
const OWN: &[(&str, &str)] = &[
    ("execution.runtime-mode", "STREAMING"),
    ("parallelism.default", "1"),
    ("table.exec.resource.default-parallelism", "1"),
    ("table.exec.mini-batch.enabled", "false"),
    ("table.optimizer.reuse-sub-plan-enabled", "true"),
    ("table.optimizer.reuse-source-enabled", "true"),
    ("table.dynamic-table-options.enabled", "false"),
    ("restart-strategy.type", "none"),
    ("execution.checkpointing.interval", "100 ms"),
    ("execution.checkpointing.min-pause", "0 ms"),
    ("execution.checkpointing.unaligned.enabled", "false"),
    ("execution.checkpointing.externalized-checkpoint-retention", "DELETE_ON_CANCELLATION"),
    ("execution.checkpointing.num-retained", "1"),
];

pub async fn execute(flink: &Flink, act: &HelperAct) -> Result<Receipt, EngineError> {
    match act {
        HelperAct::Deploy(helper) => deploy(flink, helper).await,
        HelperAct::Cancel { job_id } => stop::cancel(flink, job_id).await.map(|_| Receipt::HelperGone),
    }
}

pub async fn lookup(flink: &Flink, act: &HelperAct) -> Lookup {
    match act {
        HelperAct::Deploy(helper) => found(flink, helper).await,
        HelperAct::Cancel { job_id } => match stop::lookup_cancel(flink, job_id).await {
            Lookup::Done(_) => Lookup::Done(Receipt::HelperGone),
            other => other,
        },
    }
}

/// Flow: a session; the tables; the plan of the INSERT, whose sources must be those of the job that ended; the
/// INSERT.
/// Guarantees: at most one job per id; no job where the plan's sources differ.
/// Errors: as those of a stream's deploy.
async fn deploy(flink: &Flink, helper: &Helper) -> Result<Receipt, EngineError> {
    let Taken::Savepoint { path } = &helper.state else {
        return Err(EngineError::Refused("the savepoint to be read is not known".to_owned()));
    };
    let session = flink.open_session_with(&properties(flink, helper)).await?;
    let result = submit(flink, &session, helper, path).await;
    session.close().await;
    result
}

async fn submit(flink: &Flink, session: &Session, helper: &Helper, path: &str) -> Result<Receipt, EngineError> {
    let scans = helper.scans.iter().enumerate().map(|(nth, scan)| scan_table(flink, helper, nth, scan));
    for sql in scans.chain([control_table(flink, helper)]) {
        session.run(&sql).await.map_err(|error| flink.statement_failed(error))?;
    }
    let insert = insert(helper);
    let explain = format!("EXPLAIN CHANGELOG_MODE, JSON_EXECUTION_PLAN {insert}");
    let explained = session.run(&explain).await.map_err(|error| flink.statement_failed(error))?;
    let text = explained.rows.first().and_then(|row| row.first()).and_then(Value::as_str).unwrap_or_default();
    same_shape(helper, text).map_err(EngineError::Refused)?;
    let outcome = session.run_with(&insert, &config(flink, helper, path)).await;
    let outcome = outcome.map_err(|error| match flink.statement_failed(error) {
        EngineError::Refused(why) | EngineError::Unreachable(why) | EngineError::Uncertain(why) => {
            EngineError::Uncertain(why)
        }
    })?;
    let shown = outcome.rows.first().and_then(|row| row.first()).and_then(Value::as_str);
    match shown.or(outcome.job_id.as_deref()).map(JobId::seen) {
        Some(id) if id == helper.job_id => Ok(Receipt::HelperDeployed),
        Some(_) | None => Err(EngineError::Uncertain("the SQL gateway did not tell the helper's id".to_owned())),
    }
}

fn properties(flink: &Flink, helper: &Helper) -> BTreeMap<String, String> {
    let mut properties = flink.settings().options.clone();
    properties.extend(helper.options.clone());
    properties.retain(|key, _| !key.starts_with("restart-strategy"));
    properties.extend(OWN.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
    match helper.chaining {
        Chaining::On => {}
        Chaining::Off => _ = properties.insert("pipeline.operator-chaining.enabled".to_owned(), "false".to_owned()),
    }
    properties
}

fn config(flink: &Flink, helper: &Helper, path: &str) -> BTreeMap<String, String> {
    let settings = flink.settings();
    let pairs = [
        ("$internal.pipeline.job-id", helper.job_id.as_str()),
        ("pipeline.name", &helper.job_name),
        ("execution.checkpointing.dir", &settings.checkpoint_dir),
        ("execution.checkpointing.savepoint-dir", &settings.savepoint_dir),
        ("execution.state-recovery.path", path),
        ("execution.state-recovery.ignore-unclaimed-state", "true"),
    ];
    pairs.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect()
}

/// Every record of a topic, whatever its format, with its place.
fn scan_table(flink: &Flink, helper: &Helper, nth: usize, scan: &Scan) -> String {
    let mut options = ddl::connection(flink.kafka());
    options.insert("topic".to_owned(), scan.topic.to_string());
    if is_read(helper, scan) {
        options.extend(begin::trip_wire());
        // Kafka's client commits only between two polls, and a poll without a record lasts ten seconds. Whoever waits
        // for the commits writes into the control topic all the while.
        options.insert("topic".to_owned(), format!("{};{}", scan.topic, helper.control));
    } else {
        // It only holds its place. What it reads is nobody's, and its group must not hear of it.
        options.insert("scan.startup.mode".to_owned(), "latest-offset".to_owned());
        options.insert("properties.commit.offsets.on.checkpoint".to_owned(), "false".to_owned());
    }
    options.insert("connector".to_owned(), "kafka".to_owned());
    options.insert("format".to_owned(), "raw".to_owned());
    options.insert("properties.group.id".to_owned(), scan.group.clone());
    let columns = [
        "`x` BYTES",
        "`part` INT NOT NULL METADATA FROM 'partition' VIRTUAL",
        "`off` BIGINT NOT NULL METADATA FROM 'offset' VIRTUAL",
        "`topic` STRING NOT NULL METADATA VIRTUAL",
    ];
    ddl::table(&format!("{SCAN}{nth}"), columns.map(str::to_owned).to_vec(), &options)
}

fn control_table(flink: &Flink, helper: &Helper) -> String {
    let mut options = ddl::connection(flink.kafka());
    let own = [
        ("connector", "kafka"),
        ("topic", helper.control.as_str()),
        ("format", "json"),
        // What a group has committed is then the promise that all rows before it lie in the topic.
        ("sink.delivery-guarantee", "at-least-once"),
    ];
    options.extend(own.map(|(key, value)| (key.to_owned(), value.to_owned())));
    let columns = ["`helper` STRING", "`scan` INT", "`topic` STRING", "`part` INT", "`off` BIGINT"];
    ddl::table(CONTROL, columns.map(str::to_owned).to_vec(), &options)
}

/// A scan has as many outputs as it is read: each reading takes its share of the partitions.
fn insert(helper: &Helper) -> String {
    let own = format!("`topic` <> {}", literal(helper.control.as_str()));
    let reading = |nth: usize, which: &str| {
        let (id, table) = (literal(helper.job_id.as_str()), ident(&format!("{SCAN}{nth}")));
        format!("SELECT {id}, {nth}, `topic`, `part`, `off` FROM {table} WHERE {which}")
    };
    let readings = helper.scans.iter().enumerate().flat_map(|(nth, scan)| match scan.outputs {
        _ if !is_read(helper, scan) => vec![reading(nth, "`part` < 0")],
        0 | 1 => vec![reading(nth, &own)],
        all => (0..all).map(|share| reading(nth, &format!("{own} AND MOD(`part`, {all}) = {share}"))).collect(),
    });
    let readings: Vec<String> = readings.collect();
    format!("INSERT INTO {}\n{}", ident(CONTROL), readings.join("\nUNION ALL\n"))
}

/// State is found by place and shape: a helper of another shape would take up nothing, or another source's.
fn same_shape(helper: &Helper, explained: &str) -> Result<(), String> {
    let planned = explain::read(explained)?.sources;
    let table = |nth: usize| format!("{SCAN}{nth}");
    let same = planned.len() == helper.scans.len()
        && planned.iter().zip(&helper.scans).enumerate().all(|(nth, (planned, scan))| {
            // Where nothing is chained, the plan shows edges as if it were.
            let free = helper.chaining == Chaining::Off || !is_read(helper, scan);
            planned.table == table(nth) && (free || planned.outputs == scan.outputs)
        });
    let wanted: Vec<u32> = helper.scans.iter().map(|scan| scan.outputs).collect();
    match same {
        true => Ok(()),
        false => Err(format!(
            "no plan has the sources of the job that ended: their outputs were {wanted:?}, these are {planned:?}"
        )),
    }
}

fn is_read(helper: &Helper, scan: &Scan) -> bool {
    scan.chaining() == helper.chaining
}

/// Settles a helper by its id alone, and tells why it failed.
async fn found(flink: &Flink, helper: &Helper) -> Lookup {
    let row = match flink.job_manager().job(&helper.job_id).await {
        Ok(row) => row,
        Err(failure) => return flink.lookup_failed(failure),
    };
    match row.map(|row| state::state(&row)) {
        None => Lookup::NotDone,
        Some(JobState::Starting | JobState::Running | JobState::Restarting | JobState::Ending) => {
            Lookup::Done(Receipt::HelperDeployed)
        }
        Some(JobState::Failed) => {
            let cause = flink.why_failed(&helper.job_id).await;
            Lookup::Failed { reason: trip::told(cause, &helper.log_starts) }
        }
        Some(JobState::Finished | JobState::Cancelled) => {
            Lookup::Failed { reason: "the helper was ended by somebody else".to_owned() }
        }
    }
}

#[cfg(test)]
mod tests;
