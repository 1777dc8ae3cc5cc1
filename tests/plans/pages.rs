//! Plans as others than terminals get them: one page of each kind, from one world.

use std::path::Path;

use weir::model::diagnostic::Diagnostic;
use weir::model::name::Name;
use weir::model::plan::Plan;
use weir::model::tree::Span;
use weir::plan::render::github::{Place, Places, github};
use weir::plan::render::markdown::markdown;
use weir::sql::place::LineColumn;

use crate::world::{Text, build, name};

/// Texts that would break out of a table, a fence or a tag.
const MIXED: &str = r#"
[desired.big]
sql = "SELECT ORDER_ID FROM orders WHERE AMOUNT > 500 -- ``` </details> | @all"
options = { "parallelism.default" = "2" }
[recorded.big]
[recorded.big.definition]
[desired.edited]
sql = "SELECT COUNT(*) AS ORDER_ID FROM orders"
[recorded.edited]
[recorded.edited.definition]
[desired.fresh]
[desired.same]
[recorded.same]
[check.fresh]
refused = "no `|` here: <b> @all"
at = [7, 15]
"#;

fn plan() -> Plan {
    build(&toml::from_str::<Text>(MIXED).expect("a world")).plan()
}

struct Here;

impl Places for Here {
    fn of(&self, found: &Diagnostic) -> Place {
        let at =
            |span: Span| (LineColumn { line: 1, column: span.start + 1 }, LineColumn { line: 1, column: span.end + 1 });
        Place { file: format!("streams/{}", found.file), region: found.span.map(at) }
    }

    fn of_stream(&self, stream: &Name) -> Option<Place> {
        (*stream != name("edited")).then(|| Place { file: format!("streams/{stream}.toml"), region: None })
    }
}

#[test]
fn the_pages_are_as_they_were_read() {
    same("pages.md", &markdown(&plan()));
    same("pages.github.txt", &github(&plan(), &Here));
}

fn same(file: &str, given: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans").join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, given).expect("the folder can be written");
    }
    let expected = std::fs::read_to_string(&path).unwrap_or_default();
    let diff = similar::TextDiff::from_lines(expected.as_str(), given);
    assert!(expected == given, "{file}:\n{}", diff.unified_diff());
}
