//! `weir.toml` and its environment: typed, checked, with every default in place.

mod engine;
mod environment;
mod kafka;
mod secret;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::load::document::Document;
use crate::load::entry::shape;
use crate::load::moment::{self, Least};
use crate::load::schema;
use crate::load::suggest;
use crate::load::unbuilt;
use crate::load::weir_file::{OriginFile, ProjectFile, ReconcileFile, SecretText, VarValue, WeirFile};
use crate::model::config::{Config, EngineConfig, Mode, OriginConfig, Settings};
use crate::model::diagnostic::Diagnostic;
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
    let mut document = Document::parse(file, text).map_err(|wrong| vec![wrong])?;
    let mut found = environment::apply(&mut document, &schema, env);
    found.extend(secret::only_in_their_keys(&document, &schema));
    let weir: WeirFile = match shape(&document, &schema, unbuilt::WEIR) {
        Ok(weir) => weir,
        Err(wrong) => {
            found.extend(wrong);
            return Err(found);
        }
    };
    let project = project(&document, &weir.project, folder, &mut found);
    let engines = engines(&document, &weir, &mut found);
    let default_engine = default_engine(&document, &weir.project, &engines, &mut found);
    let secrets = secret::Secrets { document: &document, directory: weir.secrets.directory.as_deref() };
    let kafka = kafka::kafka(&secrets, &weir.kafka, &mut found);
    let ledger_url = weir.ledger.url.as_ref().map(|url| ledger_url(&secrets, url, &mut found));
    let reconcile = settings(&document, &weir.reconcile, &mut found);
    let config = project.map(|project| Config {
        project,
        default_engine,
        ledger_url,
        kafka,
        engines,
        origin: origin(&weir.origin),
        reconcile,
        vars: weir.vars.into_iter().map(|(name, value)| (name, VarValue::into_text(value))).collect(),
        secrets_directory: weir.secrets.directory,
    });
    Ok((config, found))
}

fn project(
    document: &Document,
    project: &ProjectFile,
    folder: &str,
    found: &mut Vec<Diagnostic>,
) -> Option<ProjectName> {
    let text = project.name.as_deref().unwrap_or(folder);
    match ProjectName::parse(text) {
        Ok(name) => Some(name),
        Err(wrong) => {
            let told = document.error("bad_project", &["project", "name"], format!("`{text}` is no {}", wrong.what));
            let from = if project.name.is_none() { "; it is the folder's name, or write `[project] name`" } else { "" };
            found.push(told.with_help(format!("{}{from}", wrong.rule)));
            None
        }
    }
}

fn engines(document: &Document, weir: &WeirFile, found: &mut Vec<Diagnostic>) -> BTreeMap<EngineName, EngineConfig> {
    let mut engines = BTreeMap::new();
    for (name, file) in &weir.engines {
        let config = engine::engine(document, name, file, weir.kafka.bootstrap_servers.as_deref(), found);
        match EngineName::parse(name) {
            Ok(name) => engines.extend(config.map(|config| (name, config))),
            Err(wrong) => {
                let message = format!("`{name}` is no {}", wrong.what);
                let told = document.error_at_key("bad_engine", &["engines", name], message);
                found.push(told.with_help(wrong.rule));
            }
        }
    }
    engines
}

/// `project.engine`, or the only one.
fn default_engine(
    document: &Document,
    project: &ProjectFile,
    engines: &BTreeMap<EngineName, EngineConfig>,
    found: &mut Vec<Diagnostic>,
) -> Option<EngineName> {
    let Some(name) = &project.engine else {
        return engines.keys().next().filter(|_| engines.len() == 1).cloned();
    };
    let known = engines.keys().find(|engine| engine.as_str() == name).cloned();
    if known.is_none() {
        let path = ["project", "engine"];
        let mut wrong = document.error("unknown_engine", &path, format!("there is no engine `{name}`"));
        wrong.help = suggest::help(name, "engines", engines.keys().map(EngineName::as_str));
        found.push(wrong);
    }
    known
}

/// Of a reference nothing is known before it is resolved.
fn ledger_url(secrets: &secret::Secrets<'_>, url: &SecretText, found: &mut Vec<Diagnostic>) -> Secret {
    let path = ["ledger", "url"];
    let secret = secrets.read(&path, url, found);
    match &secret {
        Secret::Plain(text) if !text.starts_with("postgres://") && !text.starts_with("postgresql://") => {
            let wrong = secrets.document.error("bad_url", &path, "the ledger is not a URL of Postgres");
            found.push(wrong.with_help("`postgres://user:password@host:port/database`"));
        }
        Secret::Plain(_) | Secret::Env(_) | Secret::File(_) => {}
    }
    secret
}

fn origin(origin: &OriginFile) -> OriginConfig {
    OriginConfig { path: origin.path.clone().unwrap_or_else(|| "streams".to_owned()) }
}

fn settings(document: &Document, file: &ReconcileFile, found: &mut Vec<Diagnostic>) -> Settings {
    let default = Settings::default();
    let mut length = |key: &str, least: Least, default: Duration| {
        moment::duration(document, &["reconcile", key], least, found).unwrap_or(default)
    };
    Settings {
        mode: file.mode.unwrap_or(Mode::Auto),
        interval: length("interval", Least::AboveZero, default.interval),
        settle: length("settle", Least::Zero, default.settle),
        missing_after: length("missing_after", Least::Zero, default.missing_after),
        parallelism: file.parallelism.unwrap_or(default.parallelism),
        max_deletions: file.max_deletions.unwrap_or(default.max_deletions),
        max_restores: file.max_restores.unwrap_or(default.max_restores),
    }
}

#[cfg(test)]
mod tests;
