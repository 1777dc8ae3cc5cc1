//! Where a job stopped, and the helpers that found it out.

use std::collections::{BTreeMap, BTreeSet};

use weir::model::ledger::DeploymentStatus;
use weir::model::name::TopicName;
use weir::model::offsets::{HelperAct, Offsets, OffsetsAct, OffsetsRead};
use weir::model::step::{Act, EngineAct, Receipt, StepKind, TopicAct};
use weir::store::{Fate, Intent};

use super::Ledgers;
use super::given::{Given, abandoned, failed};
use super::nouns;

fn reading(given: &Given, generation: u32) -> Intent {
    let control = TopicName::parse("control").expect("a topic's name");
    let read = OffsetsRead { generation, helpers: BTreeSet::new(), control, scans: Vec::new() };
    given.topic("big", generation, TopicAct::Offsets(OffsetsAct::Read(Box::new(read))))
}

fn offsets(next: i64) -> Offsets {
    Offsets(BTreeMap::from([(nouns::name("orders"), BTreeMap::from([(0, next), (12, 0)]))]))
}

pub async fn where_a_job_stopped_is_read_back(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    given.stopped("big", 1, "file:///savepoints/1").await;
    let ended_at = async || given.stream("big").await.deployment.expect("it ran").ended_at;
    given.run(&reading(&given, 1), abandoned()).await;
    assert_eq!(ended_at().await, None);
    given.run(&reading(&given, 1), Fate::Done(Receipt::Offsets(offsets(7)))).await;
    assert_eq!(ended_at().await, Some(offsets(7)));
    given.deployed("big", 2).await;
    assert_eq!(ended_at().await, None, "another generation has not ended");
}

pub async fn steps_of_a_reading_leave_deployment_and_topic_as_they_are(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let control = TopicName::parse("control").expect("a topic's name");
    let groups = BTreeSet::from(["weir.shop.big".to_owned()]);
    let job_id = nouns::deploy(given.id, &given.project, "big", 9).job_id;
    let helper = EngineAct::Helper(HelperAct::Cancel { job_id });
    let open = OffsetsAct::OpenControl { control: control.clone(), scans: Vec::new() };
    let receipt = Receipt::ControlOpen { log_starts: BTreeMap::new() };
    for (act, receipt) in [
        (Act::Topic(TopicAct::Offsets(open)), receipt),
        (Act::Engine(nouns::engine(), helper), Receipt::HelperGone),
        (Act::Topic(TopicAct::Offsets(OffsetsAct::ForgetGroups { groups: groups.clone() })), Receipt::GroupsForgotten),
        (Act::Topic(TopicAct::Offsets(OffsetsAct::CloseControl { control, groups })), Receipt::ControlClosed),
    ] {
        given.run(&given.intent("big", 1, 1, act), Fate::Done(receipt)).await;
    }
    let row = given.stream("big").await;
    assert!(!row.topic_made);
    assert_eq!(row.deployment.map(|deployment| deployment.status), Some(DeploymentStatus::Live));
}

/// Its id is burnt however it ended, and its consumer groups hold what it committed.
pub async fn every_helper_that_was_asked_for_counts(ledgers: &dyn Ledgers) {
    let given = Given::leader(ledgers).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let helper = nouns::helper(given.id, &given.project, "big", 1);
    let deploy = given.intent("big", 1, 1, Act::Engine(nouns::engine(), helper));
    let fates = [Fate::Done(Receipt::HelperDeployed), failed(), abandoned()];
    for (count, fate) in (1..).zip(fates) {
        given.run(&deploy, fate).await;
        assert_eq!(given.stream("big").await.failures.get(&StepKind::DeployHelper), Some(&count));
    }
    given.deployed("big", 2).await;
    assert_eq!(given.stream("big").await.failures.get(&StepKind::DeployHelper), None, "counted anew");
}
