//! Law: secrets are references, and only keys typed so may hold one.

use serde_json::Value as Schema;

use crate::load::document::{Document, Node, Value};
use crate::load::report::Report;
use crate::load::weir_file::SecretText;
use crate::model::diagnostic::Diagnostic;
use crate::model::secret::Secret;

/// What `${…}` may begin with, in any key.
const REFERENCES: &[&str] = &["${env:", "${file:", "${secret:", "${var:"];

/// The secret that `text`, the value at `path`, names or is; `directory` is `secrets.directory`. A text that only holds
/// a reference among other text is an error.
pub fn read(report: &mut Report<'_>, path: &[&str], SecretText(text): &SecretText, directory: Option<&str>) -> Secret {
    let inner = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).filter(|it| !it.contains('}'));
    match inner.and_then(|inner| inner.split_once(':')) {
        Some(("env", name)) if is_variable(name) => return Secret::Env(name.to_owned()),
        Some(("file", file)) => {
            file_is_below(report, path, file, directory);
            return Secret::File(file.to_owned());
        }
        Some(_) | None => {}
    }
    if REFERENCES.iter().any(|reference| text.contains(reference)) {
        let wrong = report.document.error("bad_secret", path, "this reference to a secret cannot be read");
        report.push(wrong.with_help("the whole value must be `${env:NAME}` or `${file:path}`"));
    }
    Secret::Plain(text.clone())
}

fn file_is_below(report: &mut Report<'_>, path: &[&str], file: &str, directory: Option<&str>) {
    let Some(directory) = directory else {
        let wrong = report.document.error("bad_secret", path, "`${file:…}` needs a folder to read from");
        report.push(wrong.with_help("name it in `[secrets] directory`"));
        return;
    };
    let below = match file.strip_prefix('/') {
        Some(_) => file.strip_prefix(directory.trim_end_matches('/')).and_then(|rest| rest.strip_prefix('/')),
        None => Some(file),
    };
    if !below.is_some_and(|below| !below.is_empty() && below.split('/').all(|part| part != "..")) {
        let wrong = report.document.error("bad_secret", path, format!("`{file}` is not below `{directory}`"));
        report.push(wrong.with_help("only files below `[secrets] directory` are read"));
    }
}

fn is_variable(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A reference in any other key would be taken as plain text: each is an error.
pub fn only_in_their_keys(document: &Document, schema: &Schema) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    search(document, &document.root, schema, &mut found);
    found
}

fn search(document: &Document, node: &Node, schema: &Schema, found: &mut Vec<Diagnostic>) {
    match &node.value {
        Value::Table(entries) => {
            for (key, entry) in entries {
                let below = schema["properties"].get(key).unwrap_or(&schema["additionalProperties"]);
                search(document, entry, below, found);
            }
        }
        Value::List(items) => items.iter().for_each(|item| search(document, item, &schema["items"], found)),
        Value::Text(text) if schema["x-secret"] != true => {
            if REFERENCES.iter().any(|reference| text.text.contains(reference)) {
                let wrong = document.error_at("bad_secret", node, node.span, "this key does not take references");
                found.push(wrong.with_help("`${env:…}` and `${file:…}` may stand only in keys that hold a secret"));
            }
        }
        Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}
