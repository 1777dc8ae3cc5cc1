use std::collections::BTreeMap;

use super::*;
use crate::model::tree::SourceFile;

const SOURCE: &str = "kind = \"source\"\ntopic = \"orders\"\nformat = \"json\"\n[columns]\nID = \"INT\"\n";
const STREAM: &str = "sql = \"SELECT ID FROM orders\"\n";

pub fn tree(files: &[(&str, &str)]) -> SourceTree {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), SourceFile::Text((*text).to_owned())));
    SourceTree { root: "streams".to_owned(), files: files.collect(), unsettled: None }
}

pub fn context(overrides: BTreeMap<String, String>) -> Context {
    let text = "[kafka]\nbootstrap_servers = \"kafka:9092\"\n[engines.flink]\nkind = \"flink\"\nurl = \"http://f:1\"\n\
        rest_url = \"http://f:2\"\ncheckpoint_dir = \"file:///c\"\nsavepoint_dir = \"file:///s\"\n\
        options.\"table.local-time-zone\" = \"UTC\"\noptions.\"parallelism.default\" = \"1\"\n\
        [vars]\nLIMIT = 2\nBOTH = \"config\"\n";
    let (config, found) = config(text, "weir.toml", "case", &BTreeMap::new());
    assert_eq!(found, []);
    Context::new(&config.expect("no diagnostic, so there is a config"), "dir:streams", overrides)
}

fn desired(files: &[(&str, &str)]) -> Desired {
    load(&tree(files), &context(BTreeMap::new()))
}

fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

fn codes(desired: &Desired) -> Vec<&str> {
    desired.diagnostics.iter().map(|found| found.code.as_str()).collect()
}

#[test]
fn a_whole_tree_without_a_mistake_is_not_frozen() {
    let desired =
        desired(&[("orders.toml", SOURCE), ("a/big.toml", STREAM), ("weir.toml", "not = read"), ("x.md", "")]);
    assert_eq!(desired.diagnostics, []);
    assert_eq!(desired.frozen, None);
    assert_eq!(desired.broken, Broken::default());
    assert_eq!((desired.project.as_str(), desired.origin.as_str()), ("case", "dir:streams"));
    assert_eq!(desired.streams[&name("big")].path, "a/big.toml");
    assert_eq!(desired.streams[&name("big")].stream.output.topic.as_str(), "big");
}

#[test]
fn any_broken_file_freezes_removals_and_the_rest_goes_on() {
    let broken = [
        ("bad.toml", "sql = "),
        ("bad.toml", "kind = \"sorce\"\n"),
        ("bad.toml", "sql = \"SELECT ID FROM nowhere\"\n"),
        ("orders2.toml", "name = \"ORDERS\"\nsql = \"SELECT ID FROM orders\"\n"),
        ("vars.toml", "x = "),
    ];
    for (path, text) in broken {
        let desired = desired(&[("orders.toml", SOURCE), ("pay.toml", SOURCE), (path, text)]);
        assert!(desired.frozen.is_some(), "{path} {text}");
        assert!(desired.broken.paths.contains(path), "{path} {text}");
        assert!(desired.sources.contains_key(&name("pay")), "{path} {text}");
    }
}

/// As a mount point shows it while nothing is mounted.
#[test]
fn a_folder_without_any_file_removes_nothing() {
    assert!(desired(&[]).frozen.is_some_and(|why| why.contains("no definition at all")));
    assert_eq!(desired(&[("orders.toml", SOURCE)]).frozen, None);
    assert_eq!(desired(&[("vars.toml", "")]).frozen, None);
}

