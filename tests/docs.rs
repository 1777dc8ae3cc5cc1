//! Pages that are made from the code are as the code says. `UPDATE_GOLDEN=1` writes them anew.

use std::path::Path;

use weir::model::options::OPTIONS;

#[test]
fn the_page_of_options_is_the_table() {
    let mut page = String::from(
        "# Engine options that a file may set\n\n\
         Under `[options]` of a stream. More only by `allow_options` of the engine in `weir.toml`; never identity, \
         code, state or the cluster's own settings.\n\n\
         A change of any of them changes what the job means. What it does to the job's state:\n\n\
         | engine | option | a change of it | why |\n|---|---|---|---|\n",
    );
    for rule in OPTIONS {
        let engine = format!("{:?}", rule.engine).to_lowercase();
        page.push_str(&format!("| {engine} | `{}` | {} | {} |\n", rule.key, rule.verdict.word(), rule.reason));
    }
    compare("docs/options.md", &page);
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
