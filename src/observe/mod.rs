//! Job: engines and broker are asked once and become one `Observed`.
//! Never: an error: what cannot be asked is Unknown.
//! Start here: [`observe`].

mod checks;

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;

use crate::broker::Broker;
use crate::engine::Engines;
use crate::model::desired::Desired;
use crate::model::ledger::Ledger;
use crate::model::name::{EngineName, TopicName};
use crate::model::observed::{EngineView, Observed};

/// Looks at everything that a plan needs: each engine's jobs, the topics that are read or written, and the engine's
/// word on every revision and inputs that the ledger has no answer for. How long a file or a job has been away is not
/// seen by one look; `reconcile` adds it.
pub async fn observe(desired: &Desired, ledger: &Ledger, engines: &Engines, broker: &dyn Broker) -> Observed {
    let topics = topics(desired, ledger);
    let (views, broker) = tokio::join!(views(engines), broker.view(&topics));
    let mut observed = Observed { engines: views, broker, ..Observed::default() };
    checks::ask(desired, ledger, engines, &mut observed).await;
    observed
}

async fn views(engines: &Engines) -> BTreeMap<EngineName, EngineView> {
    let asked = engines.iter().map(|(name, engine)| async move { (name.clone(), engine.jobs().await) });
    join_all(asked).await.into_iter().collect()
}

/// Every topic that a definition or a recorded stream names.
fn topics(desired: &Desired, ledger: &Ledger) -> BTreeSet<TopicName> {
    let wanted = desired.streams.values().map(|desired| &desired.stream);
    let recorded = ledger.streams.values().map(|recorded| &recorded.stream);
    wanted
        .chain(recorded)
        .flat_map(|stream| stream.sources.values().map(|source| &source.topic).chain(stream.writes()))
        .cloned()
        .collect()
}

#[cfg(all(test, feature = "testing"))]
mod tests;
