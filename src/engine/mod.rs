//! Job: a door to the clusters that run SQL, the same for every kind.
//! Never: deciding what should run; knowing a definition's file; one kind seeing another.
//! Start here: [`Engine`].

#[cfg(feature = "testing")]
pub mod fake;
pub mod flink;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::model::check::Check;
use crate::model::definition::Stream;
use crate::model::name::EngineName;
use crate::model::observed::EngineView;
use crate::model::step::{EngineAct, Lookup, Receipt, StepId};

/// Every engine of the project.
pub type Engines = BTreeMap<EngineName, Arc<dyn Engine>>;

/// One named cluster.
#[async_trait]
pub trait Engine: Send + Sync {
    fn name(&self) -> &EngineName;

    /// Every job the engine lists, with a constant number of calls whatever that number is. A failure is
    /// [`EngineView::Unknown`], never an empty list.
    async fn jobs(&self) -> EngineView;

    /// What the engine says of the query and its inputs. Starts nothing. A query that the engine refuses is a
    /// [`Check::Refused`] with spans in the query's text, not an error.
    async fn check(&self, stream: &Stream) -> Result<Check, EngineError>;

    /// Does one step, idempotent on the step's id: asked for again, it is done once.
    ///
    /// Errors: [`EngineError::Refused`] says that nothing was done; any other leaves the outcome open, and
    /// [`Engine::lookup`] settles it.
    async fn execute(&self, id: &StepId, act: &EngineAct) -> Result<Receipt, EngineError>;

    /// What became of a step whose reply was lost. Changes nothing.
    async fn lookup(&self, id: &StepId, act: &EngineAct) -> Lookup;

    /// What a person wants to know before trusting the engine: one line per thing looked at.
    async fn examine(&self) -> Vec<Finding>;
}

/// One line of `doctor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub subject: String,
    pub outcome: Result<String, String>,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The request never left, or the engine said clearly that it did nothing.
    #[error("{0}")]
    Refused(String),
    /// The engine does not answer.
    #[error("{0}")]
    Unreachable(String),
    /// A request was sent; whether it was done is not known.
    #[error("{0}")]
    Uncertain(String),
}
