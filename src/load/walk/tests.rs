use proptest::prelude::*;
use serde::de::DeserializeOwned;

use super::*;
use crate::load::definition_file::{SourceFile, StreamFile};
use crate::load::schema;
use crate::load::unbuilt;
use crate::load::weir_file::{VarsFile, WeirFile};

/// Whether the walk finds nothing, and whether serde takes the document.
fn both<T: DeserializeOwned>(text: &str, schema: &Schema, unbuilt: &[Unbuilt]) -> Option<(bool, bool)> {
    let document = Document::parse("f", text).ok()?;
    let walked = walk(&document, schema, unbuilt).is_empty();
    Some((walked, serde_json::from_value::<T>(document.json()).is_ok()))
}

/// Keys and values of definitions and of `weir.toml`, right and wrong.
const KEYS: &str = "
    kind name topic format on_bad_record columns time time.column time.encoding sql run engine output
    output.key output.partitions output.replication output.delivery output.config deploy.allow deploy.protect
    deploy.on_remove deploy.keep_savepoints options options.x connector project project.name ledger.url
    kafka.security.protocol engines engines.f.kind engines.f.allow_options reconcile.mode
    reconcile.parallelism vars.A unknown reconcile.max_deletions origin.kind deploy.renamed_from script
    secrets.directory
";

const VALUES: &str = r#"
    1 | 0 | -1 | 300 | 70000 | 5000000000 | 99999999999999999999 | 1.5 | true | "json" | "source" | "stream" |
    "fail" | "iso8601" | "running" | "flink" | "auto" | "plaintext" | "drop" | "directory" | "at_least_once" |
    "exactly_once" | [] | [1] | ["a"] | ["replays"] | {} | { A = "INT" } | { a = 1 } | 2025-01-01T00:00:00Z |
    "text" | [[]] | { column = "A" } |
"#;

fn line() -> impl Strategy<Value = String> {
    let keys: Vec<&str> = KEYS.split_whitespace().collect();
    let values: Vec<&str> = VALUES.split(" |").map(str::trim).filter(|value| !value.is_empty()).collect();
    (prop::sample::select(keys), prop::sample::select(values)).prop_map(|(key, value)| format!("{key} = {value}\n"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    /// So that no mistake reaches serde, which stops at the first and tells no place.
    #[test]
    fn what_the_walk_passes_serde_takes(lines in prop::collection::vec(line(), 0..5), kind in 0..4) {
        let text: String = lines.concat();
        let (whole, both) = match kind {
            0 => {
                let base = "kind = \"source\"\ntopic = \"t\"\nformat = \"json\"\ncolumns.A = \"INT\"\n";
                let text = format!("{base}{text}");
                (text.clone(), both::<SourceFile>(&text, schema::source(), unbuilt::SOURCE))
            }
            1 => (text.clone(), both::<StreamFile>(&text, schema::stream(), unbuilt::STREAM)),
            2 => (text.clone(), both::<WeirFile>(&text, schema::weir(), unbuilt::WEIR)),
            _ => (text.clone(), both::<VarsFile>(&text, schema::vars(), &[])),
        };
        if let Some((true, taken)) = both {
            prop_assert!(taken, "the walk passed what serde does not take:\n{}", whole);
        }
    }
}

#[test]
fn all_mistakes_are_told_not_only_the_first() {
    let text =
        "runn = \"running\"\nrun = \"on\"\nowner = 1\n[output]\npartitions = 0\n[deploy]\nallow = [\"replay\"]\n";
    let document = Document::parse("f", text).expect("legal TOML");
    let found = walk(&document, schema::stream(), unbuilt::STREAM);
    let mut codes: Vec<&str> = found.iter().map(|found| found.code.as_str()).collect();
    codes.sort_unstable();
    assert_eq!(codes, ["out_of_range", "unknown_key", "unknown_value", "unknown_value", "wrong_type"]);
}

#[test]
fn what_is_not_built_is_told_as_such_wherever_it_stands() {
    for (row, schema) in unbuilt::STREAM
        .iter()
        .map(|row| (row, schema::stream()))
        .chain(unbuilt::SOURCE.iter().map(|row| (row, schema::source())))
        .chain(unbuilt::WEIR.iter().map(|row| (row, schema::weir())))
    {
        let key = row.key.replace('*', "x");
        let lines = row.values.iter().map(|value| format!("{key} = \"{value}\"\n"));
        let lists = row.values.iter().map(|value| format!("{key} = [\"{value}\"]\n"));
        let plain = row.values.is_empty().then(|| format!("{key} = 1\n"));
        let told = |text: &str| {
            let document = Document::parse("f", text).expect("legal TOML");
            let table = [unbuilt::STREAM, unbuilt::SOURCE, unbuilt::WEIR];
            table.iter().any(|table| walk(&document, &schema, table).iter().any(|found| found.code == "not_yet"))
        };
        assert!(lines.zip(lists).all(|(line, list)| told(&line) || told(&list)), "{}", row.key);
        assert!(plain.is_none_or(|line| told(&line)), "{}", row.key);
    }
}
