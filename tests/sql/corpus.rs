//! The files of the corpus.

use std::fmt::Write;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Accepted,
    Refused,
}

pub struct Case {
    pub verdict: Verdict,
    /// `script`, `stream` or `ad hoc`.
    pub purpose: String,
    pub text: String,
    pub expected: String,
}

pub struct File {
    pub path: PathBuf,
    pub feature: String,
    pub cases: Vec<Case>,
}

pub fn updates() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some()
}

fn folder(dialect: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sql").join(dialect)
}

/// The first word of each line that is no comment.
pub fn features(dialect: &str) -> Vec<String> {
    let text = std::fs::read_to_string(folder(dialect).join("FEATURES")).expect("the list of features can be read");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// Every file, in the order of their names.
pub fn files(dialect: &str) -> Vec<File> {
    let entries = std::fs::read_dir(folder(dialect)).expect("the corpus can be read");
    let paths = entries.map(|entry| entry.expect("the corpus can be read").path());
    let mut paths: Vec<PathBuf> = paths.filter(|path| path.extension().is_some_and(|end| end == "sql")).collect();
    paths.sort();
    paths.into_iter().map(|path| File::read(&path)).collect()
}

/// Every text of the corpus of a dialect.
pub fn texts(dialect: &str) -> Vec<String> {
    files(dialect).into_iter().flat_map(|file| file.cases).map(|case| case.text).collect()
}

impl File {
    /// `=== accepted` or `=== refused`, maybe `as stream` or `as ad hoc`; the text; `---`; what is seen.
    fn read(path: &Path) -> File {
        let text = std::fs::read_to_string(path).expect("a file of the corpus is text");
        let mut cases = Vec::new();
        for block in text.split("=== ").skip(1) {
            let (head, rest) = block.split_once('\n').expect("a text follows");
            let (verdict, purpose) = head.split_once(" as ").unwrap_or((head, "script"));
            let verdict = match verdict {
                "accepted" => Verdict::Accepted,
                "refused" => Verdict::Refused,
                other => panic!("{}: neither accepted nor refused: {other}", path.display()),
            };
            let (text, expected) = rest.split_once("\n---\n").unwrap_or((rest, ""));
            let (text, expected) = (text.trim().to_owned(), expected.trim_end().to_owned());
            cases.push(Case { verdict, purpose: purpose.to_owned(), text, expected });
        }
        let feature = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
        File { path: path.to_owned(), feature, cases }
    }

    pub fn write(&self, seen: &[String]) {
        let mut out = String::new();
        for (case, seen) in self.cases.iter().zip(seen) {
            let verdict = if case.verdict == Verdict::Accepted { "accepted" } else { "refused" };
            let purpose = if case.purpose == "script" { String::new() } else { format!(" as {}", case.purpose) };
            write!(out, "=== {verdict}{purpose}\n{}\n---\n{seen}\n\n", case.text).expect("a string can be written");
        }
        std::fs::write(&self.path, out.trim_end().to_owned() + "\n").expect("the corpus can be written");
    }
}
