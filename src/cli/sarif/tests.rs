use super::*;

use crate::model::name::Name;
use crate::model::tree::Span;
use crate::plan::render::github::Place;
use crate::sql::place::LineColumn;

struct Here;

impl Places for Here {
    fn of(&self, found: &Diagnostic) -> Place {
        let at = |byte| LineColumn { line: 2, column: byte + 1 };
        Place { file: found.file.clone(), region: found.span.map(|span| (at(span.start), at(span.end))) }
    }

    fn of_stream(&self, _: &Name) -> Option<Place> {
        None
    }
}

/// Names and shapes by the standard's own schema, section by section.
#[test]
fn a_finding_has_its_rule_level_text_and_place() {
    let wrong = Diagnostic::error("bad_key", "streams/größe 1.toml", Some(Span::new(3, 6)), "no").with_help("yes");
    let odd = Diagnostic::warning("odd", "/a/b.toml", None, "hm");
    let told = sarif(&[wrong, odd.clone(), odd], &Here);
    assert_eq!(told["version"], "2.1.0");
    let run = &told["runs"][0];
    assert_eq!(run["tool"]["driver"]["rules"], json!([{ "id": "bad_key" }, { "id": "odd" }]), "each rule once");
    assert_eq!(
        run["results"][0],
        json!({
            "ruleId": "bad_key",
            "level": "error",
            "message": { "text": "no\nhelp: yes" },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": "streams/gr%C3%B6%C3%9Fe%201.toml" },
                "region": { "startLine": 2, "startColumn": 4, "endLine": 2, "endColumn": 7 },
            }}],
        })
    );
    assert_eq!(
        run["results"][1]["locations"],
        json!([{ "physicalLocation": {
            "artifactLocation": { "uri": "file:///a/b.toml" }, "region": { "startLine": 1 },
        } }])
    );
}

#[test]
fn nothing_found_is_a_run_without_results() {
    assert_eq!(sarif(&[], &Here)["runs"][0]["results"], json!([]));
}
