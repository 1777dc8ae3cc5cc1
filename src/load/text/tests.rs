use proptest::prelude::*;

use super::*;
use crate::load::document::Document;

/// The text of `value = <literal>` and what of the file each of its bytes shows.
fn read(literal: &str) -> (String, Option<Text>) {
    let file = format!("before = 1\nvalue = {literal}\nafter = 2\n");
    let text = Document::parse("f", &file).ok().and_then(|document| document.text(&["value"]).cloned());
    (file, text)
}

fn shown<'f>(file: &'f str, text: &Text, part: &str) -> &'f str {
    let start = text.text.find(part).expect("the part is in the text");
    let span = text.span(Span::new(start, start + part.len()));
    &file[span.start..span.end]
}

fn vars(values: &[(&str, &str)]) -> Vars {
    let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Vars { values, unread: None }
}

#[test]
fn every_kind_of_literal_shows_its_own_bytes() {
    for literal in [
        r#""one two three""#,
        r#""\tone \"two\" \u00e9 \x41 three""#,
        "'one two three'",
        "'''\none\ntwo 'three'''",
        "\"\"\"\none\n  two\nthree\"\"\"",
        "\"\"\"\r\none\r\ntwo\r\nthree\r\n\"\"\"",
        "\"\"\"one \\\n     two \\\r\n\r\n  three \"\" \"\"\"",
    ] {
        let (file, text) = read(literal);
        let text = text.expect("legal TOML");
        for part in ["one", "two", "three"] {
            assert_eq!(shown(&file, &text, part), part, "{literal}");
        }
    }
}

#[test]
fn quotes_at_the_end_of_a_text_over_lines_belong_to_it() {
    let (file, text) = read("\"\"\"one \"two\"\"\"\"");
    let text = text.expect("legal TOML");
    assert_eq!(text.text, "one \"two\"");
    assert_eq!(shown(&file, &text, "two\""), "two\"");
}

#[test]
fn a_value_shows_its_reference_and_what_follows_shows_itself() {
    let (file, text) = read(r#""a ${var:SHORT} b ${var:LONG} \n c""#);
    let long = "a very long value that is longer than its reference";
    let (filled, faults) = fill(&text.expect("legal TOML"), &vars(&[("SHORT", "x"), ("LONG", long)]));
    assert_eq!(faults, []);
    assert_eq!(filled.text, format!("a x b {long} \n c"));
    for part in ["a ", " b ", " c"] {
        assert_eq!(shown(&file, &filled, part), part);
    }
    let start = filled.text.find(long).expect("filled in");
    let span = filled.span(Span::new(start, start + long.len()));
    assert_eq!(&file[span.start..span.end], "${var:LONG}");
}

#[test]
fn a_value_is_not_filled_in_again() {
    let text = Text::plain("${var:A}");
    let (filled, faults) = fill(&text, &vars(&[("A", "${var:B}"), ("B", "no")]));
    assert_eq!((filled.text.as_str(), faults.len()), ("${var:B}", 0));
}

#[test]
fn what_cannot_be_filled_in_stays_and_is_told() {
    let text = Text::plain("${var:A} ${env:B} ${file:C} ${secret:D} ${other:E} ${var:open\n}");
    let (filled, faults) = fill(&text, &vars(&[]));
    assert_eq!(filled.text, text.text);
    let codes: Vec<&str> = faults.iter().map(|fault| fault.code).collect();
    let secret = "secret_in_definition";
    assert_eq!(codes, ["unknown_variable", secret, secret, "not_yet", "bad_variable"]);
}

proptest! {
    /// Our own reading of a literal, which knows the places, is the TOML parser's.
    #[test]
    fn literals_are_read_as_the_parser_reads_them(
        quote in prop::sample::select(vec!["\"", "'", "\"\"\"", "'''"]),
        pieces in prop::collection::vec(prop::sample::select(vec![
            "a", " ", "é", "\\n", "\\\"", "\\\\", "\\u00e9", "\\U0001F600", "\\x41", "\\e", "\\b", "\\f", "\\r",
            "\\\n", "\\  \n", "\\\r\n\t", "\n", "\r\n", "\t", "\"", "'", "\"\"", "''", "${var:A}", "#", "=",
        ]), 0..12),
    ) {
        let literal = format!("{quote}{}{quote}", pieces.concat());
        let (file, _) = read(&literal);
        let Ok(document) = Document::parse("f", &file) else { return Ok(()) };
        let node = document.node(&["value"]).expect("it was parsed");
        let place = node.span.expect("it stands in the file");
        let (Some(read), raw) = (node.text(), &file[place.start..place.end]) else { return Ok(()) };
        // Read again without the net that `literal` has.
        let mut text = Text { text: String::new(), runs: Vec::new() };
        text.decode(raw, place.start);
        prop_assert_eq!(&text, read);
        for (at, letter) in text.text.char_indices().filter(|(_, letter)| matches!(letter, '#' | '=')) {
            let place = text.span(Span::new(at, at + 1));
            prop_assert_eq!(&file[place.start..place.end], letter.to_string());
        }
    }
}
