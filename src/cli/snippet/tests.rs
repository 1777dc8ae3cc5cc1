use super::*;

fn shown(diagnostic: &Diagnostic, text: Option<&str>, colour: Colour) -> String {
    let text = text.map(str::to_owned);
    render(std::slice::from_ref(diagnostic), &|_| text.clone(), colour)
}

fn wrong(start: usize, end: usize) -> Diagnostic {
    Diagnostic::error("code", "a.toml", Some(Span::new(start, end)), "wrong").with_help("the way out")
}

#[test]
fn the_caret_stands_under_the_place_and_the_help_ends_it() {
    let text = shown(&wrong(9, 12), Some("first\nab cde f\n"), Colour::Off);
    let want = "error[code]: wrong\n --> a.toml:2:4\n  |\n2 | ab cde f\n  |    ^^^\n  |\n  = help: the way out\n\n";
    assert_eq!(text, want);
}

#[test]
fn a_place_outside_of_the_text_or_inside_a_character_does_no_harm() {
    for (start, end) in [(0, 0), (1, 2), (2, 1), (0, 99), (98, 99), (3, 7)] {
        for text in ["", "é", "aé\r\nb", "\n\n"] {
            let told = shown(&wrong(start, end), Some(text), Colour::Off);
            assert!(told.contains("error[code]: wrong") && told.contains("the way out"), "{told}");
        }
    }
}

#[test]
fn a_place_over_lines_is_cut_to_its_first() {
    let told = shown(&wrong(0, 14), Some("SELECT 1\nFROM x\n"), Colour::Off);
    assert!(told.contains("^^^^^^^^\n") && !told.contains("FROM"), "{told}");
}

#[test]
fn without_a_place_or_a_text_the_file_is_named() {
    for (span, text) in [(None, Some("x")), (Some(Span::new(0, 1)), None), (None, None)] {
        let told = shown(&Diagnostic { span, ..wrong(0, 0) }, text, Colour::Off);
        assert!(told.contains("a.toml") && !told.contains('^'), "{told}");
    }
}

#[test]
fn colour_is_only_where_it_is_asked_for() {
    assert!(shown(&wrong(0, 1), Some("x"), Colour::Ansi).contains('\u{1b}'));
    assert!(!shown(&wrong(0, 1), Some("x"), Colour::Off).contains('\u{1b}'));
}

#[test]
fn warnings_are_called_so() {
    let warning = Diagnostic::warning("code", "a.toml", None, "odd");
    assert!(shown(&warning, None, Colour::Off).starts_with("warning[code]: odd"));
}
