//! Which jobs a look did not find: whoever looks again and again counts for how long.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::model::desired::Desired;
use crate::model::job::JobId;
use crate::model::ledger::Ledger;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::observed::EngineView;

use super::join::is_live;

/// Streams whose job should run by the ledger's word and that a ready cluster does not list, not even as ended. An
/// engine that does not answer says nothing of its streams: they are not among them, and their count begins anew. Of a
/// row that is over nothing waits for its job, unless its file is back.
pub fn unseen(desired: &Desired, ledger: &Ledger, engines: &BTreeMap<EngineName, EngineView>) -> BTreeSet<Name> {
    let waited_for = |name: &Name, row: &Recorded| match row.state {
        RowState::Live => true,
        RowState::Kept | RowState::Removed => desired.streams.contains_key(name),
    };
    let ready: BTreeMap<&EngineName, BTreeSet<&JobId>> =
        engines.iter().filter_map(|(engine, view)| Some((engine, listed(view)?))).collect();
    let rows = ledger.streams.iter().filter(|(name, row)| waited_for(name, row) && is_unseen(row, &ready));
    rows.map(|(name, _)| name.clone()).collect()
}

/// The jobs of a cluster that is ready.
fn listed(view: &EngineView) -> Option<BTreeSet<&JobId>> {
    match view {
        EngineView::Known(cluster) => cluster.ready.then(|| cluster.jobs.iter().map(|job| &job.id).collect()),
        EngineView::Unknown { .. } => None,
    }
}

fn is_unseen(row: &Recorded, ready: &BTreeMap<&EngineName, BTreeSet<&JobId>>) -> bool {
    let Some(newest) = row.deployment.as_ref().filter(|newest| is_live(newest.status)) else { return false };
    ready.get(&newest.stream.engine).is_some_and(|listed| !listed.contains(&newest.job_id))
}
