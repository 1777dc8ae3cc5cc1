//! `[engines.NAME]`.

use crate::load::config::kafka::servers_are_addresses;
use crate::load::document::Document;
use crate::load::report::Report;
use crate::load::weir_file::EngineFile;
use crate::model::config::{EngineConfig, EngineKind};
use crate::model::diagnostic::Diagnostic;
use crate::model::options;

/// Schemes of folders that Flink's file systems know.
const FOLDERS: &[&str] = &["file", "s3", "s3a", "s3p", "gs", "abfs", "abfss", "wasb", "wasbs", "hdfs", "viewfs", "oss"];

/// The engine, unless a key that its kind needs is missing.
pub fn engine(report: &mut Report<'_>, name: &str, file: &EngineFile, kafka: Option<&str>) -> Option<EngineConfig> {
    options_are_free(report, name, file);
    for (index, servers) in file.allow_bootstrap.iter().enumerate() {
        servers_are_addresses(report, &["engines", name, "allow_bootstrap", &index.to_string()], servers);
    }
    match file.kind {
        EngineKind::Flink => {}
    }
    let url = address(report, name, ("url", file.url.as_deref()));
    let rest_url = address(report, name, ("rest_url", file.rest_url.as_deref()));
    let checkpoint_dir = folder(report, name, ("checkpoint_dir", file.checkpoint_dir.as_deref()));
    let savepoint_dir = folder(report, name, ("savepoint_dir", file.savepoint_dir.as_deref()));
    let kafka_bootstrap = brokers(report, name, file.kafka_bootstrap.as_deref(), kafka);
    Some(EngineConfig {
        kind: file.kind,
        url: url?,
        rest_url: rest_url?,
        kafka_bootstrap: kafka_bootstrap?,
        checkpoint_dir: checkpoint_dir?,
        savepoint_dir: savepoint_dir?,
        options: file.options.clone(),
        allow_options: file.allow_options.clone(),
        connectors: file.connectors.clone(),
        allow_bootstrap: file.allow_bootstrap.clone(),
    })
}

type Written<'a> = (&'a str, Option<&'a str>);

fn missing(document: &Document, name: &str, key: &str, help: &str) -> Diagnostic {
    let message = format!("the engine `{name}` needs the key `{key}`");
    document.error_at_key("missing_key", &["engines", name], message).with_help(help)
}

/// An `http` address without credentials: those would be shown in messages.
fn address(report: &mut Report<'_>, name: &str, (key, text): Written<'_>) -> Option<String> {
    let Some(text) = text else {
        report.push(missing(report.document, name, key, "its HTTP address, as `http://127.0.0.1:8083`"));
        return None;
    };
    let path = ["engines", name, key];
    let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://")).unwrap_or("");
    let authority = rest.split(['/', '?', '#']).next().unwrap_or("");
    if authority.contains('@') {
        let wrong = report.document.error("bad_url", &path, format!("`{key}` holds a user or a password"));
        report.push(wrong.with_help("an address is shown in messages; take the credentials out"));
    } else if authority.is_empty() || text.contains(char::is_whitespace) {
        let wrong = report.document.error("bad_url", &path, format!("`{text}` is no HTTP address"));
        report.push(wrong.with_help("as `http://127.0.0.1:8083`"));
    }
    Some(text.trim_end_matches('/').to_owned())
}

fn folder(report: &mut Report<'_>, name: &str, (key, text): Written<'_>) -> Option<String> {
    let help = "a URL of a folder that the engine reads and writes, as `s3://bucket/weir` or `file:///var/weir`";
    let Some(text) = text else {
        report.push(missing(report.document, name, key, help));
        return None;
    };
    let fits = text.split_once(":/").is_some_and(|(scheme, rest)| {
        FOLDERS.contains(&scheme) && !rest.trim_matches('/').is_empty() && !text.contains(char::is_whitespace)
    });
    if !fits {
        let wrong =
            report.document.error("bad_url", &["engines", name, key], format!("`{text}` is no URL of a folder"));
        report.push(wrong.with_help(help));
    }
    Some(text.trim_end_matches('/').to_owned())
}

fn brokers(report: &mut Report<'_>, name: &str, own: Option<&str>, kafka: Option<&str>) -> Option<String> {
    if let Some(own) = own {
        servers_are_addresses(report, &["engines", name, "kafka_bootstrap"], own);
    }
    let brokers = own.or(kafka);
    if brokers.is_none() && report.document.node(&["kafka"]).is_none() {
        let help = "the brokers as the engine sees them; its default is `kafka.bootstrap_servers`";
        report.push(missing(report.document, name, "kafka_bootstrap", help));
    }
    brokers.map(str::to_owned)
}

/// What nobody may set, neither on every job nor by leave of `allow_options`.
fn options_are_free(report: &mut Report<'_>, name: &str, file: &EngineFile) {
    for key in file.options.keys() {
        if let Some(pattern) = options::forbidden(key) {
            let path = ["engines", name, "options", key.as_str()];
            let wrong = report.document.error_at_key("forbidden_option", &path, format!("`{key}` may not be set"));
            report.push(wrong.with_help(format!("weir sets what falls under `{pattern}` itself, or nobody does")));
        }
    }
    for (index, key) in file.allow_options.iter().enumerate() {
        let index = index.to_string();
        let path = ["engines", name, "allow_options", index.as_str()];
        let (whole, known) = (key.trim_end_matches(".*"), options::forbidden(key));
        if let Some(pattern) = known.or_else(|| options::forbidden(&format!("{whole}."))) {
            let wrong = report.document.error("forbidden_option", &path, format!("`{key}` may not be allowed"));
            report.push(wrong.with_help(format!("no file may set what falls under `{pattern}`")));
        } else if whole.is_empty() || whole.contains('*') {
            let message = format!("`{key}` is no option and no prefix of options");
            let wrong = report.document.error("bad_option", &path, message);
            report.push(wrong.with_help("a whole key, or a prefix that ends in `.*`"));
        }
    }
}
