//! The table of rules, row by row.

mod rows;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::time::Duration;

use crate::model::column::Column;
use crate::model::column::ColumnType;
use crate::model::column::TypeKind;
use crate::model::definition::Allow;
use crate::model::definition::Delivery;
use crate::model::definition::DesiredRun;
use crate::model::definition::EventTime;
use crate::model::definition::Format;
use crate::model::definition::Source;
use crate::model::definition::Stream;
use crate::model::definition::TimeEncoding;
use crate::model::definition::Upstream;
use crate::model::few::Few;
use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::name::TopicName;
use crate::model::options::OPTIONS;
use crate::model::plan::Bearing;
use crate::model::plan::Verdict;
use crate::model::sample;

use super::Effect;
use super::Judgement;
use super::Leave;
use super::Pair;
use super::RULES;
use super::judge;

use self::rows::ROWS;

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn topic(text: &str) -> TopicName {
    TopicName::parse(text).expect("a topic")
}

fn source(called: &str) -> Source {
    let kind = ColumnType { kind: TypeKind::Int, nullable: true };
    let columns = ["ID", "AMOUNT", "NOTE"].map(|name| Column { name: name.into(), kind: kind.clone() }).to_vec();
    Source { columns, ..sample::source(called) }
}

fn stream() -> Stream {
    Stream {
        sql: "SELECT ID FROM orders WHERE AMOUNT > 1".into(),
        sources: Few::from([(name("orders"), source("orders"))]),
        ..sample::stream("big")
    }
}

fn orders(stream: &mut Stream) -> &mut Source {
    stream.sources.get_mut(&name("orders")).expect("it reads orders")
}

/// Another kind of stream: it keeps sums by key.
fn totals() -> Stream {
    let mut stream = stream();
    stream.sql = "SELECT ID, SUM(AMOUNT) AS TOTAL FROM orders GROUP BY ID".into();
    stream.output.key = vec!["ID".into()];
    stream
}

fn upstream(key: &[&str]) -> Option<Upstream> {
    Some(Upstream {
        stream: name("up"),
        key: key.iter().map(|column| (*column).to_owned()).collect(),
        time_encoding: TimeEncoding::Iso8601,
        delivery: Delivery::AtLeastOnce,
    })
}

fn judged(old: &Stream, new: &Stream, allow: &[Allow]) -> Judgement {
    judge(old, new, ("", ""), Leave { allow: &allow.iter().copied().collect(), protect: false })
}

type Edit = fn(&mut Stream);

fn moved(stream: &mut Stream) {
    stream.output.topic = topic("b");
}

fn time(delay: u64) -> Option<EventTime> {
    let delay = Duration::from_secs(delay);
    Some(EventTime { column: "AT".into(), encoding: TimeEncoding::Sql, delay, idle: None })
}

/// Old and new side of a row.
fn sides(before: Edit, after: Edit) -> (Stream, Stream) {
    let mut old = stream();
    before(&mut old);
    let mut new = old.clone();
    after(&mut new);
    (old, new)
}

#[test]
fn each_row_gives_its_verdict_and_says_what_differs() {
    for (row, before, after, verdict, words) in ROWS {
        let (old, new) = sides(*before, *after);
        assert_ne!(old, new, "{row}");
        let judged = judged(&old, &new, &[]);
        assert_eq!(judged.verdict, *verdict, "{row}: {judged:?}");
        assert!(judged.words.contains(words), "{row}: {} does not say {words}", judged.words);
        assert_eq!(judged.way_out.is_some(), *verdict == Verdict::Refused, "{row}: {}", judged.reason());
    }
}

#[test]
fn no_row_says_anything_of_two_that_are_one() {
    for (row, before, after, ..) in ROWS {
        let (old, new) = sides(*before, *after);
        for same in [&old, &new] {
            let pair = Pair::new(same, same, ("1.20.3", "1.20.3"));
            let found: Vec<&str> =
                RULES.iter().filter(|rule| (rule.differs)(&pair).is_some()).map(|rule| rule.name).collect();
            assert_eq!(found, [""; 0], "{row}");
        }
    }
}

/// Rows whose two sides are no two definitions.
const BESIDE: &[&str] = &["engine.version", "engine.version.older", "options.same"];

