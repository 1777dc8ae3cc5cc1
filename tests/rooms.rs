//! Holds the map of the house: who may import whom, how long files and functions may be, and that every room says
//! what it is for. Changing the table below is a visible change of the design.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Each room and the rooms that it may import. `fake` is the engine of the tests.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("sql", &["model"]),
    ("origin", &["model"]),
    ("graph", &["model"]),
    ("load", &["model", "sql", "graph"]),
    ("plan", &["model", "sql", "graph"]),
    ("engine", &["model", "sql"]),
    ("broker", &["model"]),
    ("store", &["model"]),
    ("observe", &["model", "engine", "broker"]),
    ("apply", &["model", "engine", "broker", "store"]),
    ("reconcile", &["model", "origin", "load", "plan", "observe", "apply", "store", "engine", "broker"]),
    (
        "cli",
        &[
            "model",
            "sql",
            "origin",
            "graph",
            "load",
            "plan",
            "engine",
            "broker",
            "store",
            "observe",
            "apply",
            "reconcile",
        ],
    ),
];

const LONGEST_FILE: usize = 400;
const LONGEST_FUNCTION: usize = 60;

#[test]
fn every_import_is_in_the_table() {
    let mut wrong = Vec::new();
    for (room, file, text) in sources() {
        for imported in imports(&text) {
            if imported != room && !allowed(&room).contains(&imported.as_str()) {
                wrong.push(format!("{}: `{room}` may not import `{imported}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_cycle() {
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    while seen.len() < ROOMS.len() {
        let free: Vec<&str> = ROOMS
            .iter()
            .filter(|(room, uses)| !seen.contains(room) && uses.iter().all(|used| seen.contains(used)))
            .map(|(room, _)| *room)
            .collect();
        assert!(!free.is_empty(), "a cycle among the rooms that are not in {seen:?}");
        seen.extend(free);
    }
}

#[test]
fn engines_do_not_see_each_other() {
    for (_, file, text) in sources().into_iter().filter(|(room, ..)| room == "engine") {
        let own = file.components().map(|part| part.as_os_str().to_string_lossy().replace(".rs", ""));
        let own: BTreeSet<String> = own.collect();
        for kind in ["flink", "fake"].into_iter().filter(|kind| !own.contains(*kind)) {
            assert!(
                !text.contains(&format!("crate::engine::{kind}")) || file.ends_with("engine/mod.rs"),
                "{} sees `{kind}`",
                file.display()
            );
        }
    }
}

#[test]
fn every_room_says_its_job() {
    for (room, _) in ROOMS {
        let file = root().join("src").join(room).join("mod.rs");
        let text = std::fs::read_to_string(&file).expect("each room has a mod.rs");
        let mut lines = text.lines();
        for start in ["//! Job: ", "//! Never: ", "//! Start here: "] {
            let line = lines.next().unwrap_or_default();
            assert!(line.starts_with(start), "{}: expected `{start}`, found `{line}`", file.display());
        }
    }
}

#[test]
fn every_room_is_in_the_table() {
    let known: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    for (room, file, _) in sources() {
        assert!(known.contains(room.as_str()) || room.is_empty(), "{} is in no room of the table", file.display());
    }
}

#[test]
fn files_and_functions_stay_short() {
    let mut long = Vec::new();
    for (_, file, text) in sources() {
        let code: Vec<&str> = text.lines().take_while(|line| !line.starts_with("#[cfg(test)]")).collect();
        if code.len() > LONGEST_FILE {
            long.push(format!("{}: {} lines", file.display(), code.len()));
        }
        for (name, lines) in functions(&code) {
            if lines > LONGEST_FUNCTION {
                long.push(format!("{}: fn {name} has {lines} lines", file.display()));
            }
        }
    }
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn nothing_plans_by_pretending() {
    for (_, file, text) in sources() {
        assert!(!text.contains("dry_run"), "{}: planning is the dry run", file.display());
    }
}

#[test]
fn only_the_command_line_prints() {
    for (room, file, text) in sources() {
        let prints = ["println!(", "eprintln!(", "print!(", "eprint!("].iter().any(|print| text.contains(print));
        assert!(!prints || room == "cli" || room.is_empty(), "{} prints", file.display());
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Room (empty for the files beside the rooms), path and text of every source file.
fn sources() -> Vec<(String, PathBuf, String)> {
    let src = root().join("src");
    let mut found = Vec::new();
    walk(&src, &mut found);
    found
        .into_iter()
        .map(|path| {
            let inside = path.strip_prefix(&src).expect("walked from src");
            let room = match inside.components().count() {
                1 => String::new(),
                _ => inside.components().next().expect("not empty").as_os_str().to_string_lossy().into_owned(),
            };
            let text = std::fs::read_to_string(&path).expect("a source file is text");
            (room, path, text)
        })
        .collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("src can be read") {
        let path = entry.expect("src can be read").path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

fn allowed(room: &str) -> Vec<&'static str> {
    match ROOMS.iter().find(|(name, _)| *name == room) {
        Some((_, uses)) => uses.to_vec(),
        // lib.rs and main.rs
        None => ROOMS.iter().map(|(name, _)| *name).collect(),
    }
}

/// Rooms named after `crate::` or, in main.rs, after `weir::`; groups `crate::{a, b}` are forbidden by house rule.
fn imports(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with("//")) {
        for start in ["crate::", "weir::"] {
            for (at, _) in line.match_indices(start) {
                let rest = &line[at + start.len()..];
                assert!(!rest.starts_with('{'), "`{start}{{…}}` hides its rooms: {line}");
                let room: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
                if ROOMS.iter().any(|(name, _)| *name == room) {
                    found.insert(room);
                }
            }
        }
    }
    found
}

/// Every function with its number of lines, found by its indentation: rustfmt puts the closing brace under `fn`.
fn functions(code: &[&str]) -> BTreeMap<String, usize> {
    let mut found = BTreeMap::new();
    for (start, line) in code.iter().enumerate() {
        let trimmed = line.trim_start();
        let indent = line.len() - trimmed.len();
        let Some(rest) = trimmed.split_once("fn ").filter(|(before, _)| is_function_head(before)) else { continue };
        let name: String = rest.1.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let end = format!("{}}}", " ".repeat(indent));
        if let Some(length) = code[start..].iter().position(|line| *line == end) {
            found.insert(format!("{name} (line {})", start + 1), length + 1);
        }
    }
    found
}

fn is_function_head(before: &str) -> bool {
    before
        .split_whitespace()
        .all(|word| matches!(word, "pub" | "async" | "const" | "unsafe") || word.starts_with("pub("))
}
