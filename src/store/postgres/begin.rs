//! An intent, and what the ledger must know before the step is done.

use sqlx::types::Json;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::model::definition::DesiredRun;
use crate::model::job::Generation;
use crate::model::step::{Act, Deploy, LedgerAct, Record};
use crate::store::postgres::checks::changelog;
use crate::store::postgres::lease;
use crate::store::postgres::pool::failed;
use crate::store::postgres::rename;
use crate::store::{Intent, Lease, StoreError};

const RECORD: &str = "
    insert into streams (project, name, path, origin, definition, policy, revision, engine, output_topic,
                         desired_run, state)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'live')
    on conflict (project, name) do update set
        path = excluded.path, origin = excluded.origin, definition = excluded.definition, policy = excluded.policy,
        revision = excluded.revision, engine = excluded.engine, output_topic = excluded.output_topic,
        desired_run = excluded.desired_run, state = excluded.state, updated_at = now(),
        -- Another topic is not the one that was made.
        topic_made = streams.topic_made and streams.output_topic = excluded.output_topic,
        setback = case when streams.revision = excluded.revision and streams.desired_run = excluded.desired_run
                       then streams.setback end
    returning id";

/// A generation whose submission never arrived is taken up again; every other is given once.
const DEPLOY: &str = "
    insert into deployments (stream, generation, revision, engine, engine_version, job_id, status, start, definition,
                             columns, changelog, check_key, applied_by, sources, files)
    values ($1, $2, $3, $4, $5, $6, 'submitting', $7, $8, $9, $10, $11, $12, $13, $14)
    on conflict (stream, generation) do update set
        revision = excluded.revision, engine = excluded.engine, engine_version = excluded.engine_version,
        job_id = excluded.job_id, status = excluded.status, start = excluded.start,
        definition = excluded.definition, columns = excluded.columns, changelog = excluded.changelog,
        check_key = excluded.check_key, applied_by = excluded.applied_by, sources = excluded.sources,
        files = excluded.files, submitted_at = now(), ended_at = null
        where deployments.status = 'abandoned'";

const JOURNAL: &str = "
    insert into journal (run, stream, generation, ordinal, kind, step_id, payload, state, epoch, attempt)
    values ($1, $2, $3, $4, $5, $6, $7, 'intent', $8,
            (select count(*) from journal where stream = $2 and generation = $3 and kind = $5 and state = 'failed'))";

/// Begun twice in the same run, as after a reply that was lost, it is begun once.
pub async fn begin(connection: &mut PgConnection, lease: &Lease, intent: &Intent) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await.map_err(failed)?;
    lease::hold(&mut transaction, lease).await?;
    if let Act::Ledger(LedgerAct::Record(wanted)) = &intent.step.act
        && let Some(old) = &wanted.renamed_from
    {
        rename::take_over(&mut transaction, lease, old, &intent.stream).await?;
    }
    let row = row(&mut transaction, lease, intent).await?;
    if is_open(&mut transaction, row, intent).await? {
        return transaction.rollback().await.map_err(failed);
    }
    guard(intent, row.map_or(0, |(_, generation)| generation))?;
    let stream = match (&intent.step.act, row) {
        (Act::Ledger(LedgerAct::Record(wanted)), _) => record(&mut transaction, lease, intent, wanted).await?,
        (Act::Ledger(LedgerAct::Close { .. }) | Act::Topic(_) | Act::Engine(..), Some((id, _))) => id,
        (Act::Ledger(LedgerAct::Close { .. }) | Act::Topic(_) | Act::Engine(..), None) => {
            return Err(StoreError::Unusable(format!("`{}` was never recorded", intent.stream)));
        }
    };
    write(&mut transaction, lease, intent, stream).await?;
    if let Some(wanted) = intent.step.act.deploys() {
        deploy(&mut transaction, lease, stream, wanted).await?;
    }
    transaction.commit().await.map_err(failed)
}

/// Id and generation of the stream's row, locked.
async fn row(
    transaction: &mut PgConnection,
    lease: &Lease,
    intent: &Intent,
) -> Result<Option<(Uuid, i64)>, StoreError> {
    sqlx::query_as("select id, generation from streams where project = $1 and name = $2 for update")
        .bind(lease.project.as_str())
        .bind(intent.stream.as_str())
        .fetch_optional(transaction)
        .await
        .map_err(failed)
}

