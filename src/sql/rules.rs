//! What a statement may be: rules over its facts, never over its text.

use crate::model::diagnostic::Severity;
use crate::model::limits::SqlLimits;
use crate::model::tree::Span;
use crate::sql::dialect::Dialect;
use crate::sql::facts::{Bound, Facts, Kind, Place, WindowKind};

/// What a text is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// One query that a stream runs.
    Stream,
    /// One query that a person looks at.
    AdHoc,
    /// An engine's own statements.
    Script,
}

/// `span` counts bytes of the SQL text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    pub span: Span,
    /// Stable, snake case.
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub help: Option<String>,
}

impl Finding {
    fn error(code: &'static str, place: &Place, message: impl Into<String>) -> Finding {
        Finding { span: place.span(), code, severity: Severity::Error, message: message.into(), help: None }
    }

    fn warning(code: &'static str, place: &Place, message: impl Into<String>) -> Finding {
        Finding { severity: Severity::Warning, ..Finding::error(code, place, message) }
    }

    fn with_help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Every finding about a text and its statements, in order.
pub fn check(text: &str, facts: &[Facts], dialect: Dialect, purpose: Purpose, limits: &SqlLimits) -> Vec<Finding> {
    let mut found = Vec::new();
    found.extend(length(text, limits));
    found.extend(number(text, facts, purpose));
    // What else is wrong with a statement that should not be there helps nobody.
    let counting = match purpose {
        Purpose::Stream | Purpose::AdHoc => 1,
        Purpose::Script => facts.len(),
    };
    for statement in facts.iter().take(counting) {
        found.extend(forbidden(text, statement, dialect, purpose, limits));
        found.extend(limit_in_stream(statement, dialect, purpose));
        for part in with_parts(statement) {
            found.extend(joins(part, limits));
            found.extend(windows(part, limits));
            found.extend(warnings(part, purpose));
        }
    }
    if found.iter().any(|finding| finding.code == "wrong_dialect") {
        // Of course it is not understood.
        found.retain(|finding| finding.code != "not_parsed");
    }
    found.sort();
    found
}

/// The statement, and those inside it.
fn with_parts(facts: &Facts) -> Vec<&Facts> {
    let mut all = vec![facts];
    all.extend(facts.parts.iter().flat_map(with_parts));
    all
}

fn length(text: &str, limits: &SqlLimits) -> Option<Finding> {
    let most = limits.length?;
    let length = text.chars().count();
    let span = Span::new(0, text.len());
    let message = format!("the text has {length} characters, {most} are allowed");
    let place = Place { start: span.start, end: span.end, line: 1, column: 1 };
    (length > most).then(|| Finding::error("sql_too_long", &place, message))
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A stream and a look are one statement.
fn number(text: &str, facts: &[Facts], purpose: Purpose) -> Option<Finding> {
    let help = match purpose {
        Purpose::Stream => "a stream is one query; make a definition of its own for each",
        Purpose::AdHoc => "one query is looked at at a time",
        Purpose::Script => "a script has at least an INSERT",
    };
    match (facts, purpose) {
        ([], _) => {
            let whole = Place { start: 0, end: text.len(), line: 1, column: 1 };
            Some(Finding::error("no_statement", &whole, "there is no statement here").with_help(help))
        }
        ([_, second, ..], Purpose::Stream | Purpose::AdHoc) => {
            Some(Finding::error("several_statements", &second.place, "a second statement begins here").with_help(help))
        }
        (_, Purpose::Stream | Purpose::AdHoc | Purpose::Script) => None,
    }
}

fn joins(facts: &Facts, limits: &SqlLimits) -> Option<Finding> {
    let most = limits.joins?;
    let joins: Vec<&Place> =
        facts.joins.iter().filter(|join| join.bound != Bound::Row).map(|join| &join.place).collect();
    let message = format!("the statement has {}, {most} are allowed", count(joins.len(), "join"));
    joins.get(most).map(|place| {
        let help = "split it into streams that read each other's output";
        Finding::error("too_many_joins", place, message).with_help(help)
    })
}

fn windows(facts: &Facts, limits: &SqlLimits) -> Option<Finding> {
    let most = limits.windows?;
    let windows: Vec<&Place> =
        facts.windows.iter().filter(|window| window.kind != WindowKind::Over).map(|window| &window.place).collect();
    let message = format!("the statement has {}, {most} are allowed", count(windows.len(), "window"));
    windows.get(most).map(|place| {
        let help = "split it into streams that read each other's output";
        Finding::error("too_many_windows", place, message).with_help(help)
    })
}

/// Why a statement may not stand here at all; of a stream and a look one reason is enough.
fn forbidden(text: &str, facts: &Facts, dialect: Dialect, purpose: Purpose, limits: &SqlLimits) -> Vec<Finding> {
    let blocked = with_parts(facts).into_iter().filter_map(|part| blocked(part, limits));
    let mut found: Vec<Finding> = blocked.chain(wrong_dialect(facts, dialect)).collect();
    match purpose {
        Purpose::Script => {}
        Purpose::Stream | Purpose::AdHoc => {
            found.extend(wrong_kind(text, facts, purpose));
            found.truncate(1);
        }
    }
    found
}

fn wrong_kind(text: &str, facts: &Facts, purpose: Purpose) -> Option<Finding> {
    if facts.kind == Kind::Query {
        return None;
    }
    let (message, help) = match purpose {
        Purpose::Script => return None,
        Purpose::Stream => ("a stream is one query", "write only SELECT …: weir makes the tables and the INSERT"),
        Purpose::AdHoc => ("only a query can be looked at", "write only SELECT …"),
    };
    let word = first_word(text, &facts.place);
    let message = format!("{message}, and no query begins with `{}`", &text[word.start..word.end]);
    Some(Finding { span: word, ..Finding::error("not_a_query", &facts.place, message) }.with_help(help))
}

/// The first word of a statement, or its first character.
fn first_word(text: &str, place: &Place) -> Span {
    let rest = &text[place.start..place.end];
    let word = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let first = rest.chars().next().map_or(0, char::len_utf8);
    Span::new(place.start, place.start + word.max(first))
}

fn blocked(facts: &Facts, limits: &SqlLimits) -> Option<Finding> {
    let object = facts.object.as_deref().unwrap_or_default();
    let what = match facts.kind {
        Kind::Create | Kind::Drop | Kind::Alter if object.ends_with("CONNECTOR") => {
            "connectors are made outside of weir"
        }
        Kind::Alter if object == "SYSTEM" => "a script may not change the server",
        Kind::Create | Kind::CreateAs | Kind::Alter if !facts.jars.is_empty() => "a script may not load code",
        Kind::AddJar | Kind::RemoveJar => "a script may not load code",
        Kind::RunScript => "a script may not run another",
        Kind::Print => "topics are looked at by `weir tail`",
        Kind::Set | Kind::Reset => return set(facts, limits),
        Kind::Create | Kind::CreateAs | Kind::Alter | Kind::Drop | Kind::Query | Kind::Insert => return None,
        Kind::InsertValues | Kind::StatementSet | Kind::Delete | Kind::Update | Kind::Truncate => return None,
        Kind::Analyze | Kind::Use | Kind::Show | Kind::Describe | Kind::Explain | Kind::LoadModule => return None,
        Kind::UnloadModule | Kind::Call | Kind::CompilePlan | Kind::ExecutePlan | Kind::StopJob => return None,
        Kind::Terminate | Kind::Pause | Kind::Resume | Kind::Define | Kind::Undefine => return None,
        Kind::Assert | Kind::Unknown => return None,
    };
    let message = format!("this statement is not allowed: {what}");
    Some(Finding::error("blocked_operation", &facts.place, message))
}

fn set(facts: &Facts, limits: &SqlLimits) -> Option<Finding> {
    let key = facts.name.as_ref()?;
    if limits.may_set(&key.name) {
        return None;
    }
    let finding = Finding::error("blocked_operation", &key.place, format!("`{}` may not be set", key.name));
    Some(finding.with_help("options of a job stand in `[options]` of its definition"))
}

fn wrong_dialect(facts: &Facts, dialect: Dialect) -> Option<Finding> {
    let other = match dialect {
        Dialect::Flink => Dialect::Ksqldb,
        Dialect::Ksqldb => Dialect::Flink,
    };
    let message = |what: &str| format!("{what} is SQL of {}, this is for {}", other.title(), dialect.title());
    let clause = facts.foreign.first().map(|clause| (&clause.place, clause.what));
    let (place, what) = clause.or_else(|| head_of(facts, other).map(|what| (&facts.place, what)))?;
    let help = format!("write it as {} does", dialect.title());
    Some(Finding::error("wrong_dialect", place, message(what)).with_help(help))
}

/// What the statement begins with, if only this dialect has such statements.
fn head_of(facts: &Facts, dialect: Dialect) -> Option<&'static str> {
    let object = facts.object.as_deref().unwrap_or_default();
    let ends = |words: &[&str]| words.iter().any(|word| object.ends_with(word));
    let (owner, what) = match facts.kind {
        Kind::Create | Kind::CreateAs | Kind::Drop | Kind::Alter if ends(&["STREAM", "CONNECTOR", "TYPE"]) => {
            (Dialect::Ksqldb, "a statement about a stream, a type or a connector")
        }
        Kind::Create | Kind::CreateAs | Kind::Drop | Kind::Alter
            if ends(&["VIEW", "CATALOG", "DATABASE", "FUNCTION", "MODEL", "MATERIALIZED TABLE"]) =>
        {
            (Dialect::Flink, "a statement about a view, a catalog, a database, a function or a model")
        }
        Kind::Print | Kind::Terminate | Kind::Pause | Kind::Resume => (Dialect::Ksqldb, "this statement"),
        Kind::Define | Kind::Undefine | Kind::Assert | Kind::RunScript => (Dialect::Ksqldb, "this statement"),
        Kind::StatementSet | Kind::CompilePlan | Kind::ExecutePlan | Kind::StopJob => {
            (Dialect::Flink, "this statement")
        }
        Kind::Use | Kind::LoadModule | Kind::UnloadModule | Kind::Call | Kind::AddJar => {
            (Dialect::Flink, "this statement")
        }
        Kind::RemoveJar | Kind::Analyze | Kind::Truncate | Kind::Delete => (Dialect::Flink, "this statement"),
        Kind::Update => (Dialect::Flink, "this statement"),
        Kind::Create | Kind::CreateAs | Kind::Drop | Kind::Alter | Kind::Query | Kind::Insert => return None,
        Kind::InsertValues | Kind::Set | Kind::Reset | Kind::Show | Kind::Describe => return None,
        Kind::Explain | Kind::Unknown => return None,
    };
    (owner == dialect).then_some(what)
}

fn limit_in_stream(facts: &Facts, dialect: Dialect, purpose: Purpose) -> Option<Finding> {
    let persistent = match purpose {
        Purpose::Stream => facts.kind == Kind::Query,
        Purpose::Script => matches!(facts.kind, Kind::CreateAs | Kind::Insert),
        Purpose::AdHoc => false,
    };
    if dialect != Dialect::Ksqldb || !persistent {
        return None;
    }
    let limit = facts.limit.as_ref()?;
    let finding =
        Finding::error("limit_in_stream", &limit.place, "a query that goes on for ever has no LIMIT in ksqlDB");
    Some(finding.with_help("remove LIMIT, or look at the rows with `weir query`"))
}

fn warnings(facts: &Facts, purpose: Purpose) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for warning in &facts.warnings {
        found.push(Finding::warning(warning.code, &warning.place, warning.message.clone()));
    }
    let joins: Vec<&Place> =
        facts.joins.iter().filter(|join| join.bound != Bound::Row).map(|join| &join.place).collect();
    match purpose {
        Purpose::AdHoc => {
            if facts.kind == Kind::Query && !facts.filtered && facts.limit.is_none() {
                let help = "add WHERE, or LIMIT for a sample";
                let text = "the query has neither WHERE nor LIMIT: it shows every row";
                found.push(Finding::warning("unlimited_query", &facts.place, text).with_help(help));
            }
            if let Some(place) = joins.first() {
                found.push(Finding::warning("join_in_query", place, "a join keeps rows of both sides in memory"));
            }
            if let Some(window) = facts.windows.iter().find(|window| window.kind != WindowKind::Over) {
                let text = "a window shows nothing before it ends";
                found.push(Finding::warning("window_in_query", &window.place, text));
            }
        }
        Purpose::Stream | Purpose::Script => {
            if let Some(place) = joins.get(1) {
                let text = format!("{} joins in one stream: each keeps rows of both sides", joins.len());
                found.push(Finding::warning("several_joins", place, text));
            }
        }
    }
    found
}
