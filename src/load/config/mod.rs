//! `weir.toml` and its environment: typed, checked, with every default in place.

mod engine;
mod environment;
mod kafka;
mod secret;

use std::collections::BTreeMap;

use crate::load::document::Document;
use crate::load::entry::shape;
use crate::load::moment::{self, Least};
use crate::load::report::Report;
use crate::load::schema;
use crate::load::suggest;
use crate::load::unbuilt;
use crate::load::weir_file::{LimitsFile, OriginFile, ProjectFile, SecretText, VarValue, WeirFile};
use crate::model::config::{Config, EngineConfig, Mode, OriginConfig, Settings};
use crate::model::diagnostic::Diagnostic;
use crate::model::limits::SqlLimits;
use crate::model::name::{EngineName, ProjectName};
use crate::model::secret::Secret;

/// `text` is that of `weir.toml`, `file` how messages call it, `folder` the name of the folder it is in (the default
/// of `project.name`), `env` the whole environment: of it only `WEIR_…` counts, over what the file says.
///
/// `None` if there is any error. Secrets stay references.
pub fn config(
    text: &str,
    file: &str,
    folder: &str,
    env: &BTreeMap<String, String>,
) -> (Option<Config>, Vec<Diagnostic>) {
    let (config, mut found) = match read(text, file, folder, env) {
        Ok(read) => read,
        Err(found) => (None, found),
    };
    found.sort();
    found.dedup();
    let wrong = found.iter().any(Diagnostic::is_error);
    (config.filter(|_| !wrong), found)
}

type Read = (Option<Config>, Vec<Diagnostic>);

fn read(text: &str, file: &str, folder: &str, env: &BTreeMap<String, String>) -> Result<Read, Vec<Diagnostic>> {
    let schema = schema::weir();
    let mut document = Document::parse(file, text).map_err(|wrong| vec![*wrong])?;
    let mut found = environment::apply(&mut document, schema, env);
    found.extend(secret::only_in_their_keys(&document, schema));
    let weir: WeirFile = match shape(&document, schema, unbuilt::WEIR) {
        Ok(weir) => weir,
        Err(wrong) => {
            found.extend(wrong);
            return Err(found);
        }
    };
    let mut report = Report { document: &document, found };
    let report = &mut report;
    let project = project(report, &weir.project, folder);
    let engines = engines(report, &weir);
    let default_engine = default_engine(report, &weir.project, &engines);
    let secrets = weir.secrets.directory.as_deref();
    let kafka = kafka::kafka(report, &weir.kafka, secrets);
    let ledger_url = weir.ledger.url.as_ref().map(|url| ledger_url(report, url, secrets));
    let reconcile = settings(report, &weir);
    let config = project.map(|project| Config {
        project,
        default_engine,
        ledger_url,
        kafka,
        engines,
        origin: origin(&weir.origin),
        reconcile,
        limits: limits(&weir.limits),
        vars: weir.vars.into_iter().map(|(name, value)| (name, VarValue::into_text(value))).collect(),
        secrets_directory: weir.secrets.directory,
    });
    Ok((config, std::mem::take(&mut report.found)))
}

fn project(report: &mut Report<'_>, project: &ProjectFile, folder: &str) -> Option<ProjectName> {
    let text = project.name.as_deref().unwrap_or(folder);
    match ProjectName::parse(text) {
        Ok(name) => Some(name),
        Err(wrong) => {
            let told =
                report.document.error("bad_project", &["project", "name"], format!("`{text}` is no {}", wrong.what));
            let from = if project.name.is_none() { "; it is the folder's name, or write `[project] name`" } else { "" };
            report.push(told.with_help(format!("{}{from}", wrong.rule)));
            None
        }
    }
}

fn engines(report: &mut Report<'_>, weir: &WeirFile) -> BTreeMap<EngineName, EngineConfig> {
    let mut engines = BTreeMap::new();
    for (name, file) in &weir.engines {
        let config = engine::engine(report, name, file, weir.kafka.bootstrap_servers.as_deref());
        match EngineName::parse(name) {
            Ok(name) => engines.extend(config.map(|config| (name, config))),
            Err(wrong) => {
                let message = format!("`{name}` is no {}", wrong.what);
                let told = report.document.error_at_key("bad_engine", &["engines", name], message);
                report.push(told.with_help(wrong.rule));
            }
        }
    }
    engines
}

/// `project.engine`, or the only one.
fn default_engine(
    report: &mut Report<'_>,
    project: &ProjectFile,
    engines: &BTreeMap<EngineName, EngineConfig>,
) -> Option<EngineName> {
    let Some(name) = &project.engine else {
        return engines.keys().next().filter(|_| engines.len() == 1).cloned();
    };
    let known = engines.keys().find(|engine| engine.as_str() == name).cloned();
    if known.is_none() {
        let path = ["project", "engine"];
        let mut wrong = report.document.error("unknown_engine", &path, format!("there is no engine `{name}`"));
        wrong.help = suggest::help(name, "engines", engines.keys().map(EngineName::as_str));
        report.push(wrong);
    }
    known
}

/// Of a reference nothing is known before it is resolved.
fn ledger_url(report: &mut Report<'_>, url: &SecretText, secrets: Option<&str>) -> Secret {
    let path = ["ledger", "url"];
    let secret = secret::read(report, &path, url, secrets);
    match &secret {
        Secret::Plain(text) if !text.starts_with("postgres://") && !text.starts_with("postgresql://") => {
            let wrong = report.document.error("bad_url", &path, "the ledger is not a URL of Postgres");
            report.push(wrong.with_help("`postgres://user:password@host:port/database`"));
        }
        Secret::Plain(_) | Secret::Env(_) | Secret::File(_) => {}
    }
    secret
}

fn origin(origin: &OriginFile) -> OriginConfig {
    OriginConfig { path: origin.path.clone().unwrap_or_else(|| "streams".to_owned()) }
}

fn settings(report: &mut Report<'_>, weir: &WeirFile) -> Settings {
    let default = Settings::default();
    let file = &weir.reconcile;
    let transaction_timeout = kafka::transaction_timeout(report, &weir.kafka);
    let mut length = |key: &str, text: &Option<String>, least: Least| {
        text.as_ref().and_then(|text| moment::duration(report, &["reconcile", key], text, least))
    };
    Settings {
        mode: file.mode.unwrap_or(Mode::Auto),
        interval: length("interval", &file.interval, Least::AboveZero).unwrap_or(default.interval),
        settle: length("settle", &file.settle, Least::Zero).unwrap_or(default.settle),
        missing_after: length("missing_after", &file.missing_after, Least::Zero).unwrap_or(default.missing_after),
        parallelism: file.parallelism.unwrap_or(default.parallelism),
        max_deletions: file.max_deletions.unwrap_or(default.max_deletions),
        max_restores: file.max_restores.unwrap_or(default.max_restores),
        transaction_timeout: transaction_timeout.unwrap_or(default.transaction_timeout),
    }
}

fn limits(file: &LimitsFile) -> SqlLimits {
    let SqlLimits { length, joins, windows, set } = SqlLimits::default();
    SqlLimits {
        length: file.sql_length.or(length),
        joins: file.joins.or(joins),
        windows: file.windows.or(windows),
        set,
    }
}

#[cfg(test)]
mod tests;