#[test]
fn each_row_of_the_table_is_tried_and_says_why() {
    let tried: BTreeSet<&str> = ROWS.iter().map(|(row, ..)| *row).chain(BESIDE.iter().copied()).collect();
    let all: BTreeSet<&str> = RULES.iter().map(|rule| rule.name).collect();
    assert_eq!(tried, all);
    assert_eq!(all.len(), RULES.len(), "a name stands for one row");
    assert!(RULES.iter().all(|rule| !rule.why.is_empty()));
}

#[test]
fn each_row_is_found_by_its_edit() {
    for (row, before, after, ..) in ROWS {
        let (old, new) = sides(*before, *after);
        let pair = Pair::new(&old, &new, ("", ""));
        let rule = RULES.iter().find(|rule| rule.name == *row).expect("it stands in the table");
        assert!((rule.differs)(&pair).is_some(), "{row}");
    }
}

#[test]
fn what_a_query_keeps_is_lost_only_with_leave() {
    let (old, mut new) = (totals(), totals());
    new.sql = "SELECT ID, COUNT(*) AS TOTAL FROM orders GROUP BY ID".into();
    let verdict = |allow: &[Allow]| judged(&old, &new, allow).verdict;
    assert_eq!(verdict(&[]), Verdict::Refused);
    assert_eq!(verdict(&[Allow::DropsState]), Verdict::DropsState);
    assert_eq!(verdict(&[Allow::Replays]), Verdict::Replays);
    // An upsert log that is read into again comes to be right.
    assert_eq!(verdict(&[Allow::Replays, Allow::DropsState]), Verdict::Replays);
}

#[test]
fn an_append_log_is_rather_left_without_state_than_given_its_rows_twice() {
    let sql = |size: u32| {
        let table = format!("TUMBLE(TABLE orders, DESCRIPTOR(AT), INTERVAL '{size}' HOUR)");
        Stream {
            sql: format!("SELECT COUNT(*) AS N FROM TABLE({table}) GROUP BY window_start, window_end"),
            ..stream()
        }
    };
    assert_eq!(judged(&sql(1), &sql(2), &[Allow::Replays, Allow::DropsState]).verdict, Verdict::DropsState);
}

#[test]
fn protection_takes_back_every_leave() {
    let (old, mut new) = (totals(), totals());
    new.sql = "SELECT ID, COUNT(*) AS TOTAL FROM orders GROUP BY ID".into();
    let allow = BTreeSet::from([Allow::DropsState, Allow::Replays]);
    let judged = judge(&old, &new, ("", ""), Leave { allow: &allow, protect: true });
    assert_eq!(judged.verdict, Verdict::Refused);
    assert!(judged.reason().contains("protected"), "{}", judged.reason());
}

#[test]
fn over_an_upsert_log_nothing_but_reading_again_is_possible() {
    let (mut old, mut new) = (stream(), stream());
    orders(&mut old).output_of = upstream(&["ID"]);
    orders(&mut new).output_of = upstream(&["ID"]);
    new.sql = "SELECT ID FROM orders WHERE AMOUNT > 2".into();
    assert_eq!(judged(&old, &new, &[]).verdict, Verdict::Refused);
    assert_eq!(judged(&old, &new, &[Allow::DropsState]).verdict, Verdict::Refused);
    assert_eq!(judged(&old, &new, &[Allow::DropsState, Allow::Replays]).verdict, Verdict::Replays);
    assert!(!judged(&old, &new, &[]).reason().contains("drops_state"));
}

#[test]
fn another_minor_version_takes_up_places_and_no_state() {
    let none = BTreeSet::new();
    let leave = Leave { allow: &none, protect: false };
    let verdict = |stream: &Stream, versions| judge(stream, stream, versions, leave).verdict;
    assert_eq!(verdict(&stream(), ("1.20.3", "2.3.0")), Verdict::CarriesOffsets);
    assert_eq!(verdict(&totals(), ("1.20.3", "1.21.0")), Verdict::Refused);
    assert_eq!(verdict(&totals(), ("1.20.3", "1.20.5")), Verdict::Unchanged);
}

