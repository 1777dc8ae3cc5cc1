//! `validate`, and how diagnostics are shown everywhere.

use std::path::Path;

use serde_json::json;

use crate::cli::args::{Form, Global};
use crate::cli::output::{self, Exit};
use crate::cli::project::{OpenError, files};
use crate::cli::snippet;
use crate::model::diagnostic::Diagnostic;
use crate::model::tree::{SourceFile, SourceTree};

/// Reads every definition. Needs no network, and no `weir.toml`.
pub fn validate(global: &Global) -> Result<Exit, OpenError> {
    let files = files(global)?;
    show_config(&files.diagnostics, &files.config_file);
    let tree = crate::origin::directory::read(&files.folder);
    let desired = crate::load::load(&tree, &files.context);
    let errors = desired.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    if let Some(reason) = &tree.unsettled {
        output::error(reason);
    }
    let warnings = desired.diagnostics.len() - errors;
    match global.form()? {
        Form::Json => output::json(&json!({
            "valid": errors == 0,
            "sources": desired.sources.len(),
            "streams": desired.streams.len(),
            "diagnostics": desired.diagnostics,
        })),
        Form::Human => {
            render(&desired.diagnostics, &tree);
            output::data(&format!(
                "{}, {}; {}, {}",
                count(desired.sources.len(), "source"),
                count(desired.streams.len(), "stream"),
                count(errors, "error"),
                count(warnings, "warning")
            ));
        }
    }
    Ok(if errors == 0 && tree.unsettled.is_none() { Exit::Good } else { Exit::Bad })
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

/// Shows diagnostics of definitions, reading the files again for the lines around.
pub fn show(folder: &Path, diagnostics: &[Diagnostic]) {
    if !diagnostics.is_empty() {
        render(diagnostics, &crate::origin::directory::read(folder));
    }
}

fn render(diagnostics: &[Diagnostic], tree: &SourceTree) {
    let text = |file: &str| match tree.files.get(file) {
        Some(SourceFile::Text(text)) => Some(text.clone()),
        Some(SourceFile::Unreadable(_)) | None => None,
    };
    print(diagnostics, &text);
}

/// Shows what is wrong with `weir.toml`.
pub fn show_config(diagnostics: &[Diagnostic], file: &Path) {
    print(diagnostics, &|_| std::fs::read_to_string(file).ok());
}

fn print(diagnostics: &[Diagnostic], text: &dyn Fn(&str) -> Option<String>) {
    if !diagnostics.is_empty() {
        output::note(&snippet::render(diagnostics, text, output::stderr_colour()));
    }
}
