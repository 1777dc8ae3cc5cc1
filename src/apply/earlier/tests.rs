use std::collections::BTreeMap;

use uuid::Uuid;

use crate::apply::earlier::Earlier;
use crate::model::few::Few;
use crate::model::job::JobKey;
use crate::model::name::{EngineName, Name, ProjectName, TopicName};
use crate::model::offsets::{Chaining, Helper, HelperAct, Offsets, Taken};
use crate::model::step::{Act, EngineAct, Receipt, Restore, Step, StepId, StepKey, StepKind};

fn id(kind: StepKind) -> StepId {
    let (project, stream) = (ProjectName::parse("shop").expect("a name"), Name::parse("large").expect("a name"));
    StepKey { ledger: Uuid::nil(), project: &project, stream: &stream, generation: 1, kind, attempt: 0 }.id()
}

fn topic() -> TopicName {
    TopicName::parse("control").expect("a topic")
}

fn helper(state: Taken) -> Step {
    let key =
        JobKey::offsets(&ProjectName::parse("shop").expect("a name"), &Name::parse("large").expect("a name"), 1, 0);
    let helper = Helper {
        job_id: key.id(Uuid::nil()),
        job_name: key.name(),
        state,
        chaining: Chaining::On,
        scans: Vec::new(),
        control: topic(),
        options: Few::new(),
        log_starts: BTreeMap::new(),
    };
    let act = EngineAct::Helper(HelperAct::Deploy(Box::new(helper)));
    Step { id: id(StepKind::DeployHelper), act: Act::Engine(EngineName::parse("flink").expect("a name"), act) }
}

/// A step of this kind; what it does plays no part.
fn done(kind: StepKind) -> Step {
    Step { id: id(kind), ..helper(Taken::Savepoint { path: "any".to_owned() }) }
}

#[test]
fn what_waits_for_an_earlier_step_is_not_begun_without_its_receipt() {
    let earlier = Earlier::default();
    for restore in [
        Restore::StopOf { step: id(StepKind::Stop) },
        Restore::DirectOf { step: id(StepKind::Stop) },
        Restore::OffsetsOf { step: id(StepKind::ReadOffsets), renamed: BTreeMap::new() },
    ] {
        assert!(earlier.restore(&restore).is_err(), "{restore:?}");
    }
    assert!(earlier.complete(&helper(Taken::StopOf { step: id(StepKind::Stop) })).is_err());
}

#[test]
fn receipts_stand_where_they_are_waited_for() {
    let mut earlier = Earlier::default();
    let offsets = Offsets(BTreeMap::from([(Name::parse("orders").expect("a name"), BTreeMap::from([(0, 7)]))]));
    let log_starts = BTreeMap::from([(topic(), vec![3])]);
    earlier.add(&done(StepKind::OpenControl), Receipt::ControlOpen { log_starts: log_starts.clone() });
    earlier.add(&done(StepKind::Stop), Receipt::Stopped { savepoint: "s3://a".to_owned() });
    earlier.add(&done(StepKind::ReadOffsets), Receipt::Offsets(offsets.clone()));
    let path = "s3://a".to_owned();
    let stop = id(StepKind::Stop);
    for (wanted, given) in [
        (Restore::StopOf { step: stop.clone() }, Restore::Savepoint { path: path.clone() }),
        (Restore::DirectOf { step: stop.clone() }, Restore::Direct { path: path.clone() }),
        (Restore::OffsetsOf { step: id(StepKind::ReadOffsets), renamed: BTreeMap::new() }, Restore::Offsets(offsets)),
    ] {
        assert_eq!(earlier.restore(&wanted), Ok(given));
    }
    let completed = earlier.complete(&helper(Taken::StopOf { step: stop })).expect("it is complete");
    let Act::Engine(_, EngineAct::Helper(HelperAct::Deploy(helper))) = completed.act else { panic!("a helper") };
    assert_eq!((helper.state, helper.log_starts), (Taken::Savepoint { path }, log_starts));
}

#[test]
fn a_helper_that_was_started_is_watched() {
    let mut earlier = Earlier::default();
    let step = helper(Taken::Savepoint { path: "s3://a".to_owned() });
    earlier.add(&step, Receipt::HelperDeployed);
    assert_eq!(earlier.helpers(), [step]);
}