#[test]
fn an_unreadable_file_freezes_and_is_broken_whatever_it_is() {
    for path in ["bad.toml", "bad.sql", "vars.toml"] {
        let mut tree = tree(&[("orders.toml", SOURCE), ("big.toml", STREAM)]);
        tree.files.insert(path.to_owned(), SourceFile::Unreadable("no permission".to_owned()));
        let desired = load(&tree, &context(BTreeMap::new()));
        assert_eq!(desired.frozen, Some(format!("`{path}` has errors")));
        assert!(desired.broken.paths.contains(path));
        assert_eq!(desired.broken.names.contains(&name("bad")), path == "bad.toml");
        assert!(desired.streams.contains_key(&name("big")));
    }
}

#[test]
fn an_unsettled_tree_is_frozen_though_nothing_is_wrong_in_it() {
    let unsettled = Some("`.git/index.lock` stands".to_owned());
    let desired = load(&SourceTree { unsettled: unsettled.clone(), ..tree(&[]) }, &context(BTreeMap::new()));
    assert_eq!(desired.frozen, unsettled);
    assert_eq!(desired.diagnostics, []);
}

#[test]
fn of_a_name_that_is_defined_twice_nothing_is_used() {
    let desired = desired(&[("orders.toml", SOURCE), ("a/big.toml", STREAM), ("b/BIG.toml", STREAM)]);
    assert_eq!(codes(&desired), ["duplicate_name", "duplicate_name"]);
    assert!(desired.streams.is_empty());
    let told: Vec<&str> = desired.diagnostics.iter().map(|found| found.message.as_str()).collect();
    assert!(told[0].contains("b/BIG.toml") && told[1].contains("a/big.toml"), "{told:?}");
}

/// The recorded stream is found again by the name even when the file's shape is wrong.
#[test]
fn a_broken_file_is_known_by_its_written_name() {
    let desired = desired(&[("a.toml", "name = \"big\"\nsql = 1\n"), ("b.toml", "name = 5\n"), ("c.toml", "sql = [")]);
    let names: Vec<&str> = desired.broken.names.iter().map(Name::as_str).collect();
    assert_eq!(names, ["big", "c"]);
}

#[test]
fn later_variables_win() {
    let sql = "sql = \"SELECT ${var:LIMIT}, '${var:BOTH}', '${var:FILE}', '${var:ALL}' FROM orders\"\n";
    let vars = "LIMIT = 1\nBOTH = \"file\"\nFILE = \"file\"\nALL = \"file\"\n";
    let files = tree(&[("orders.toml", SOURCE), ("big.toml", sql), ("vars.toml", vars)]);
    let desired = load(&files, &context(BTreeMap::from([("ALL".to_owned(), "line".to_owned())])));
    let stream = &desired.streams[&name("big")].stream;
    assert_eq!(stream.sql, "SELECT 2, 'config', 'file', 'line' FROM orders");
}

#[test]
fn options_of_the_stream_stand_over_those_of_its_engine() {
    let text = format!("{STREAM}[options]\n\"parallelism.default\" = \"4\"\n");
    let desired = desired(&[("orders.toml", SOURCE), ("big.toml", &text)]);
    let options = &desired.streams[&name("big")].stream.options;
    let options: Vec<(&str, &str)> = options.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    assert_eq!(options, [("parallelism.default", "4"), ("table.local-time-zone", "UTC")]);
}

#[test]
fn columns_keep_their_declared_order() {
    let text = SOURCE.replace("ID = \"INT\"", "Z = \"INT\"\nA = \"STRING\"\n\"a b\" = \"BYTES\"");
    let desired = desired(&[("orders.toml", &text)]);
    let columns: Vec<&str> = desired.sources[&name("orders")].columns.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(columns, ["Z", "A", "a b"]);
}

#[test]
fn skipping_bad_records_is_one_thing_however_it_is_said() {
    let word = SOURCE.replace("[columns]", "on_bad_record = \"skip\"\n[columns]");
    let option = format!("{SOURCE}[connector]\n\"json.ignore-parse-errors\" = \"true\"\n");
    let source = |text: &str| desired(&[("orders.toml", text)]).sources[&name("orders")].clone();
    assert_eq!(source(&word), source(&option));
    assert!(source(&option).connector.is_empty());
}

