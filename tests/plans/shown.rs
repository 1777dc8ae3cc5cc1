//! The plan as programs and terminals get it.

use serde_json::{Value, json};
use weir::model::plan::{Note, Plan, Verdict};
use weir::plan::render::{self, Colour};

use crate::world::{Text, build};

fn plan(text: &str) -> Plan {
    build(&toml::from_str::<Text>(text).expect("a world")).plan()
}

const MIXED: &str = r#"
[desired.big]
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
[engine.flink]
slots = 1
jobs = ["big@1 running", "edited@1 running", "same@1 running", "nightly running"]
"#;

#[test]
fn the_json_has_the_promised_keys() {
    let shown = render::json(&plan(MIXED));
    let keys = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    let mut top = keys(&shown);
    top.sort();
    let promised =
        ["blocked", "changes", "diagnostics", "format_version", "hash", "notes", "project", "summary", "unmanaged"];
    assert_eq!(top, promised);
    assert_eq!(shown["format_version"], "1");
    let mut change = keys(&shown["changes"][0]);
    change.sort();
    let promised = ["action", "diff", "downstream", "engine", "guard", "reason", "steps", "stream", "verdict"];
    assert_eq!(change, promised);
    assert_eq!(shown["changes"][0]["verdict"], "keeps_state");
    assert_eq!(shown["changes"][0]["guard"], json!({ "generation": 1 }));
    let kinds: Vec<&Value> =
        shown["changes"][0]["steps"].as_array().expect("steps").iter().map(|step| &step["kind"]).collect();
    assert_eq!(kinds, ["record", "stop", "deploy", "verify"]);
    assert_eq!(shown["blocked"][0]["because"], "refused");
    assert_eq!(
        shown["summary"],
        json!({
            "create": 1, "update": 1, "restart": 0, "record": 0, "stop": 0, "start": 0, "delete": 0, "adopt": 0,
            "unchanged": 1, "blocked": 1,
        })
    );
}

/// What a person must look at twice stands out, whatever the row of the table is called.
#[test]
fn a_change_that_loses_state_or_doubles_rows_has_a_sign_of_its_own() {
    for (verdict, sign) in [
        (Verdict::Unchanged, "~ big"),
        (Verdict::KeepsState, "~ big"),
        (Verdict::CarriesOffsets, "~ big"),
        (Verdict::DropsState, "± big"),
        (Verdict::Replays, "± big"),
    ] {
        let mut plan = plan(MIXED);
        plan.changes[0].verdict = Some(verdict);
        let shown = render::text(&plan, Colour::Off);
        assert!(shown.starts_with(sign) && shown.contains(&format!("[{}]", verdict.word())), "{shown}");
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    let plan = plan(MIXED);
    let (plain, ansi) = (render::text(&plan, Colour::Off), render::text(&plan, Colour::Ansi));
    assert!(!plain.contains('\u{1b}') && ansi.contains('\u{1b}'));
    let mut stripped = String::new();
    let mut rest = ansi.as_str();
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        stripped.push_str(before);
        rest = after.split_once('m').expect("a colour ends").1;
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
}

#[test]
fn the_hash_counts_what_is_done_and_what_asks_for_leave() {
    let first = plan(MIXED);
    let mut told = first.clone();
    told.unmanaged.clear();
    told.notes.push(Note { stream: first.changes[0].stream.clone(), text: "something".into() });
    told.blocked.clear();
    assert_eq!(weir::plan::hash(&told), weir::plan::hash(&first));
    let mut less = first.clone();
    less.changes.pop();
    assert_ne!(weir::plan::hash(&less), weir::plan::hash(&first));
    let too_many = |limit: &str| plan(&format!("max_deletions = {limit}\n[recorded.a]\n[recorded.b]"));
    assert_ne!(weir::plan::hash(&too_many("0")), weir::plan::hash(&plan("")));
    assert_ne!(weir::plan::hash(&too_many("0")), weir::plan::hash(&too_many("2")));
}
