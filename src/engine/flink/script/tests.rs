use std::collections::BTreeSet;
use std::time::Duration;

use super::*;
use crate::model::definition::Body;
use crate::model::sample;

const SCRIPT: &str = "\
-- what people run
CREATE TABLE src (id INT) WITH (
  'connector' = 'kafka',
  'topic' = 'in'
);
create temporary view v as SELECT id FROM src;
CREATE TABLE out1 (id INT) WITH ('connector' = 'kafka', 'topic' = 'it''s', 'properties.bootstrap.servers' = 'k:1');
CREATE TABLE far (id INT) WITH ('connector' = 'kafka', 'topic' = 'far', 'properties.bootstrap.servers' = 'x:1');
INSERT INTO out1 SELECT id FROM v /*+ STATE_TTL('v'='1h') */;
INSERT INTO far SELECT nope FROM v -- the last
";

fn stream(sql: &str) -> Stream {
    let body = Body::Script { writes: BTreeSet::new() };
    Stream { body, sql: sql.to_owned(), start: Start::Latest, ..sample::stream("s") }
}

fn sent(sql: &str) -> Statements {
    let properties = [("sasl.jaas.config", "secret"), ("auto.offset.reset", "none")];
    let properties = properties.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    let kafka = Kafka { bootstrap: "k:1".to_owned(), properties, transaction_timeout: Duration::from_secs(600) };
    statements(&stream(sql), &kafka, "weir.p.s")
}

#[test]
fn every_table_is_temporary_and_those_over_our_brokers_are_connected() {
    let declared: Vec<String> = sent(SCRIPT).declared.into_iter().map(|sent| sent.sql).collect();
    let ours = "'properties.bootstrap.servers' = 'k:1'";
    let secret = "'properties.sasl.jaas.config' = 'secret'";
    assert_eq!(
        declared,
        [
            format!(
                "CREATE TEMPORARY TABLE src (id INT) WITH ('connector' = 'kafka', {ours}, \
                 'properties.group.id' = 'weir.p.s.src', {secret}, 'scan.startup.mode' = 'latest-offset', 'topic' = 'in')"
            ),
            "create temporary view v as SELECT id FROM src".to_owned(),
            format!("CREATE TEMPORARY TABLE out1 (id INT) WITH ('connector' = 'kafka', {ours}, {secret}, 'topic' = 'it''s')"),
            // No secret of ours goes to the brokers of others.
            "CREATE TEMPORARY TABLE far (id INT) WITH ('connector' = 'kafka', 'properties.bootstrap.servers' = 'x:1', 'topic' = 'far')"
                .to_owned(),
        ]
    );
}

#[test]
fn what_the_script_says_of_its_reading_stands() {
    let said = "CREATE TABLE a (x INT) WITH ('connector'='kafka', 'topic'='a', 'scan.startup.mode'='group-offsets', \
                'properties.group.id'='mine');\
                CREATE TABLE b (x INT, PRIMARY KEY (x) NOT ENFORCED) WITH ('connector'='upsert-kafka', 'topic'='b');\
                CREATE TABLE c (x INT) WITH ('connector'='print'); CREATE TABLE d (x INT) WITH ('connector'='datagen');\
                INSERT INTO c SELECT x FROM a UNION ALL SELECT x FROM b UNION ALL SELECT x FROM d";
    let declared: Vec<String> = sent(said).declared.into_iter().map(|sent| sent.sql).collect();
    assert!(declared[0].contains("'properties.group.id' = 'mine'") && declared[0].contains("'group-offsets'"));
    assert!(declared[1].contains("'properties.group.id' = 'weir.p.s.b'") && !declared[1].contains("scan.startup"));
    assert_eq!(declared[3], "CREATE TEMPORARY TABLE d (x INT) WITH ('connector' = 'datagen')");
    assert!(reads_topics_itself(&stream(said)));
    assert!(!reads_topics_itself(&stream(
        "CREATE TABLE c (x INT) WITH ('connector'='kafka'); INSERT INTO c SELECT x FROM o"
    )));
}

#[test]
fn the_inserts_are_one_statement_set_however_they_are_written() {
    let set = "STATEMENT SET BEGIN\nINSERT INTO a SELECT 1\n;\nINSERT INTO b SELECT 2 FROM t /*+ X */\n;\nEND";
    for script in [
        "INSERT INTO a SELECT 1; INSERT INTO b SELECT 2 FROM t /*+ X */ -- end",
        "EXECUTE STATEMENT SET BEGIN INSERT INTO a SELECT 1; INSERT INTO b SELECT 2 FROM t /*+ X */; END;",
        "BEGIN STATEMENT SET; INSERT INTO a SELECT 1; INSERT INTO b SELECT 2 FROM t /*+ X */; END",
    ] {
        assert_eq!(sent(script).set.sql, set, "{script}");
    }
    assert_eq!(sent("EXECUTE INSERT INTO a SELECT 1").set.sql, "STATEMENT SET BEGIN\n INSERT INTO a SELECT 1\n;\nEND");
}

#[test]
fn a_place_in_what_is_sent_is_found_in_the_script() {
    let Statements { declared, set } = sent(SCRIPT);
    let place = |sent: &Sent, word: &str| {
        let at = sent.sql.find(word).expect("it is there");
        let before = &sent.sql[..at];
        let (line, start) = (before.matches('\n').count() + 1, before.rfind('\n').map_or(0, |end| end + 1));
        let column = before[start..].chars().count() + 1;
        sent.span((line, column), (line, column + word.chars().count() - 1))
    };
    let found = |span: Option<Span>| span.map(|span| &SCRIPT[span.start..span.end]);
    assert_eq!(found(place(&set.after("EXPLAIN "), "nope")), Some("nope"));
    assert_eq!(found(place(&declared[2], "out1")), Some("out1"));
    assert_eq!(found(place(&declared[0], "startup")), None, "weir wrote it");
    assert_eq!(
        &SCRIPT[declared[1].whole().start..declared[1].whole().end],
        "create temporary view v as SELECT id FROM src"
    );
}
