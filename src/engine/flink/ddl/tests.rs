use std::collections::BTreeMap;
use std::time::Duration;

use proptest::collection::{btree_map, vec};
use proptest::prelude::{ProptestConfig, any, proptest};

use crate::engine::flink::ddl::{Kafka, sink, sources, view, watermark};
use crate::model::column::{Column, ColumnType, TypeKind};
use crate::model::definition::{
    Delivery, EventTime, Format, OnBadRecord, Output, Source, Start, Stream, TimeEncoding, Upstream,
};
use crate::model::name::{Name, TopicName};
use crate::model::sample;

/// What Flink's lexer makes of a text: its shape, with a backtick for each quoted name and a quote for each literal,
/// and what those hold. Written anew from Calcite's `Parser.jj`, so that it shares no mistake with the printers.
#[derive(Debug, Default, PartialEq, Eq)]
struct Lexed {
    shape: String,
    names: Vec<String>,
    literals: Vec<String>,
}

fn lex(text: &str) -> Lexed {
    let mut lexed = Lexed::default();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '`' && c != '\'' {
            lexed.shape.push(c);
            continue;
        }
        let mut held = String::new();
        loop {
            match rest.next() {
                Some(end) if end == c && rest.peek() == Some(&c) => held.extend(rest.next()),
                Some(end) if end == c => break,
                Some(other) => held.push(other),
                None => panic!("{c} does not end: {text}"),
            }
        }
        lexed.shape.push(c);
        if c == '`' { lexed.names.push(held) } else { lexed.literals.push(held) }
    }
    lexed
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn topic(text: &str) -> TopicName {
    TopicName::parse(text).expect("a topic")
}

fn column(name: &str, kind: TypeKind) -> Column {
    Column { name: name.to_owned(), kind: ColumnType { kind, nullable: true } }
}

fn source(columns: Vec<Column>, time: Option<EventTime>) -> Source {
    Source { topic: topic("orders.in"), columns, time, ..sample::source("orders") }
}

fn time(column: &str, encoding: TimeEncoding) -> EventTime {
    EventTime {
        column: column.to_owned(),
        encoding,
        delay: Duration::from_secs(5),
        idle: Some(Duration::from_secs(30)),
    }
}

fn stream(sources: Vec<Source>) -> Stream {
    Stream {
        sources: sources.into_iter().map(|source| (source.name.clone(), source)).collect(),
        ..sample::stream("large")
    }
}

fn output(key: &[&str]) -> Output {
    Output { key: key.iter().map(|name| (*name).to_owned()).collect(), ..sample::output("large") }
}

fn kafka() -> Kafka {
    let transaction_timeout = Duration::from_secs(900);
    Kafka { bootstrap: "kafka:9092".to_owned(), properties: BTreeMap::new(), transaction_timeout }
}

/// Of a stream, whatever its generation.
const GROUP: &str = "weir.shop.large";

fn statements(stream: &Stream, start: Start) -> Vec<String> {
    sources(stream, &kafka(), GROUP, start).into_iter().map(|declared| declared.sql).collect()
}

#[test]
fn a_source_is_a_table_over_its_topic() {
    let columns = vec![column("ID", TypeKind::Int), column("AT", TypeKind::Timestamp(3))];
    let stream = stream(vec![source(columns, Some(time("AT", TimeEncoding::Iso8601)))]);
    let want = "\
CREATE TEMPORARY TABLE `orders` (
  `ID` INT,
  `AT` TIMESTAMP(3),
  WATERMARK FOR `AT` AS `AT` - INTERVAL '0 00:00:05.000' DAY(3) TO SECOND(3)
) WITH (
  'connector' = 'kafka',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'weir.shop.large',
  'scan.startup.mode' = 'earliest-offset',
  'scan.watermark.idle-timeout' = '30000 ms',
  'topic' = 'orders.in'
)";
    assert_eq!(statements(&stream, Start::Earliest), [want]);
}