/// Flink reads no `1h 30m`.
#[test]
fn a_length_of_time_is_the_same_however_it_is_written() {
    let source = |time: &str| {
        let text = format!("{SOURCE}[connector]\n\"scan.topic-partition-discovery.interval\" = \"{time}\"\n");
        desired(&[("orders.toml", &text)]).sources[&name("orders")].connector.clone()
    };
    assert_eq!(source("1h 30m"), source("90m"));
    assert_eq!(source("90m")["scan.topic-partition-discovery.interval"], "5400000 ms");
}

#[test]
fn without_a_config_engines_are_taken_as_given_with_one_warning() {
    let project = crate::model::name::ProjectName::parse("case").expect("a project");
    let context = Context::without_config(project, "dir", BTreeMap::new());
    let other = "engine = \"elsewhere\"\nsql = \"SELECT ID FROM orders\"\n[options]\n\"made.up\" = \"x\"\n";
    let desired = load(&tree(&[("orders.toml", SOURCE), ("a.toml", STREAM), ("b.toml", other)]), &context);
    assert_eq!(codes(&desired), ["unknown_option", "no_config"]);
    assert!(desired.diagnostics.iter().all(|found| !found.is_error()));
    assert_eq!(desired.streams[&name("b")].stream.engine.as_str(), "elsewhere");
    assert_eq!(desired.frozen, None);
    let forbidden = format!("{STREAM}[options]\n\"pipeline.jars\" = \"x\"\n");
    let desired = load(&tree(&[("orders.toml", SOURCE), ("a.toml", &forbidden)]), &context);
    assert!(codes(&desired).contains(&"forbidden_option"));
}

#[test]
fn a_sql_file_has_a_largest_size() {
    let query = |size: usize| format!("SELECT ID FROM orders -- {}", "x".repeat(size - 25));
    let told = |size: usize| {
        let files = [("orders.toml", SOURCE), ("a.toml", "sql_file = \"a.sql\"\n"), ("a.sql", &query(size))];
        codes(&desired(&files)).contains(&"too_large")
    };
    assert!(!told(1024 * 1024));
    assert!(told(1024 * 1024 + 1));
}

#[test]
fn a_sql_file_is_found_from_the_folder_of_its_definition() {
    let files = |path: &'static str| {
        let text = format!("sql_file = \"{path}\"\n");
        let sql = "SELECT ID FROM orders";
        let desired = desired(&[("orders.toml", SOURCE), ("a/b/x.toml", &text), ("a/q.sql", sql), ("a/b/q.sql", sql)]);
        desired.streams.get(&name("x")).map(|stream| stream.place.file.clone())
    };
    assert_eq!(files("q.sql").as_deref(), Some("a/b/q.sql"));
    assert_eq!(files("./../b/../q.sql").as_deref(), Some("a/q.sql"));
    for out in ["../../../a/q.sql", "/a/q.sql", "..\\\\q.sql", "c:q.sql", ""] {
        assert_eq!(files(out), None, "{out}");
    }
}

#[test]
fn a_place_in_the_sql_is_a_place_in_its_file() {
    let text = "sql = \"SELECT \\\"ID\\\" FROM ${var:TABLE} WHERE x\"\n";
    let files = [("orders.toml", SOURCE), ("big.toml", text), ("vars.toml", "TABLE = \"orders\"\n")];
    let stream = desired(&files).streams[&name("big")].clone();
    for (part, shown) in [("FROM", "FROM"), ("orders", "${var:TABLE}"), ("WHERE", "WHERE"), ("ID", "ID")] {
        let at = stream.stream.sql.find(part).expect("it is in the SQL");
        let span = stream.place.span(crate::model::tree::Span::new(at, at + part.len()));
        assert_eq!(&text[span.start..span.end], shown);
    }
}

