//! The sources of a query by one walk over its tokens, without a parser: FROM, JOIN, comma lists, `TABLE t`.

use crate::model::tree::Span;
use crate::sql::dialect::Dialect;
use crate::sql::error::SqlError;
use crate::sql::lex::Bracket;
use crate::sql::lex::Kind;
use crate::sql::lex::Lexeme;
use crate::sql::reserved;

/// Where a source is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sql) struct Mention {
    /// Without quotes; more than one for `catalog.database.table`.
    pub parts: Vec<String>,
    /// Bytes of the SQL text, with the quotes.
    pub span: Span,
}

/// What is between one pair of brackets, or the whole query.
struct Frame {
    mode: Mode,
    /// A SELECT whose FROM has not come yet.
    awaits_from: bool,
    /// Names of common table expressions that can be seen from here on.
    ctes: Vec<String>,
    /// The common table expression that is this frame.
    body_of: Option<String>,
}

#[derive(Clone, PartialEq)]
enum Mode {
    /// Nothing read yet.
    Begin,
    Other,
    /// Behind FROM, JOIN or a comma between tables: a table comes.
    Table,
    /// Behind a table, in the same FROM.
    Joined,
    /// Behind WITH, or a comma between common table expressions: a name comes.
    CteName,
    CteBody(String),
    /// Behind the body of one.
    CteDone,
}

struct Scan<'a> {
    dialect: Dialect,
    lexemes: &'a [Lexeme],
    at: usize,
    frames: Vec<Frame>,
    found: Vec<Mention>,
}

/// The clauses behind FROM, and what joins two queries.
const ENDS_FROM: &[&str] = &[
    "WHERE",
    "GROUP",
    "HAVING",
    "WINDOW",
    "QUALIFY",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "MINUS",
];

/// The same, in ksqlDB only: to Flink a name.
const ENDS_FROM_IN_KSQLDB: &[&str] = &["PARTITION", "EMIT", "WITHIN", "ON"];

/// Each mention of a source, in order. The brackets of `lexemes` must be balanced.
pub(in crate::sql) fn sources(dialect: Dialect, lexemes: &[Lexeme]) -> Result<Vec<Mention>, SqlError> {
    let mut scan = Scan { dialect, lexemes, at: 0, frames: vec![Frame::new(Mode::Begin, None)], found: Vec::new() };
    while let Some(lexeme) = scan.lexemes.get(scan.at) {
        scan.step(lexeme)?;
    }
    scan.no_table_missing(lexemes.last().map_or(Span::new(0, 0), |last| last.span))?;
    Ok(scan.found)
}

impl Frame {
    fn new(mode: Mode, body_of: Option<String>) -> Frame {
        Frame { mode, awaits_from: false, ctes: Vec::new(), body_of }
    }
}

impl<'a> Scan<'a> {
    /// Takes at least one token.
    fn step(&mut self, lexeme: &'a Lexeme) -> Result<(), SqlError> {
        match &lexeme.kind {
            Kind::HintBegin => self.skip_hint(),
            Kind::Open(bracket) => self.open(*bracket),
            Kind::Close(_) => self.close(lexeme)?,
            Kind::Comma => self.comma(lexeme)?,
            Kind::Word(word) => self.word(lexeme, word)?,
            Kind::Quoted(name) => self.name(lexeme, name),
            Kind::Literal | Kind::Period | Kind::Semicolon | Kind::HintEnd | Kind::Other => {
                self.no_table_missing(lexeme.span)?;
                self.stay();
            }
        }
        Ok(())
    }

