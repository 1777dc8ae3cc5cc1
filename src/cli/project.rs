//! From the command line to a project with its doors open.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::broker::kafka::Kafka;
use crate::cli::args::Global;
use crate::cli::secrets::{resolve, resolve_all};
use crate::engine::flink::{Flink, FlinkSettings, Timing};
use crate::engine::{Engine, Engines};
use crate::load::Context;
use crate::model::config::{Config, EngineConfig, EngineKind, KafkaConfig};
use crate::model::diagnostic::Diagnostic;
use crate::model::name::{EngineName, ProjectName};
use crate::reconcile::Project;
use crate::store::Store;
use crate::store::postgres::Postgres;

/// A project as its files describe it: nothing is opened yet.
pub struct Files {
    /// `None` without a `weir.toml`.
    pub config: Option<Config>,
    /// What is wrong with `weir.toml`.
    pub diagnostics: Vec<Diagnostic>,
    pub config_file: PathBuf,
    /// The folder of definitions.
    pub folder: PathBuf,
    pub context: Context,
}

/// Why a command cannot begin, in words.
pub enum OpenError {
    /// `weir.toml` has errors, already told apart by place.
    Diagnostics(Vec<Diagnostic>, PathBuf),
    Text(String),
}

impl From<String> for OpenError {
    fn from(text: String) -> OpenError {
        OpenError::Text(text)
    }
}

fn environment() -> BTreeMap<String, String> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with("WEIR_"))
        .collect()
}

/// Reads `weir.toml` and finds the folder of definitions.
pub fn files(global: &Global) -> Result<Files, OpenError> {
    let named = global.config.is_some();
    let file = global.config.clone().unwrap_or_else(|| PathBuf::from("weir.toml"));
    let home = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
    let (config, diagnostics) = match std::fs::read_to_string(&file) {
        Ok(text) => crate::load::config(&text, &file.to_string_lossy(), &folder_name(&home), &environment()),
        Err(error) if !named && error.kind() == std::io::ErrorKind::NotFound => (None, Vec::new()),
        Err(error) => return Err(format!("{} cannot be read: {error}", file.display()).into()),
    };
    if diagnostics.iter().any(Diagnostic::is_error) {
        return Err(OpenError::Diagnostics(diagnostics, file));
    }
    let folder = match (&global.dir, &config) {
        (Some(dir), _) => dir.clone(),
        (None, Some(config)) => home.join(&config.origin.path),
        (None, None) => home.join("streams"),
    };
    let origin = folder.canonicalize().unwrap_or_else(|_| folder.clone()).to_string_lossy().into_owned();
    let vars = global.vars.iter().cloned().collect();
    let context = match &config {
        Some(config) => Context::new(config, &origin, vars),
        None => Context::without_config(fallback_project(&home), &origin, vars),
    };
    Ok(Files { config, diagnostics, config_file: file, folder, context })
}

fn folder_name(home: &Path) -> String {
    let whole = home.canonicalize().unwrap_or_else(|_| home.to_path_buf());
    whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn fallback_project(home: &Path) -> ProjectName {
    let name = folder_name(home);
    let named = ProjectName::parse(&name).or_else(|_| ProjectName::parse("project"));
    named.expect("`project` is a project name")
}

/// Opens every door. Only the ledger is asked anything: engines and brokers that are away are seen as Unknown.
pub async fn open(global: &Global) -> Result<Project, OpenError> {
    let prepared = prepare(global)?;
    let store = Postgres::connect(&prepared.ledger_url).await.map_err(|error| error.to_string())?;
    Ok(prepared.with(Arc::new(store)))
}

/// Everything but the ledger's door, which may have to be waited for.
pub struct Prepared {
    pub ledger_url: String,
    pub config: Config,
    files: Files,
    engines: Engines,
    broker: Arc<Kafka>,
}

impl Prepared {
    pub fn with(self, store: Arc<dyn Store>) -> Project {
        Project {
            name: self.config.project.clone(),
            folder: self.files.folder,
            context: self.files.context,
            settings: self.config.reconcile.clone(),
            store,
            engines: self.engines,
            broker: self.broker,
        }
    }

    pub fn broker(&self) -> &Kafka {
        &self.broker
    }

    pub fn engines(&self) -> &Engines {
        &self.engines
    }
}

pub fn prepare(global: &Global) -> Result<Prepared, OpenError> {
    let files = files(global)?;
    let config = files.config.clone().ok_or_else(|| {
        format!("{} does not exist; `weir init` writes a project to begin with", files.config_file.display())
    })?;
    let secrets = files.config_file.parent().zip(config.secrets_directory.as_ref()).map(|(home, dir)| home.join(dir));
    let ledger = config.ledger_url.as_ref().ok_or("`ledger.url` is missing in weir.toml".to_owned())?;
    let ledger_url = resolve(ledger, secrets.as_deref()).map_err(|why| format!("`ledger.url`: {why}"))?;
    let kafka = config.kafka.as_ref().ok_or("`kafka.bootstrap_servers` is missing in weir.toml".to_owned())?;
    let properties = resolve_all(&kafka.properties_rdkafka, secrets.as_deref())?;
    let broker = Kafka::new(&kafka.bootstrap_servers, &properties).map_err(|error| error.to_string())?;
    let engines = engines(&config, kafka, secrets.as_deref())?;
    Ok(Prepared { ledger_url, config, files, engines, broker: Arc::new(broker) })
}

fn engines(config: &Config, kafka: &KafkaConfig, secrets: Option<&Path>) -> Result<Engines, String> {
    let java = resolve_all(&kafka.properties_java, secrets)?;
    let timeout = config.reconcile.transaction_timeout;
    config.engines.iter().map(|(name, engine)| Ok((name.clone(), build(name, engine, &java, timeout)?))).collect()
}

fn build(
    name: &EngineName,
    config: &EngineConfig,
    java: &BTreeMap<String, String>,
    transaction_timeout: Duration,
) -> Result<Arc<dyn Engine>, String> {
    match config.kind {
        EngineKind::Flink => {
            let settings = FlinkSettings {
                gateway: config.url.clone(),
                rest: config.rest_url.clone(),
                kafka_bootstrap: config.kafka_bootstrap.clone(),
                kafka_properties: java.clone(),
                transaction_timeout,
                checkpoint_dir: config.checkpoint_dir.clone(),
                savepoint_dir: config.savepoint_dir.clone(),
                // `load` has put them under each stream's own.
                options: BTreeMap::new(),
                timing: Timing::default(),
            };
            let flink = Flink::new(name.clone(), settings).map_err(|error| format!("engine `{name}`: {error}"))?;
            Ok(Arc::new(flink))
        }
    }
}
