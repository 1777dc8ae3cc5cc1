//! Which jobs a look did not find: whoever looks again and again counts for how long.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::model::desired::Desired;
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
    let rows = ledger.streams.iter().filter(|(name, row)| waited_for(name, row) && is_unseen(row, engines));
    rows.map(|(name, _)| name.clone()).collect()
}

fn is_unseen(row: &Recorded, engines: &BTreeMap<EngineName, EngineView>) -> bool {
    let Some(newest) = row.deployment.as_ref().filter(|newest| is_live(newest.status)) else { return false };
    match engines.get(&newest.stream.engine) {
        Some(EngineView::Known(cluster)) => cluster.ready && cluster.jobs.iter().all(|job| job.id != newest.job_id),
        Some(EngineView::Unknown { .. }) | None => false,
    }
}
