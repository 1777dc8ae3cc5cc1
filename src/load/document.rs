//! One TOML file as a tree in which every key and value knows its place.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::load::text::{Text, Vars, fill};
use crate::model::diagnostic::Diagnostic;
use crate::model::few::Few;
use crate::model::tree::Span;

#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    pub file: String,
    pub root: Node,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub value: Value,
    /// `None` for what does not stand in the file.
    pub span: Option<Span>,
    /// Of the key before the value, if there is one.
    pub key: Option<Span>,
    /// The environment variable that gave the value, if one did.
    pub given_by: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(Text),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Datetime(String),
    List(Vec<Node>),
    Table(Few<String, Node>),
}

impl Document {
    pub fn parse(file: &str, text: &str) -> Result<Document, Box<Diagnostic>> {
        let root = DeTable::parse(text).map_err(|error| Box::new(syntax(file, text, &error)))?;
        let span = root.span();
        let root = Node { value: table(text, root.into_inner()), span: Some(span.into()), key: None, given_by: None };
        Ok(Document { file: file.to_owned(), root })
    }

    /// The node at `path`: keys, and the index of a list's item as a number.
    pub fn node(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(&self.root, |node, key| match &node.value {
            Value::Table(entries) => entries.get(*key),
            Value::List(items) => items.get(key.parse::<usize>().ok()?),
            Value::Text(_) | Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => None,
        })
    }

    pub fn text(&self, path: &[&str]) -> Option<&Text> {
        self.node(path)?.text()
    }

    /// Fills variables into every string.
    pub fn fill(&mut self, vars: &Vars) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        fill_node(&self.file, &mut self.root, vars, &mut found);
        found
    }

    /// Puts a value that an environment variable gives, over what the file says.
    pub fn set(&mut self, path: &[String], value: Value, given_by: &str) {
        let empty = || Node { value: Value::Table(Few::new()), span: None, key: None, given_by: None };
        let mut node = &mut self.root;
        for key in path {
            if !matches!(node.value, Value::Table(_)) {
                *node = empty();
            }
            let Value::Table(entries) = &mut node.value else { return };
            if !entries.contains_key(key) {
                entries.insert(key.clone(), empty());
            }
            let Some(entry) = entries.get_mut(key) else { return };
            node = entry;
        }
        *node = Node { value, span: None, key: None, given_by: Some(given_by.to_owned()) };
    }

    /// An error at the value of `path`, or at the nearest key above it that the file has.
    pub fn error(&self, code: &str, path: &[&str], message: impl Into<String>) -> Diagnostic {
        match self.node(path) {
            Some(node) => self.error_at(code, node, node.span.or(node.key), message),
            None => self.error_at_key(code, &path[..path.len().saturating_sub(1)], message),
        }
    }

    /// The same, at the key.
    pub fn error_at_key(&self, code: &str, path: &[&str], message: impl Into<String>) -> Diagnostic {
        let nearest = (1..=path.len()).rev().find_map(|length| self.node(&path[..length]));
        match nearest {
            Some(node) => self.error_at(code, node, node.key.or(node.span), message),
            None => Diagnostic::error(code, &self.file, None, message),
        }
    }

    /// An error at a part of the string at `path`.
    pub fn error_within(&self, code: &str, path: &[&str], part: Span, message: impl Into<String>) -> Diagnostic {
        let span = self.text(path).filter(|_| self.node(path).is_some_and(|node| node.span.is_some()));
        match span.map(|text| text.span(part)) {
            Some(span) => Diagnostic::error(code, &self.file, Some(span), message),
            None => self.error(code, path, message),
        }
    }

    pub fn error_at(&self, code: &str, node: &Node, span: Option<Span>, message: impl Into<String>) -> Diagnostic {
        match &node.given_by {
            Some(variable) => Diagnostic::error(code, &format!("environment variable {variable}"), None, message),
            None => Diagnostic::error(code, &self.file, span, message),
        }
    }

    /// The document as the value that serde reads. Dates are refused before.
    pub fn json(&self) -> serde_json::Value {
        self.root.json()
    }
}

impl Node {
    pub fn table(&self) -> Option<&Few<String, Node>> {
        match &self.value {
            Value::Table(entries) => Some(entries),
            Value::Text(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::List(_) => None,
        }
    }

    pub fn text(&self) -> Option<&Text> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::Table(_)
            | Value::Integer(_)
            | Value::Float(_)
            | Value::Boolean(_)
            | Value::Datetime(_)
            | Value::List(_) => None,
        }
    }

    fn json(&self) -> serde_json::Value {
        match &self.value {
            Value::Text(text) => text.text.clone().into(),
            Value::Integer(number) => (*number).into(),
            Value::Float(number) => (*number).into(),
            Value::Boolean(truth) => (*truth).into(),
            Value::Datetime(text) => text.clone().into(),
            Value::List(items) => items.iter().map(Node::json).collect(),
            Value::Table(entries) => entries.iter().map(|(key, node)| (key.clone(), node.json())).collect(),
        }
    }
}

fn syntax(file: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().map(|span| Span::new(span.start.min(text.len()), span.end.min(text.len())));
    Diagnostic::error("toml", file, span, error.message().trim_end())
}

fn table(text: &str, entries: DeTable<'_>) -> Value {
    let entries = entries.into_iter().map(|(key, value)| {
        let place = Some(Span::from(key.span()));
        (key.into_inner().into_owned(), node(text, value, place))
    });
    Value::Table(entries.collect())
}

fn node(text: &str, spanned: Spanned<DeValue<'_>>, key: Option<Span>) -> Node {
    let range = spanned.span();
    let value = match spanned.into_inner() {
        DeValue::String(decoded) => Value::Text(Text::literal(&text[range.clone()], range.start, &decoded)),
        // An integer beyond 64 bits becomes a float, which no key takes.
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Value::Integer(number),
            Err(_) => Value::Float(f64::INFINITY),
        },
        DeValue::Float(number) => Value::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Value::Boolean(truth),
        DeValue::Datetime(moment) => Value::Datetime(moment.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(|item| node(text, item, None)).collect()),
        DeValue::Table(entries) => table(text, entries),
    };
    Node { value, span: Some(range.into()), key, given_by: None }
}

fn fill_node(file: &str, node: &mut Node, vars: &Vars, found: &mut Vec<Diagnostic>) {
    match &mut node.value {
        Value::Text(text) if text.is_filled() => {}
        Value::Text(text) => {
            let (filled, faults) = fill(text, vars);
            *text = filled;
            found.extend(faults.into_iter().map(|fault| fault.diagnostic(file)));
        }
        Value::List(items) => items.iter_mut().for_each(|item| fill_node(file, item, vars, found)),
        Value::Table(entries) => entries.values_mut().for_each(|entry| fill_node(file, entry, vars, found)),
        Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) => {}
    }
}

#[cfg(test)]
mod tests;
