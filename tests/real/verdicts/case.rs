//! A case: definitions, what is changed in them, and the verdict that this must have.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use weir::model::definition::Delivery;
use weir::model::plan::Verdict;

/// One file of `tests/verdicts`. `{name}` in a definition or an edit is a topic: that of an input of this name, else
/// a name of the case's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The file's stem.
    #[serde(skip)]
    pub name: String,
    /// What is changed, in words.
    pub change: String,
    pub verdict: Verdict,
    /// Why the verdict is what it is, where that is not plain; of a refused change, how it would have gone wrong.
    pub because: Option<String>,
    /// Files of `tests/verdicts/sources`: sources whose topics get numbered rows.
    #[serde(default = "orders")]
    pub sources: Vec<String>,
    /// More topics of numbered rows, which no source reads at first.
    #[serde(default)]
    pub inputs: Vec<String>,
    /// Sources over the topic of another input. Each reads at its own pace.
    #[serde(default)]
    pub alias: BTreeMap<String, String>,
    /// What else `weir.toml` says.
    #[serde(default)]
    pub weir: String,
    /// Definitions by their place below `streams/`, without `.toml`.
    pub files: BTreeMap<String, String>,
    /// Each is followed by an apply. The last one is the change.
    pub step: Vec<Step>,
    /// What makes a refused change undone, where the stream cannot go on before.
    pub back: Option<Step>,
    #[serde(default)]
    pub judge: Judge,
    /// For which sinks; all by default.
    #[serde(default = "both")]
    pub delivery: Vec<Delivery>,
    /// What comes of a refused change that is done all the same.
    pub forced: Option<Forced>,
    /// The verdict is not shown, because.
    pub not_shown: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Forced {
    Everywhere(Outcome),
    /// By the line of versions.
    By(BTreeMap<String, Outcome>),
}

impl Forced {
    pub fn on(&self, version: &str) -> Option<Outcome> {
        match self {
            Forced::Everywhere(outcome) => Some(*outcome),
            Forced::By(versions) => versions.get(version).copied(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The engine cannot take up the state.
    Fails,
    /// It does so, and the rows are wrong.
    Wrong,
    /// The refusal is too careful.
    Right,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    #[serde(default)]
    pub edit: Vec<Edit>,
    /// New files, and old ones with a new text.
    #[serde(default)]
    pub write: BTreeMap<String, String>,
    #[serde(default)]
    pub remove: Vec<String>,
    /// What the ledger is made to say, as if it had been so.
    pub ledger: Option<String>,
    /// From one place to another.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// By default the stream that is judged.
    pub file: Option<String>,
    pub from: String,
    pub to: String,
}

/// How the output is judged.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Judge {
    /// The stream, `out` by default, and after the change if its name changes.
    pub stream: Option<String>,
    pub renamed: Option<String>,
    /// A query that gives the same rows as the old one and that a reference can be made of.
    pub old: Option<String>,
    pub new: Option<String>,
    /// Where the rows lie that are judged, `out` by default.
    pub topics: Vec<String>,
    /// The last windows may not have closed.
    pub open: bool,
}

impl Default for Judge {
    fn default() -> Judge {
        let topics = vec!["out".to_owned()];
        Judge { stream: None, renamed: None, old: None, new: None, topics, open: false }
    }
}

fn orders() -> Vec<String> {
    vec!["orders".to_owned()]
}

fn both() -> Vec<Delivery> {
    vec![Delivery::AtLeastOnce, Delivery::ExactlyOnce]
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/verdicts")
}

impl Case {
    pub fn stream(&self) -> &str {
        self.judge.stream.as_deref().unwrap_or("out")
    }

    /// After the change.
    pub fn stream_after(&self) -> &str {
        self.judge.renamed.as_deref().unwrap_or(self.stream())
    }
}

/// In the order of their names.
pub fn all() -> Vec<Case> {
    let files = std::fs::read_dir(folder()).expect("the folder is there");
    let mut paths: Vec<PathBuf> = files.map(|file| file.expect("a file can be listed").path()).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    paths.iter().map(|path| read(path)).collect()
}

fn read(path: &Path) -> Case {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let mut case: Case = toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(!case.step.is_empty(), "{}: nothing changes", path.display());
    case.name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
    case
}

/// At least the changes that the verdict table is about, and each verdict.
#[test]
fn every_verdict_has_cases() {
    let cases = all();
    assert!(cases.len() >= 60, "{} cases", cases.len());
    for verdict in [
        Verdict::Unchanged,
        Verdict::KeepsState,
        Verdict::CarriesOffsets,
        Verdict::DropsState,
        Verdict::Replays,
        Verdict::Refused,
    ] {
        assert!(cases.iter().any(|case| case.verdict == verdict && case.not_shown.is_none()), "{verdict:?}");
    }
}

#[test]
fn a_refusal_says_what_would_go_wrong() {
    for case in all().iter().filter(|case| case.verdict == Verdict::Refused) {
        assert!(case.because.is_some(), "{}", case.name);
    }
}
