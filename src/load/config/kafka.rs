//! `[kafka]`.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::load::config::secret;
use crate::load::moment::{self, Least};
use crate::load::report::Report;
use crate::load::weir_file::{KafkaFile, SecretText};
use crate::model::config::KafkaConfig;
use crate::model::secret::Secret;

/// Client properties that weir sets itself: another value would move a job's identity or what it reads.
const OURS: &[&str] = &[
    "bootstrap.servers",
    "group.id",
    "group.instance.id",
    "auto.offset.reset",
    "enable.auto.commit",
    "isolation.level",
    "transactional.id",
    "transaction.timeout.ms",
];

/// Shorter than any checkpoint that commits it.
const SHORTEST_TRANSACTION: Duration = Duration::from_secs(1);
/// Kafka counts it in 31 bits of milliseconds.
const LONGEST_TRANSACTION: Duration = Duration::from_millis(i32::MAX as u64);

/// `secrets` is `secrets.directory`.
pub fn kafka(report: &mut Report<'_>, file: &KafkaFile, secrets: Option<&str>) -> Option<KafkaConfig> {
    let path = ["kafka", "bootstrap_servers"];
    let properties_rdkafka = properties(report, "properties_rdkafka", &file.properties_rdkafka, secrets);
    let properties_java = properties(report, "properties_java", &file.properties_java, secrets);
    match &file.bootstrap_servers {
        Some(servers) => servers_are_addresses(report, &path, servers),
        None if report.document.node(&["kafka"]).is_some() => {
            let wrong = report.document.error("missing_key", &path, "the key `kafka.bootstrap_servers` is missing");
            report.push(wrong.with_help("`host:port`, several with commas"));
        }
        None => {}
    }
    let bootstrap_servers = file.bootstrap_servers.clone()?;
    Some(KafkaConfig { bootstrap_servers, properties_rdkafka, properties_java })
}

pub fn transaction_timeout(report: &mut Report<'_>, file: &KafkaFile) -> Option<Duration> {
    let (path, text) = (["kafka", "transaction_timeout"], file.transaction_timeout.as_ref()?);
    let timeout = moment::duration(report, &path, text, Least::AboveZero)?;
    if !(SHORTEST_TRANSACTION..=LONGEST_TRANSACTION).contains(&timeout) {
        let wrong = report.document.error("out_of_range", &path, format!("no transaction can time out after `{text}`"));
        report.push(wrong.with_help("from `1s` to `596h`, within the `transaction.max.timeout.ms` of the brokers"));
    }
    Some(timeout)
}

pub fn servers_are_addresses(report: &mut Report<'_>, path: &[&str], servers: &str) {
    for wrong in servers.split(',').filter(|server| !is_server(server.trim())) {
        let told = report.document.error("bad_address", path, format!("`{wrong}` is no address of a broker"));
        report.push(told.with_help("`host:port`, several with commas"));
    }
}

fn is_server(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let host_fits = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'));
    !host.is_empty() && host_fits && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn properties(
    report: &mut Report<'_>,
    table: &str,
    properties: &BTreeMap<String, SecretText>,
    secrets: Option<&str>,
) -> BTreeMap<String, Secret> {
    let mut read = BTreeMap::new();
    for (key, value) in properties {
        let path = ["kafka", table, key.as_str()];
        if OURS.contains(&key.as_str()) {
            let wrong = report.document.error_at_key("forbidden_option", &path, format!("weir sets `{key}` itself"));
            report.push(wrong.with_help(match key.as_str() {
                "transaction.timeout.ms" => "write `kafka.transaction_timeout`",
                _ => "remove it",
            }));
        }
        read.insert(key.clone(), secret::read(report, &path, value, secrets));
    }
    read
}
