//! The nouns of [`crate::sql::facts`].

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use crate::model::tree::Span;

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facts {
    pub kind: Kind,
    /// From the first to the last token, without the `;`.
    pub place: Place,
    /// Of CREATE, ALTER, DROP, SHOW, DESCRIBE: of what, in capitals (`TABLE`, `TEMPORARY VIEW`, `CONNECTOR` …).
    pub object: Option<String>,
    /// What the statement makes, drops, sets, shows or prints.
    pub name: Option<Object>,
    /// What the statement's rows go into.
    pub sink: Option<Object>,
    /// Each mention of a table, in order. Names of common table expressions are none.
    pub sources: Vec<Source>,
    /// In order. UNNEST and table functions are among them, `bound` says so.
    pub joins: Vec<Join>,
    pub windows: Vec<Window>,
    /// The outermost LIMIT or FETCH.
    pub limit: Option<Limit>,
    pub emit: Option<Emit>,
    /// ksqlDB's PARTITION BY, as it is written.
    pub partition_by: Option<String>,
    /// Whether any query of the statement has a WHERE.
    pub filtered: bool,
    /// Whether a query of the statement has an ORDER BY.
    pub ordered: bool,
    /// Why the statement keeps state. Empty: it keeps none, whatever it reads.
    pub stateful: BTreeSet<State>,
    /// Whether the outermost SELECT groups all rows there ever are: it gives rows that take the place of earlier ones.
    pub updates: bool,
    pub hints: Vec<Hint>,
    /// The options of WITH, without quotes.
    pub with: BTreeMap<String, String>,
    /// Where they stand, with their brackets.
    pub with_place: Option<Place>,
    /// Where the statement loads code from: ADD JAR, `USING JAR`.
    pub jars: Vec<String>,
    /// Of a query its output columns, of a CREATE with a list of columns those.
    pub columns: Vec<Field>,
    /// The statements inside EXPLAIN, COMPILE PLAN and a statement set.
    pub parts: Vec<Facts>,
    pub warnings: Vec<Warning>,
    /// Clauses that only the other dialect has.
    pub foreign: Vec<Foreign>,
    /// Whether a parser read the whole statement.
    pub parsed: bool,
    /// The tokens, equal for two texts of one meaning.
    #[serde(serialize_with = "joined")]
    pub normal: Vec<String>,
}

fn joined<S: Serializer>(tokens: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&tokens.join(" "))
}

impl Facts {
    pub(in crate::sql) fn new(kind: Kind, place: Place) -> Facts {
        Facts {
            kind,
            place,
            object: None,
            name: None,
            sink: None,
            sources: Vec::new(),
            joins: Vec::new(),
            windows: Vec::new(),
            limit: None,
            emit: None,
            partition_by: None,
            filtered: false,
            ordered: false,
            stateful: BTreeSet::new(),
            updates: false,
            hints: Vec::new(),
            with: BTreeMap::new(),
            with_place: None,
            jars: Vec::new(),
            columns: Vec::new(),
            parts: Vec::new(),
            warnings: Vec::new(),
            foreign: Vec::new(),
            parsed: true,
            normal: Vec::new(),
        }
    }

    /// What is read of a table (its name as the engine takes it, parts joined by a period), over all its mentions.
    /// `None` where it is no source.
    pub fn reads(&self, name: &str) -> Option<Reads> {
        let mut all = self.sources.iter().filter(|source| source.name == name).map(|source| source.reads.clone());
        let first = all.next()?;
        Some(all.fold(first, Reads::with))
    }

    /// Whether no operator of the text keeps state.
    pub fn is_stateless(&self) -> bool {
        self.stateful.is_empty() && self.parts.iter().all(Facts::is_stateless)
    }
}

/// A part of the text: bytes, and line and column of its start (from 1, UTF-16 units).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    pub start: usize,
    pub end: usize,
    pub line: usize,
    pub column: usize,
}

