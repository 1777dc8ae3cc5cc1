//! Golden plans: each folder below `tests/plans` holds a `world.toml` and the plan that it must give, `expected.txt`.
//! `UPDATE_GOLDEN=1 cargo test --test plans` writes what is given now. The laws of a plan hold over made-up worlds.

#[path = "plans/done.rs"]
mod done;
#[path = "plans/health.rs"]
mod health;
#[path = "plans/laws.rs"]
mod laws;
#[path = "plans/made_up.rs"]
mod made_up;
#[path = "plans/narrowed.rs"]
mod narrowed;
#[path = "plans/pages.rs"]
mod pages;
#[path = "plans/restarted.rs"]
mod restarted;
#[path = "plans/saved.rs"]
mod saved;
#[path = "plans/shown.rs"]
mod shown;
#[path = "plans/world.rs"]
mod world;

use std::fmt::Write;
use std::path::{Path, PathBuf};

use similar::TextDiff;
use weir::plan::render::{self, Colour};

/// A longer one is not read by anybody.
const LONGEST: usize = 40;

#[test]
fn every_case_gives_its_plan() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let mut wrong = String::new();
    let folders = folders();
    assert!(folders.len() >= 35, "only {} cases were found", folders.len());
    for folder in folders {
        let given = plan_of(&folder);
        let file = folder.join("expected.txt");
        let lines = given.lines().count();
        assert!(lines <= LONGEST, "{}: {lines} lines; make the case smaller", folder.display());
        if update {
            std::fs::write(&file, &given).expect("the case's folder can be written");
            continue;
        }
        let expected = std::fs::read_to_string(&file).unwrap_or_default();
        if expected != given {
            let diff = TextDiff::from_lines(&expected, &given).unified_diff().header("expected", "given").to_string();
            writeln!(wrong, "{}\n{diff}", folder.display()).expect("a string");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn plan_of(folder: &Path) -> String {
    let file = folder.join("world.toml");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    assert!(text.starts_with("# "), "{}: the first line says what the case shows", file.display());
    let text: world::Text = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let plan = world::build(&text).plan();
    let mut given = render::text(&plan, Colour::Off);
    for found in &plan.diagnostics {
        let span = found.span.map_or_else(String::new, |span| format!(":{}..{}", span.start, span.end));
        writeln!(given, "{}{span}: {}", found.file, found.message).expect("a string");
    }
    given
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans");
    let entries = std::fs::read_dir(&root).expect("the folder of the cases is there");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    found.retain(|path| path.is_dir());
    found.sort();
    found
}
