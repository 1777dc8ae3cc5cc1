//! Names that cannot hold a bad value: a string is checked once, when it becomes one.

use std::fmt;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

/// What a kind of name is called and which strings it takes.
pub trait Grammar {
    /// The noun for messages, as `stream name`.
    const WHAT: &'static str;
    /// The rule in words, for the help of a diagnostic.
    const RULE: &'static str;
    fn accepts(text: &str) -> bool;
}

/// A string of the grammar `G`. Equality and order are those of the bytes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String", bound = "G: Grammar + Clone")]
pub struct Checked<G>(String, PhantomData<G>);

/// The text and the rule that it breaks.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is no {what}: {rule}")]
pub struct NameError {
    pub text: String,
    pub what: &'static str,
    pub rule: &'static str,
}

impl<G: Grammar> Checked<G> {
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if G::accepts(text) {
            Ok(Self(text.to_owned(), PhantomData))
        } else {
            Err(NameError { text: text.to_owned(), what: G::WHAT, rule: G::RULE })
        }
    }
}

impl<G> Checked<G> {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form by which names are compared without regard to case.
    pub fn folded(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

impl<G: Grammar> TryFrom<String> for Checked<G> {
    type Error = NameError;
    fn try_from(text: String) -> Result<Self, NameError> {
        Self::parse(&text)
    }
}

impl<G> From<Checked<G>> for String {
    fn from(name: Checked<G>) -> String {
        name.0
    }
}

impl<G> fmt::Display for Checked<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<G> fmt::Debug for Checked<G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DefinitionGrammar;
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TopicGrammar;
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EngineGrammar;
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectGrammar;

/// The name of a source or a stream.
pub type Name = Checked<DefinitionGrammar>;
/// The name of a Kafka topic.
pub type TopicName = Checked<TopicGrammar>;
/// The name of an engine in `weir.toml`.
pub type EngineName = Checked<EngineGrammar>;
/// The name of a project. It stands in job names, consumer groups and transaction ids.
pub type ProjectName = Checked<ProjectGrammar>;

impl Grammar for DefinitionGrammar {
    const WHAT: &'static str = "definition name";
    const RULE: &'static str = "a letter, then at most 99 letters, digits or underscores";
    fn accepts(text: &str) -> bool {
        word(text, 100, |c| c == '_') && text.starts_with(|c: char| c.is_ascii_alphabetic())
    }
}

impl Grammar for TopicGrammar {
    const WHAT: &'static str = "topic name";
    // Kafka's own rule: org.apache.kafka.common.internals.Topic
    const RULE: &'static str = "1 to 249 letters, digits, dots, underscores or hyphens, and neither `.` nor `..`";
    fn accepts(text: &str) -> bool {
        word(text, 249, |c| matches!(c, '.' | '_' | '-')) && text != "." && text != ".."
    }
}

impl Grammar for EngineGrammar {
    const WHAT: &'static str = "engine name";
    const RULE: &'static str = "a letter, then at most 62 letters, digits, underscores or hyphens";
    fn accepts(text: &str) -> bool {
        word(text, 63, |c| matches!(c, '_' | '-')) && text.starts_with(|c: char| c.is_ascii_alphabetic())
    }
}

impl Grammar for ProjectGrammar {
    const WHAT: &'static str = "project name";
    const RULE: &'static str = "a letter or digit, then at most 62 letters, digits, underscores or hyphens";
    fn accepts(text: &str) -> bool {
        word(text, 63, |c| matches!(c, '_' | '-')) && text.starts_with(|c: char| c.is_ascii_alphanumeric())
    }
}

fn word(text: &str, longest: usize, also: fn(char) -> bool) -> bool {
    (1..=longest).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || also(c))
}
