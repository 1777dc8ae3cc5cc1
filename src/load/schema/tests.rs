use std::path::Path;

use super::*;

/// `UPDATE_SCHEMAS=1` writes them anew.
#[test]
fn the_published_schemas_are_those_of_the_types() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for (name, text) in published() {
        let path = folder.join(name);
        if std::env::var_os("UPDATE_SCHEMAS").is_some() {
            std::fs::write(&path, &text).expect("a schema can be written");
        }
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(written == text, "schemas/{name} is stale: run the tests with UPDATE_SCHEMAS=1");
    }
}

#[test]
fn schemas_need_no_references_and_know_no_null() {
    for (name, text) in published() {
        assert!(!text.contains("\"$ref\""), "{name}");
        assert!(!text.contains("null"), "{name}");
        assert!(text.contains("http://json-schema.org/draft-07/schema#"), "{name}");
    }
}

/// An editor shows these sentences, and so does the diagnostic of a missing key.
#[test]
fn every_key_is_described() {
    for (name, schema) in [("source", source()), ("stream", stream()), ("weir", weir())] {
        let mut bare = Vec::new();
        undescribed(&schema, name, &mut bare);
        assert!(bare.is_empty(), "{bare:?}");
    }
}

fn undescribed(schema: &Value, path: &str, bare: &mut Vec<String>) {
    for (key, below) in schema["properties"].as_object().into_iter().flatten() {
        let path = format!("{path}.{key}");
        if !below["description"].is_string() {
            bare.push(path.clone());
        }
        undescribed(below, &path, bare);
        undescribed(&below["additionalProperties"], &format!("{path}.*"), bare);
    }
}