/// Whether this run began this step already. One that another run left open must be settled first.
async fn is_open(
    transaction: &mut PgConnection,
    row: Option<(Uuid, i64)>,
    intent: &Intent,
) -> Result<bool, StoreError> {
    let Some((stream, _)) = row else { return Ok(false) };
    let sql = "select run from journal where stream = $1 and step_id = $2 and state = 'intent'";
    let run: Option<Uuid> = sqlx::query_scalar(sql)
        .bind(stream)
        .bind(intent.step.id.as_str())
        .fetch_optional(transaction)
        .await
        .map_err(failed)?;
    match run {
        None => Ok(false),
        Some(run) if run == intent.run => Ok(true),
        Some(run) => Err(StoreError::Unusable(format!(
            "the outcome of `{}` of `{}` in run {run} is not known yet",
            intent.step.act.kind().word(),
            intent.stream
        ))),
    }
}

fn guard(intent: &Intent, found: i64) -> Result<(), StoreError> {
    if found == i64::from(intent.guard) {
        return Ok(());
    }
    let found = Generation::try_from(found)
        .map_err(|_| StoreError::Unusable(format!("`{}` is at generation {found}", intent.stream)))?;
    Err(StoreError::Moved { stream: intent.stream.clone(), expected: intent.guard, found })
}

async fn record(
    transaction: &mut PgConnection,
    lease: &Lease,
    intent: &Intent,
    wanted: &Record,
) -> Result<Uuid, StoreError> {
    let run = match wanted.stream.run {
        DesiredRun::Running => "running",
        DesiredRun::Stopped => "stopped",
    };
    sqlx::query_scalar(RECORD)
        .bind(lease.project.as_str())
        .bind(intent.stream.as_str())
        .bind(&wanted.path)
        .bind(&wanted.origin)
        .bind(Json(&wanted.stream))
        .bind(Json(&wanted.policy))
        .bind(&wanted.revision.0)
        .bind(wanted.stream.engine.as_str())
        .bind(wanted.stream.output.topic.as_str())
        .bind(run)
        .fetch_one(transaction)
        .await
        .map_err(failed)
}

async fn write(transaction: &mut PgConnection, lease: &Lease, intent: &Intent, stream: Uuid) -> Result<(), StoreError> {
    sqlx::query(JOURNAL)
        .bind(intent.run)
        .bind(stream)
        .bind(i64::from(intent.generation))
        .bind(i64::from(intent.ordinal))
        .bind(intent.step.act.kind().word())
        .bind(intent.step.id.as_str())
        .bind(Json(&intent.step))
        .bind(lease.epoch)
        .execute(transaction)
        .await
        .map(drop)
        .map_err(failed)
}

async fn deploy(
    transaction: &mut PgConnection,
    lease: &Lease,
    stream: Uuid,
    wanted: &Deploy,
) -> Result<(), StoreError> {
    let generation = i64::from(wanted.generation);
    let given = sqlx::query(DEPLOY)
        .bind(stream)
        .bind(generation)
        .bind(&wanted.revision.0)
        .bind(wanted.stream.engine.as_str())
        .bind(&wanted.engine_version)
        .bind(wanted.job_id.as_str())
        .bind(Json(&wanted.restore))
        .bind(Json(&wanted.stream))
        .bind(Json(&wanted.columns))
        .bind(changelog(wanted.changelog))
        .bind(&wanted.check.0)
        .bind(&lease.holder)
        .bind(Json(&wanted.sources))
        .bind(wanted.texts.as_ref().map(Json))
        .execute(&mut *transaction)
        .await
        .map_err(failed)?;
    let raised = sqlx::query(
        "update streams set generation = $2, job_id = $3, updated_at = now() where id = $1 and generation <= $2",
    )
    .bind(stream)
    .bind(generation)
    .bind(wanted.job_id.as_str())
    .execute(transaction)
    .await
    .map_err(failed)?;
    if given.rows_affected() == 1 && raised.rows_affected() == 1 {
        return Ok(());
    }
    Err(StoreError::Unusable(format!("generation {generation} of `{}` was given away before", wanted.stream.name)))
}
