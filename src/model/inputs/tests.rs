use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::model::check::CheckKey;
use crate::model::column::{ColumnType, TypeKind};
use crate::model::definition::{
    Delivery, DesiredRun, Format, OnBadRecord, OnRemove, Output, Policy, Start, TimeEncoding, Upstream,
};
use crate::model::desired::{Revision, SqlPlace};
use crate::model::name::Checked;

fn name(text: &str) -> Name {
    Checked::parse(text).expect("a name")
}

fn column(called: &str) -> Column {
    Column { name: called.to_owned(), kind: ColumnType { kind: TypeKind::Int, nullable: true } }
}

/// `of`: the stream whose output it is.
fn source(called: &str, of: Option<&str>) -> Source {
    let upstream = |of: &str| Upstream {
        stream: name(of),
        key: Vec::new(),
        time_encoding: TimeEncoding::Iso8601,
        delivery: Delivery::AtLeastOnce,
    };
    Source {
        name: name(called),
        topic: Checked::parse(called).expect("a topic"),
        format: Format::Json,
        on_bad_record: OnBadRecord::Fail,
        columns: Vec::new(),
        time: None,
        connector: BTreeMap::new(),
        output_of: of.map(upstream),
    }
}

fn wanted(sources: &[Source]) -> DesiredStream {
    let stream = Stream {
        name: name("reader"),
        engine: Checked::parse("flink").expect("an engine"),
        run: DesiredRun::Running,
        body: Default::default(),
        sql: String::new(),
        sources: sources.iter().map(|source| (source.name.clone(), source.clone())).collect(),
        output: Output {
            topic: Checked::parse("reader").expect("a topic"),
            format: Format::Json,
            time_encoding: TimeEncoding::Iso8601,
            partitions: None,
            replication: None,
            delivery: Delivery::AtLeastOnce,
            key: Vec::new(),
            config: BTreeMap::new(),
        },
        start: Start::Earliest,
        options: BTreeMap::new(),
    };
    let policy = Policy {
        on_remove: OnRemove::Stop,
        protect: false,
        allow: BTreeSet::new(),
        owner: None,
        description: None,
        keep_savepoints: 3,
    };
    let place = SqlPlace { file: "reader.toml".to_owned(), runs: vec![(0, 0)] };
    DesiredStream { stream, policy, revision: Revision("r".to_owned()), path: place.file.clone(), place }
}

fn key(want: &DesiredStream) -> CheckKey {
    CheckKey::of(&want.revision, &want.stream.sources)
}

#[test]
fn only_inputs_read_by_a_streams_name_are_filled() {
    let want = wanted(&[source("a", Some("a")), source("over_b", Some("b")), source("orders", None)]);
    let written = [column("X")];
    let mut asked = Vec::new();
    let filled = fill(&want, |stream| {
        asked.push(stream.clone());
        Ok::<_, ()>(written.as_slice())
    });
    let filled = filled.expect("all is known");
    let columns = |of: &str| filled.stream.sources[&name(of)].columns.as_slice();
    assert_eq!(asked, [name("a")]);
    assert_eq!((columns("a"), columns("over_b"), columns("orders")), (written.as_slice(), &[][..], &[][..]));
}

#[test]
fn what_is_not_known_of_one_input_is_told() {
    let want = wanted(&[source("a", Some("a")), source("b", Some("b"))]);
    let told = fill(&want, |stream| if stream.as_str() == "a" { Ok(&[][..]) } else { Err(stream.clone()) });
    assert_eq!(told, Err(name("b")));
}

#[test]
fn a_check_is_of_the_columns_that_another_stream_writes() {
    let want = wanted(&[source("a", Some("a"))]);
    let filled = |columns: &[Column]| fill(&want, |_| Ok::<_, ()>(columns)).expect("all is known").into_owned();
    let (one, other) = (filled(&[column("X")]), filled(&[column("Y")]));
    assert_ne!(key(&one), key(&other));
    assert_eq!(key(&one), key(&filled(&[column("X")])));
    assert_eq!(one.revision, other.revision);
}

/// What the ledger knows of streams that read no other stays an answer.
#[test]
fn a_check_of_declared_sources_is_of_the_revision_alone() {
    assert_eq!(key(&wanted(&[source("orders", None)])), key(&wanted(&[])));
    let other = DesiredStream { revision: Revision("other".to_owned()), ..wanted(&[]) };
    assert_ne!(key(&other), key(&wanted(&[])));
}
