use crate::model::definition::Start;
use crate::model::desired::{Revision, SqlText};
use crate::model::job::JobId;
use crate::model::name::EngineName;
use crate::model::step::Restore;

use super::*;

fn name() -> Name {
    Name::parse("big").expect("a name")
}

fn past(generation: Generation, revision: &str, status: DeploymentStatus) -> Past {
    let engine = EngineName::parse("flink").expect("a name");
    let stream = serde_json::from_value(json!({
        "name": "big", "engine": "flink", "run": "running", "sql": "SELECT 1", "sources": {},
        "output": {
            "topic": "big", "format": "json", "time_encoding": "iso8601", "partitions": null, "replication": null,
            "delivery": "at_least_once", "key": [], "config": {},
        },
        "start": "earliest", "options": {},
    }));
    Past {
        generation,
        status,
        revision: Revision(revision.to_owned()),
        engine,
        engine_version: "1.20.1".to_owned(),
        job_id: JobId::seen("00"),
        restore: Restore::Start(Start::Earliest),
        stream: stream.expect("a stream"),
        texts: Some(Texts { path: "big.toml".to_owned(), definition: format!("{revision} {generation}"), sql: None }),
        by: "somebody".to_owned(),
        submitted_at: 0,
        verified_at: None,
        ended_at: None,
        savepoint: None,
    }
}

/// The newest first.
fn found(past: &[Past], to: Option<Generation>) -> Result<Generation, String> {
    chosen(&name(), past, to).map(|(generation, _)| generation)
}

#[test]
fn unasked_it_is_the_newest_that_ran_something_else() {
    use DeploymentStatus::{Abandoned, Failed, Live, Stopped};
    assert_eq!(found(&[past(3, "b", Live), past(2, "b", Stopped), past(1, "a", Stopped)], None), Ok(1));
    assert_eq!(found(&[past(3, "a", Live), past(2, "b", Failed), past(1, "a", Stopped)], None).ok(), None);
    assert_eq!(found(&[past(4, "c", Abandoned), past(3, "b", Stopped), past(1, "a", Stopped)], None), Ok(1));
    assert_eq!(found(&[past(2, "b", Failed), past(1, "a", Stopped)], None), Ok(1));
    assert!(found(&[past(1, "a", Live)], None).is_err_and(|why| why.contains("no earlier generation")));
}

#[test]
fn any_generation_can_be_asked_for() {
    use DeploymentStatus::{Failed, Live};
    let listed = [past(3, "b", Live), past(1, "a", Failed)];
    assert_eq!(found(&listed, Some(1)), Ok(1));
    assert!(found(&listed, Some(2)).is_err_and(|why| why.contains("it has 1, 3")));
}

#[test]
fn files_that_were_not_kept_are_those_of_the_same_query() {
    use DeploymentStatus::{Live, Stopped};
    let mut listed = [past(4, "b", Live), past(3, "a", Stopped), past(2, "b", Stopped), past(1, "a", Stopped)];
    listed[1].texts = None;
    let (generation, texts) = chosen(&name(), &listed, None).expect("found");
    assert_eq!((generation, texts.definition.as_str()), (3, "a 1"));
    listed[3].texts = None;
    assert!(found(&listed, None).is_err_and(|why| why.contains("did not keep")));
}

#[test]
fn a_querys_file_goes_with_its_definition() {
    for (file, from, to, expected) in [
        ("big.sql", "big.toml", "big.toml", Some("big.sql")),
        ("a/big.sql", "a/big.toml", "b/c/big.toml", Some("b/c/big.sql")),
        ("sql/big.sql", "a/big.toml", "b/big.toml", Some("sql/big.sql")),
        ("a/sql/big.sql", "a/big.toml", "big.toml", Some("sql/big.sql")),
        ("sql/big.sql", "a/big.toml", "big.toml", None),
        ("sql/big.sql", "a/b/big.toml", "x/y/z/big.toml", Some("x/sql/big.sql")),
    ] {
        assert_eq!(moved(file, from, to).as_deref(), expected, "{file} {from} {to}");
    }
    let sql = SqlText { path: "sql/big.sql".to_owned(), text: String::new() };
    let texts = Texts { path: "a/big.toml".to_owned(), definition: String::new(), sql: Some(sql) };
    assert!(files(&texts, "big.toml").is_err_and(|why| why.contains("stood at a/big.toml")));
}
