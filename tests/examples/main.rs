//! Every project below `examples/` gives the plan that lies beside it, `plan.txt`, and so does the edit of it below
//! `edit/`. `UPDATE_GOLDEN=1` writes what is given now.

mod checks;
mod offline;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use similar::TextDiff;
use weir::load::{Context, config, load};
use weir::model::desired::Desired;
use weir::model::tree::{SourceFile, SourceTree};
use weir::plan::render::{self, Colour};

use crate::offline::World;

#[tokio::test]
async fn every_example_gives_its_plans() {
    let update = std::env::var_os("UPDATE_GOLDEN").is_some();
    let folders = folders();
    assert!(folders.len() >= 4, "only {} examples were found", folders.len());
    let mut wrong = String::new();
    for folder in folders {
        for (file, given) in plans(&folder).await {
            let file = folder.join(file);
            if update {
                std::fs::write(&file, &given).expect("the example's folder can be written");
                continue;
            }
            let expected = std::fs::read_to_string(&file).unwrap_or_default();
            if expected != given {
                let diff =
                    TextDiff::from_lines(&expected, &given).unified_diff().header("expected", "given").to_string();
                writeln!(wrong, "{}\n{diff}", file.display()).expect("a string");
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn every_file_of_an_example_names_its_schema() {
    for folder in folders() {
        let config = ("weir.toml".to_owned(), "../../schemas/weir.schema.json");
        let files = |below: &str, schema| {
            let names = tree(&folder.join(below)).files.into_keys();
            names.map(move |name| (format!("{below}/{name}"), schema)).collect::<Vec<_>>()
        };
        let streams = files("streams", "../../../schemas/definition.schema.json");
        let edit = files("edit/streams", "../../../../schemas/definition.schema.json");
        for (file, schema) in std::iter::once(config).chain(streams).chain(edit) {
            let file = folder.join(file);
            let text = read(&file);
            assert_eq!(text.lines().next(), Some(format!("#:schema {schema}").as_str()), "{}", file.display());
            let beside = file.parent().expect("it lies in a folder").join(schema);
            assert!(beside.is_file(), "{}", beside.display());
        }
    }
}

/// By the file of the example in which it is to stand: the plan of the files, and the plan of their edit.
async fn plans(folder: &Path) -> [(&'static str, String); 2] {
    let (files, edit) = (tree(&folder.join("streams")), tree(&folder.join("edit/streams")));
    assert!(!edit.files.is_empty(), "{}: an example shows an edit", folder.display());
    let mut edited = files.clone();
    edited.files.extend(edit.files);

    let desired = desired(folder, &files);
    let topics = desired.sources.values().map(|source| &source.topic);
    let mut world = World::new(&desired.project, topics, checks::by_names);
    let observed = world.observe(&desired).await;
    let first = world.plan(&desired, &observed);
    world.done(&first, &observed);
    let observed = world.observe(&desired).await;
    let again = world.plan(&desired, &observed);
    assert!(again.changes.is_empty() && again.blocked.is_empty(), "{}", render::text(&again, Colour::Off));

    let desired = self::desired(folder, &edited);
    let observed = world.observe(&desired).await;
    let second = world.plan(&desired, &observed);
    [("plan.txt", first), ("edit/plan.txt", second)].map(|(file, plan)| (file, render::text(&plan, Colour::Off)))
}

/// An example has no warning either.
fn desired(folder: &Path, files: &SourceTree) -> Desired {
    let file = folder.join("weir.toml");
    let (config, found) = config(&read(&file), &file.to_string_lossy(), "example", &BTreeMap::new());
    assert_eq!(found, []);
    let config = config.expect("it has no mistake");
    let desired = load(files, &Context::new(&config, "streams", BTreeMap::new()));
    assert_eq!(desired.diagnostics, []);
    desired
}

fn tree(folder: &Path) -> SourceTree {
    let tree = weir::origin::directory::read(folder);
    let unreadable = tree.files.values().any(|file| matches!(file, SourceFile::Unreadable(_)));
    assert!(!unreadable, "{}: {tree:?}", folder.display());
    tree
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let entries = std::fs::read_dir(&root).expect("the examples are there");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    found.sort();
    found
}
