//! A string as it is after TOML's escapes and weir's variables, with the way back to its bytes in the file.

use std::collections::BTreeMap;

use crate::load::suggest;
use crate::model::desired::SqlPlace;
use crate::model::diagnostic::Diagnostic;
use crate::model::tree::Span;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub text: String,
    /// See [`SqlPlace::runs`].
    pub runs: Vec<(usize, usize)>,
}

impl Text {
    /// Text whose bytes are those of its file.
    pub fn plain(text: &str) -> Text {
        Text { text: text.to_owned(), runs: vec![(0, 0)] }
    }

    /// A TOML string literal, with its quotes, that begins at byte `at` of its file. `decoded` is what the TOML
    /// parser made of it: should the two ever differ, the whole text is shown at the literal's start.
    pub fn literal(raw: &str, at: usize, decoded: &str) -> Text {
        let mut text = Text { text: String::with_capacity(decoded.len()), runs: Vec::with_capacity(1) };
        text.decode(raw, at);
        if text.text != decoded {
            return Text { text: decoded.to_owned(), runs: vec![(0, at)] };
        }
        text
    }

    /// Whether [`fill`] would leave it as it is: a text that stands in its file byte by byte, as most do.
    pub fn is_filled(&self) -> bool {
        self.runs.len() == 1 && !self.text.contains(['$', '\0'])
    }

    /// A range of the text as a range of its file.
    pub fn span(&self, inner: Span) -> Span {
        self.place("").span(inner)
    }

    pub fn place(&self, file: &str) -> SqlPlace {
        SqlPlace { file: file.to_owned(), runs: self.runs.clone() }
    }

    /// The rules of TOML 1.1, section String; the parser has already refused what they forbid.
    fn decode(&mut self, raw: &str, at: usize) {
        let quote = if raw.starts_with('\'') { '\'' } else { '"' };
        let multi_line = raw.len() >= 6 && raw.starts_with(if quote == '"' { "\"\"\"" } else { "'''" });
        let mut from = if multi_line { 3 } else { 1 };
        let end = raw.len().saturating_sub(from).max(from.min(raw.len()));
        if multi_line {
            from += newline(&raw[from..end]);
        }
        self.runs.push((0, at + from));
        if quote == '\'' {
            self.text.push_str(&raw[from..end]);
            return;
        }
        while let Some(escape) = raw[from..end].find('\\').map(|offset| from + offset) {
            self.text.push_str(&raw[from..escape]);
            let (character, length) = unescape(&raw[escape + 1..end]);
            self.text.extend(character);
            from = (escape + 1 + length).min(end);
            self.runs.push((self.text.len(), at + from));
        }
        self.text.push_str(&raw[from..end]);
    }
}

/// Bytes of the line end that `text` begins with: 0, 1 or 2.
fn newline(text: &str) -> usize {
    if text.starts_with("\r\n") { 2 } else { usize::from(text.starts_with('\n')) }
}

/// What follows a backslash: the character it stands for (none for a line that goes on) and the bytes it takes.
fn unescape(rest: &str) -> (Option<char>, usize) {
    let hex = |digits: usize| {
        let code = rest.get(1..1 + digits).and_then(|code| u32::from_str_radix(code, 16).ok());
        (code.and_then(char::from_u32), 1 + digits)
    };
    match rest.chars().next() {
        Some('b') => (Some('\u{8}'), 1),
        Some('e') => (Some('\u{1b}'), 1),
        Some('f') => (Some('\u{c}'), 1),
        Some('n') => (Some('\n'), 1),
        Some('r') => (Some('\r'), 1),
        Some('t') => (Some('\t'), 1),
        Some('x') => hex(2),
        Some('u') => hex(4),
        Some('U') => hex(8),
        Some(' ' | '\t' | '\r' | '\n') => (None, rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len()),
        Some(other) => (Some(other), other.len_utf8()),
        None => (None, 0),
    }
}

/// The values of `${var:NAME}`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vars {
    pub values: BTreeMap<String, String>,
    /// The file that may hold more variables but cannot be read.
    pub unread: Option<String>,
}

/// A mistake in a text, placed in its file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub span: Span,
    pub code: &'static str,
    pub message: String,
    pub help: Option<String>,
}

