use uuid::Uuid;

use crate::model::job::JobKey;
use crate::model::name::{Name, ProjectName};

fn keys() -> Vec<JobKey> {
    let (project, stream) = (ProjectName::parse("shop").expect("a name"), Name::parse("large").expect("a name"));
    vec![
        JobKey::run(&project, &stream, 3),
        JobKey::run(&project, &stream, 4),
        JobKey::offsets(&project, &stream, 3, 0),
        JobKey::offsets(&project, &stream, 3, 1),
    ]
}

#[test]
fn a_name_is_read_back_as_the_key_that_it_was_made_of() {
    for key in keys() {
        assert_eq!(JobKey::parse(&key.name()).as_ref(), Some(&key), "{}", key.name());
    }
    assert_eq!(keys()[3].name(), "weir:shop/large@3#offsets.1");
}

#[test]
fn what_we_would_not_write_is_no_name_of_ours() {
    for name in [
        "weir:shop/large@3#",
        "weir:shop/large@3#offsets",
        "weir:shop/large@3#offsets.",
        "weir:shop/large@3#offsets.01",
        "weir:shop/large@3#offsets.1 ",
        "weir:shop/large@3#other.1",
        "weir:shop/large#offsets.1",
        "weir:shop/large@03",
    ] {
        assert_eq!(JobKey::parse(name), None, "{name}");
    }
}

#[test]
fn every_purpose_generation_and_attempt_has_an_id_of_its_own() {
    let mut ids: Vec<_> = keys().iter().map(|key| key.id(Uuid::nil())).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), keys().len());
}
