//! `weir explain`: what the front end sees in a text of SQL.

use std::io::Read;
use std::path::Path;

use serde_json::json;

use crate::cli::args::{ExplainArgs, Form, Global};
use crate::cli::output;
use crate::cli::output::Exit;
use crate::cli::project::OpenError;
use crate::cli::snippet;
use crate::model::diagnostic::Diagnostic;
use crate::sql::SqlError;
use crate::sql::facts;

/// Prints every statement as JSON, or what is wrong with the text.
pub fn explain(global: &Global, args: &ExplainArgs) -> Result<Exit, OpenError> {
    let form = global.form()?;
    let (name, text) = read(&args.file).map_err(OpenError::Text)?;
    match facts::read(&text, args.dialect.into()) {
        Ok(facts) => {
            output::json(&facts);
            Ok(Exit::Good)
        }
        Err(errors) => {
            let found: Vec<Diagnostic> = errors.into_iter().map(|error| told(&name, error)).collect();
            let texts = |file: &str| (file == name).then(|| text.clone());
            match form {
                Form::Json => output::json(&json!({ "diagnostics": found })),
                Form::Human => output::note(&snippet::render(&found, &texts, output::stderr_colour())),
            }
            Ok(Exit::Bad)
        }
    }
}

/// The name that messages use, and the text.
fn read(file: &Path) -> Result<(String, String), String> {
    if file == Path::new("-") {
        let mut text = String::new();
        std::io::stdin()
            .read_to_string(&mut text)
            .map_err(|error| format!("standard input cannot be read: {error}"))?;
        return Ok(("<stdin>".to_owned(), text));
    }
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| format!("{name} cannot be read: {error}"))?;
    Ok((name, text))
}

fn told(file: &str, error: SqlError) -> Diagnostic {
    let mut told = Diagnostic::error(error.code, file, Some(error.span), error.message);
    told.help = error.help;
    told
}
