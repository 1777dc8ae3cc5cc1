//! Which source a column may belong to. What is not sure is said of every source that it may be of.

use std::collections::{BTreeMap, BTreeSet};

use sqlparser::ast::{Ident, ObjectName, TableAlias, TableFactor, TableWithJoins};

use crate::sql::body::walk::Walk;
use crate::sql::facts::{Object, Reads, Source};
use crate::sql::grammar;

/// What can be named in a query: a source, or something made from sources.
pub(super) struct Relation {
    /// The alias, or else the name's parts.
    names: Vec<String>,
    /// Which mentions it stands for; a query in brackets or a common table expression for none.
    mentions: Vec<usize>,
    alias: Option<String>,
}

/// Each mention of a source with what is read of it.
pub(super) struct Mentions {
    by_start: BTreeMap<usize, usize>,
    /// `None` until the walk came by.
    reads: Vec<Option<Reads>>,
    aliases: Vec<Option<String>>,
}

impl Mentions {
    pub(super) fn of(sources: &[Source]) -> Mentions {
        Mentions {
            by_start: sources.iter().enumerate().map(|(at, source)| (source.place.start, at)).collect(),
            reads: vec![None; sources.len()],
            aliases: vec![None; sources.len()],
        }
    }

    fn all(&mut self, mention: usize) {
        self.reads[mention] = Some(Reads::All);
    }

    fn column(&mut self, mention: usize, column: &str) {
        match self.reads[mention].get_or_insert_with(|| Reads::Columns(BTreeSet::new())) {
            Reads::All => {}
            Reads::Columns(columns) => {
                columns.insert(column.to_owned());
            }
        }
    }

    fn seen(&mut self, mention: usize, alias: Option<&str>) {
        self.aliases[mention] = alias.map(str::to_owned);
        self.reads[mention].get_or_insert_with(|| Reads::Columns(BTreeSet::new()));
    }

    pub(super) fn note_everywhere(&mut self, columns: &BTreeSet<String>) {
        for mention in 0..self.reads.len() {
            columns.iter().for_each(|column| self.column(mention, column));
        }
    }

    pub(super) fn lose(&mut self) {
        self.reads.iter_mut().for_each(|reads| *reads = Some(Reads::All));
    }

    pub(super) fn finish(&mut self, sources: &mut [Source]) {
        for (source, (reads, alias)) in sources.iter_mut().zip(self.reads.drain(..).zip(self.aliases.drain(..))) {
            source.reads = reads.unwrap_or(Reads::All);
            source.alias = alias;
        }
    }
}

