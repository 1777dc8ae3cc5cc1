use std::path::Path;

use super::*;

/// `UPDATE_SCHEMAS=1` writes it anew.
#[test]
fn the_published_schema_is_that_of_the_type() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/plan.schema.json");
    let text = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::write(&path, &text).expect("a schema can be written");
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "schemas/plan.schema.json is stale: run the tests with UPDATE_SCHEMAS=1");
}

#[test]
fn the_schema_stands_by_itself() {
    let text = schema().to_string();
    assert!(text.contains("http://json-schema.org/draft-07/schema#") && !text.contains("\"$ref\""));
}