    fn word(&mut self, lexeme: &'a Lexeme, word: &str) -> Result<(), SqlError> {
        let keyword = |wanted: &str| word.eq_ignore_ascii_case(wanted);
        let begins = matches!(self.frame().mode, Mode::Begin | Mode::Table);
        if keyword("SELECT") {
            self.frame().awaits_from = true;
            self.pass(Mode::Other);
        } else if keyword("WITH") && begins {
            self.pass(Mode::CteName);
        } else if keyword("FROM") && self.frame().awaits_from && !self.after("DISTINCT") {
            self.frame().awaits_from = false;
            self.pass(Mode::Table);
        } else if keyword("TABLE") {
            self.table()?;
        } else {
            self.clause(lexeme, word)?;
        }
        Ok(())
    }

    fn clause(&mut self, lexeme: &'a Lexeme, word: &str) -> Result<(), SqlError> {
        let keyword = |wanted: &str| word.eq_ignore_ascii_case(wanted);
        match self.frame().mode.clone() {
            Mode::CteName if keyword("RECURSIVE") => self.at += 1,
            Mode::Joined if keyword("JOIN") => self.pass(Mode::Table),
            Mode::Joined if self.ends_from(word) => self.pass(Mode::Other),
            Mode::Table if keyword("LATERAL") => self.at += 1,
            Mode::Table if keyword("UNNEST") => self.pass(Mode::Joined),
            Mode::Table if keyword("VALUES") => self.pass(Mode::Other),
            Mode::Table if reserved::in_dialect(self.dialect, word) && !self.opens(self.at + 1) => {
                let error = SqlError::new(lexeme.span, format!("a source's name is missing before `{word}`"));
                return Err(error.with_help("if it is the name: a reserved word stands in backticks"));
            }
            Mode::Begin | Mode::Other | Mode::Joined | Mode::Table => self.name(lexeme, word),
            Mode::CteName | Mode::CteBody(_) | Mode::CteDone => self.name(lexeme, word),
        }
        Ok(())
    }

    /// A name or any word: a source where a table comes, the name of a common table expression where one comes.
    fn name(&mut self, lexeme: &'a Lexeme, name: &str) {
        match self.frame().mode {
            Mode::Begin | Mode::Other | Mode::Joined | Mode::CteBody(_) | Mode::CteDone => self.stay(),
            Mode::CteName => {
                // A recursive one sees itself.
                if self.after("RECURSIVE") {
                    self.frame().ctes.push(name.to_owned());
                }
                self.pass(Mode::CteBody(name.to_owned()));
            }
            Mode::Table => {
                let parts = self.parts();
                if !self.opens(self.at + parts) {
                    self.source(lexeme, name, parts);
                }
                self.at += parts;
                self.frame().mode = Mode::Joined;
            }
        }
    }

    /// `TABLE t`, of a table function or in place of a query; `TABLE (f(…))` is a function call.
    fn table(&mut self) -> Result<(), SqlError> {
        let from = self.frame().mode == Mode::Table;
        self.stay();
        let lexemes = self.lexemes;
        if let Some(next) = lexemes.get(self.at)
            && let Kind::Word(name) | Kind::Quoted(name) = &next.kind
            && !(matches!(next.kind, Kind::Word(_)) && reserved::in_dialect(self.dialect, name))
        {
            let parts = self.parts();
            self.source(next, name, parts);
            self.at += parts;
        } else if self.dialect == Dialect::Flink && !self.opens(self.at) {
            // To Flink the word is never a name.
            let here = lexemes.get(self.at).or(lexemes.last()).map_or(Span::new(0, 0), |lexeme| lexeme.span);
            return Err(missing(here));
        }
        if from {
            self.frame().mode = Mode::Joined;
        }
        Ok(())
    }

    fn source(&mut self, lexeme: &Lexeme, name: &str, parts: usize) {
        let last = &self.lexemes[self.at + parts - 1];
        let mention = Mention {
            parts: self.lexemes[self.at..self.at + parts].iter().filter_map(Lexeme::name).collect(),
            span: Span::new(lexeme.span.start, last.span.end),
        };
        if parts > 1 || !self.frames.iter().any(|frame| frame.ctes.iter().any(|cte| cte == name)) {
            self.found.push(mention);
        }
    }