#[test]
fn times_as_numbers_keep_their_name_and_get_a_type() {
    let columns = vec![column("weir_time", TypeKind::Int), column("AT", TypeKind::TimestampLtz(3))];
    let made = statements(&stream(vec![source(columns, Some(time("AT", TimeEncoding::EpochMs)))]), Start::Earliest);
    assert!(made[0].starts_with(
        "\
CREATE TEMPORARY TABLE `weir.raw.orders` (
  `weir_time` INT,
  `AT` BIGINT,
  `weir_time_` AS TO_TIMESTAMP_LTZ(`AT`, 3),
  WATERMARK FOR `weir_time_` AS `weir_time_` - INTERVAL"
    ));
    let view = "CREATE TEMPORARY VIEW `orders` AS SELECT `weir_time`, `weir_time_` AS `AT` FROM `weir.raw.orders`";
    assert_eq!(made[1..], [view]);
}

#[test]
fn each_further_source_of_a_topic_has_a_group_of_its_own() {
    let named = |text: &str, read: &str| {
        let source = source(vec![column("ID", TypeKind::Int)], None);
        Source { name: name(text), topic: topic(read), ..source }
    };
    let made = statements(&stream(vec![named("a", "x"), named("b", "y"), named("c", "x")]), Start::Earliest);
    let group = |sql: &String| {
        let literals = lex(sql).literals;
        let at = literals.iter().position(|literal| literal == "properties.group.id").expect("it has a group");
        literals[at + 1].clone()
    };
    let groups: Vec<_> = made.iter().map(group).collect();
    assert_eq!(groups, ["weir.shop.large", "weir.shop.large", "weir.shop.large.2"]);
}

#[test]
fn where_reading_begins_is_told_to_every_source() {
    let made = |start| statements(&stream(vec![source(vec![column("ID", TypeKind::Int)], None)]), start).remove(0);
    assert!(made(Start::Latest).contains("'scan.startup.mode' = 'latest-offset'"));
    let at = made(Start::Timestamp(1_700_000_000_000));
    assert!(at.contains("'scan.startup.mode' = 'timestamp'"), "{at}");
    assert!(at.contains("'scan.startup.timestamp-millis' = '1700000000000'"), "{at}");
}

#[test]
fn a_definition_cannot_redirect_its_table() {
    let mut source = source(vec![column("ID", TypeKind::Int)], None);
    for key in ["topic", "connector", "properties.bootstrap.servers", "properties.group.id", "scan.startup.mode"] {
        source.connector.insert(key.to_owned(), "evil".to_owned());
    }
    source.connector.insert("scan.topic-partition-discovery.interval".to_owned(), "1 min".to_owned());
    let made = statements(&stream(vec![source]), Start::Earliest).remove(0);
    assert!(!made.contains("evil"), "{made}");
    assert!(made.contains("'scan.topic-partition-discovery.interval' = '1 min'"), "{made}");
}

#[test]
fn bad_records_are_skipped_where_the_format_can() {
    for (format, want) in [(Format::Json, Some("json")), (Format::Csv, Some("csv")), (Format::Raw, None)] {
        let source = Source { format, on_bad_record: OnBadRecord::Skip, ..source(vec![], None) };
        let made = statements(&stream(vec![source]), Start::Earliest).remove(0);
        let skips = want.is_some_and(|format| made.contains(&format!("'{format}.ignore-parse-errors' = 'true'")));
        assert_eq!(skips, want.is_some(), "{made}");
        assert_eq!(made.contains("ignore-parse-errors"), want.is_some(), "{made}");
    }
}

#[test]
fn an_output_without_key_is_an_append_log_and_one_with_a_key_an_upsert_log() {
    let columns = vec![
        Column { name: "C".to_owned(), kind: ColumnType { kind: TypeKind::Int, nullable: false } },
        column("N", TypeKind::BigInt),
    ];
    let append = sink(&output(&[]), &columns, &kafka(), GROUP);
    assert!(append.contains("'connector' = 'kafka'") && append.contains("'format' = 'json'"), "{append}");
    assert!(append.contains("'sink.delivery-guarantee' = 'at-least-once'"), "{append}");
    assert!(!append.contains("PRIMARY KEY"), "{append}");
    let upsert = sink(&output(&["C"]), &columns, &kafka(), GROUP);
    let want = "\
CREATE TEMPORARY TABLE `weir.output` (
  `C` INT NOT NULL,
  `N` BIGINT,
  PRIMARY KEY (`C`) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'key.format' = 'json',
  'key.json.timestamp-format.standard' = 'ISO-8601',
  'properties.bootstrap.servers' = 'kafka:9092',
  'sink.delivery-guarantee' = 'at-least-once',
  'topic' = 'large',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'ISO-8601'
)";
    assert_eq!(upsert, want);
}

