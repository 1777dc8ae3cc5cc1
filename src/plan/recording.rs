//! What of a definition the ledger does not say yet.

use crate::model::definition::Policy;
use crate::model::definition::Stream;
use crate::model::desired::DesiredStream;
use crate::model::ledger::Deployment;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::step::Step;

use super::decision::Obstacle;
use super::join::Subject;
use super::rules;
use super::steps;
use super::topic;
use super::world::World;

/// What differs between row and file, in words; `None`: nothing.
pub fn changes(row: &Recorded, want: &DesiredStream) -> Option<String> {
    let mut words = Vec::new();
    let renamed = row.stream.name != want.stream.name;
    match row.state {
        RowState::Live => {}
        RowState::Kept | RowState::Removed if renamed => {}
        RowState::Kept | RowState::Removed => words.push("its file is back".to_owned()),
    }
    if row.path != want.path {
        words.push(format!("its file moved from {} to {}", row.path, want.path));
    }
    if row.stream != want.stream {
        words.push(rules::words(&row.stream, &want.stream));
    }
    words.extend(policy(&row.policy, &want.policy));
    if row.stream.run != want.stream.run {
        words.push("`run` changed".to_owned());
    }
    words.retain(|words| !words.is_empty());
    if words.is_empty() && row.stream == want.stream && row.revision == want.revision {
        return None;
    }
    if words.is_empty() {
        let unseen = if renamed { "all that it has goes with it" } else { "it is recorded in another form" };
        words.push(unseen.to_owned());
    }
    Some(words.join("; "))
}

/// Which keys beside the job differ.
fn policy(old: &Policy, new: &Policy) -> Option<String> {
    let keys = [
        ("on_remove", old.on_remove != new.on_remove),
        ("protect", old.protect != new.protect),
        ("allow", old.allow != new.allow),
        ("owner", old.owner != new.owner),
        ("description", old.description != new.description),
        ("keep_savepoints", old.keep_savepoints != new.keep_savepoints),
    ];
    let keys: Vec<String> = keys.iter().filter(|(_, differs)| *differs).map(|(key, _)| format!("`{key}`")).collect();
    (!keys.is_empty()).then(|| format!("policy changed: {}", keys.join(", ")))
}

/// Brings row and topic to what the file says; nothing of it touches a job. The topic goes first: were it recorded
/// first and then not altered, no later plan would see that it still has to be.
pub fn steps(
    world: &World<'_>,
    subject: &Subject<'_>,
    row: &Recorded,
    want: &DesiredStream,
) -> Result<Vec<Step>, Obstacle> {
    let mut list = Vec::new();
    if changes(row, want).is_some() {
        list.extend(topic::alter(world, subject, row, want)?);
        list.extend(topic::grow(world, subject, row, want)?);
        list.push(steps::record(world, subject, want));
    }
    Ok(list)
}

/// What a new definition is judged against: the job as deployed, and what is no part of the job as recorded.
pub fn baseline(row: &Recorded, deployment: &Deployment) -> Stream {
    let mut old = Stream { name: row.stream.name.clone(), ..deployment.stream.clone() };
    if rules::same_query(&old, &row.stream) {
        old.sql.clone_from(&row.stream.sql);
    }
    old.start = row.stream.start;
    if old.output.topic == row.stream.output.topic {
        old.output.config.clone_from(&row.stream.output.config);
        old.output.partitions = row.stream.output.partitions;
    }
    old
}