    fn ends_from(&self, word: &str) -> bool {
        let more: &[&str] = match self.dialect {
            Dialect::Flink => &[],
            Dialect::Ksqldb => ENDS_FROM_IN_KSQLDB,
        };
        ENDS_FROM.iter().chain(more).any(|end| word.eq_ignore_ascii_case(end))
    }

    fn open(&mut self, bracket: Bracket) {
        let mut mode = Mode::Begin;
        let mut body_of = None;
        match self.frame().mode.clone() {
            Mode::Table => mode = Mode::Table,
            // Without AS before it, the bracket behind the name lists its columns.
            Mode::CteBody(name) if bracket == Bracket::Round && self.after("AS") => body_of = Some(name),
            Mode::Begin | Mode::Other | Mode::Joined | Mode::CteName | Mode::CteBody(_) | Mode::CteDone => {}
        }
        self.stay();
        if mode == Mode::Table {
            self.frame().mode = Mode::Joined;
        }
        self.frames.push(Frame::new(mode, body_of));
    }

    fn close(&mut self, lexeme: &Lexeme) -> Result<(), SqlError> {
        self.no_table_missing(lexeme.span)?;
        self.at += 1;
        // The outermost frame is not that of a bracket.
        if self.frames.len() > 1
            && let Some(Frame { body_of: Some(name), .. }) = self.frames.pop()
        {
            self.frame().ctes.push(name);
            self.frame().mode = Mode::CteDone;
        }
        Ok(())
    }

    fn comma(&mut self, lexeme: &Lexeme) -> Result<(), SqlError> {
        self.no_table_missing(lexeme.span)?;
        match self.frame().mode {
            Mode::Joined => self.pass(Mode::Table),
            Mode::CteDone => self.pass(Mode::CteName),
            Mode::Begin | Mode::Other | Mode::Table | Mode::CteName | Mode::CteBody(_) => self.stay(),
        }
        Ok(())
    }

    /// What stands in a hint is no part of the query's clauses.
    fn skip_hint(&mut self) {
        let rest = &self.lexemes[self.at..];
        self.at += rest.iter().position(|lexeme| lexeme.kind == Kind::HintEnd).map_or(rest.len(), |end| end + 1);
    }

    fn no_table_missing(&mut self, span: Span) -> Result<(), SqlError> {
        if self.frame().mode == Mode::Table {
            return Err(missing(span));
        }
        Ok(())
    }

    fn frame(&mut self) -> &mut Frame {
        self.frames.last_mut().expect("the outermost frame is never taken away")
    }

    fn pass(&mut self, mode: Mode) {
        self.frame().mode = mode;
        self.at += 1;
    }

    /// Takes a token that says nothing of tables.
    fn stay(&mut self) {
        let frame = self.frame();
        if matches!(frame.mode, Mode::Begin | Mode::CteName) {
            frame.mode = Mode::Other;
        }
        self.at += 1;
    }

    /// Whether the token before is this keyword.
    fn after(&self, keyword: &str) -> bool {
        self.at.checked_sub(1).and_then(|before| self.lexemes.get(before)).is_some_and(|lexeme| lexeme.is(keyword))
    }

    fn opens(&self, at: usize) -> bool {
        self.lexemes.get(at).is_some_and(|lexeme| lexeme.kind == Kind::Open(Bracket::Round))
    }

    /// How many tokens the name has that begins here: `a`, or `a . b . c`.
    fn parts(&self) -> usize {
        let mut parts = 1;
        while let [dot, part, ..] = &self.lexemes[self.at + parts..]
            && dot.kind == Kind::Period
            && matches!(part.kind, Kind::Word(_) | Kind::Quoted(_))
        {
            parts += 2;
        }
        parts
    }
}

fn missing(span: Span) -> SqlError {
    let error = SqlError::new(span, "a source's name is missing here");
    error.with_help("a name that is no plain word stands in backticks")
}
