use crate::model::name::ProjectName;
use crate::model::plan::Action;
use crate::model::plan::Guard;

use super::*;

fn plan(changes: Vec<Change>) -> Plan {
    Plan {
        project: ProjectName::parse("demo").expect("a name"),
        changes,
        blocked: Vec::new(),
        unmanaged: Vec::new(),
        diagnostics: Vec::new(),
        notes: Vec::new(),
        unchanged: 0,
        left_out: None,
    }
}

fn change(stream: &str, reason: &str, diff: &str) -> Change {
    Change {
        stream: Name::parse(stream).expect("a name"),
        engine: EngineName::parse("flink").expect("a name"),
        action: Action::Update,
        reason: reason.to_owned(),
        verdict: Some(Verdict::Replays),
        diff: Some(diff.to_owned()),
        steps: Vec::new(),
        downstream: Vec::new(),
        guard: Guard { generation: 1 },
    }
}

#[test]
fn texts_of_users_are_no_markup() {
    for (text, shown) in [
        ("a | b", "a &#124; b"),
        ("<script>", "&#60;script&#62;"),
        ("`a|b` and `c`", "<code>a&#124;b</code> and `c`"),
        ("one ` alone", "one &#96; alone"),
        (
            "*b* _i_ [x](y) ![z](y) ~~s~~",
            "&#42;b&#42; &#95;i&#95; &#91;x&#93;(y) &#33;&#91;z&#93;(y) &#126;&#126;s&#126;&#126;",
        ),
        ("@all #1 http://x", "@<!-- -->all #<!-- -->1 http:<!-- -->//x"),
        ("`@all <b>`", "`@all <b>`"),
        ("` a ` and ``", "<code> a </code> and "),
        ("two\nlines\r\n\u{1b}[31m", "two lines   &#91;31m"),
        ("&lt; \\", "&#38;lt; &#92;"),
    ] {
        assert_eq!(inline(text), shown, "{text}");
    }
}

#[test]
fn nothing_in_a_diff_ends_its_fence() {
    for ticks in 0..9 {
        let row = "`".repeat(ticks);
        let shown = diff(Some(&format!("-{row}\n{row}\n+</details>\n")));
        let fence: String = shown.trim_start().chars().take_while(|c| *c == '`').collect();
        assert!(fence.len() >= 3 && fence.len() > ticks, "{shown}");
        let closing = shown.lines().filter(|line| *line == fence).count();
        assert_eq!(closing, 1, "{shown}");
    }
}

#[test]
fn a_page_never_grows_beyond_what_a_comment_takes() {
    let text = "|`<@#*_&é\u{1F600}".repeat(30);
    let diff: String = (0..200).map(|line| format!("+line {line} {text}\n")).collect();
    for count in [1, 3, 200] {
        let changes = (0..count).map(|at| change(&format!("s{at}"), &text, &diff)).collect();
        let page = markdown(&plan(changes));
        assert!(page.len() <= LONGEST, "{count}: {}", page.len());
        assert!(page.contains("of this diff are cut") || page.contains("**Cut: "), "{count}");
        assert_eq!(page.matches("<details>").count(), page.matches("</details>\n").count(), "{count}");
    }
    let page = markdown(&plan((0..200).map(|at| change(&format!("s{at}"), &text, &diff)).collect()));
    assert!(page.contains("**Plan: 200 to update.**") && page.contains("had no room here"), "{page}");
}

#[test]
fn a_cut_diff_says_how_many_lines_it_lacks() {
    let text: String = (0..100).map(|line| format!("+{line:03}\n")).collect();
    assert_eq!(first_lines(&text, 500), (text.as_str(), 0));
    let (shown, missing) = first_lines(&text, 52);
    assert_eq!((shown.lines().count(), missing), (10, 90));
    let (shown, missing) = first_lines("éééé\nx\n", 3);
    assert_eq!((shown, missing), ("", 2));
}
