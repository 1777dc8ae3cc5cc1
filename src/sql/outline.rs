//! What a script is made of: what it sets, what it declares, and the INSERTs that are its one job.

use std::collections::BTreeSet;

use crate::sql::facts::{Facts, Kind, Object, Source};

/// The statements of a script by what they are for; of one that a script may not have nothing is here.
#[derive(Debug, Default)]
pub struct Outline<'a> {
    /// `SET 'key' = 'value'`.
    pub settings: Vec<&'a Facts>,
    /// CREATE of tables, views and functions, in order.
    pub declared: Vec<&'a Facts>,
    /// In order, those of a statement set among them.
    pub inserts: Vec<&'a Facts>,
    /// Statements that would start another job, each with why it is one too many.
    pub second_jobs: Vec<(&'a Facts, &'static str)>,
    /// What else does not belong into a script.
    pub out_of_place: Vec<&'a Facts>,
}

/// Sorts the statements of a script.
///
/// The INSERTs beside each other are one job, or one statement set is; whatever else starts a job is one too many.
pub fn of(facts: &[Facts]) -> Outline<'_> {
    let mut outline = Outline::default();
    let mut set = None;
    for statement in facts {
        let object = statement.object.as_deref().unwrap_or_default();
        let last = object.rsplit(' ').next().unwrap_or_default();
        match statement.kind {
            Kind::Set => outline.settings.push(statement),
            Kind::Create if matches!(last, "TABLE" | "FUNCTION") && !object.starts_with("MATERIALIZED") => {
                outline.declared.push(statement);
            }
            Kind::CreateAs if last == "VIEW" => outline.declared.push(statement),
            Kind::Insert | Kind::InsertValues if set.is_none() => outline.inserts.push(statement),
            Kind::StatementSet if set.is_none() && outline.inserts.is_empty() => {
                set = Some(statement);
                outline.inserts.extend(&statement.parts);
            }
            Kind::Insert | Kind::InsertValues | Kind::StatementSet => {
                outline.second_jobs.push((statement, "put all INSERTs into the one statement set"));
            }
            Kind::CreateAs | Kind::Create if matches!(last, "TABLE") => {
                outline.second_jobs.push((statement, "declare the table with CREATE TABLE and fill it with INSERT"));
            }
            Kind::Query => outline.second_jobs.push((statement, "put INSERT INTO and a table before it, or remove it")),
            Kind::CompilePlan | Kind::ExecutePlan | Kind::Call | Kind::Delete | Kind::Update => {
                outline.second_jobs.push((statement, "a script's job is its INSERTs"));
            }
            Kind::Create | Kind::CreateAs | Kind::Alter | Kind::Drop | Kind::Truncate | Kind::Analyze | Kind::Reset => {
                outline.out_of_place.push(statement);
            }
            Kind::Use | Kind::Show | Kind::Describe | Kind::Explain | Kind::Print | Kind::AddJar | Kind::RemoveJar => {
                outline.out_of_place.push(statement);
            }
            Kind::LoadModule | Kind::UnloadModule | Kind::StopJob | Kind::Terminate | Kind::Pause | Kind::Resume => {
                outline.out_of_place.push(statement);
            }
            Kind::Define | Kind::Undefine | Kind::Assert | Kind::RunScript | Kind::Unknown => {
                outline.out_of_place.push(statement);
            }
        }
    }
    outline
}

/// The tokens of a text in their normal form. What a script sets is told by the options of its job, not here.
pub fn meaning(facts: &[Facts]) -> Vec<&str> {
    let mut tokens = Vec::new();
    for (at, statement) in facts.iter().filter(|statement| statement.kind != Kind::Set).enumerate() {
        tokens.extend((at > 0).then_some(";"));
        tokens.extend(statement.normal.iter().map(String::as_str));
    }
    tokens
}

impl<'a> Outline<'a> {
    /// The tables that it declares with options of their own.
    pub fn tables(&self) -> impl Iterator<Item = &'a Facts> {
        self.declared.iter().copied().filter(|statement| statement.kind == Kind::Create && statement.is_table())
    }

    /// What it makes, by name.
    pub fn made(&self) -> BTreeSet<&'a str> {
        self.declared.iter().filter_map(|statement| statement.name.as_ref()).map(|name| name.name.as_str()).collect()
    }

    /// Each mention of a table that it does not make itself, in order.
    pub fn foreign_sources(&self) -> Vec<&'a Source> {
        let made = self.made();
        let statements = self.declared.iter().chain(&self.inserts);
        let all = statements.flat_map(|statement| &statement.sources);
        all.filter(|source| !made.contains(source.name.as_str())).collect()
    }

    /// What the INSERTs write into.
    pub fn sinks(&self) -> impl Iterator<Item = &'a Object> {
        self.inserts.iter().filter_map(|insert| insert.sink.as_ref())
    }

    /// The declared tables that are written.
    pub fn written(&self) -> impl Iterator<Item = &'a Facts> {
        let sinks: BTreeSet<&str> = self.sinks().map(|sink| sink.name.as_str()).collect();
        self.tables().filter(move |table| table.name.as_ref().is_some_and(|name| sinks.contains(name.name.as_str())))
    }
}

impl Facts {
    fn is_table(&self) -> bool {
        self.object.as_deref().is_some_and(|object| object.ends_with("TABLE"))
    }

    pub fn option(&self, key: &str) -> Option<&str> {
        self.with.get(key).map(String::as_str)
    }

    /// Whether its rows are those of Kafka topics.
    pub fn is_over_kafka(&self) -> bool {
        matches!(self.option("connector"), Some("kafka" | "upsert-kafka"))
    }

    /// The brokers that the table names itself, unless all of them are among `ours` (`host:port`, with commas).
    pub fn other_brokers(&self, ours: &str) -> Option<&str> {
        let servers =
            |text: &'_ str| -> Vec<String> { text.split(',').map(|server| server.trim().to_owned()).collect() };
        let ours = servers(ours);
        let own = self.option(BOOTSTRAP)?;
        (!servers(own).iter().all(|server| ours.contains(server))).then_some(own)
    }
}

pub const BOOTSTRAP: &str = "properties.bootstrap.servers";