#[test]
fn an_older_version_reads_nothing_of_a_later_one() {
    let judge = |new: &Stream, versions, allow: &[Allow]| {
        let allow = allow.iter().copied().collect();
        judge(&stream(), new, versions, Leave { allow: &allow, protect: false })
    };
    let judged = judge(&stream(), ("2.3.0", "1.20.3"), &[Allow::DropsState]);
    assert_eq!(judged.verdict, Verdict::Refused);
    assert!(judged.words.contains("1.20.3, which runs now, cannot read it"), "{}", judged.words);
    assert_eq!(judge(&stream(), ("2.3.0", "1.20.3"), &[Allow::Replays]).verdict, Verdict::Replays);
    assert_eq!(judge(&stream(), ("2.10.0", "2.9.0"), &[]).verdict, Verdict::Refused);
    assert_eq!(judge(&stream(), ("2.9.0", "2.10.0"), &[]).verdict, Verdict::CarriesOffsets);
    assert_eq!(judge(&stream(), ("1.20.5", "1.20.3"), &[]).verdict, Verdict::Unchanged);
    // The engine that it ran on is there to be asked.
    let moved = Stream { engine: EngineName::parse("b").expect("a name"), ..stream() };
    assert_eq!(judge(&moved, ("2.3.0", "1.20.3"), &[]).verdict, Verdict::CarriesOffsets);
}

#[test]
fn a_time_to_live_of_another_length_keeps_state() {
    let ttl = |value: &str| {
        let mut stream = totals();
        stream.options.insert("table.exec.state.ttl".into(), value.into());
        stream
    };
    assert_eq!(judged(&ttl("1 h"), &ttl("2 h"), &[]).verdict, Verdict::KeepsState);
    assert_eq!(judged(&ttl("0 ms"), &ttl("2 h"), &[]).verdict, Verdict::Refused);
    assert_eq!(judged(&ttl("2 h"), &totals(), &[]).verdict, Verdict::Refused);
    assert_eq!(judged(&ttl("0 ms"), &totals(), &[]).verdict, Verdict::KeepsState);
}

#[test]
fn a_source_under_another_name_is_the_same_source() {
    let (old, mut new) = (stream(), stream());
    new.sql = "SELECT ID FROM bought WHERE AMOUNT > 1".into();
    new.sources = Few::from([(name("bought"), Source { topic: topic("orders"), ..source("bought") })]);
    assert_eq!(super::renamed(&old, &new), BTreeMap::from([(name("bought"), name("orders"))]));
    let judged = judged(&old, &new, &[]);
    assert_eq!(judged.verdict, Verdict::CarriesOffsets);
    assert!(judged.words.contains("`orders` is read as `bought`"), "{}", judged.words);
}

#[test]
fn a_new_column_is_part_of_what_a_star_gives() {
    let (mut old, mut new) = (stream(), stream());
    old.sql = "SELECT * FROM orders".into();
    new.sql = old.sql.clone();
    orders(&mut old).columns.pop();
    let judged = judged(&old, &new, &[]);
    assert_eq!(judged.verdict, Verdict::CarriesOffsets);
    assert!(judged.words.contains("column `NOTE` is there now"), "{}", judged.words);
}

#[test]
fn options_follow_their_table() {
    for rule in OPTIONS {
        let (old, mut new) = (stream(), stream());
        // A time to live that is none is the same as none said.
        let value = if rule.key.ends_with("ttl") { "0" } else { "1" };
        new.options.insert(rule.key.replace('*', "x"), value.into());
        let judged = judged(&old, &new, &[]);
        let verdict = match rule.bearing {
            Bearing::Same => Verdict::Unchanged,
            Bearing::Keeps => Verdict::KeepsState,
            Bearing::Places => Verdict::CarriesOffsets,
            Bearing::Nothing | Bearing::Never => Verdict::Refused,
        };
        assert_eq!(judged.verdict, verdict, "{}", rule.key);
        assert!(judged.words.contains(rule.reason), "{}", judged.words);
    }
}

#[test]
fn an_option_beyond_the_table_may_change_what_is_kept() {
    let (old, mut new) = (totals(), totals());
    new.options.insert("allowed.by.the.machine".into(), "1".into());
    assert_eq!(judged(&old, &new, &[]).verdict, Verdict::Refused);
}

#[test]
fn the_worst_row_is_the_verdict_and_gives_the_words() {
    let (old, mut new) = (stream(), stream());
    new.options.insert("parallelism.default".into(), "2".into());
    new.output.format = Format::Csv;
    let judged = judged(&old, &new, &[]);
    assert_eq!(judged.words, "`output.format` changed");
    assert!(judged.asks_for(Effect::Job));
}

#[test]
fn whether_it_runs_is_no_part_of_the_job() {
    let (old, mut new) = (stream(), stream());
    new.run = DesiredRun::Stopped;
    let judged = judged(&old, &new, &[]);
    assert_eq!(judged.verdict, Verdict::Unchanged);
    assert!(judged.effects.is_empty());
}
