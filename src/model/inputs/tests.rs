use super::*;
use crate::model::check::CheckKey;
use crate::model::column::{ColumnType, TypeKind};
use crate::model::definition::{Delivery, Format, Output, TimeEncoding, Upstream};
use crate::model::desired::Revision;
use crate::model::name::Checked;
use crate::model::sample;

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
    Source { output_of: of.map(upstream), ..sample::source(called) }
}

fn wanted(sources: &[Source]) -> DesiredStream {
    let sources = sources.iter().map(|source| (source.name.clone(), source.clone())).collect();
    sample::wanted(Stream { sources, ..sample::stream("reader") })
}

fn key(want: &DesiredStream) -> CheckKey {
    CheckKey::of(&want.revision, &want.stream.sources)
}

fn told<'a>(stream: &'a Name, output: &'a Output, columns: &'a [Column]) -> Written<'a> {
    Written { stream, output, columns }
}

#[test]
fn an_input_read_by_a_streams_name_is_what_that_stream_writes() {
    let want = wanted(&[source("a", Some("a")), source("orders", None)]);
    let output = Output {
        topic: Checked::parse("topic_of_a").expect("a topic"),
        format: Format::Csv,
        key: vec!["X".to_owned()],
        ..want.stream.output.clone()
    };
    let (a, columns) = (name("a"), [column("X")]);
    let filled = fill(&want, |source| Ok::<_, ()>(source.stream().map(|_| told(&a, &output, &columns))));
    let filled = filled.expect("all is known").into_owned();
    let read = &filled.stream.sources[&a];
    assert_eq!((&read.topic, read.format, read.columns.as_slice()), (&output.topic, Format::Csv, &columns[..]));
    assert_eq!(read.key(), output.key);
    assert_eq!(filled.stream.sources[&name("orders")], want.stream.sources[&name("orders")]);
}

#[test]
fn a_source_over_a_streams_topic_keeps_what_it_says_itself() {
    let want = wanted(&[source("over", None)]);
    let (b, columns) = (name("b"), [column("X")]);
    let keyed = Output { key: vec!["X".to_owned()], ..want.stream.output.clone() };
    let over = |output: &Output| {
        let filled = fill(&want, |_| Ok::<_, ()>(Some(told(&b, output, &columns)))).expect("all is known");
        filled.stream.sources[&name("over")].clone()
    };
    let said = source("over", None);
    assert_eq!(over(&want.stream.output), said);
    assert_eq!(over(&keyed), Source { output_of: Some(Upstream::of(&b, &keyed)), ..said });
}

#[test]
fn what_is_not_known_of_one_input_is_told() {
    let want = wanted(&[source("a", Some("a")), source("b", Some("b"))]);
    let told = fill(&want, |source| if source.name.as_str() == "a" { Ok(None) } else { Err(source.name.clone()) });
    assert_eq!(told, Err(name("b")));
}

#[test]
fn a_check_is_of_the_columns_that_another_stream_writes() {
    let want = wanted(&[source("a", Some("a"))]);
    let a = name("a");
    let filled = |columns: &[Column]| {
        let filled = fill(&want, |_| Ok::<_, ()>(Some(told(&a, &want.stream.output, columns))));
        filled.expect("all is known").into_owned()
    };
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
