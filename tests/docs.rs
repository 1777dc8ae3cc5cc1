//! Pages that are made from the code are as the code says. `UPDATE_GOLDEN=1` writes them anew.

use std::collections::BTreeMap;
use std::path::Path;

use weir::load::{Context, load};
use weir::model::name::ProjectName;
use weir::model::options::OPTIONS;
use weir::model::tree::{SourceFile, SourceTree};
use weir::plan::RULES;

#[test]
fn the_page_of_options_is_the_table() {
    let mut page = String::from(
        "# Engine options that a file may set\n\n\
         Under `[options]` of a stream, or by SET in a [script](scripts.md). More only by `allow_options` of the \
         engine in `weir.toml`; never identity, code, state or the cluster's own settings.\n\n\
         A change of any of them changes what the job means. What it does to the job's state:\n\n\
         | engine | option | a change of it | why |\n|---|---|---|---|\n",
    );
    for rule in OPTIONS {
        let engine = format!("{:?}", rule.engine).to_lowercase();
        page.push_str(&format!("| {engine} | `{}` | {} | {} |\n", rule.key, rule.bearing.words(), rule.reason));
    }
    compare("docs/options.md", &page);
}

#[test]
fn the_page_of_changes_is_the_table() {
    let mut page = String::from(CHANGES);
    for rule in RULES {
        page.push_str(&format!("| `{}` | {} | {} |\n", rule.name, rule.bearing.words(), rule.why));
    }
    compare("docs/changes.md", &page);
}

const CHANGES: &str = "\
# What a change does to a stream

A definition is judged against the newest job of its stream, whose state would be taken up. The worst row of the table
below that applies is the change's verdict; `weir plan` shows it with what differs.

| verdict | what happens | leave |
|---|---|---|
| `unchanged` | the job goes on; only the ledger learns what the file says | no |
| `keeps_state` | the job stops with a savepoint, and the new one takes up all of it | no |
| `carries_offsets` | the query keeps nothing: the new job begins in every input exactly where the old one stopped | no |
| `drops_state` | as `carries_offsets`, of a query that keeps something: what it kept is gone | `allow = [\"drops_state\"]` |
| `replays` | old input is read again: an append topic gets its rows twice, an upsert topic comes to be right for every key that the query gives | `allow = [\"replays\"]` |
| `refused` | nothing: the job runs on as it is | |

A query keeps nothing if no operator of its text does (no aggregate, join, window, DISTINCT, OVER, Top-N, LIMIT, pattern
or function that is not built in), if none of its inputs is an upsert log, and if `output.key` stays as it is. Over an
upsert log no place to begin can be set: what would be `drops_state` elsewhere can only be `replays`. A topic that is
read anew is read from where `deploy.start` says, also if an earlier query of the stream had read it.

A stream under another name, with `renamed_from` of `[deploy]`, is `unchanged`: it keeps job, state and topic. The job
carries the old name until it is replaced; `[output] topic` is the old name by default while `renamed_from` stands.

`allow` stands in `[deploy]`. With `protect = true`, as it was recorded, neither counts. A definition whose job does not
come to run is not tried again by itself: what ran before goes on from its savepoint.

| what differs | verdict | why |
|---|---|---|
";

#[test]
fn the_script_of_its_page_is_one() {
    let page = include_str!("../docs/scripts.md");
    let script = page.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let orders = "kind = \"source\"\ntopic = \"orders\"\nformat = \"json\"\n\
                  [columns]\nORDER_ID = \"INT\"\nAMOUNT = \"DOUBLE\"\n";
    let files = [("numbers.toml", script), ("orders.toml", orders)];
    let files = files.map(|(path, text)| (path.to_owned(), SourceFile::Text(text.to_owned())));
    let tree = SourceTree { files: files.into(), ..SourceTree::default() };
    let project = ProjectName::parse("docs").expect("a name");
    let desired = load(&tree, &Context::without_config(project, "docs", BTreeMap::new()));
    let told: Vec<&str> = desired.diagnostics.iter().map(|found| found.code.as_str()).collect();
    assert_eq!(told, ["no_config"], "{:?}", desired.diagnostics);
    assert_eq!(desired.streams.len(), 1);
}

fn compare(name: &str, want: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, want).expect("the page can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let diff = similar::TextDiff::from_lines(found.as_str(), want);
    assert!(found == want, "{name} is not as the code says:\n{}", diff.unified_diff());
}
