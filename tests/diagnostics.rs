//! What users are told: each folder of `src/load/cases` is a tree of files with, in `expected.txt`, every diagnostic
//! as it is printed and what was made of the rest. `UPDATE_GOLDEN=1` writes it anew.
//!
//! A case may hold `weir.toml` (else one with a Flink stands in) and `env`, with a variable on each line.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use weir::cli::snippet::render;
use weir::load::{Context, config, load};
use weir::model::desired::Desired;
use weir::model::tree::{SourceFile, SourceTree};
use weir::plan::render::Colour;

const CONFIG: &str = r#"
[project]
name = "case"
[kafka]
bootstrap_servers = "kafka:9092"
[engines.flink]
kind = "flink"
url = "http://flink:8083"
rest_url = "http://flink:8081"
checkpoint_dir = "file:///checkpoints"
savepoint_dir = "file:///savepoints"
"#;

/// Codes that no case can show: two have tests in the room, a shape that the walk passes is one that serde takes, and
/// the last are of ksqlDB and of queries that a person looks at.
const ELSEWHERE: &[&str] = &[
    "too_large",
    "no_config",
    "wrong_shape",
    "limit_in_stream",
    "unlimited_query",
    "join_in_query",
    "window_in_query",
];

/// Longest golden that is still read.
const LONGEST: usize = 80;

#[test]
fn every_mistake_is_told_as_its_golden_says() {
    let mut wrong = Vec::new();
    for case in cases() {
        let told = tell(&case);
        let golden = case.join("expected.txt");
        let expected = fs::read_to_string(&golden).unwrap_or_default();
        assert!(told.lines().count() <= LONGEST, "{}: too long to be read", case.display());
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &told).expect("a golden can be written");
        } else if told != expected {
            let diff = similar::TextDiff::from_lines(&expected, &told);
            wrong.push(format!("{}\n{}", case.display(), diff.unified_diff()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every code that the room can give stands in some golden.
#[test]
fn every_code_has_a_case() {
    let goldens: String =
        cases().iter().map(|case| fs::read_to_string(case.join("expected.txt")).unwrap_or_default()).collect();
    let missing: Vec<String> = codes().into_iter().filter(|code| !goldens.contains(&format!("[{code}]"))).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
}

#[test]
fn the_sample_project_is_without_a_mistake() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("weir.toml")).expect("the project has a weir.toml");
    let (config, found) = config(&text, "weir.toml", "weir", &BTreeMap::new());
    assert_eq!(found, []);
    let config = config.expect("no diagnostic, so there is a config");
    let desired = load(&tree(&root.join(&config.origin.path)), &Context::new(&config, "sample", BTreeMap::new()));
    assert_eq!(desired.diagnostics, []);
    assert_eq!(desired.frozen, None);
    let streams: Vec<&str> = desired.streams.keys().map(|name| name.as_str()).collect();
    assert_eq!(streams, ["high_value_orders", "product_sales_hourly"]);
}

/// By this line editors find the schema.
#[test]
fn the_sample_files_name_their_schema() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let files = tree(&root.join("streams")).files.into_keys().map(|file| Path::new("streams").join(file));
    for file in files.chain([PathBuf::from("weir.toml")]) {
        let text = fs::read_to_string(root.join(&file)).expect("a sample can be read");
        let schema = text.lines().next().and_then(|line| line.strip_prefix("#:schema ")).unwrap_or_default();
        let path = root.join(&file).parent().expect("a file is in a folder").join(schema);
        assert!(!schema.is_empty() && path.is_file(), "{}", file.display());
    }
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/load/cases");
    let mut cases: Vec<PathBuf> =
        fs::read_dir(folder).expect("there are cases").map(|entry| entry.expect("a case can be read").path()).collect();
    cases.sort();
    assert!(cases.len() >= 25, "only {} cases", cases.len());
    cases
}

fn tell(case: &Path) -> String {
    let tree = tree(case);
    let own = fs::read_to_string(case.join("weir.toml")).ok();
    let env = fs::read_to_string(case.join("env")).unwrap_or_default();
    let env = env.lines().filter_map(|line| line.split_once('='));
    let env: BTreeMap<String, String> = env.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let (config, mut found) = config(own.as_deref().unwrap_or(CONFIG), "weir.toml", "case", &env);
    let desired = config.map(|config| load(&tree, &Context::new(&config, "case", BTreeMap::new())));
    found.extend(desired.iter().flat_map(|desired| desired.diagnostics.clone()));
    let texts = |file: &str| fs::read_to_string(case.join(file)).ok();
    let mut told = render(&found, &texts, Colour::Off);
    match desired {
        Some(desired) => told.push_str(&rest(&desired)),
        None => told.push_str("no config\n"),
    }
    told
}

fn rest(desired: &Desired) -> String {
    let list = |names: Vec<&str>| if names.is_empty() { "-".to_owned() } else { names.join(", ") };
    let mut out = String::new();
    let broken = &desired.broken;
    let _ = writeln!(out, "sources: {}", list(desired.sources.keys().map(|name| name.as_str()).collect()));
    let _ = writeln!(out, "streams: {}", list(desired.streams.keys().map(|name| name.as_str()).collect()));
    let _ = writeln!(out, "broken: {}", list(broken.paths.iter().map(String::as_str).collect()));
    let _ = writeln!(out, "broken names: {}", list(broken.names.iter().map(|name| name.as_str()).collect()));
    let _ = writeln!(out, "frozen: {}", desired.frozen.as_deref().unwrap_or("-"));
    out
}

/// The files below `root` but for what belongs to the case itself.
fn tree(root: &Path) -> SourceTree {
    let mut tree = SourceTree { root: root.display().to_string(), ..SourceTree::default() };
    gather(root, root, &mut tree);
    tree
}

fn gather(root: &Path, folder: &Path, tree: &mut SourceTree) {
    for entry in fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("a folder can be read").path();
        if path.is_dir() {
            gather(root, &path, tree);
        } else if path.extension().is_some_and(|end| end == "toml" || end == "sql") {
            let name = path.strip_prefix(root).expect("below the root").to_string_lossy().into_owned();
            let file = match String::from_utf8(fs::read(&path).expect("a file can be read")) {
                Ok(text) => SourceFile::Text(text),
                Err(_) => SourceFile::Unreadable("it is not UTF-8".to_owned()),
            };
            tree.files.insert(name, file);
        }
    }
}

/// Every code that the sources of the room and the rules of SQL name.
fn codes() -> Vec<String> {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/sql/rules.rs");
    let mut codes = named(&fs::read_to_string(rules).expect("a source file is text"));
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src/load")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the room can be read") {
            let path = entry.expect("the room can be read").path();
            if path.is_dir() && !path.ends_with("cases") {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.ends_with("tests.rs") {
                codes.extend(named(&fs::read_to_string(&path).expect("a source file is text")));
            }
        }
    }
    codes.sort();
    codes.dedup();
    codes.retain(|code| !ELSEWHERE.contains(&code.as_str()));
    assert!(codes.len() > 30, "only {codes:?}");
    codes
}

fn named(text: &str) -> Vec<String> {
    let starts = [
        "error(\"",
        "error_at_key(\"",
        "error_within(\"",
        "warning(\"",
        "at(place, \"",
        "told(&place, \"",
        "Err((\"",
        "(\"bad_variable",
        "error_at(\"",
    ];
    let ends = starts
        .iter()
        .flat_map(|start| text.match_indices(start).map(|(at, start)| at + start.find('"').unwrap_or(0) + 1));
    let words =
        ends.map(|at| text[at..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>());
    words.filter(|word| word.len() > 2).collect()
}