#[test]
fn loading_twice_gives_the_same() {
    let files = [("orders.toml", SOURCE), ("big.toml", STREAM), ("bad.toml", "sql = 1\nx = 2\n"), ("worse.toml", "[")];
    assert_eq!(desired(&files), desired(&files));
    let found = desired(&files).diagnostics;
    assert!(found.is_sorted());
}

/// Whichever file is read first.
#[test]
fn a_stream_is_read_by_its_name_as_it_writes() {
    let totals = "sql = \"SELECT ID FROM orders GROUP BY ID\"\n[output]\ntopic = \"sums\"\nkey = [\"ID\"]\n[options]\n\"table.exec.state.ttl\" = \"1 d\"\n";
    for reader in ["a.toml", "z.toml"] {
        let text = "sql = \"SELECT ID FROM totals\"\n[output]\nkey = [\"ID\"]\n";
        let desired = desired(&[("orders.toml", SOURCE), ("totals.toml", totals), (reader, text)]);
        assert_eq!(desired.diagnostics, []);
        let called = name(reader.trim_end_matches(".toml"));
        let source = &desired.streams[&called].stream.sources[&name("totals")];
        let upstream = source.output_of.as_ref().expect("it is a stream's output");
        assert_eq!((source.topic.as_str(), source.columns.as_slice()), ("sums", [].as_slice()));
        assert_eq!((&upstream.stream, upstream.key.as_slice()), (&name("totals"), ["ID".to_owned()].as_slice()));
        assert_eq!(desired.order, [name("totals"), called]);
    }
}

/// So nothing of it changes when a stream begins to write the topic that it declares.
#[test]
fn a_source_over_a_plain_output_says_everything_itself() {
    let source = SOURCE.replace("\"orders\"", "\"big\"");
    let desired = desired(&[("orders.toml", SOURCE), ("big.toml", STREAM), ("of_big.toml", &source)]);
    assert_eq!(desired.diagnostics, []);
    assert_eq!(desired.sources[&name("of_big")].output_of, None);
}

#[test]
fn a_source_over_an_upsert_log_is_read_by_its_key() {
    let source = SOURCE.replace("\"orders\"", "\"big\"");
    let keyed = format!("{STREAM}[output]\nkey = [\"ID\"]\n");
    let desired = desired(&[("orders.toml", SOURCE), ("big.toml", &keyed), ("of_big.toml", &source)]);
    assert_eq!(desired.diagnostics, []);
    let upstream = desired.sources[&name("of_big")].output_of.clone().expect("it is a stream's output");
    assert_eq!((upstream.stream, upstream.key), (name("big"), vec!["ID".to_owned()]));
}

/// Until the file names its topic itself: so a rename changes nothing of what the job means.
#[test]
fn a_renamed_stream_means_the_same_and_writes_its_old_topic() {
    let text = format!("{STREAM}[deploy]\nrenamed_from = \"big\"\n");
    let before = desired(&[("orders.toml", SOURCE), ("big.toml", STREAM)]).streams[&name("big")].clone();
    let desired = desired(&[("orders.toml", SOURCE), ("huge.toml", &text)]);
    assert_eq!(desired.diagnostics, []);
    let after = &desired.streams[&name("huge")];
    assert_eq!(after.stream.output, before.stream.output);
    assert_eq!(after.revision, before.revision);
    assert_eq!((&after.renamed_from, &before.renamed_from), (&Some(name("big")), &None));
}

#[test]
fn a_long_loop_is_told_in_a_few_words() {
    let files: Vec<(String, String)> =
        (0..40).map(|at| (format!("s{at}.toml"), format!("sql = \"SELECT ID FROM s{}\"\n", (at + 1) % 40))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let desired = desired(&files);
    assert_eq!(codes(&desired), vec!["cycle"; 40]);
    assert!(desired.diagnostics.iter().all(|found| found.message.len() < 300), "{:?}", desired.diagnostics[0]);
}
