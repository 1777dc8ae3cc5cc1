//! Goes over a document along its schema and gathers every mistake of shape, each with its place. Only a document
//! without any is handed to serde, which would stop at the first and know no place.

use serde_json::Value as Schema;

use crate::load::document::{Document, Node, Value};
use crate::load::suggest;
use crate::load::unbuilt::{self, Unbuilt};
use crate::model::diagnostic::Diagnostic;

/// Every mistake of shape in `document`.
pub fn walk(document: &Document, schema: &Schema, unbuilt: &[Unbuilt]) -> Vec<Diagnostic> {
    let mut walk = Walk { document, unbuilt, path: Vec::new(), found: Vec::new() };
    walk.visit(&document.root, schema);
    walk.found
}

struct Walk<'a> {
    document: &'a Document,
    unbuilt: &'a [Unbuilt],
    /// Keys from the root to the node that is visited; items of a list have their list's.
    path: Vec<String>,
    found: Vec<Diagnostic>,
}

impl Walk<'_> {
    fn visit(&mut self, node: &Node, schema: &Schema) {
        let words = words(schema);
        let types = types(schema);
        match &node.value {
            Value::Text(text) if unbuilt::is_value(self.unbuilt, &self.path, &text.text) => {
                let what = format!("`{} = \"{}\"`", self.path.join("."), text.text);
                let span = self.document.error_at("", node, node.span, "");
                self.found.push(Diagnostic::not_yet(&span.file, span.span, &what).with_help(USE_ANOTHER));
            }
            Value::Text(text) if !words.is_empty() => self.word(node, &text.text, &words),
            Value::Table(_) if types.contains(&"object") => self.table(node, schema),
            Value::List(items) if types.contains(&"array") => {
                items.iter().for_each(|item| self.visit(item, &schema["items"]));
            }
            Value::Integer(number) if types.contains(&"integer") => self.integer(node, *number, schema),
            Value::Text(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::List(_)
            | Value::Table(_) => self.kind(node, &types),
        }
    }

    fn word(&mut self, node: &Node, word: &str, words: &[&str]) {
        if words.contains(&word) {
            return;
        }
        let message = format!("`{word}` is not a value of `{}`", self.path.join("."));
        let mut wrong = self.document.error_at("unknown_value", node, node.span, message);
        wrong.help = suggest::help(word, "values", words.iter().copied());
        self.found.push(wrong);
    }

    fn table(&mut self, node: &Node, schema: &Schema) {
        let entries = node.table().into_iter().flatten();
        for (key, entry) in entries {
            self.path.push(key.clone());
            match (schema["properties"].get(key), schema.get("additionalProperties")) {
                (Some(property), _) => self.visit(entry, property),
                (None, _) if unbuilt::is_key(self.unbuilt, &self.path) => {
                    let what = format!("`{}`", self.path.join("."));
                    let place = self.document.error_at("", entry, entry.key.or(entry.span), "");
                    self.found.push(Diagnostic::not_yet(&place.file, place.span, &what));
                }
                (None, Some(any)) if any.is_object() => self.visit(entry, any),
                (None, _) => self.unknown_key(key, entry, schema),
            }
            self.path.pop();
        }
        self.missing_keys(node, schema);
    }

    fn unknown_key(&mut self, key: &str, entry: &Node, schema: &Schema) {
        let message = format!("there is no key `{}`", self.path.join("."));
        let mut wrong = self.document.error_at("unknown_key", entry, entry.key.or(entry.span), message);
        let keys = schema["properties"].as_object().into_iter().flatten();
        wrong.help = suggest::help(key, "keys here", keys.map(|(key, _)| key.as_str()));
        self.found.push(wrong);
    }

    fn missing_keys(&mut self, node: &Node, schema: &Schema) {
        let required = schema["required"].as_array().into_iter().flatten().filter_map(Schema::as_str);
        for key in required.filter(|key| node.table().is_some_and(|entries| !entries.contains_key(*key))) {
            let full: Vec<&str> = self.path.iter().map(String::as_str).chain([key]).collect();
            let message = format!("the key `{}` is missing", full.join("."));
            let place = if self.path.is_empty() { None } else { node.key.or(node.span) };
            let mut wrong = self.document.error_at("missing_key", node, place, message);
            wrong.help = schema["properties"][key]["description"].as_str().map(|text| text.replace('\n', " "));
            self.found.push(wrong);
        }
    }

    fn integer(&mut self, node: &Node, number: i64, schema: &Schema) {
        let bound = |key: &str| schema[key].as_f64();
        let (least, most) = (bound("minimum"), bound("maximum"));
        let low = least.is_some_and(|least| (number as f64) < least);
        if low || most.is_some_and(|most| number as f64 > most) {
            let message = format!("`{}` cannot be {number}", self.path.join("."));
            let mut wrong = self.document.error_at("out_of_range", node, node.span, message);
            wrong.help = Some(format!("at least {}, at most {}", least.unwrap_or(0.0), most.unwrap_or(f64::MAX)));
            self.found.push(wrong);
        }
    }

    fn kind(&mut self, node: &Node, types: &[&str]) {
        let (kind, word) = kind_of(&node.value);
        if types.contains(&kind) {
            return;
        }
        let wanted: Vec<&str> = types.iter().map(|kind| in_words(kind)).collect();
        let message = format!("`{}` takes {}, not {word}", self.path.join("."), wanted.join(" or "));
        let mut wrong = self.document.error_at("wrong_type", node, node.span.or(node.key), message);
        let scalar = matches!(kind, "integer" | "number" | "boolean" | "date");
        wrong.help = (scalar && types.contains(&"string")).then(|| "put the value in quotes".to_owned());
        self.found.push(wrong);
    }
}

const USE_ANOTHER: &str = "this version of weir does not build it; leave the value out";

/// The words that a schema takes, if it takes only words.
pub fn words(schema: &Schema) -> Vec<&str> {
    let listed = schema["enum"].as_array().into_iter().flatten();
    let alternatives = schema["oneOf"].as_array().into_iter().flatten().map(|one| &one["const"]);
    let mut words: Vec<&str> =
        listed.chain(alternatives).chain([&schema["const"]]).filter_map(Schema::as_str).collect();
    words.extend(schema["oneOf"].as_array().into_iter().flatten().flat_map(|one| match &one["enum"] {
        Schema::Array(items) => items.iter().filter_map(Schema::as_str).collect(),
        Schema::Null | Schema::Bool(_) | Schema::Number(_) | Schema::String(_) | Schema::Object(_) => Vec::new(),
    }));
    words
}

/// The types that a schema takes, by JSON Schema's names.
pub fn types(schema: &Schema) -> Vec<&str> {
    let alternatives = schema["anyOf"].as_array().into_iter().flatten();
    let own = schema["type"].as_str().into_iter();
    let mut types: Vec<&str> = own.chain(alternatives.filter_map(|one| one["type"].as_str())).collect();
    if types.is_empty() && !words(schema).is_empty() {
        types.push("string");
    }
    types
}

fn kind_of(value: &Value) -> (&'static str, &'static str) {
    match value {
        Value::Text(_) => ("string", "a string"),
        Value::Integer(_) => ("integer", "an integer"),
        Value::Float(_) => ("number", "a number"),
        Value::Boolean(_) => ("boolean", "true or false"),
        Value::Datetime(_) => ("date", "a date"),
        Value::List(_) => ("array", "a list"),
        Value::Table(_) => ("object", "a table"),
    }
}

fn in_words(kind: &str) -> &str {
    match kind {
        "string" => "a string",
        "integer" => "an integer",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a table",
        other => other,
    }
}

#[cfg(test)]
mod tests;
