use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use crate::apply::{Doors, Manner, Watcher, apply};
use crate::broker::{Broker, BrokerError};
use crate::model::check::{Check, CheckId};
use crate::model::ledger::{Ledger, RowState};
use crate::model::name::{Name, ProjectName, TopicName};
use crate::model::observed::BrokerView;
use crate::model::plan::{Action, Change, Guard, Plan};
use crate::model::run::{ChangeResult, Outcome};
use crate::model::step::{Act, LedgerAct, Lookup, Receipt, Step, StepKey, StepKind, TopicAct};
use crate::store::{Claim, Event, Intent, Lease, Settled, Store, StoreError};

/// A ledger that takes everything and knows nothing.
struct Anything;

#[async_trait]
impl Store for Anything {
    async fn read(&self, _: &ProjectName) -> Result<Ledger, StoreError> {
        Err(StoreError::Unusable("nothing is read here".to_owned()))
    }

    async fn acquire(&self, project: &ProjectName, holder: &str, _: Duration) -> Result<Claim, StoreError> {
        Ok(Claim::Held(Lease { project: project.clone(), holder: holder.to_owned(), epoch: 1 }))
    }

    async fn renew(&self, _: &Lease, _: Duration) -> Result<(), StoreError> {
        Ok(())
    }

    async fn release(&self, _: &Lease) -> Result<(), StoreError> {
        Ok(())
    }

    async fn begin(&self, _: &Lease, _: &Intent) -> Result<(), StoreError> {
        Ok(())
    }

    async fn settle(&self, _: &Lease, _: &Settled) -> Result<(), StoreError> {
        Ok(())
    }

    async fn save_checks(&self, _: &Lease, _: &[(CheckId, Check)]) -> Result<(), StoreError> {
        Ok(())
    }

    async fn event(&self, _: &ProjectName, _: &Event) -> Result<(), StoreError> {
        Ok(())
    }

    async fn events(&self, _: &ProjectName, _: u32) -> Result<Vec<Event>, StoreError> {
        Ok(Vec::new())
    }
}

/// The topic `first` is gone only when `last` is.
#[derive(Default)]
struct Slow {
    last_is_gone: Notify,
}

#[async_trait]
impl Broker for Slow {
    async fn view(&self, _: &BTreeSet<TopicName>) -> BrokerView {
        BrokerView::default()
    }

    async fn execute(&self, act: &TopicAct) -> Result<Receipt, BrokerError> {
        let (TopicAct::Delete { topic } | TopicAct::Create { topic, .. } | TopicAct::Alter { topic, .. }) = act;
        match topic.as_str() {
            "first" => self.last_is_gone.notified().await,
            "last" => self.last_is_gone.notify_one(),
            _ => {}
        }
        Ok(Receipt::TopicDeleted)
    }

    async fn lookup(&self, _: &TopicAct) -> Lookup {
        Lookup::NotDone
    }
}

struct Nobody;

impl Watcher for Nobody {
    fn begins(&self, _: &Name, _: StepKind) {}
    fn ended(&self, _: &Outcome) {}
}

fn project() -> ProjectName {
    ProjectName::parse("p").expect("a project")
}

/// Deletes the topic of the stream's name, and closes its row.
fn change(name: &str) -> Change {
    let stream = Name::parse(name).expect("a name");
    let topic = TopicName::parse(name).expect("a topic");
    let step = |act: Act| {
        let (project, kind) = (project(), act.kind());
        let key = StepKey { ledger: Uuid::nil(), project: &project, stream: &stream, generation: 1, kind, attempt: 0 };
        Step { id: key.id(), act }
    };
    let close = LedgerAct::Close { state: RowState::Removed };
    let steps = vec![step(Act::Topic(TopicAct::Delete { topic })), step(Act::Ledger(close))];
    Change {
        stream: stream.clone(),
        engine: crate::model::name::EngineName::parse("flink").expect("an engine"),
        action: Action::Delete,
        reason: "its file is gone".to_owned(),
        verdict: None,
        diff: None,
        steps,
        downstream: Vec::new(),
        guard: Guard { generation: 1 },
    }
}

#[tokio::test]
async fn one_change_that_hangs_takes_one_place() {
    let names = ["first", "second", "third", "last"];
    let plan = Plan {
        project: project(),
        changes: names.iter().map(|name| change(name)).collect(),
        blocked: Vec::new(),
        unmanaged: Vec::new(),
        diagnostics: Vec::new(),
        notes: Vec::new(),
        unchanged: 0,
    };
    let (broker, engines) = (Slow::default(), BTreeMap::new());
    let doors = Doors { store: &Anything, engines: &engines, broker: &broker };
    let lease = Lease { project: project(), holder: "a test".to_owned(), epoch: 1 };
    let (_running, stop) = watch::channel(false);
    let manner = Manner { parallelism: 2, stop, watcher: &Nobody };
    let run = tokio::time::timeout(Duration::from_secs(5), apply(doors, &lease, &plan, &manner)).await;
    let run = run.expect("the last one has its turn while the first one hangs");
    assert!(run.outcomes.iter().all(|outcome| outcome.result == ChangeResult::Done), "{run:?}");
    let told: Vec<&str> = run.outcomes.iter().map(|outcome| outcome.stream.as_str()).collect();
    assert_eq!(told, names, "in the plan's order");
}
