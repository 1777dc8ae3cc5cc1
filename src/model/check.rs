//! What an engine says of a revision with nothing started.

use serde::{Deserialize, Serialize};

use crate::model::column::{Column, list};
use crate::model::definition::Source;
use crate::model::desired::Revision;
use crate::model::diagnostic::Diagnostic;
use crate::model::digest::Digest;
use crate::model::few::Few;
use crate::model::name::{EngineName, Name};

/// Which answer this is: of which engine, in which version, about which revision and inputs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CheckId {
    pub engine: EngineName,
    pub version: String,
    pub key: CheckKey,
}

/// Hash of revision and inputs (64 hex digits).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CheckKey(pub String);

impl CheckKey {
    /// `inputs` have their columns. Those that files declare are part of the revision; an output of another stream is
    /// here as that stream's check tells it.
    pub fn of(revision: &Revision, inputs: &Few<Name, Source>) -> CheckKey {
        let outputs = inputs.values().filter(|input| input.output_of.is_some());
        let digest = Digest::new().field("check").field(&revision.0);
        let digest = outputs.fold(digest, |digest, input| {
            digest.field(serde_json::to_vec(input).expect("plain data with text keys always becomes JSON"))
        });
        CheckKey(digest.hex())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "answer")]
pub enum Check {
    Accepted(Accepted),
    Refused { diagnostics: Vec<Diagnostic> },
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Accepted {
    /// The sink's columns, as legal DDL: no time attributes, NOT NULL only in the key.
    #[serde(deserialize_with = "list")]
    pub columns: Vec<Column>,
    pub changelog: Changelog,
    /// The sources in the order of the engine's plan.
    #[serde(deserialize_with = "list")]
    pub sources: Vec<PlanSource>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changelog {
    InsertOnly,
    Updating,
}

/// One scan of the engine's plan: state of a job is found again by place and shape.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PlanSource {
    /// The definition that is scanned.
    pub table: String,
    /// How many operators are chained to it by a FORWARD edge.
    pub outputs: u32,
}
