//! The JSON Schemas of our files, generated from the types that serde reads them into, each once: every file is held
//! against one.

use std::sync::LazyLock;

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

use crate::load::definition_file::{DefinitionFile, SourceFile, StreamFile};
use crate::load::weir_file::{VarsFile, WeirFile};

/// The schemas of `schemas/`, by file name.
pub fn published() -> Vec<(&'static str, String)> {
    [
        ("definition.schema.json", definition()),
        ("weir.schema.json", of::<WeirFile>()),
        ("vars.schema.json", of::<VarsFile>()),
    ]
    .map(|(name, schema)| (name, format!("{schema:#}\n")))
    .into()
}

pub fn definition() -> Value {
    of::<DefinitionFile>()
}

pub fn source() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(of::<SourceFile>);
    &SCHEMA
}

pub fn stream() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(of::<StreamFile>);
    &SCHEMA
}

pub fn weir() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(of::<WeirFile>);
    &SCHEMA
}

pub fn vars() -> &'static Value {
    static SCHEMA: LazyLock<Value> = LazyLock::new(of::<VarsFile>);
    &SCHEMA
}

/// Draft-07 without references, so that the walk needs none, and without null, which TOML does not have.
fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    without_null(&mut schema);
    schema
}

fn without_null(schema: &mut Value) {
    if let Value::Object(keys) = schema {
        keys.retain(|key, value| !(key == "default" && value.is_null()));
        for list in ["type", "enum", "anyOf"] {
            strip(keys, list);
        }
        keys.values_mut().for_each(without_null);
    } else if let Value::Array(items) = schema {
        items.iter_mut().for_each(without_null);
    }
}

fn strip(keys: &mut Map<String, Value>, list: &str) {
    let Some(Value::Array(items)) = keys.get_mut(list) else { return };
    items.retain(|item| !(item.is_null() || item == "null" || item["type"] == "null"));
    if items.len() > 1 || list == "enum" {
        return;
    }
    match (items.pop(), list) {
        (Some(Value::Object(only)), "anyOf") => {
            keys.remove(list);
            only.into_iter().for_each(|(key, value)| {
                keys.entry(key).or_insert(value);
            });
        }
        (Some(only), _) => {
            keys.insert(list.to_owned(), only);
        }
        (None, _) => {
            keys.remove(list);
        }
    }
}

#[cfg(test)]
mod tests;
