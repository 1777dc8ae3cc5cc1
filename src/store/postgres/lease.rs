//! The lease: one row per project, its clock is the database's.

use std::time::Duration;

use sqlx::PgConnection;

use crate::model::name::ProjectName;
use crate::store::postgres::pool::failed;
use crate::store::{Claim, Lease, StoreError};

const ACQUIRE: &str = "
    insert into lease (project, holder, epoch, until)
    values ($1, $2, 1, clock_timestamp() + $3 * interval '1 millisecond')
    on conflict (project) do update
        set holder = excluded.holder, epoch = lease.epoch + 1, until = excluded.until
        where lease.until <= clock_timestamp() or lease.holder = excluded.holder
    returning epoch";

const HOLDER: &str = "
    select holder, greatest(0, extract(epoch from until - clock_timestamp()) * 1000)::bigint
    from lease where project = $1";

pub async fn acquire(
    connection: &mut PgConnection,
    project: &ProjectName,
    holder: &str,
    ttl: Duration,
) -> Result<Claim, StoreError> {
    let epoch: Option<i64> = sqlx::query_scalar(ACQUIRE)
        .bind(project.as_str())
        .bind(holder)
        .bind(milliseconds(ttl))
        .fetch_optional(&mut *connection)
        .await
        .map_err(failed)?;
    if let Some(epoch) = epoch {
        return Ok(Claim::Held(Lease { project: project.clone(), holder: holder.to_owned(), epoch }));
    }
    let (holder, remaining): (String, i64) =
        sqlx::query_as(HOLDER).bind(project.as_str()).fetch_one(connection).await.map_err(failed)?;
    Ok(Claim::Taken { holder, remaining: Duration::from_millis(remaining.unsigned_abs()) })
}

/// A lease that ran out and that nobody took is ours again.
pub async fn renew(connection: &mut PgConnection, lease: &Lease, ttl: Duration) -> Result<(), StoreError> {
    let sql = "update lease set until = clock_timestamp() + $4 * interval '1 millisecond'
        where project = $1 and holder = $2 and epoch = $3";
    let renewed = sqlx::query(sql)
        .bind(lease.project.as_str())
        .bind(&lease.holder)
        .bind(lease.epoch)
        .bind(milliseconds(ttl))
        .execute(connection)
        .await
        .map_err(failed)?;
    if renewed.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Fenced) }
}

/// The epoch rises here too: a renewal still on its way must not bring the lease back to life.
pub async fn release(connection: &mut PgConnection, lease: &Lease) -> Result<(), StoreError> {
    let sql = "update lease set until = clock_timestamp(), epoch = epoch + 1
        where project = $1 and holder = $2 and epoch = $3";
    let released =
        sqlx::query(sql).bind(lease.project.as_str()).bind(&lease.holder).bind(lease.epoch).execute(connection).await;
    released.map(drop).map_err(failed)
}

/// The first statement of every write: the lease is ours, has not run out, and stays so until the transaction ends,
/// because whoever takes or renews it waits for this row.
pub async fn hold(transaction: &mut PgConnection, lease: &Lease) -> Result<(), StoreError> {
    let sql = "select 1 from lease
        where project = $1 and holder = $2 and epoch = $3 and until > clock_timestamp()
        for share";
    let held: Option<i32> = sqlx::query_scalar(sql)
        .bind(lease.project.as_str())
        .bind(&lease.holder)
        .bind(lease.epoch)
        .fetch_optional(transaction)
        .await
        .map_err(failed)?;
    held.map(drop).ok_or(StoreError::Fenced)
}

fn milliseconds(ttl: Duration) -> i64 {
    i64::try_from(ttl.as_millis()).unwrap_or(i64::MAX)
}
