//! The files of the tree: which are definitions, and what each holds.

use serde::de::DeserializeOwned;

use crate::load::at_once;
use crate::load::context::Context;
use crate::load::definition_file::{SourceFile as Source, StreamFile};
use crate::load::document::{Document, Value};
use crate::load::schema;
use crate::load::suggest;
use crate::load::text::Vars;
use crate::load::unbuilt::{self, Unbuilt};
use crate::load::walk::walk;
use crate::load::weir_file::{VarValue, VarsFile};
use crate::model::diagnostic::Diagnostic;
use crate::model::name::Name;
use crate::model::tree::{SourceFile, SourceTree, Span};

const CONFIG: &str = "weir.toml";
const VARS: &str = "vars.toml";

/// One definition file.
pub struct Entry {
    pub path: String,
    /// `None`: it could not be made out.
    pub name: Option<Name>,
    /// Where the name stands, if it is written out.
    pub name_span: Option<Span>,
    pub body: Body,
    pub found: Vec<Diagnostic>,
}

pub enum Body {
    /// Its shape is wrong.
    Unread,
    Source(Box<(Document, Source)>),
    Stream(Box<(Document, StreamFile)>),
    /// A stream was made of it. Of the file itself only one place is still asked for: where the topic is said.
    Built {
        topic: Option<Span>,
    },
}

impl Entry {
    pub fn has_error(&self) -> bool {
        self.found.iter().any(Diagnostic::is_error)
    }
}

/// Every file that could not be read, of whatever kind, but definitions: those say so themselves.
pub fn unreadable(tree: &SourceTree) -> Vec<Diagnostic> {
    let files = tree.files.iter().filter(|(path, _)| !is_definition(path));
    files.filter_map(|(path, file)| unread(path, file)).collect()
}

fn unread(path: &str, file: &SourceFile) -> Option<Diagnostic> {
    match file {
        SourceFile::Text(_) => None,
        SourceFile::Unreadable(reason) => {
            Some(Diagnostic::error("unreadable", path, None, format!("the file cannot be read: {reason}")))
        }
    }
}

fn is_definition(path: &str) -> bool {
    path.ends_with(".toml") && path != CONFIG && path != VARS
}

/// The variables of `vars.toml`, of `[vars]` and of the command line; the later win.
pub fn vars(tree: &SourceTree, context: &Context, found: &mut Vec<Diagnostic>) -> Vars {
    let mut vars = Vars::default();
    match tree.files.get(VARS) {
        Some(SourceFile::Text(text)) => match vars_file(text) {
            Ok(file) => vars.values.extend(file.0.into_iter().map(|(name, value)| (name, value.into_text()))),
            Err(wrong) => {
                found.extend(wrong);
                vars.unread = Some(VARS.to_owned());
            }
        },
        Some(SourceFile::Unreadable(_)) => vars.unread = Some(VARS.to_owned()),
        None => {}
    }
    for layer in [&context.vars, &context.overrides] {
        vars.values.extend(layer.iter().map(|(name, value)| (name.clone(), value.clone())));
    }
    vars
}

fn vars_file(text: &str) -> Result<VarsFile, Vec<Diagnostic>> {
    let document = Document::parse(VARS, text).map_err(|wrong| vec![*wrong])?;
    let file: VarsFile = shape(&document, schema::vars(), &[])?;
    let nested = file.0.iter().filter(|(_, value)| matches!(value, VarValue::Text(text) if text.contains("${")));
    let nested: Vec<Diagnostic> = nested
        .map(|(name, _)| document.error("bad_variable", &[name], "a variable's value cannot refer to another"))
        .collect();
    if nested.is_empty() { Ok(file) } else { Err(nested) }
}

/// Every definition of the tree, in the order of paths.
pub fn read(tree: &SourceTree, vars: &Vars) -> Vec<Entry> {
    let files = tree.files.iter().filter(|(path, _)| is_definition(path)).collect();
    at_once::each(files, |(path, file)| entry(path, file, vars)).collect()
}

fn entry(path: &str, file: &SourceFile, vars: &Vars) -> Entry {
    let mut entry = Entry { path: path.to_owned(), name: None, name_span: None, body: Body::Unread, found: Vec::new() };
    let stem = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".toml").to_owned();
    entry.name = Name::parse(&stem).ok();
    let text = match file {
        SourceFile::Text(text) => text,
        SourceFile::Unreadable(_) => {
            entry.found.extend(unread(path, file));
            return entry;
        }
    };
    let mut document = match Document::parse(path, text) {
        Ok(document) => document,
        Err(wrong) => {
            entry.found.push(*wrong);
            return entry;
        }
    };
    entry.found.extend(document.fill(vars));
    name(&mut entry, &document, &stem);
    match body(document) {
        Ok(body) => entry.body = body,
        Err(found) => entry.found.extend(found),
    }
    entry
}

/// The written name, or else the file's stem.
fn name(entry: &mut Entry, document: &Document, stem: &str) {
    let written = document.node(&["name"]);
    let text = match written {
        Some(node) => match &node.value {
            Value::Text(text) => text.text.as_str(),
            Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::List(_)
            | Value::Table(_) => {
                entry.name = None;
                return;
            }
        },
        None => stem,
    };
    entry.name_span = written.and_then(|node| node.span);
    match Name::parse(text) {
        Ok(name) => entry.name = Some(name),
        Err(wrong) => {
            entry.name = None;
            let mut found = document.error("bad_name", &["name"], format!("`{text}` is no {}", wrong.what));
            let from =
                if written.is_none() { "; the name comes from the file's, or write `name = \"…\"`" } else { "" };
            found.help = Some(format!("{}{from}", wrong.rule));
            entry.found.push(found);
        }
    }
}

fn body(document: Document) -> Result<Body, Vec<Diagnostic>> {
    let kind = document.text(&["kind"]).map_or("stream", |text| text.text.as_str());
    match kind {
        "source" => {
            let file = shape(&document, schema::source(), unbuilt::SOURCE)?;
            Ok(Body::Source(Box::new((document, file))))
        }
        "stream" => {
            let file = shape(&document, schema::stream(), unbuilt::STREAM)?;
            Ok(Body::Stream(Box::new((document, file))))
        }
        other => {
            let mut wrong = document.error("unknown_value", &["kind"], format!("`{other}` is not a value of `kind`"));
            wrong.help = suggest::help(other, "values", ["source", "stream"]);
            Err(vec![wrong])
        }
    }
}

/// The document as `T`, whose schema is `schema`, or everything that is wrong with its shape.
pub fn shape<T: DeserializeOwned>(
    document: &Document,
    schema: &serde_json::Value,
    unbuilt: &[Unbuilt],
) -> Result<T, Vec<Diagnostic>> {
    let found = walk(document, schema, unbuilt);
    if !found.is_empty() {
        return Err(found);
    }
    serde_json::from_value(document.json())
        .map_err(|error| vec![Diagnostic::error("wrong_shape", &document.file, None, error.to_string())])
}
