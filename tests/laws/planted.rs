//! Bugs that somebody could write, and the property finds each of them.

use std::sync::Arc;

use async_trait::async_trait;
use weir::engine::{Engine, EngineError, Finding};
use weir::model::check::Check;
use weir::model::definition::{Start, Stream};
use weir::model::job::JobId;
use weir::model::name::EngineName;
use weir::model::observed::{Cluster, EngineView};
use weir::model::step::{EngineAct, Lookup, Receipt, Restore, StepId};

use crate::broken;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bug {
    /// A cluster that does not answer is taken for one without jobs.
    UnknownIsEmpty,
    /// A deploy without a reply is sent again under another id.
    SentAgainUnderANewId,
    /// A reply that was lost is taken for a step that was not done.
    LostIsNotDone,
    /// A stream that goes on is started from the beginning.
    ForgetsTheSavepoint,
}

struct Planted {
    inner: Arc<dyn Engine>,
    bug: Bug,
}

#[async_trait]
impl Engine for Planted {
    fn name(&self) -> &EngineName {
        self.inner.name()
    }

    async fn jobs(&self) -> EngineView {
        match (self.bug, self.inner.jobs().await) {
            (Bug::UnknownIsEmpty, EngineView::Unknown { .. }) => EngineView::Known(Cluster {
                version: "fake-1".to_owned(),
                ready: true,
                slots_free: 8,
                jobs: Vec::new(),
            }),
            (_, view) => view,
        }
    }

    async fn check(&self, stream: &Stream) -> Result<Check, EngineError> {
        self.inner.check(stream).await
    }

    async fn execute(&self, id: &StepId, act: &EngineAct) -> Result<Receipt, EngineError> {
        let mut act = act.clone();
        if let (Bug::ForgetsTheSavepoint, EngineAct::Deploy(deploy)) = (self.bug, &mut act) {
            deploy.restore = Restore::Start(Start::Earliest);
        }
        let answer = self.inner.execute(id, &act).await;
        if let (Bug::SentAgainUnderANewId, Err(_), EngineAct::Deploy(deploy)) = (self.bug, &answer, &mut act) {
            let other: String = deploy.job_id.as_str().chars().rev().collect();
            deploy.job_id = JobId::seen(&other);
            return self.inner.execute(id, &act).await;
        }
        answer
    }

    async fn lookup(&self, id: &StepId, act: &EngineAct) -> Lookup {
        match self.bug {
            Bug::LostIsNotDone => Lookup::NotDone,
            Bug::UnknownIsEmpty | Bug::SentAgainUnderANewId | Bug::ForgetsTheSavepoint => {
                self.inner.lookup(id, act).await
            }
        }
    }

    async fn examine(&self) -> Vec<Finding> {
        self.inner.examine().await
    }
}

const ENOUGH: u64 = 60;

#[tokio::test(flavor = "multi_thread")]
async fn the_property_finds_a_planted_bug() {
    let unknown = broken(0..ENOUGH, |inner| Arc::new(Planted { inner, bug: Bug::UnknownIsEmpty })).await;
    assert!(!unknown.is_empty(), "nothing was seen of {:?}", Bug::UnknownIsEmpty);
    let again = broken(0..ENOUGH, |inner| Arc::new(Planted { inner, bug: Bug::SentAgainUnderANewId })).await;
    assert!(!again.is_empty(), "nothing was seen of {:?}", Bug::SentAgainUnderANewId);
    let lost = broken(0..ENOUGH, |inner| Arc::new(Planted { inner, bug: Bug::LostIsNotDone })).await;
    assert!(!lost.is_empty(), "nothing was seen of {:?}", Bug::LostIsNotDone);
    let forgets = broken(0..ENOUGH, |inner| Arc::new(Planted { inner, bug: Bug::ForgetsTheSavepoint })).await;
    assert!(!forgets.is_empty(), "nothing was seen of {:?}", Bug::ForgetsTheSavepoint);
    for (bug, found) in [("unknown", unknown), ("again", again), ("lost", lost), ("forgets", forgets)] {
        println!("{bug}: {} of {ENOUGH}, first {}: {:.200}", found.len(), found[0].0, found[0].1);
    }
}
