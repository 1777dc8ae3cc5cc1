//! `validate`, and how diagnostics are shown everywhere.

use std::path::Path;

use serde_json::json;

use crate::cli::args::{Global, Output};
use crate::cli::output::{self, Exit};
use crate::cli::places::Located;
use crate::cli::project::{OpenError, files};
use crate::cli::{sarif, snippet};
use crate::model::desired::Desired;
use crate::model::diagnostic::Diagnostic;
use crate::model::tree::{SourceFile, SourceTree};
use crate::plan::render::github::{self, Place, Places};
use crate::plan::render::markdown;

/// Reads every definition. Needs no network, and no `weir.toml`.
pub fn validate(global: &Global) -> Result<Exit, OpenError> {
    let files = files(global)?;
    show_config(&files.diagnostics, &files.config_file);
    let tree = crate::origin::directory::read(&files.folder);
    let desired = crate::load::load(&tree, &files.context);
    let found = &desired.diagnostics;
    let errors = found.iter().filter(|diagnostic| diagnostic.is_error()).count();
    if let Some(reason) = &tree.unsettled {
        output::error(reason);
    }
    let exit = if errors == 0 && tree.unsettled.is_none() { Exit::Good } else { Exit::Bad };
    match global.output {
        Output::Json => output::json(&json!({
            "valid": errors == 0,
            "sources": desired.sources.len(),
            "streams": desired.streams.len(),
            "diagnostics": found,
        })),
        Output::Human => {
            render(found, &tree);
            output::data(&told(&desired, errors));
        }
        Output::Markdown => {
            let places = Located::new(&files.folder, tree);
            let placed: Vec<_> = found.iter().map(|found| (found, shown(&places.of(found)))).collect();
            output::data(&markdown::findings(&told(&desired, errors), &placed));
        }
        Output::Github => output::data(&github::diagnostics(found, &Located::new(&files.folder, tree))),
        Output::Sarif => output::json(&sarif::sarif(found, &Located::new(&files.folder, tree))),
    }
    Ok(exit)
}

fn told(desired: &Desired, errors: usize) -> String {
    format!(
        "{}, {}; {}, {}",
        count(desired.sources.len(), "source"),
        count(desired.streams.len(), "stream"),
        count(errors, "error"),
        count(desired.diagnostics.len() - errors, "warning")
    )
}

fn shown(place: &Place) -> String {
    match place.region {
        Some((start, _)) => format!("{}:{}:{}", place.file, start.line, start.column),
        None => place.file.clone(),
    }
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

pub fn render(diagnostics: &[Diagnostic], tree: &SourceTree) {
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
