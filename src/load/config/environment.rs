//! Every key of `weir.toml` as an environment variable: `WEIR_` and the path in capitals, joined by `_`.
//!
//! A variable is resolved by walking the schema, since keys have underscores of their own.

use std::collections::BTreeMap;

use serde_json::Value as Schema;

use crate::load::document::{Document, Node, Value};
use crate::load::suggest;
use crate::load::text::Text;
use crate::load::unbuilt;
use crate::load::walk::{types, words};
use crate::model::diagnostic::Diagnostic;

const PREFIX: &str = "WEIR_";

/// Variables of ours that are no keys; with `_` at the end, any that begin so.
const OTHERS: &[&str] = &["WEIR_CONFIG", "WEIR_CACHE", "WEIR_KEEP_STACK", "WEIR_LOG", "WEIR_N_"];

/// Puts every variable that names a key over what the file says. A variable that names none is a warning.
pub fn apply(document: &mut Document, schema: &Schema, env: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let ours = env.iter().filter(|(name, _)| name.starts_with(PREFIX) && !is_other(name));
    for (name, text) in ours {
        match find(Some(&document.root), schema, &name[PREFIX.len()..]) {
            Some((path, leaf)) => match value(leaf, text) {
                Ok(value) => document.set(&path, value, name),
                Err(wanted) => {
                    let message = format!("`{}` takes {wanted}", path.join("."));
                    found.push(Diagnostic::error("wrong_type", &place(name), None, message));
                }
            },
            None => found.push(unfit(document, schema, name)),
        }
    }
    found
}

fn is_other(name: &str) -> bool {
    OTHERS.iter().any(|other| name == *other || other.ends_with('_') && name.starts_with(other))
}

fn place(variable: &str) -> String {
    format!("environment variable {variable}")
}

/// A key as it stands in a variable.
fn folded(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect()
}

/// The path that `rest` spells below `node`, with the schema of its value.
fn find<'s>(node: Option<&Node>, schema: &'s Schema, rest: &str) -> Option<(Vec<String>, &'s Schema)> {
    let entry = |key: &str| node.and_then(Node::table).and_then(|entries| entries.get(key));
    for (key, below) in keys(node, schema) {
        let found = match rest.strip_prefix(&folded(&key)) {
            Some("") if !types(below).contains(&"object") => Some((Vec::new(), below)),
            Some(more) => more.strip_prefix('_').and_then(|more| find(entry(&key), below, more)),
            None => None,
        };
        if let Some((mut path, leaf)) = found {
            path.insert(0, key);
            return Some((path, leaf));
        }
    }
    // A table of free names whose grammar the variable's own name fits takes it as a new one.
    let new = schema.get("propertyNames").is_some() && !rest.is_empty() && !types(schema).is_empty();
    new.then(|| (vec![rest.to_owned()], &schema["additionalProperties"]))
}

/// The keys that may stand in the table: those of the schema, and for a table of free names those that the file has.
fn keys<'s>(node: Option<&Node>, schema: &'s Schema) -> Vec<(String, &'s Schema)> {
    let fixed = schema["properties"].as_object().into_iter().flatten();
    let mut keys: Vec<(String, &Schema)> = fixed.map(|(key, below)| (key.clone(), below)).collect();
    if let Some(any) = schema.get("additionalProperties").filter(|any| any.is_object()) {
        let free = node.and_then(Node::table).into_iter().flatten();
        keys.extend(free.map(|(key, _)| (key.clone(), any)));
    }
    keys.sort_by_key(|(key, _)| std::cmp::Reverse(key.len()));
    keys
}

/// The text of a variable as a value of its key's type, or what the key takes.
fn value(leaf: &Schema, text: &str) -> Result<Value, &'static str> {
    let kinds = types(leaf);
    if kinds.contains(&"string") || !words(leaf).is_empty() {
        return Ok(Value::Text(Text::plain(text)));
    }
    match kinds.first() {
        Some(&"integer") => text.trim().parse().map(Value::Integer).map_err(|_| "an integer"),
        Some(&"boolean") => text.trim().parse().map(Value::Boolean).map_err(|_| "true or false"),
        Some(&"array") => Ok(Value::List(items(text))),
        Some(_) | None => Err("no text"),
    }
}

fn items(text: &str) -> Vec<Node> {
    let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| Node { value: Value::Text(Text::plain(part)), span: None, key: None, given_by: None }).collect()
}

fn unfit(document: &Document, schema: &Schema, name: &str) -> Diagnostic {
    let rest = &name[PREFIX.len()..];
    let unbuilt = unbuilt::WEIR.iter().filter(|row| row.values.is_empty()).map(|row| row.key);
    for key in unbuilt.filter(|key| !key.contains('*')) {
        if rest.strip_prefix(&folded(key)).is_some_and(|more| more.is_empty() || more.starts_with('_')) {
            return Diagnostic::not_yet(&place(name), None, &format!("`{key}`")).with_help("unset the variable");
        }
    }
    let mut names = Vec::new();
    variables(Some(&document.root), schema, PREFIX, &mut names);
    let mut warning = Diagnostic::warning("unknown_key", &place(name), None, "it names no key of `weir.toml`");
    warning.help =
        suggest::closest(name, names.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`?"));
    warning
}

/// The names of all variables that would fit.
fn variables(node: Option<&Node>, schema: &Schema, prefix: &str, names: &mut Vec<String>) {
    for (key, below) in keys(node, schema) {
        let name = format!("{prefix}{}", folded(&key));
        if types(below).contains(&"object") {
            let entry = node.and_then(Node::table).and_then(|entries| entries.get(&key));
            variables(entry, below, &format!("{name}_"), names);
        } else {
            names.push(name);
        }
    }
}
