//! Job: engines and broker are asked once and become one `Observed`.
//! Never: an error: what cannot be asked is Unknown.
//! Start here: [`observe`].

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;

use crate::broker::Broker;
use crate::engine::{Engine, EngineError, Engines};
use crate::model::check::{Check, CheckId, CheckKey};
use crate::model::desired::{Desired, DesiredStream};
use crate::model::ledger::Ledger;
use crate::model::name::{EngineName, TopicName};
use crate::model::observed::{EngineView, Observed};

/// Checks asked of one engine at the same time: each holds a session on its engine.
const CHECKS_AT_ONCE: usize = 4;

/// Looks at everything that a plan needs: each engine's jobs, the topics that are read or written, and the engine's
/// word on every revision that the ledger has no answer for. How long a file or a job has been away is not seen by
/// one look; `reconcile` adds it.
pub async fn observe(desired: &Desired, ledger: &Ledger, engines: &Engines, broker: &dyn Broker) -> Observed {
    let topics = topics(desired, ledger);
    let (views, broker) = tokio::join!(views(engines), broker.view(&topics));
    let mut observed = Observed { engines: views, broker, ..Observed::default() };
    let asked = unanswered(desired, ledger, &observed.engines);
    let answers = asked.iter().map(|(engine, asked)| answers(engines.get(engine).map(Arc::as_ref), asked));
    for (answer, id, stream) in join_all(answers).await.into_iter().flatten() {
        match answer {
            Ok(check) => {
                observed.checks.insert(id.clone(), check);
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

type Asked<'a> = BTreeMap<CheckId, &'a DesiredStream>;
type Answer<'a> = (Result<Check, String>, &'a CheckId, &'a DesiredStream);

/// By engine, the streams whose check neither the ledger holds nor another stream of the same revision asks for.
fn unanswered<'a>(
    desired: &'a Desired,
    ledger: &Ledger,
    views: &BTreeMap<EngineName, EngineView>,
) -> BTreeMap<EngineName, Asked<'a>> {
    let mut asked: BTreeMap<EngineName, Asked<'a>> = BTreeMap::new();
    for stream in desired.streams.values() {
        let Some(EngineView::Known(cluster)) = views.get(&stream.stream.engine) else { continue };
        let id = CheckId {
            engine: stream.stream.engine.clone(),
            version: cluster.version.clone(),
            key: CheckKey::of(&stream.revision, &stream.stream.sources),
        };
        if !ledger.checks.contains_key(&id) {
            asked.entry(id.engine.clone()).or_default().insert(id, stream);
        }
    }
    asked
}

/// What one engine says. Once it does not answer, it is asked no more in this look: each further question would hold
/// up the streams of all engines for as long as the first.
async fn answers<'a>(engine: Option<&dyn Engine>, asked: &'a Asked<'a>) -> Vec<Answer<'a>> {
    let silent = OnceLock::new();
    let silent = &silent;
    let one = |(id, stream): (&'a CheckId, &'a &'a DesiredStream)| async move {
        let answer = match silent.get() {
            Some(reason) => Err(String::clone(reason)),
            None => ask(engine, id, stream, silent).await,
        };
        (answer, id, *stream)
    };
    stream::iter(asked).map(one).buffer_unordered(CHECKS_AT_ONCE).collect().await
}

async fn ask(
    engine: Option<&dyn Engine>,
    id: &CheckId,
    stream: &DesiredStream,
    silent: &OnceLock<String>,
) -> Result<Check, String> {
    let Some(engine) = engine else { return Err(format!("no engine `{}` is configured", id.engine)) };
    engine.check(&stream.stream).await.map_err(|error| match error {
        EngineError::Unreachable(reason) => silent.get_or_init(|| reason).clone(),
        EngineError::Refused(reason) | EngineError::Uncertain(reason) => reason,
    })
}

#[cfg(all(test, feature = "testing"))]
mod tests;
