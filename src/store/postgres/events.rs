//! Events: appended by any replica, never changed.

use sqlx::PgConnection;

use crate::model::name::{Name, ProjectName};
use crate::store::postgres::pool::failed;
use crate::store::postgres::printable;
use crate::store::{Event, StoreError};

/// `at` in milliseconds; the newest first.
const NEWEST: &str = "
    select (extract(epoch from at) * 1000)::bigint, who, stream, what, plan
    from events where project = $1 order by id desc limit $2";

const NEWEST_OF: &str = "
    select (extract(epoch from at) * 1000)::bigint, who, stream, what, plan
    from events where project = $1 and stream = $3 order by id desc limit $2";

type Row = (i64, String, Option<String>, String, Option<String>);

pub async fn append(connection: &mut PgConnection, project: &ProjectName, event: &Event) -> Result<(), StoreError> {
    sqlx::query("insert into events (project, who, stream, what, plan) values ($1, $2, $3, $4, $5)")
        .bind(project.as_str())
        .bind(printable(&event.who))
        .bind(event.stream.as_ref().map(Name::as_str))
        .bind(printable(&event.what))
        .bind(&event.plan)
        .execute(&mut *connection)
        .await
        .map_err(failed)?;
    // A hint that makes others look sooner, in a transaction of its own: the event stands without it.
    let hint = sqlx::query("select pg_notify('weir', $1)").bind(project.as_str()).execute(connection).await;
    if let Err(error) = hint {
        tracing::debug!(%error, "others were not told of an event");
    }
    Ok(())
}

pub async fn newest(
    connection: &mut PgConnection,
    project: &ProjectName,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(NEWEST)
        .bind(project.as_str())
        .bind(i64::from(limit))
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    rows.into_iter().map(event).collect()
}

/// Of one stream.
pub async fn newest_of(
    connection: &mut PgConnection,
    project: &ProjectName,
    stream: &Name,
    limit: u32,
) -> Result<Vec<Event>, StoreError> {
    let rows: Vec<Row> = sqlx::query_as(NEWEST_OF)
        .bind(project.as_str())
        .bind(i64::from(limit))
        .bind(stream.as_str())
        .fetch_all(connection)
        .await
        .map_err(failed)?;
    rows.into_iter().map(event).collect()
}

fn event((at, who, stream, what, plan): Row) -> Result<Event, StoreError> {
    let stream = stream.as_deref().map(Name::parse).transpose();
    let stream = stream.map_err(|error| StoreError::Unusable(format!("an event: {error}")))?;
    Ok(Event { at, who, stream, what, plan })
}
