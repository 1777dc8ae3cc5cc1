//! Diagnostics as SARIF 2.1.0: the OASIS standard that code scanners are read by.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::model::diagnostic::{Diagnostic, Severity};
use crate::plan::render::github::Places;

pub fn sarif(found: &[Diagnostic], places: &dyn Places) -> Value {
    let codes: BTreeSet<&str> = found.iter().map(|found| found.code.as_str()).collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "weir",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().map(|code| json!({ "id": code })).collect::<Vec<_>>(),
            } },
            "columnKind": "utf16CodeUnits",
            "results": found.iter().map(|found| result(found, places)).collect::<Vec<_>>(),
        }],
    })
}

fn result(found: &Diagnostic, places: &dyn Places) -> Value {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let text = match &found.help {
        Some(help) => format!("{}\nhelp: {help}", found.message),
        None => found.message.clone(),
    };
    let place = places.of(found);
    let region = match place.region {
        Some((start, end)) => json!({
            "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
        }),
        // GitHub shows no finding without a line.
        None => json!({ "startLine": 1 }),
    };
    json!({
        "ruleId": found.code,
        "level": level,
        "message": { "text": text },
        "locations": [{ "physicalLocation": { "artifactLocation": { "uri": uri(&place.file) }, "region": region } }],
    })
}

/// A path as a relative reference (RFC 3986); one from the root of the machine gets its scheme.
fn uri(path: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let mut out = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match kept(byte) {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests;