/// The output of the stream `orders`, read by its name.
fn output_of(key: &[&str], delivery: Delivery, time_encoding: TimeEncoding) -> Source {
    let key: Vec<String> = key.iter().map(|name| (*name).to_owned()).collect();
    let upstream = Upstream { stream: name("orders"), key, time_encoding, delivery };
    let columns = vec![column("ID", TypeKind::Int), column("AT", TypeKind::Timestamp(3))];
    Source { output_of: Some(upstream), ..source(columns, None) }
}

#[test]
fn an_append_log_of_a_stream_is_read_as_any_source_and_with_its_moments() {
    let made = |source| statements(&stream(vec![source]), Start::Latest).remove(0);
    let plain = source(vec![column("ID", TypeKind::Int), column("AT", TypeKind::Timestamp(3))], None);
    let read = output_of(&[], Delivery::AtLeastOnce, TimeEncoding::Iso8601);
    assert_eq!(made(read), made(plain));
    let sql = made(output_of(&[], Delivery::AtLeastOnce, TimeEncoding::Sql));
    assert!(sql.contains("'json.timestamp-format.standard' = 'SQL'"), "{sql}");
}

#[test]
fn an_upsert_log_is_read_as_it_is_written_and_from_its_beginning() {
    let read = output_of(&["ID"], Delivery::AtLeastOnce, TimeEncoding::Sql);
    let want = "\
CREATE TEMPORARY TABLE `orders` (
  `ID` INT NOT NULL,
  `AT` TIMESTAMP(3),
  PRIMARY KEY (`ID`) NOT ENFORCED
) WITH (
  'connector' = 'upsert-kafka',
  'key.format' = 'json',
  'key.json.timestamp-format.standard' = 'SQL',
  'properties.bootstrap.servers' = 'kafka:9092',
  'properties.group.id' = 'weir.shop.large',
  'topic' = 'orders.in',
  'value.format' = 'json',
  'value.json.timestamp-format.standard' = 'SQL'
)";
    assert_eq!(statements(&stream(vec![read]), Start::Earliest), [want]);
}

#[test]
fn options_of_a_source_over_an_upsert_log_are_those_of_its_values() {
    let mut read = output_of(&["ID"], Delivery::AtLeastOnce, TimeEncoding::Iso8601);
    read.on_bad_record = OnBadRecord::Skip;
    read.connector.insert("json.fail-on-missing-field".to_owned(), "false".to_owned());
    read.connector.insert("properties.fetch.min.bytes".to_owned(), "1".to_owned());
    let literals = lex(&statements(&stream(vec![read]), Start::Earliest)[0]).literals;
    for key in ["value.json.ignore-parse-errors", "value.json.fail-on-missing-field", "properties.fetch.min.bytes"] {
        assert!(literals.iter().any(|literal| literal == key), "{key} {literals:?}");
    }
    assert!(
        !literals.iter().any(|literal| literal.starts_with("json.") || literal.contains("startup")),
        "{literals:?}"
    );
}

#[test]
fn what_transactions_write_is_read_when_it_is_committed() {
    let level = "'properties.isolation.level' = 'read_committed'";
    for key in [&[][..], &["ID"]] {
        for (delivery, want) in [(Delivery::ExactlyOnce, true), (Delivery::AtLeastOnce, false)] {
            let read = output_of(key, delivery, TimeEncoding::Iso8601);
            let mut over = read.clone();
            over.name = name("a_source_over_it");
            for source in [read, over] {
                let made = statements(&stream(vec![source]), Start::Earliest).remove(0);
                assert_eq!(made.contains(level), want, "{made}");
            }
        }
    }
}

