//! What `load` must know beside the files.

use std::collections::BTreeMap;

use crate::model::config::{Config, EngineConfig, EngineKind};
use crate::model::diagnostic::Diagnostic;
use crate::model::limits::SqlLimits;
use crate::model::name::{EngineName, ProjectName};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    pub project: ProjectName,
    /// Where the definitions come from, as it is recorded.
    pub origin: String,
    pub engines: Engines,
    /// Of each stream's SQL. What a script may set is the engine's.
    pub limits: SqlLimits,
    /// `[vars]` of `weir.toml`: over those of `vars.toml`.
    pub vars: BTreeMap<String, String>,
    /// `--var NAME=VALUE`: over all others.
    pub overrides: BTreeMap<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Engines {
    Known {
        default: Option<EngineName>,
        engines: BTreeMap<EngineName, EngineRules>,
    },
    /// No `weir.toml`: names are taken as given, each for a Flink.
    AsGiven,
}

/// What `weir.toml` says of an engine that its definitions depend on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineRules {
    pub kind: EngineKind,
    pub options: BTreeMap<String, String>,
    pub allow_options: Vec<String>,
    /// The brokers as the engine sees them.
    pub kafka_bootstrap: String,
    pub connectors: Vec<String>,
    pub allow_bootstrap: Vec<String>,
}

impl Context {
    pub fn new(config: &Config, origin: &str, overrides: BTreeMap<String, String>) -> Context {
        let rules = |(name, engine): (&EngineName, &EngineConfig)| {
            let rules = EngineRules {
                kind: engine.kind,
                options: engine.options.clone(),
                allow_options: engine.allow_options.clone(),
                kafka_bootstrap: engine.kafka_bootstrap.clone(),
                connectors: engine.connectors.clone(),
                allow_bootstrap: engine.allow_bootstrap.clone(),
            };
            (name.clone(), rules)
        };
        Context {
            project: config.project.clone(),
            origin: origin.to_owned(),
            engines: Engines::Known {
                default: config.default_engine.clone(),
                engines: config.engines.iter().map(rules).collect(),
            },
            limits: config.limits.clone(),
            vars: config.vars.clone(),
            overrides,
        }
    }

    pub fn without_config(project: ProjectName, origin: &str, overrides: BTreeMap<String, String>) -> Context {
        let origin = origin.to_owned();
        let limits = SqlLimits::default();
        Context { project, origin, engines: Engines::AsGiven, limits, vars: BTreeMap::new(), overrides }
    }

    pub fn warnings(&self) -> Vec<Diagnostic> {
        match self.engines {
            Engines::Known { .. } => Vec::new(),
            Engines::AsGiven => {
                let message = "there is no `weir.toml`: names and options of engines are taken as given";
                vec![Diagnostic::warning("no_config", "weir.toml", None, message)]
            }
        }
    }
}
