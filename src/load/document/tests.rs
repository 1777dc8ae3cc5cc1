use super::*;

#[test]
fn every_node_knows_its_place() {
    let text = "a = 1\n[b.c]\n\"d.e\" = [ \"x\", \"y\" ]\n";
    let document = Document::parse("f", text).expect("legal TOML");
    let at = |path: &[&str]| {
        let node = document.node(path).expect("it is there");
        let cut = |span: Option<Span>| span.map(|span| &text[span.start..span.end]);
        (cut(node.key), cut(node.span))
    };
    assert_eq!(at(&["a"]), (Some("a"), Some("1")));
    assert_eq!(at(&["b", "c"]).0, Some("c"));
    assert_eq!(at(&["b", "c", "d.e"]).0, Some("\"d.e\""));
    assert_eq!(at(&["b", "c", "d.e", "1"]), (None, Some("\"y\"")));
    assert_eq!(document.node(&["b", "c", "d.e", "2"]), None);
}

#[test]
fn an_error_without_a_place_of_its_own_stands_at_the_key_above() {
    let document = Document::parse("f", "[time]\ndelay = \"5s\"\n").expect("legal TOML");
    assert_eq!(document.error("c", &["time", "column"], "m").span, Some(Span::new(1, 5)));
    assert_eq!(document.error("c", &["topic"], "m").span, None);
    assert_eq!(document.error("c", &["time", "delay"], "m").span, Some(Span::new(15, 19)));
}

#[test]
fn what_the_environment_gives_is_told_at_the_variable() {
    let mut document = Document::parse("weir.toml", "ledger = 1\n").expect("legal TOML");
    let path = ["ledger".to_owned(), "url".to_owned()];
    document.set(&path, Value::Text(Text::plain("x")), "WEIR_LEDGER_URL");
    let told = document.error("c", &["ledger", "url"], "m");
    assert_eq!((told.file.as_str(), told.span), ("environment variable WEIR_LEDGER_URL", None));
    assert_eq!(document.json(), serde_json::json!({"ledger": {"url": "x"}}));
}

#[test]
fn an_integer_beyond_64_bits_is_no_integer() {
    let document = Document::parse("f", "a = 99999999999999999999\nb = 0xff\nc = 1_000\n").expect("legal TOML");
    let value = |key: &str| document.node(&[key]).map(|node| node.value.clone());
    assert!(matches!(value("a"), Some(Value::Float(_))), "{:?}", value("a"));
    assert_eq!(value("b"), Some(Value::Integer(255)));
    assert_eq!(value("c"), Some(Value::Integer(1000)));
}
