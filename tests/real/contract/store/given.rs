//! A leader with its lease, for laws that are about something else.

use std::time::Duration;

use uuid::Uuid;
use weir::model::job::Generation;
use weir::model::ledger::{DeploymentStatus, Ledger, Recorded, RowState};
use weir::model::name::{Name, ProjectName};
use weir::model::step::{Act, EngineAct, LedgerAct, Receipt, Step, TopicAct};
use weir::store::{Claim, Fate, Intent, Lease, Settled, Store, StoreError};

use super::Ledgers;
use super::nouns;

pub const TTL: Duration = Duration::from_secs(60);

pub struct Given {
    pub store: Box<dyn Store>,
    pub project: ProjectName,
    pub id: Uuid,
    pub lease: Lease,
    pub run: Uuid,
}

impl Given {
    pub async fn leader(ledgers: &dyn Ledgers) -> Given {
        Given::leader_of(ledgers, "shop").await
    }

    pub async fn leader_of(ledgers: &dyn Ledgers, project: &str) -> Given {
        let store = ledgers.open().await;
        let project = nouns::project(project);
        let lease = take(store.as_ref(), &project, "first").await;
        let id = store.read(&project).await.expect("readable").id;
        Given { store, project, id, lease, run: Uuid::new_v4() }
    }

    pub async fn ledger(&self) -> Ledger {
        self.store.read(&self.project).await.expect("readable")
    }

    pub async fn stream(&self, name: &str) -> Recorded {
        self.ledger().await.streams.remove(&nouns::name(name)).expect("the stream has a row")
    }

    pub async fn status(&self, name: &str) -> Option<DeploymentStatus> {
        self.stream(name).await.deployment.map(|deployment| deployment.status)
    }

    pub fn step(&self, name: &str, generation: Generation, act: Act) -> Step {
        nouns::step(self.id, &self.project, &nouns::name(name), generation, 0, act)
    }

    /// An intent of a row at generation `guard`, about `generation`.
    pub fn intent(&self, name: &str, guard: Generation, generation: Generation, act: Act) -> Intent {
        let step = self.step(name, generation, act);
        Intent { run: self.run, stream: nouns::name(name), guard, generation, ordinal: 0, step }
    }

    pub fn deploy(&self, name: &str, guard: Generation, generation: Generation) -> Intent {
        let wanted = nouns::deploy(self.id, &self.project, name, generation);
        self.intent(name, guard, generation, nouns::deploying(wanted))
    }

    /// Of the check that [`Given::deploy`] refers to.
    pub fn check_key(&self) -> String {
        nouns::deploy(self.id, &self.project, "any", 1).check.0
    }

    pub fn record(&self, name: &str, guard: Generation) -> Intent {
        self.intent(name, guard, guard, recording(name))
    }

    pub async fn begin(&self, intent: &Intent) -> Result<(), StoreError> {
        self.store.begin(&self.lease, intent).await
    }

    pub async fn settle(&self, intent: &Intent, fate: Fate) -> Result<(), StoreError> {
        self.store.settle(&self.lease, &settled(intent, fate)).await
    }

    /// Begins and settles.
    pub async fn run(&self, intent: &Intent, fate: Fate) {
        self.begin(intent).await.expect("begun");
        self.settle(intent, fate).await.expect("settled");
    }

    pub async fn recorded(&self, name: &str, guard: Generation) {
        self.run(&self.record(name, guard), Fate::Done(Receipt::Recorded)).await;
    }

    pub async fn deployed(&self, name: &str, generation: Generation) {
        self.run(&self.deploy(name, generation - 1, generation), Fate::Done(Receipt::Deployed)).await;
    }

    pub async fn stopped(&self, name: &str, generation: Generation, savepoint: &str) {
        let receipt = Receipt::Stopped { savepoint: savepoint.to_owned() };
        self.run(&self.stop(name, generation), Fate::Done(receipt)).await;
    }

    pub fn stop(&self, name: &str, generation: Generation) -> Intent {
        let job_id = nouns::deploy(self.id, &self.project, name, generation).job_id;
        let folder = format!("{}/{name}/{generation}", self.project);
        self.intent(name, generation, generation, Act::Engine(nouns::engine(), EngineAct::Stop { job_id, folder }))
    }

    pub fn give_up(&self, name: &str, guard: Generation, generation: Generation) -> Intent {
        let job_id = nouns::deploy(self.id, &self.project, name, generation).job_id;
        self.intent(name, guard, guard, Act::Engine(nouns::engine(), EngineAct::GiveUp { job_id }))
    }

    pub fn verify(&self, name: &str, guard: Generation, generation: Generation) -> Intent {
        let job_id = nouns::deploy(self.id, &self.project, name, generation).job_id;
        self.intent(name, guard, guard, Act::Engine(nouns::engine(), EngineAct::Verify { job_id }))
    }

    pub fn cancel(&self, name: &str, guard: Generation, generation: Generation) -> Intent {
        let job_id = nouns::deploy(self.id, &self.project, name, generation).job_id;
        self.intent(name, guard, generation, Act::Engine(nouns::engine(), EngineAct::Cancel { job_id }))
    }

    pub fn close(&self, name: &str, guard: Generation, state: RowState) -> Intent {
        self.intent(name, guard, guard, Act::Ledger(LedgerAct::Close { state }))
    }

    pub fn topic(&self, name: &str, guard: Generation, act: TopicAct) -> Intent {
        self.intent(name, guard, guard, Act::Topic(act))
    }
}

pub async fn take(store: &dyn Store, project: &ProjectName, holder: &str) -> Lease {
    match store.acquire(project, holder, TTL).await.expect("acquired") {
        Claim::Held(lease) => lease,
        Claim::Taken { holder, .. } => panic!("{holder} has the lease"),
    }
}

pub fn recording(name: &str) -> Act {
    Act::Ledger(LedgerAct::Record(Box::new(nouns::record(name))))
}

pub fn settled(intent: &Intent, fate: Fate) -> Settled {
    Settled {
        run: intent.run,
        stream: intent.stream.clone(),
        generation: intent.generation,
        step: intent.step.clone(),
        fate,
    }
}

pub fn failed() -> Fate {
    Fate::Failed { reason: "no slots left".to_owned() }
}

pub fn abandoned() -> Fate {
    Fate::Abandoned { reason: "it never arrived".to_owned() }
}

pub fn name_of(text: &str) -> Name {
    nouns::name(text)
}
