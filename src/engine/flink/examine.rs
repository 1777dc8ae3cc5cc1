//! What `doctor` asks of Flink.

use std::collections::BTreeMap;

use crate::engine::Finding;
use crate::engine::flink::client::Failure;
use crate::engine::flink::client::gateway::StatementError;
use crate::engine::flink::wire::Overview;
use crate::engine::flink::{Flink, ddl};

pub async fn examine(flink: &Flink) -> Vec<Finding> {
    let (gateway, overview) = tokio::join!(flink.gateway().version(), flink.job_manager().overview());
    let mut found = vec![
        finding(&format!("SQL gateway {}", flink.gateway().address()), gateway_line(flink, &gateway, &overview)),
        finding(&format!("JobManager {}", flink.job_manager().address()), job_manager_line(flink, &overview)),
    ];
    if gateway.is_ok() {
        found.push(finding("Kafka connector", connector(flink).await));
    }
    let settings = flink.settings();
    for (key, url) in [("checkpoint_dir", &settings.checkpoint_dir), ("savepoint_dir", &settings.savepoint_dir)] {
        found.push(finding(key, directory(url)));
    }
    found
}

fn finding(subject: &str, outcome: Result<String, String>) -> Finding {
    Finding { subject: subject.to_owned(), outcome }
}

/// The gateway plans what the JobManager runs: they must be of one version.
fn gateway_line(
    flink: &Flink,
    gateway: &Result<String, Failure>,
    overview: &Result<Overview, Failure>,
) -> Result<String, String> {
    let version = gateway.as_ref().map_err(|failure| flink.gateway_failed(failure))?;
    match overview {
        Ok(overview) if overview.flink_version != *version => {
            Err(format!("Flink {version}, but the JobManager is {}", overview.flink_version))
        }
        Ok(_) | Err(_) => Ok(format!("Flink {version}")),
    }
}

fn job_manager_line(flink: &Flink, overview: &Result<Overview, Failure>) -> Result<String, String> {
    let overview = overview.as_ref().map_err(|failure| flink.job_manager_failed(failure))?;
    let Overview { taskmanagers, slots_total, slots_available, flink_version } = overview;
    match taskmanagers {
        0 => Err(format!("Flink {flink_version}, but no TaskManager is registered")),
        _ => Ok(format!(
            "Flink {flink_version}, {taskmanagers} TaskManagers, {slots_available} of {slots_total} slots free"
        )),
    }
}

/// A table's connector and format are looked for when it is first read: EXPLAIN does that, and starts nothing.
async fn connector(flink: &Flink) -> Result<String, String> {
    let session = flink.gateway().open(&BTreeMap::new()).await.map_err(|failure| flink.gateway_failed(&failure))?;
    let options =
        [("connector", "kafka"), ("topic", "weir"), ("format", "json"), ("scan.startup.mode", "earliest-offset")];
    let mut options: BTreeMap<String, String> =
        options.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
    options.insert("properties.bootstrap.servers".to_owned(), flink.kafka().bootstrap.clone());
    let mut result = session.run(&ddl::table("weir.probe", vec!["v STRING".to_owned()], &options)).await;
    if result.is_ok() {
        result = session.run("EXPLAIN SELECT * FROM `weir.probe`").await;
    }
    session.close().await;
    match result {
        Ok(_) => Ok("kafka with json".to_owned()),
        Err(StatementError::Refused(refusal)) => Err(refusal.words),
        Err(StatementError::Failed(words)) => Err(words),
        Err(StatementError::Call(failure)) => Err(flink.gateway_failed(&failure)),
    }
}

fn directory(url: &str) -> Result<String, String> {
    match url.split_once(":/") {
        Some((scheme, _)) if scheme.chars().all(|c| c.is_ascii_alphanumeric()) && !scheme.is_empty() => {
            Ok(url.to_owned())
        }
        Some(_) | None => Err(format!("`{url}` is no URL: write file:///…, s3://… or the like")),
    }
}
