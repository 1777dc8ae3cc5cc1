//! The table of rules, row by row.

use std::collections::BTreeMap;

use crate::model::column::Column;
use crate::model::column::ColumnType;
use crate::model::column::TypeKind;
use crate::model::definition::Delivery;
use crate::model::definition::DesiredRun;
use crate::model::definition::Format;
use crate::model::definition::OnBadRecord;
use crate::model::definition::Output;
use crate::model::definition::Source;
use crate::model::definition::Start;
use crate::model::definition::Stream;
use crate::model::definition::TimeEncoding;
use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::model::options::OPTIONS;
use crate::model::plan::Verdict;

use super::rules::Effect;
use super::rules::judge;

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn topic(text: &str) -> TopicName {
    TopicName::parse(text).expect("a topic")
}

fn source(called: &str) -> Source {
    let kind = ColumnType { kind: TypeKind::Int, nullable: true };
    Source {
        name: name(called),
        topic: topic(called),
        format: Format::Json,
        on_bad_record: OnBadRecord::Fail,
        columns: vec![Column { name: "ID".into(), kind }],
        time: None,
        connector: BTreeMap::new(),
        output_of: None,
    }
}

fn stream() -> Stream {
    Stream {
        name: name("big"),
        engine: EngineName::parse("flink").expect("an engine"),
        run: DesiredRun::Running,
        body: Default::default(),
        sql: "SELECT ID FROM orders".into(),
        sources: BTreeMap::from([(name("orders"), source("orders"))]),
        output: Output {
            topic: topic("big"),
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
    }
}

fn orders(stream: &mut Stream) -> &mut Source {
    stream.sources.get_mut(&name("orders")).expect("it reads orders")
}

type Edit = fn(&mut Stream);

#[test]
fn each_row_gives_its_verdict_and_says_what_differs() {
    use Verdict::{KeepsState, Refused, Unchanged};
    let rows: &[(Edit, Verdict, Effect, &str)] = &[
        (|s| s.engine = EngineName::parse("b").expect("a name"), Refused, Effect::Job, "from `flink` to `b`"),
        (|s| s.sql = "SELECT ID FROM orders WHERE ID > 1".into(), Refused, Effect::Job, "the query changed"),
        (|s| s.sql = "select ID -- all\nFROM orders".into(), Unchanged, Effect::None, "only the text"),
        (|s| orders(s).topic = topic("b"), Refused, Effect::Job, "source `orders` changed: topic"),
        (|s| orders(s).columns.clear(), Refused, Effect::Job, "source `orders` changed: columns"),
        (|s| orders(s).format = Format::Csv, Refused, Effect::Job, "changed: format"),
        (|s| orders(s).on_bad_record = OnBadRecord::Skip, Refused, Effect::Job, "changed: on_bad_record"),
        (|s| drop(orders(s).connector.insert("a".into(), "b".into())), Refused, Effect::Job, "changed: connector"),
        (|s| s.sources.clear(), Refused, Effect::Job, "source `orders` is read no more"),
        (|s| drop(s.sources.insert(name("b"), source("b"))), Refused, Effect::Job, "source `b` is read anew"),
        (|s| s.output.topic = topic("b"), Refused, Effect::Job, "`output.topic` changed from `big` to `b`"),
        (|s| s.output.format = Format::Csv, Refused, Effect::Job, "`output.format`"),
        (|s| s.output.time_encoding = TimeEncoding::Sql, Refused, Effect::Job, "`output.time_encoding`"),
        (|s| s.output.partitions = Some(2), Refused, Effect::Job, "`output.partitions`"),
        (|s| s.output.replication = Some(2), Refused, Effect::Job, "`output.replication`"),
        (|s| s.output.delivery = Delivery::ExactlyOnce, Refused, Effect::Job, "`output.delivery`"),
        (|s| s.output.key.push("ID".into()), Refused, Effect::Job, "`output.key`"),
        (|s| drop(s.output.config.insert("a".into(), "1".into())), KeepsState, Effect::Topic, "`a` the default → 1"),
        (|s| s.start = Start::Latest, Unchanged, Effect::None, "first deployment only"),
    ];
    for (edit, verdict, effect, words) in rows {
        let (old, mut new) = (stream(), stream());
        edit(&mut new);
        assert_ne!(old, new, "{words}");
        let judged = judge(&old, &new);
        assert_eq!((judged.verdict, judged.effects.iter().copied().collect()), (*verdict, vec![*effect]), "{words}");
        assert!(judged.words.contains(words), "{} does not say {words}", judged.words);
        assert_eq!(judged.reason().ends_with(": not yet"), *verdict == Refused, "{}", judged.reason());
    }
}

#[test]
fn options_follow_their_table() {
    for rule in OPTIONS {
        let (old, mut new) = (stream(), stream());
        new.options.insert(rule.key.replace('*', "x"), "1".into());
        let judged = judge(&old, &new);
        assert_eq!(judged.verdict, rule.verdict, "{}", rule.key);
        assert!(judged.words.contains(rule.reason), "{}", judged.words);
    }
}

#[test]
fn an_option_beyond_the_table_is_refused() {
    let (old, mut new) = (stream(), stream());
    new.options.insert("allowed.by.the.machine".into(), "1".into());
    assert_eq!(judge(&old, &new).verdict, Verdict::Refused);
}

#[test]
fn the_worst_row_is_the_verdict_and_gives_the_words() {
    let (old, mut new) = (stream(), stream());
    new.options.insert("parallelism.default".into(), "2".into());
    new.output.format = Format::Csv;
    let judged = judge(&old, &new);
    assert_eq!(judged.reason(), "`output.format` changed: not yet");
}

#[test]
fn whether_it_runs_is_no_part_of_the_job() {
    let (old, mut new) = (stream(), stream());
    new.run = DesiredRun::Stopped;
    assert_eq!(judge(&old, &new).verdict, Verdict::Unchanged);
    assert!(judge(&old, &new).effects.is_empty());
}
