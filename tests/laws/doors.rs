//! The doors as weir gets them: watched, and with places at which the process ends or the ledger goes away.

use std::collections::BTreeSet;
use std::future::{Future, pending};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Notify;
use weir::broker::{Broker, BrokerError};
use weir::engine::{Engine, EngineError, Finding};
use weir::model::check::{Check, CheckId};
use weir::model::definition::Stream;
use weir::model::ledger::Ledger;
use weir::model::name::{EngineName, Name, ProjectName, TopicName};
use weir::model::observed::{BrokerView, EngineView};
use weir::model::step::{EngineAct, Lookup, Receipt, StepId, TopicAct};
use weir::store::{Claim, Event, History, Intent, Lease, Settled, Store, StoreError};

use crate::watch::Watch;

/// Counts the places between calls: one before each call of a door and one after it.
#[derive(Default)]
pub struct Tripwire {
    /// Places still to pass until the process ends; below zero: never.
    crash_in: AtomicI64,
    /// As `crash_in`, for calls of the ledger: that call fails, after it was done.
    mute_in: AtomicI64,
    hit: Notify,
}

impl Tripwire {
    pub fn new() -> Tripwire {
        Tripwire { crash_in: AtomicI64::new(-1), mute_in: AtomicI64::new(-1), hit: Notify::new() }
    }

    pub fn crash_in(&self, places: i64) {
        self.crash_in.store(places, Ordering::SeqCst);
    }

    pub fn mute_in(&self, calls: i64) {
        self.mute_in.store(calls, Ordering::SeqCst);
    }

    /// No fault from now on.
    pub fn rest(&self) {
        self.crash_in(-1);
        self.mute_in(-1);
    }

    /// Returns when the process is to end.
    pub async fn hit(&self) {
        self.hit.notified().await;
    }

    async fn place(&self) {
        if due(&self.crash_in) {
            self.hit.notify_one();
            pending::<()>().await;
        }
    }

    async fn around<T>(&self, call: impl Future<Output = T> + Send) -> T {
        self.place().await;
        let answer = call.await;
        self.place().await;
        answer
    }

    async fn ledger<T>(&self, call: impl Future<Output = Result<T, StoreError>> + Send) -> Result<T, StoreError> {
        let answer = self.around(call).await;
        match due(&self.mute_in) {
            true => Err(StoreError::Unreachable("the reply was lost".to_owned())),
            false => answer,
        }
    }
}

fn due(counter: &AtomicI64) -> bool {
    counter.load(Ordering::SeqCst) >= 0 && counter.fetch_sub(1, Ordering::SeqCst) == 0
}

pub struct WatchedEngine {
    pub inner: Arc<dyn Engine>,
    pub wire: Arc<Tripwire>,
    pub watch: Arc<Watch>,
}

#[async_trait]
impl Engine for WatchedEngine {
    fn name(&self) -> &EngineName {
        self.inner.name()
    }

    async fn jobs(&self) -> EngineView {
        let view = self.wire.around(self.inner.jobs()).await;
        self.watch.engine_told(matches!(view, EngineView::Known(_)));
        self.watch.moment();
        view
    }

    async fn check(&self, stream: &Stream) -> Result<Check, EngineError> {
        let check = self.wire.around(self.inner.check(stream)).await;
        self.watch.moment();
        check
    }

    async fn execute(&self, id: &StepId, act: &EngineAct) -> Result<Receipt, EngineError> {
        let asked = async {
            self.watch.engine_asked(act);
            let answer = self.inner.execute(id, act).await;
            self.watch.engine_answered(act, answer.is_ok());
            if answer.is_ok() {
                self.watch.engine_did(act);
            }
            answer
        };
        self.wire.around(asked).await
    }

    async fn lookup(&self, id: &StepId, act: &EngineAct) -> Lookup {
        let found = self.wire.around(self.inner.lookup(id, act)).await;
        self.watch.moment();
        found
    }

    async fn examine(&self) -> Vec<Finding> {
        self.inner.examine().await
    }
}

pub struct WatchedBroker {
    pub inner: Arc<dyn Broker>,
    pub wire: Arc<Tripwire>,
    pub watch: Arc<Watch>,
}

#[async_trait]
impl Broker for WatchedBroker {
    async fn view(&self, topics: &BTreeSet<TopicName>) -> BrokerView {
        let view = self.wire.around(self.inner.view(topics)).await;
        self.watch.broker_told(matches!(view, BrokerView::Known { .. }));
        view
    }

    async fn execute(&self, act: &TopicAct) -> Result<Receipt, BrokerError> {
        let asked = async {
            self.watch.topic_asked(act);
            self.inner.execute(act).await
        };
        self.wire.around(asked).await
    }

    async fn lookup(&self, act: &TopicAct) -> Lookup {
        self.wire.around(self.inner.lookup(act)).await
    }
}

pub struct WatchedStore {
    pub inner: Arc<dyn Store>,
    pub wire: Arc<Tripwire>,
    pub watch: Arc<Watch>,
}

#[async_trait]
impl Store for WatchedStore {
    async fn read(&self, project: &ProjectName) -> Result<Ledger, StoreError> {
        let ledger = self.wire.ledger(self.inner.read(project)).await?;
        self.watch.ledger_read(&ledger);
        Ok(ledger)
    }

    async fn acquire(&self, project: &ProjectName, holder: &str, ttl: Duration) -> Result<Claim, StoreError> {
        self.inner.acquire(project, holder, ttl).await
    }

    async fn renew(&self, lease: &Lease, ttl: Duration) -> Result<(), StoreError> {
        self.inner.renew(lease, ttl).await
    }

    async fn release(&self, lease: &Lease) -> Result<(), StoreError> {
        self.inner.release(lease).await
    }

    async fn begin(&self, lease: &Lease, intent: &Intent) -> Result<(), StoreError> {
        let begun = async {
            self.watch.intent(intent);
            self.inner.begin(lease, intent).await
        };
        self.wire.ledger(begun).await
    }

    async fn settle(&self, lease: &Lease, settled: &Settled) -> Result<(), StoreError> {
        let done = async {
            self.inner.settle(lease, settled).await?;
            self.watch.settled(settled);
            Ok(())
        };
        self.wire.ledger(done).await
    }

    async fn save_checks(&self, lease: &Lease, checks: &[(CheckId, Check)]) -> Result<(), StoreError> {
        self.wire.ledger(self.inner.save_checks(lease, checks)).await
    }

    async fn event(&self, project: &ProjectName, event: &Event) -> Result<(), StoreError> {
        self.wire.ledger(self.inner.event(project, event)).await
    }

    async fn history(&self, project: &ProjectName, stream: &Name, events: u32) -> Result<History, StoreError> {
        self.inner.history(project, stream, events).await
    }

    async fn events(&self, project: &ProjectName, limit: u32) -> Result<Vec<Event>, StoreError> {
        self.inner.events(project, limit).await
    }
}