impl Place {
    pub fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Query,
    /// INSERT of a query.
    Insert,
    /// INSERT of rows that stand in the statement.
    InsertValues,
    /// Several INSERTs that are one job.
    StatementSet,
    Create,
    /// CREATE of something with the query that fills it.
    CreateAs,
    Alter,
    Drop,
    Delete,
    Update,
    Truncate,
    Analyze,
    Set,
    Reset,
    Use,
    Show,
    Describe,
    Explain,
    Print,
    AddJar,
    RemoveJar,
    LoadModule,
    UnloadModule,
    Call,
    CompilePlan,
    ExecutePlan,
    StopJob,
    Terminate,
    Pause,
    Resume,
    Define,
    Undefine,
    Assert,
    RunScript,
    /// Begins with a word that no statement known here begins with.
    Unknown,
}

/// A name, as the engine takes it: without quotes, in ksqlDB in capitals where it has none; parts joined by a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Object {
    pub name: String,
    #[serde(flatten)]
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Source {
    pub name: String,
    pub alias: Option<String>,
    #[serde(flatten)]
    pub place: Place,
    pub reads: Reads,
}

/// Which columns of a source are read: never too few, maybe too many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reads {
    All,
    Columns(BTreeSet<String>),
}

impl Reads {
    pub(in crate::sql) fn with(self, other: Reads) -> Reads {
        match (self, other) {
            (Reads::Columns(mut some), Reads::Columns(more)) => {
                some.extend(more);
                Reads::Columns(some)
            }
            (Reads::All, Reads::All | Reads::Columns(_)) | (Reads::Columns(_), Reads::All) => Reads::All,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Join {
    pub kind: JoinKind,
    pub bound: Bound,
    /// Of what is joined.
    #[serde(flatten)]
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JoinKind {
    Inner,
    Left,
    Right,
    Full,
    Cross,
    Semi,
    Anti,
    /// Known to the token scan only.
    Unknown,
}

/// What ends the time that a join's rows are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Nothing: only the state's time to live.
    None,
    /// A condition on times with an INTERVAL, or WITHIN.
    Interval,
    /// Equal `window_start` and `window_end`.
    Window,
    /// `FOR SYSTEM_TIME AS OF`: one version of the other side.
    Version,
    /// The other side is UNNEST or a function of this row: nothing is kept.
    Row,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// As it is written.
    pub count: String,
    /// Of its first word.
    #[serde(flatten)]
    pub place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Window {
    pub kind: WindowKind,
    /// As it is written: `INTERVAL '1' HOUR`, `1 HOUR`. Of SESSION it is the gap.
    pub size: Option<String>,
    /// The slide of HOP, the step of CUMULATE, ADVANCE BY.
    pub step: Option<String>,
    /// The one table whose rows it takes, where it names one.
    pub of: Option<Object>,
    /// The column of its time, where it names one.
    pub time: Option<String>,
    #[serde(flatten)]
    pub place: Place,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WindowKind {
    Tumble,
    Hop,
    Session,
    Cumulate,
    Over,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Emit {
    Changes,
    Final,
}

/// Why a statement keeps state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Aggregate,
    Window,
    Over,
    Distinct,
    Join,
    IntervalJoin,
    WindowJoin,
    TemporalJoin,
    /// A query inside an expression: a join to the engine.
    Subquery,
    Deduplication,
    TopN,
    Limit,
    Sort,
    UnionDistinct,
    Intersect,
    Except,
    MatchRecognize,
    Recursion,
    /// A function that is given a whole table.
    TableArgument,
    /// A function that is not among the built-in ones: it may be an aggregate.
    UnknownFunction,
    /// ksqlDB's CREATE TABLE AS: rows are kept by key.
    Table,
    /// ksqlDB's PARTITION BY: rows go through a topic of the query's own.
    Repartition,
    NotParsed,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Hint {
    /// With its marks.
    pub text: String,
    #[serde(flatten)]
    pub place: Place,
}

/// A column of the output, or of a list of columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    Named(String),
    /// An expression without a name.
    Unnamed,
    /// `*`: all columns of the inputs.
    Star,
}

/// A clause of the other dialect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Foreign {
    pub what: &'static str,
    #[serde(flatten)]
    pub place: Place,
}

/// Worth a word, no reason to refuse.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    pub code: &'static str,
    pub message: String,
    #[serde(flatten)]
    pub place: Place,
}
