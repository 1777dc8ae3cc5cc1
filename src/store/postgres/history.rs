//! One stream's past.

use sqlx::PgConnection;

use crate::model::name::{Name, ProjectName};
use crate::store::postgres::events;
use crate::store::postgres::pool::failed;
use crate::store::{History, StoreError};

/// Each deployment as the JSON of its noun.
const DEPLOYMENTS: &str = "
    select json_build_object(
        'generation', d.generation, 'status', d.status, 'revision', d.revision, 'engine', d.engine,
        'engine_version', d.engine_version, 'job_id', d.job_id, 'restore', d.start, 'stream', d.definition,
        'texts', d.files, 'by', d.applied_by,
        'submitted_at', (extract(epoch from d.submitted_at) * 1000)::bigint,
        'verified_at', (extract(epoch from d.verified_at) * 1000)::bigint,
        'ended_at', (extract(epoch from d.ended_at) * 1000)::bigint,
        'savepoint', (
            select p.path from savepoints p
            where p.stream = d.stream and p.generation = d.generation and p.good and not p.disposed
            order by p.id desc limit 1))::text
    from deployments d join streams s on s.id = d.stream
    where s.project = $1 and s.name = $2
    order by d.generation desc";

pub async fn of(
    connection: &mut PgConnection,
    project: &ProjectName,
    stream: &Name,
    most: u32,
) -> Result<History, StoreError> {
    let rows: Vec<String> = sqlx::query_scalar(DEPLOYMENTS)
        .bind(project.as_str())
        .bind(stream.as_str())
        .fetch_all(&mut *connection)
        .await
        .map_err(failed)?;
    let read = |json: &String| {
        let wrong = |error| StoreError::Unusable(format!("a deployment of `{stream}` cannot be read: {error}"));
        serde_json::from_str(json).map_err(wrong)
    };
    let deployments = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let events = events::newest_of(connection, project, stream, most).await?;
    Ok(History { deployments, events })
}