impl Fault {
    pub fn diagnostic(self, file: &str) -> Diagnostic {
        Diagnostic { help: self.help, ..Diagnostic::error(self.code, file, Some(self.span), self.message) }
    }
}

/// `text` with its variables filled in. What cannot be filled in stays as it is.
pub fn fill(text: &Text, vars: &Vars) -> (Text, Vec<Fault>) {
    let mut filled = Text { text: String::with_capacity(text.text.len()), runs: Vec::new() };
    let mut faults = Vec::new();
    let mut from = 0;
    while let Some(reference) = next_reference(&text.text, from) {
        match value(&text.text[reference.start..reference.end], vars) {
            Ok(value) => {
                copy(text, Span::new(from, reference.start), &mut filled);
                put(value, text.span(reference), &mut filled);
            }
            Err((code, message, help)) => {
                faults.push(Fault { span: text.span(reference), code, message, help });
                copy(text, Span::new(from, reference.end), &mut filled);
            }
        }
        from = reference.end;
    }
    copy(text, Span::new(from, text.text.len()), &mut filled);
    faults.extend(filled.text.find('\0').map(|at| nul(filled.span(Span::new(at, at + 1)))));
    (filled, faults)
}

/// Postgres holds every character but this one: neither the definition nor what an engine says of it could be
/// recorded.
fn nul(span: Span) -> Fault {
    let message = "the character U+0000 may not stand in a definition".to_owned();
    Fault { span, code: "bad_character", message, help: Some("take it out".to_owned()) }
}

/// The next `${kind:…}` of a kind that weir knows; without a `}`, up to the end of its line.
fn next_reference(text: &str, from: usize) -> Option<Span> {
    let starts = ["${var:", "${env:", "${file:", "${secret:"];
    let start = starts.iter().filter_map(|start| text[from..].find(start)).min()? + from;
    let line = text[start..].find('\n').map_or(text.len(), |end| start + end);
    let end = text[start..line].find('}').map_or(line, |end| start + end + 1);
    Some(Span::new(start, end))
}

type Refusal = (&'static str, String, Option<String>);

fn value<'v>(reference: &str, vars: &'v Vars) -> Result<&'v str, Refusal> {
    let Some(inner) = reference.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) else {
        return Err(("bad_variable", "the variable is not closed".to_owned(), Some("end it with `}`".to_owned())));
    };
    match inner.split_once(':') {
        Some(("var", name)) => vars.values.get(name).map(String::as_str).ok_or_else(|| unknown(name, vars)),
        Some(("secret", _)) => Err((
            "not_yet",
            "secrets in a definition: not yet".to_owned(),
            Some("this version of weir does not build it; remove the reference".to_owned()),
        )),
        Some(_) | None => Err((
            "secret_in_definition",
            format!("`{reference}` may not stand in a definition"),
            Some("only keys of `weir.toml` that hold a secret take it; here, use `${var:NAME}`".to_owned()),
        )),
    }
}

fn unknown(name: &str, vars: &Vars) -> Refusal {
    let help = match &vars.unread {
        Some(file) => Some(format!("`{file}` has errors; its variables are not known")),
        None => suggest::help(name, "variables", vars.values.keys().map(String::as_str))
            .or_else(|| Some("define it in `vars.toml` or in `[vars]` of `weir.toml`".to_owned())),
    };
    ("unknown_variable", format!("there is no variable `{name}`"), help)
}

/// Copies a part of `text` as it is, with its runs.
fn copy(text: &Text, part: Span, to: &mut Text) {
    let out = to.text.len();
    to.runs.push((out, text.span(Span::new(part.start, part.start)).start));
    let inside = text.runs.iter().filter(|(at, _)| part.start < *at && *at < part.end);
    to.runs.extend(inside.map(|(at, file)| (out + at - part.start, *file)));
    to.text.push_str(&text.text[part.start..part.end]);
}

/// Puts a value that stands in the file as the reference at `place`: it begins and ends where the reference does, and
/// no byte of it is shown beyond.
fn put(value: &str, place: Span, to: &mut Text) {
    let out = to.text.len();
    let last = place.end - place.start - 1;
    let shown = |byte: usize| if byte > 0 && byte + 1 == value.len() { last } else { byte.min(last) };
    to.runs.extend((0..value.len()).map(|byte| (out + byte, place.start + shown(byte))));
    to.text.push_str(value);
}

#[cfg(test)]
mod tests;
