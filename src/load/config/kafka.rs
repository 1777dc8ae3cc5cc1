//! `[kafka]`.

use std::collections::BTreeMap;

use crate::load::config::secret::Secrets;
use crate::load::weir_file::{KafkaFile, SecretText};
use crate::model::config::KafkaConfig;
use crate::model::diagnostic::Diagnostic;
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
];

pub fn kafka(secrets: &Secrets<'_>, file: &KafkaFile, found: &mut Vec<Diagnostic>) -> Option<KafkaConfig> {
    let path = ["kafka", "bootstrap_servers"];
    let properties_rdkafka = properties(secrets, "properties_rdkafka", &file.properties_rdkafka, found);
    let properties_java = properties(secrets, "properties_java", &file.properties_java, found);
    match &file.bootstrap_servers {
        Some(servers) => found.extend(servers_wrong(secrets, &path, servers)),
        None if secrets.document.node(&["kafka"]).is_some() => {
            let wrong = secrets.document.error("missing_key", &path, "the key `kafka.bootstrap_servers` is missing");
            found.push(wrong.with_help("`host:port`, several with commas"));
        }
        None => {}
    }
    let bootstrap_servers = file.bootstrap_servers.clone()?;
    Some(KafkaConfig { bootstrap_servers, properties_rdkafka, properties_java })
}

pub fn servers_wrong(secrets: &Secrets<'_>, path: &[&str], servers: &str) -> Option<Diagnostic> {
    let wrong = servers.split(',').find(|server| !is_server(server.trim()))?;
    let told = secrets.document.error("bad_address", path, format!("`{wrong}` is no address of a broker"));
    Some(told.with_help("`host:port`, several with commas"))
}

fn is_server(text: &str) -> bool {
    let Some((host, port)) = text.rsplit_once(':') else { return false };
    let host_fits = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']'));
    !host.is_empty() && host_fits && port.parse::<u16>().is_ok_and(|port| port > 0)
}

fn properties(
    secrets: &Secrets<'_>,
    table: &str,
    properties: &BTreeMap<String, SecretText>,
    found: &mut Vec<Diagnostic>,
) -> BTreeMap<String, Secret> {
    let mut read = BTreeMap::new();
    for (key, value) in properties {
        let path = ["kafka", table, key.as_str()];
        if OURS.contains(&key.as_str()) {
            let wrong = secrets.document.error_at_key("forbidden_option", &path, format!("weir sets `{key}` itself"));
            found.push(wrong.with_help("remove it"));
        }
        read.insert(key.clone(), secrets.read(&path, value, found));
    }
    read
}
