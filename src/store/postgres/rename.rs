//! A row that takes another name.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::model::job::Generation;
use crate::model::name::Name;
use crate::model::renames;
use crate::store::postgres::pool::failed;
use crate::store::{Lease, StoreError};

/// A row that was removed and never ran has nothing to take over: so is what a rename leaves under the old name.
const FIND: &str = "
    select s.id, s.name = $3 as under_new, s.state <> 'removed' as live, s.generation,
           s.state <> 'removed' or exists (
               select from deployments d where d.stream = s.id and d.status not in ('abandoned', 'dropped')) as has_past
    from streams s
    where s.project = $1 and s.name in ($2, $3)
    order by s.name
    for update of s";

/// What stays under the old name. It is the row that stood under the new one, if any did.
const LEFT: &str = "
    insert into streams (project, name, path, origin, definition, policy, revision, engine, output_topic, desired_run,
                         state, generation)
    select project, $2, path, origin, definition, policy, revision, engine, output_topic, desired_run, 'removed',
           generation
    from streams where id = $1";

const NAME: &str =
    "update streams set name = $2, generation = greatest(generation, $3), updated_at = now() where id = $1";

#[derive(sqlx::FromRow)]
struct Found {
    id: Uuid,
    under_new: bool,
    live: bool,
    generation: i64,
    has_past: bool,
}

/// The row of `old` becomes that of `new`, where there is one; done twice, it is done once.
///
/// Guarantees: no generation falls, of the row or of either name.
/// Errors: [`StoreError::Unusable`] where both names have something to lose.
pub async fn take_over(
    transaction: &mut PgConnection,
    lease: &Lease,
    old: &Name,
    new: &Name,
) -> Result<(), StoreError> {
    let found: Vec<Found> = sqlx::query_as(FIND)
        .bind(lease.project.as_str())
        .bind(old.as_str())
        .bind(new.as_str())
        .fetch_all(&mut *transaction)
        .await
        .map_err(failed)?;
    let row = |under_new: bool| found.iter().find(|row| row.under_new == under_new);
    let Some(moved) = row(false).filter(|row| row.has_past) else { return Ok(()) };
    let there = row(true);
    if there.is_some_and(|there| there.has_past) {
        let live = if moved.live { "" } else { " removed" };
        return Err(StoreError::Unusable(format!("`{new}` is recorded, and so is the{live} stream `{old}`")));
    }
    let given = |row: &Found| {
        Generation::try_from(row.generation)
            .map_err(|_| StoreError::Unusable(format!("`{new}` is at generation {}", row.generation)))
    };
    let generation = renames::generation(given(moved)?, there.map(given).transpose()?);
    match there {
        None => {
            named(transaction, moved.id, new.as_str(), generation).await?;
            let left = sqlx::query(LEFT).bind(moved.id).bind(old.as_str());
            left.execute(transaction).await.map(drop).map_err(failed)
        }
        Some(there) => {
            // A name has one row at any time; none of a stream's has such a sign.
            named(transaction, there.id, &format!("{old}!"), generation).await?;
            named(transaction, moved.id, new.as_str(), generation).await?;
            named(transaction, there.id, old.as_str(), generation).await
        }
    }
}

async fn named(
    transaction: &mut PgConnection,
    row: Uuid,
    name: &str,
    generation: Generation,
) -> Result<(), StoreError> {
    let named = sqlx::query(NAME).bind(row).bind(name).bind(i64::from(generation));
    named.execute(transaction).await.map(drop).map_err(failed)
}
