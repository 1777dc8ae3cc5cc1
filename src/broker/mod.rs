//! Job: a door to the topics: their shape, settings, offsets and records.
//! Never: deciding which topic should exist; deleting what it was not told to by name.
//! Start here: [`Broker`].

pub mod kafka;

use std::collections::BTreeSet;

use async_trait::async_trait;

use crate::model::name::TopicName;
use crate::model::observed::BrokerView;
use crate::model::step::{Lookup, Receipt, TopicAct};

#[async_trait]
pub trait Broker: Send + Sync {
    /// Those of `topics` that exist, with one call each for metadata, settings and offsets whatever their number.
    /// A failure is [`BrokerView::Unknown`].
    async fn view(&self, topics: &BTreeSet<TopicName>) -> BrokerView;

    /// Does one step; idempotent: a topic that exists with the wanted shape is found, not made, one that is gone counts
    /// as deleted. Returns when the change is visible to clients.
    async fn execute(&self, act: &TopicAct) -> Result<Receipt, BrokerError>;

    /// What became of a step whose reply was lost. Changes nothing.
    async fn lookup(&self, act: &TopicAct) -> Lookup;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrokerError {
    /// The broker said no; nothing changed.
    #[error("{0}")]
    Refused(String),
    #[error("{0}")]
    Unreachable(String),
    /// A request was sent; whether it was done is not known.
    #[error("{0}")]
    Uncertain(String),
}
