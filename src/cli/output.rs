//! The one place that prints: data to standard output, notes to standard error.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::plan::render::Colour;

/// How a command ended, as CI sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Good,
    /// Something is wrong or was not done.
    Bad,
    /// `--detailed-exitcode`: there is something to do.
    Changes,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        match exit {
            Exit::Good => ExitCode::SUCCESS,
            Exit::Bad => ExitCode::FAILURE,
            Exit::Changes => ExitCode::from(2),
        }
    }
}

/// Colours only for a terminal, and never where `NO_COLOR` is set to anything.
fn colour(terminal: bool) -> Colour {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    if terminal && !refused { Colour::Ansi } else { Colour::Off }
}

pub fn stdout_colour() -> Colour {
    colour(std::io::stdout().is_terminal())
}

pub fn stderr_colour() -> Colour {
    colour(std::io::stderr().is_terminal())
}

/// Data. A reader that went away (`weir plan | head`) is no error.
pub fn data(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes());
    if !text.is_empty() && !text.ends_with('\n') {
        let _ = out.write_all(b"\n");
    }
    let _ = out.flush();
}

pub fn json(value: &impl Serialize) {
    match serde_json::to_string_pretty(value) {
        Ok(text) => data(&text),
        Err(error) => note(&format!("error: the result cannot be written as JSON: {error}")),
    }
}

/// A remark for people.
pub fn note(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes());
    if !text.ends_with('\n') {
        let _ = err.write_all(b"\n");
    }
}

pub fn error(text: &str) -> Exit {
    note(&format!("error: {text}"));
    Exit::Bad
}

/// Asks a yes-or-no question on the terminal. `None` where nobody can answer.
pub fn ask(question: &str) -> Option<bool> {
    if !std::io::stdin().is_terminal() {
        return None;
    }
    note(&format!("{question} [y/N] "));
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).ok()?;
    Some(matches!(answer.trim(), "y" | "Y" | "yes"))
}
