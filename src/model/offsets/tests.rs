use std::collections::BTreeMap;

use crate::model::name::{Name, ProjectName};
use crate::model::offsets::{Offsets, control_topic};
use crate::model::step::{Receipt, Restore};

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

#[test]
fn offsets_come_back_from_their_json() {
    let offsets = Offsets(BTreeMap::from([(name("orders"), BTreeMap::from([(0, 5), (11, i64::MAX)]))]));
    let receipt = Receipt::Offsets(offsets.clone());
    let json = serde_json::to_string(&receipt).expect("plain data");
    assert_eq!(json, r#"{"offsets":{"orders":{"0":5,"11":9223372036854775807}}}"#);
    assert_eq!(serde_json::from_str::<Receipt>(&json).expect("what was written"), receipt);
    let value = serde_json::to_value(Restore::Offsets(offsets.clone())).expect("plain data");
    assert_eq!(serde_json::from_value::<Restore>(value).expect("what was written"), Restore::Offsets(offsets));
}

#[test]
fn a_name_too_long_for_a_topic_gives_none() {
    let longest = ProjectName::parse(&"p".repeat(63)).expect("a name");
    let topic = control_topic(&longest, &name(&"s".repeat(100))).expect("Kafka takes 249 characters");
    assert_eq!(topic.as_str().len(), 63 + 100 + "weir---offsets".len());
}