#[test]
fn transactions_bear_the_streams_name_and_end_in_time() {
    let columns = vec![column("C", TypeKind::Int)];
    for key in [&[][..], &["C"]] {
        let output = Output { delivery: Delivery::ExactlyOnce, ..output(key) };
        let made = sink(&output, &columns, &kafka(), GROUP);
        for option in [
            "'sink.delivery-guarantee' = 'exactly-once'",
            "'sink.transactional-id-prefix' = 'weir.shop.large'",
            "'properties.transaction.timeout.ms' = '900000'",
        ] {
            assert!(made.contains(option), "{option}: {made}");
        }
        let hasty =
            Kafka { properties: BTreeMap::from([("transaction.timeout.ms".to_owned(), "5".to_owned())]), ..kafka() };
        assert_eq!(sink(&output, &columns, &hasty, GROUP), made, "what weir sets wins");
    }
}

#[test]
fn the_query_stands_on_lines_of_its_own() {
    assert_eq!(view("SELECT 1 -- all"), "CREATE TEMPORARY VIEW `weir.query` AS\nSELECT 1 -- all\n");
}

#[test]
fn a_delay_is_written_to_the_millisecond() {
    for (millis, want) in [(5, "0 00:00:00.005"), (93_784_005, "1 02:03:04.005"), (86_313_600_001, "999 00:00:00.001")]
    {
        assert_eq!(lex(&watermark("t", Duration::from_millis(millis))).literals, [want]);
    }
}

/// A string of every kind of trouble, as well as of any characters.
const TEXT: &str = "([`'\";\\\\\n\r\t ()=,*/-]|--|/\\*|\\*/|DROP|ü|😀|\\PC){0,12}";

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn no_string_breaks_out_of_the_generated_sql(
        columns in vec(TEXT, 1..4),
        fields in vec(TEXT, 1..3),
        options in btree_map(TEXT, TEXT, 0..3),
        properties in btree_map(TEXT, TEXT, 0..3),
        bootstrap in TEXT,
        group in TEXT,
        millis in any::<bool>(),
    ) {
        let encoding = if millis { TimeEncoding::EpochMs } else { TimeEncoding::Iso8601 };
        let made = |columns: &[String], fields: &[String], text: &dyn Fn(&str) -> String| {
            let row = TypeKind::Row(fields.iter().map(|name| self::column(name, TypeKind::Int)).collect());
            let mut all: Vec<Column> = columns.iter().map(|name| self::column(name, row.clone())).collect();
            all.push(self::column(&text("time"), TypeKind::TimestampLtz(3)));
            let mut source = source(all.clone(), Some(time(&text("time"), encoding)));
            source.connector = options.iter().map(|(key, value)| (format!("a{}", text(key)), text(value))).collect();
            let properties = properties.iter().map(|(key, value)| (format!("a{}", text(key)), text(value))).collect();
            let kafka = Kafka { bootstrap: text(&bootstrap), properties, ..kafka() };
            let stream = stream(vec![source]);
            let key = text("key");
            let declared = sources(&stream, &kafka, &text(&group), Start::Earliest);
            let mut made: Vec<String> = declared.into_iter().map(|declared| declared.sql).collect();
            let output = Output { delivery: Delivery::ExactlyOnce, ..output(&[&key]) };
            made.push(sink(&output, &all, &kafka, &text(&group)));
            made
        };
        let tame = |kind: &str, list: &[String]| -> Vec<String> {
            (0..list.len()).map(|number| format!("{kind}{number}")).collect()
        };
        // Words in place of the strings, all different: the shape that every other one must have.
        let plain = |text: &str| text.bytes().fold("t".to_owned(), |text, byte| format!("{text}{byte:02x}"));
        let wild = made(&columns, &fields, &|text| text.to_owned());
        let calm = made(&tame("c", &columns), &tame("f", &fields), &plain);
        for (wild, calm) in wild.iter().zip(&calm) {
            let (wild, calm) = (lex(wild), lex(calm));
            assert_eq!(wild.shape, calm.shape);
            assert_eq!(wild.names.len(), calm.names.len());
            assert_eq!(wild.literals.len(), calm.literals.len());
        }
        let names = lex(&wild[0]).names;
        assert!(columns.iter().chain(&fields).all(|name| names.contains(name)), "{names:?}");
        let literals = lex(&wild[0]).literals;
        assert!(options.values().chain([&bootstrap, &group]).all(|value| literals.contains(value)), "{literals:?}");
    }
}
