//! Streams that take over the row of an old name: which rows go by which name when the plan is done.

use std::collections::BTreeMap;

use crate::model::desired::Desired;
use crate::model::job::Generation;
use crate::model::ledger::{DeploymentStatus, Ledger, Recorded, RowState};
use crate::model::name::Name;

/// What `renamed_from` asks for and the ledger does not say yet. Empty when all of it is done: what a rename leaves
/// under the old name has nothing to take over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Renames {
    /// New names, and the old ones whose rows they take.
    taken: BTreeMap<Name, Name>,
    /// New names that have a past of their own, and the old ones whose rows they cannot take.
    clashes: BTreeMap<Name, Name>,
    /// Old names and new ones, of both.
    given: BTreeMap<Name, Name>,
}

impl Renames {
    pub const NONE: &'static Renames =
        &Renames { taken: BTreeMap::new(), clashes: BTreeMap::new(), given: BTreeMap::new() };

    pub fn of(desired: &Desired, ledger: &Ledger) -> Renames {
        let mut renames = Renames::default();
        for (new, want) in &desired.streams {
            let Some(old) = want.renamed_from.as_ref().filter(|old| !desired.streams.contains_key(old)) else {
                continue;
            };
            let Some(row) = ledger.streams.get(old).filter(|row| has_a_past(row)) else { continue };
            match ledger.streams.get(new).filter(|own| has_a_past(own)) {
                None => _ = renames.taken.insert(new.clone(), old.clone()),
                // It is a stream of its own, and nobody is waiting to be renamed.
                Some(own) if own.state == RowState::Live && row.state != RowState::Live => continue,
                Some(_) => _ = renames.clashes.insert(new.clone(), old.clone()),
            }
            renames.given.insert(old.clone(), new.clone());
        }
        renames
    }

    /// The old name whose row this stream takes.
    pub fn taken_by(&self, new: &Name) -> Option<&Name> {
        self.taken.get(new)
    }

    /// The old name whose row this stream is to take and cannot.
    pub fn clash_of(&self, new: &Name) -> Option<&Name> {
        self.clashes.get(new)
    }

    /// The stream that asks for the row of this name.
    pub fn asked_for_by(&self, old: &Name) -> Option<&Name> {
        self.given.get(old)
    }

    /// What the row of this name is called when the plan is done.
    pub fn now<'a>(&'a self, name: &'a Name) -> &'a Name {
        self.given.get(name).filter(|new| self.taken.contains_key(*new)).unwrap_or(name)
    }

    /// The row that is a stream's when the plan is done.
    pub fn row<'a>(&self, ledger: &'a Ledger, stream: &Name) -> Option<&'a Recorded> {
        ledger.streams.get(self.taken.get(stream).unwrap_or(stream))
    }
}

/// Whether a row holds anything that a stream could go on with.
fn has_a_past(row: &Recorded) -> bool {
    match row.state {
        RowState::Live | RowState::Kept => true,
        RowState::Removed => row.deployment.as_ref().is_some_and(|newest| newest.status != DeploymentStatus::Dropped),
    }
}

/// The generation of a row that takes a name under which generations were given away before: a job's id is made of name
/// and generation, and a helper's of the generation that was the newest.
pub fn generation(row: Generation, there: Option<Generation>) -> Generation {
    there.map_or(row, |there| row.max(there.saturating_add(1)))
}

#[cfg(test)]
mod tests;
