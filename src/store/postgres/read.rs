//! The ledger as it is at one moment: one statement, one row per thing, each the JSON of its noun.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::model::check::{Check, CheckId};
use crate::model::ledger::{Ledger, Recorded};
use crate::model::name::{Name, ProjectName};
use crate::store::StoreError;
use crate::store::postgres::pool::failed;

/// What, its name for messages, and its JSON; open intents in the order of their writing.
const READ: &str = include_str!("read.sql");

#[derive(Deserialize)]
struct Head {
    id: Uuid,
    holder: Option<String>,
}

#[derive(Deserialize)]
struct Checked {
    id: CheckId,
    check: Check,
}

pub async fn ledger(connection: &mut PgConnection, project: &ProjectName) -> Result<Ledger, StoreError> {
    let rows: Vec<(String, String, String)> =
        sqlx::query_as(READ).bind(project.as_str()).fetch_all(connection).await.map_err(failed)?;
    let mut head = None;
    let mut streams = Vec::new();
    let mut checks = Vec::new();
    let mut open = Vec::new();
    let mut given_up = Vec::new();
    let mut elsewhere = Vec::new();
    for (what, name, json) in &rows {
        match what.as_str() {
            "ledger" => head = Some(decode::<Head>(what, name, json)?),
            "stream" => {
                let key = Name::parse(name).map_err(|error| StoreError::Unusable(error.to_string()))?;
                streams.push((key, decode::<Recorded>(what, name, json)?));
            }
            "check" => {
                let checked: Checked = decode(what, name, json)?;
                checks.push((checked.id, checked.check));
            }
            "intent" => open.push(decode(what, name, json)?),
            "given_up" => given_up.push(decode(what, name, json)?),
            "elsewhere" => elsewhere.push(decode(what, name, json)?),
            other => return Err(StoreError::Unusable(format!("a row of kind `{other}`"))),
        }
    }
    let head = head.ok_or_else(|| StoreError::Unusable("the row of `ledger` is gone".to_owned()))?;
    // Maps that are made at once have no gaps.
    let (streams, checks) = (BTreeMap::from_iter(streams), BTreeMap::from_iter(checks));
    Ok(Ledger { id: head.id, streams, checks, open, given_up, elsewhere, holder: head.holder })
}

fn decode<T: DeserializeOwned>(what: &str, name: &str, json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json)
        .map_err(|error| StoreError::Unusable(format!("{what} `{name}` cannot be read by this version: {error}")))
}
