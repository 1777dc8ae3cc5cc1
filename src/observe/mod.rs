//! Job: engines and broker are asked once and become one `Observed`.
//! Never: an error: what cannot be asked is Unknown.
//! Start here: [`observe`].

use std::collections::{BTreeMap, BTreeSet};

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;

use crate::broker::Broker;
use crate::engine::Engines;
use crate::model::check::{Check, CheckId, CheckKey};
use crate::model::desired::{Desired, DesiredStream};
use crate::model::ledger::Ledger;
use crate::model::name::{EngineName, TopicName};
use crate::model::observed::{EngineView, Observed};

/// Checks asked for at the same time: each holds a session on its engine.
const CHECKS_AT_ONCE: usize = 4;

/// Looks at everything that a plan needs: each engine's jobs, the topics that are read or written, and the engine's
/// word on every revision that the ledger has no answer for. How long a file or a job has been away is not seen by
/// one look; `reconcile` adds it.
pub async fn observe(desired: &Desired, ledger: &Ledger, engines: &Engines, broker: &dyn Broker) -> Observed {
    let topics = topics(desired, ledger);
    let (views, broker) = tokio::join!(views(engines), broker.view(&topics));
    let mut observed = Observed { engines: views, broker, ..Observed::default() };
    let asked = unanswered(desired, ledger, &observed.engines);
    let answers: Vec<_> = stream::iter(asked)
        .map(|(id, stream)| async move { (ask(engines, &id, stream).await, id, stream) })
        .buffered(CHECKS_AT_ONCE)
        .collect()
        .await;
    for (answer, id, stream) in answers {
        match answer {
            Ok(check) => {
                observed.checks.insert(id, check);
            }
            Err(reason) => {
                observed.unchecked.insert(stream.stream.name.clone(), reason);
            }
        }
    }
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
        .flat_map(|stream| stream.sources.values().map(|source| &source.topic).chain([&stream.output.topic]))
        .cloned()
        .collect()
}

/// The streams whose check neither the ledger holds nor another stream of the same revision asks for.
fn unanswered<'a>(
    desired: &'a Desired,
    ledger: &Ledger,
    views: &BTreeMap<EngineName, EngineView>,
) -> BTreeMap<CheckId, &'a DesiredStream> {
    let mut asked = BTreeMap::new();
    for stream in desired.streams.values() {
        let Some(EngineView::Known(cluster)) = views.get(&stream.stream.engine) else { continue };
        let id = CheckId {
            engine: stream.stream.engine.clone(),
            version: cluster.version.clone(),
            key: CheckKey::of(&stream.revision),
        };
        if !ledger.checks.contains_key(&id) {
            asked.insert(id, stream);
        }
    }
    asked
}

async fn ask(engines: &Engines, id: &CheckId, stream: &DesiredStream) -> Result<Check, String> {
    match engines.get(&id.engine) {
        Some(engine) => engine.check(&stream.stream).await.map_err(|error| error.to_string()),
        None => Err(format!("no engine `{}` is configured", id.engine)),
    }
}