impl Walk<'_> {
    /// What a FROM item with its joins makes nameable.
    pub(super) fn relations(&self, from: &TableWithJoins) -> Vec<Relation> {
        let factors = std::iter::once(&from.relation).chain(from.joins.iter().map(|join| &join.relation));
        factors.flat_map(|factor| self.relation(factor)).collect()
    }

    fn relation(&self, factor: &TableFactor) -> Vec<Relation> {
        match factor {
            TableFactor::Table { name, alias, .. } => vec![self.named(name, alias.as_ref())],
            TableFactor::NestedJoin { table_with_joins, alias } => {
                let inner = self.relations(table_with_joins);
                match alias {
                    None => inner,
                    Some(alias) => {
                        let mentions = inner.into_iter().flat_map(|relation| relation.mentions).collect();
                        vec![Relation { names: vec![alias.name.value.clone()], mentions, alias: None }]
                    }
                }
            }
            TableFactor::Derived { alias, .. }
            | TableFactor::TableFunction { alias, .. }
            | TableFactor::Function { alias, .. }
            | TableFactor::UNNEST { alias, .. }
            | TableFactor::JsonTable { alias, .. }
            | TableFactor::OpenJsonTable { alias, .. }
            | TableFactor::Pivot { alias, .. }
            | TableFactor::Unpivot { alias, .. }
            | TableFactor::MatchRecognize { alias, .. }
            | TableFactor::XmlTable { alias, .. }
            | TableFactor::SemanticView { alias, .. } => {
                let names = alias.iter().map(|alias| alias.name.value.clone()).collect();
                vec![Relation { names, mentions: Vec::new(), alias: None }]
            }
            TableFactor::UnpivotExpr { .. } => Vec::new(),
        }
    }

    fn named(&self, name: &ObjectName, alias: Option<&TableAlias>) -> Relation {
        let parts: Vec<&Ident> = name.0.iter().filter_map(|part| part.as_ident()).collect();
        let start = parts.first().map(|first| grammar::byte(first.span.start));
        let mentions = start.and_then(|start| self.mentions.by_start.get(&start)).copied().into_iter().collect();
        let alias = alias.map(|alias| alias.name.value.clone());
        let names = match &alias {
            Some(alias) => vec![alias.clone()],
            None => parts.iter().map(|part| part.value.clone()).collect(),
        };
        Relation { names, mentions, alias }
    }

    /// Enters each relation of the innermost query as seen.
    pub(super) fn see_scope(&mut self) {
        for relation in self.scopes.last().into_iter().flatten() {
            for mention in &relation.mentions {
                self.mentions.seen(*mention, relation.alias.as_deref());
            }
        }
    }

    /// The source of the innermost query that reads one only.
    pub(super) fn only_source(&self) -> Option<Object> {
        let [relation] = self.scopes.last()?.as_slice() else { return None };
        let [mention] = relation.mentions[..] else { return None };
        let source = &self.facts.sources[mention];
        Some(Object { name: source.name.clone(), place: source.place })
    }

    pub(super) fn all_of_scope(&mut self) {
        for relation in self.scopes.last().into_iter().flatten() {
            relation.mentions.iter().for_each(|mention| self.mentions.all(*mention));
        }
    }

    /// `name.*`
    pub(super) fn all_of(&mut self, name: &ObjectName) {
        let parts: Vec<&str> =
            name.0.iter().filter_map(|part| part.as_ident()).map(|part| part.value.as_str()).collect();
        for scope in self.scopes.iter().rev() {
            let wanted: Vec<usize> = scope
                .iter()
                .filter(|relation| relation.is(&parts))
                .flat_map(|relation| relation.mentions.clone())
                .collect();
            if scope.iter().any(|relation| relation.is(&parts)) {
                wanted.into_iter().for_each(|mention| self.mentions.all(mention));
                return;
            }
        }
        // A column that is a row.
        parts.iter().for_each(|part| self.anywhere(part));
    }

    /// A column without the name of a table: it may be of every table that can be seen.
    pub(super) fn anywhere(&mut self, column: &str) {
        if self.parameters.iter().any(|parameter| parameter == column) {
            return;
        }
        for relation in self.scopes.iter().flatten() {
            relation.mentions.iter().for_each(|mention| self.mentions.column(*mention, column));
        }
    }

    /// `a.b.c`: a table's column (and its fields), or a column with fields.
    pub(super) fn qualified(&mut self, parts: &[Ident]) {
        let parts: Vec<&str> = parts.iter().map(|part| part.value.as_str()).collect();
        for scope in self.scopes.iter().rev() {
            let fits = |relation: &&Relation| (1..parts.len()).any(|length| relation.is(&parts[..length]));
            let fitting: Vec<usize> =
                scope.iter().filter(fits).flat_map(|relation| relation.mentions.clone()).collect();
            if scope.iter().any(|relation| fits(&relation)) {
                // Where the name of the table has several parts, some of these are no columns.
                let columns: &[&str] = if parts.len() == 2 { &parts[1..] } else { &parts };
                let columns = if self.single_name(parts[0]) { &parts[1..2] } else { columns };
                for mention in fitting {
                    columns.iter().for_each(|column| self.mentions.column(mention, column));
                }
                return;
            }
        }
        parts.iter().for_each(|part| self.anywhere(part));
    }

    fn single_name(&self, name: &str) -> bool {
        let found = self.scopes.iter().rev().find_map(|scope| scope.iter().find(|relation| relation.is(&[name])));
        found.is_some_and(|relation| relation.names.len() == 1)
    }
}

impl Relation {
    /// Whether these parts are its name, or the end of it.
    fn is(&self, parts: &[&str]) -> bool {
        !parts.is_empty()
            && parts.len() <= self.names.len()
            && self.names[self.names.len() - parts.len()..].iter().zip(parts).all(|(own, part)| own == part)
    }
}
