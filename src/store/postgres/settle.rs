//! What became of an intent, and what that means for the ledger.

use sqlx::types::Json;
use sqlx::{Connection, PgConnection};
use uuid::Uuid;

use crate::model::job::JobId;
use crate::model::ledger::RowState;
use crate::model::offsets::{HelperAct, OffsetsAct};
use crate::model::step::{Act, EngineAct, LedgerAct, Receipt, StepKind, TopicAct};
use crate::store::postgres::lease;
use crate::store::postgres::pool::failed;
use crate::store::postgres::printable;
use crate::store::{Fate, Lease, Settled, StoreError};

/// A step may stand several times in one run's journal: abandoned, then asked for again. The open one is meant.
const FIND: &str = "
    select j.id, j.state, s.id, j.generation
    from journal j join streams s on s.id = j.stream
    where s.project = $1 and s.name = $2 and j.run = $3 and j.step_id = $4
    order by (j.state = 'intent') desc, j.id desc
    limit 1
    for update of j, s";

const CLOSE: &str = "
    update journal set state = $2, receipt = $3, reason = $4, settled_at = now() where id = $1";

const SUBMITTED: &str = "
    update deployments set status = $3, ended_at = case when $3 = 'live' then null else now() end
    where stream = $1 and generation = $2 and status in ('submitting', 'abandoned')
      and generation = (select max(generation) from deployments where stream = $1)";

/// By the job's id: with another name, or after a submission that never arrived, the row's generation is a higher one.
const VERIFIED: &str = "update deployments set verified_at = now() where stream = $1 and job_id = $2";

const STOPPED: &str = "
    update deployments set status = 'stopped', ended_at = now()
    where stream = $1 and job_id = $2
    returning generation, engine_version";

const SAVEPOINT: &str = "
    insert into savepoints (stream, generation, path, kind, engine_version, good)
    values ($1, $2, $3, 'savepoint', $4, true)";

/// The newest that a job left which did not run any more.
const CHECKPOINT: &str = "
    insert into savepoints (stream, generation, path, kind, engine_version, good)
    select stream, generation, $3, 'checkpoint', engine_version, true
    from deployments where stream = $1 and job_id = $2";

/// By the job's id: a job of an older generation may be what is cancelled. What ended before stays as it ended.
const CANCELLED: &str = "
    update deployments set status = 'cancelled', ended_at = now()
    where stream = $1 and job_id = $2 and status in ('submitting', 'live', 'failed')";

const GIVEN_UP: &str = "
    update deployments set status = 'given_up', ended_at = now()
    where stream = $1 and job_id = $2 and status in ('submitting', 'live', 'failed', 'cancelled')";

const ENDED_AT: &str = "update deployments set ended_at_offsets = $3 where stream = $1 and generation = $2";

/// Before the definition's job was submitted: the newest one is of the definition before.
const SETBACK_BEFORE: &str = "
    update streams s set updated_at = now(), setback = jsonb_build_object(
        'revision', s.revision, 'generation', d.generation, 'step', $3::text, 'reason', $4::text)
    from deployments d
    where s.id = $1 and s.generation = $2 and d.stream = s.id and d.generation = (
        select max(generation) from deployments where stream = $1 and status <> 'abandoned')";

/// Of the job that was submitted, if that is the newest.
const SETBACK_OF: &str = "
    update streams s set updated_at = now(), setback = jsonb_build_object(
        'revision', s.revision, 'generation', d.generation, 'step', $3::text, 'reason', $4::text)
    from deployments d
    where s.id = $1 and d.stream = s.id and d.job_id = $2 and d.revision = s.revision and d.generation = (
        select max(generation) from deployments where stream = $1 and status <> 'abandoned')";

/// There was none of this job after all.
const NO_SETBACK: &str = "
    update streams s set setback = null, updated_at = now()
    from deployments d
    where s.id = $1 and d.stream = s.id and d.job_id = $2 and (s.setback ->> 'generation')::bigint = d.generation";

const TOPIC_GONE: &str = "
    update deployments set status = 'dropped', ended_at = coalesce(ended_at, now())
    where stream = $1 and generation = (
        select max(generation) from deployments where stream = $1 and status <> 'abandoned')";

/// The intent's stream and the generation that it is about.
struct Target {
    stream: Uuid,
    generation: i64,
}

/// An intent that is closed stays as it is, but for a deploy or stop that was abandoned: its request may have arrived
/// late.
///
/// Errors: [`StoreError::Unusable`] for an intent that was never written, or a receipt of another kind of step.
pub async fn settle(connection: &mut PgConnection, lease: &Lease, settled: &Settled) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await.map_err(failed)?;
    lease::hold(&mut transaction, lease).await?;
    let found: Option<(i64, String, Uuid, i64)> = sqlx::query_as(FIND)
        .bind(lease.project.as_str())
        .bind(settled.stream.as_str())
        .bind(settled.run)
        .bind(settled.step.id.as_str())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed)?;
    let Some((row, state, stream, generation)) = found else {
        return Err(StoreError::Unusable(format!(
            "run {} never began `{}` of `{}`",
            settled.run,
            settled.step.act.kind().word(),
            settled.stream
        )));
    };
    if state != "intent" && !arrived_late(&state, settled) {
        return transaction.rollback().await.map_err(failed);
    }
    close(&mut transaction, row, &settled.fate).await?;
    let target = Target { stream, generation };
    match &settled.fate {
        Fate::Done(receipt) => done(&mut transaction, &target, &settled.step.act, receipt).await?,
        Fate::Failed { reason } => {
            not_done(&mut transaction, &target, settled.step.act.kind(), "failed").await?;
            setback(&mut transaction, &target, &settled.step.act, reason).await?;
        }
        Fate::Abandoned { .. } => not_done(&mut transaction, &target, settled.step.act.kind(), "abandoned").await?,
    }
    transaction.commit().await.map_err(failed)
}

fn arrived_late(state: &str, settled: &Settled) -> bool {
    let found = match settled.fate {
        Fate::Done(_) | Fate::Failed { .. } => true,
        Fate::Abandoned { .. } => false,
    };
    let may_arrive = matches!(settled.step.act, Act::Engine(_, EngineAct::Deploy(_) | EngineAct::Stop { .. }));
    state == "abandoned" && may_arrive && found
}

async fn close(transaction: &mut PgConnection, row: i64, fate: &Fate) -> Result<(), StoreError> {
    let (state, receipt, reason) = match fate {
        Fate::Done(receipt) => ("done", Some(receipt), None),
        Fate::Failed { reason } => ("failed", None, Some(reason)),
        Fate::Abandoned { reason } => ("abandoned", None, Some(reason)),
    };
    sqlx::query(CLOSE)
        .bind(row)
        .bind(state)
        .bind(receipt.map(Json))
        .bind(reason.map(|reason| printable(reason)))
        .execute(transaction)
        .await
        .map(drop)
        .map_err(failed)
}

async fn done(transaction: &mut PgConnection, target: &Target, act: &Act, receipt: &Receipt) -> Result<(), StoreError> {
    match act {
        // The row was written with the intent.
        Act::Ledger(LedgerAct::Record(_)) | Act::Topic(TopicAct::Alter { .. } | TopicAct::Grow { .. }) => Ok(()),
        // Helpers and what they need are no part of the ledger; what they found out is.
        Act::Engine(_, EngineAct::Helper(_)) => Ok(()),
        Act::Topic(TopicAct::Offsets(act)) => ended_at(transaction, target, act, receipt).await,
        Act::Ledger(LedgerAct::Close { state }) => {
            let sql = "update streams set state = $2, updated_at = now() where id = $1";
            let close = sqlx::query(sql).bind(target.stream).bind(row_state(*state));
            close.execute(transaction).await.map(drop).map_err(failed)
        }
        Act::Topic(TopicAct::Create { .. }) if *receipt == Receipt::TopicFound => Ok(()),
        Act::Topic(TopicAct::Create { .. }) => topic_made(transaction, target, Made::ByUs).await,
        Act::Topic(TopicAct::Delete { .. }) => {
            topic_made(transaction, target, Made::Gone).await?;
            let drop_newest = sqlx::query(TOPIC_GONE).bind(target.stream);
            drop_newest.execute(transaction).await.map(drop).map_err(failed)
        }
        Act::Engine(_, EngineAct::Deploy(_)) => submitted(transaction, target, "live").await,
        Act::Engine(_, EngineAct::Verify { job_id }) => {
            let verify = sqlx::query(VERIFIED).bind(target.stream).bind(job_id.as_str());
            verify.execute(transaction).await.map(drop).map_err(failed)
        }
        Act::Engine(_, EngineAct::Cancel { job_id }) => cancelled(transaction, target, job_id).await,
        Act::Engine(_, EngineAct::GiveUp { job_id }) => given_up(transaction, target, job_id, receipt).await,
        Act::Engine(_, EngineAct::Stop { job_id, .. }) => match receipt {
            Receipt::Stopped { savepoint } => stopped(transaction, target, job_id, savepoint).await,
            Receipt::Recorded
            | Receipt::TopicCreated
            | Receipt::TopicFound
            | Receipt::TopicAltered
            | Receipt::TopicGrown
            | Receipt::TopicDeleted
            | Receipt::Deployed
            | Receipt::Running
            | Receipt::Cancelled
            | Receipt::GivenUp { .. }
            | Receipt::GroupsForgotten
            | Receipt::ControlOpen { .. }
            | Receipt::HelperDeployed
            | Receipt::Offsets(_)
            | Receipt::HelperGone
            | Receipt::ControlClosed => {
                Err(StoreError::Unusable(format!("a stop has no receipt without a savepoint: {receipt:?}")))
            }
        },
    }
}

/// Of all that is done to read offsets, only they are kept.
async fn ended_at(
    transaction: &mut PgConnection,
    target: &Target,
    act: &OffsetsAct,
    receipt: &Receipt,
) -> Result<(), StoreError> {
    let (OffsetsAct::Read(read), Receipt::Offsets(offsets)) = (act, receipt) else { return Ok(()) };
    let ended = sqlx::query(ENDED_AT).bind(target.stream).bind(i64::from(read.generation)).bind(Json(offsets));
    ended.execute(transaction).await.map(drop).map_err(failed)
}

async fn not_done(
    transaction: &mut PgConnection,
    target: &Target,
    kind: StepKind,
    status: &str,
) -> Result<(), StoreError> {
    match kind {
        StepKind::Deploy => submitted(transaction, target, status).await,
        StepKind::Record
        | StepKind::CreateTopic
        | StepKind::AlterTopic
        | StepKind::GrowTopic
        | StepKind::Verify
        | StepKind::Stop
        | StepKind::Cancel
        | StepKind::GiveUp
        | StepKind::DeleteTopic
        | StepKind::Close
        | StepKind::ForgetGroups
        | StepKind::OpenControl
        | StepKind::DeployHelper
        | StepKind::ReadOffsets
        | StepKind::CancelHelper
        | StepKind::CloseControl => Ok(()),
    }
}

/// The definition that is recorded came to grief in `act`, if that is a step without which its job does not run. What
/// happens to an older one, as it is put back, is no setback of it.
async fn setback(transaction: &mut PgConnection, target: &Target, act: &Act, reason: &str) -> Result<(), StoreError> {
    let query = match act {
        Act::Engine(_, EngineAct::Deploy(deploy)) => {
            sqlx::query(SETBACK_OF).bind(target.stream).bind(deploy.job_id.as_str())
        }
        Act::Engine(_, EngineAct::Verify { job_id }) => {
            sqlx::query(SETBACK_OF).bind(target.stream).bind(job_id.as_str())
        }
        Act::Engine(_, EngineAct::Helper(HelperAct::Deploy(_)))
        | Act::Topic(TopicAct::Offsets(OffsetsAct::Read(_))) => {
            sqlx::query(SETBACK_BEFORE).bind(target.stream).bind(target.generation)
        }
        // It runs after all, or nobody can say what it left.
        Act::Engine(_, EngineAct::GiveUp { job_id }) => {
            let forget = sqlx::query(NO_SETBACK).bind(target.stream).bind(job_id.as_str());
            return forget.execute(transaction).await.map(drop).map_err(failed);
        }
        Act::Engine(
            _,
            EngineAct::Stop { .. } | EngineAct::Cancel { .. } | EngineAct::Helper(HelperAct::Cancel { .. }),
        )
        | Act::Topic(_)
        | Act::Ledger(_) => return Ok(()),
    };
    let set = query.bind(act.kind().word()).bind(printable(reason));
    set.execute(transaction).await.map(drop).map_err(failed)
}

enum Made {
    ByUs,
    Gone,
}

async fn topic_made(transaction: &mut PgConnection, target: &Target, made: Made) -> Result<(), StoreError> {
    let sql = "update streams set topic_made = $2, updated_at = now() where id = $1";
    let made = match made {
        Made::ByUs => true,
        Made::Gone => false,
    };
    sqlx::query(sql).bind(target.stream).bind(made).execute(transaction).await.map(drop).map_err(failed)
}

async fn submitted(transaction: &mut PgConnection, target: &Target, status: &str) -> Result<(), StoreError> {
    let update = sqlx::query(SUBMITTED).bind(target.stream).bind(target.generation).bind(status);
    update.execute(transaction).await.map(drop).map_err(failed)
}

async fn stopped(
    transaction: &mut PgConnection,
    target: &Target,
    job: &JobId,
    savepoint: &str,
) -> Result<(), StoreError> {
    let ended: Option<(i64, String)> = sqlx::query_as(STOPPED)
        .bind(target.stream)
        .bind(job.as_str())
        .fetch_optional(&mut *transaction)
        .await
        .map_err(failed)?;
    let (generation, version) =
        ended.ok_or_else(|| StoreError::Unusable(format!("job {job} was stopped but never deployed")))?;
    let left = sqlx::query(SAVEPOINT).bind(target.stream).bind(generation).bind(savepoint).bind(version);
    left.execute(transaction).await.map(drop).map_err(failed)
}

async fn cancelled(transaction: &mut PgConnection, target: &Target, job: &JobId) -> Result<(), StoreError> {
    let cancel = sqlx::query(CANCELLED).bind(target.stream).bind(job.as_str());
    cancel.execute(transaction).await.map(drop).map_err(failed)
}

async fn given_up(
    transaction: &mut PgConnection,
    target: &Target,
    job: &JobId,
    receipt: &Receipt,
) -> Result<(), StoreError> {
    let end = sqlx::query(GIVEN_UP).bind(target.stream).bind(job.as_str());
    end.execute(&mut *transaction).await.map_err(failed)?;
    let Receipt::GivenUp { checkpoint: Some(path) } = receipt else { return Ok(()) };
    let left = sqlx::query(CHECKPOINT).bind(target.stream).bind(job.as_str()).bind(path);
    left.execute(transaction).await.map(drop).map_err(failed)
}

fn row_state(state: RowState) -> &'static str {
    match state {
        RowState::Live => "live",
        RowState::Kept => "kept",
        RowState::Removed => "removed",
    }
}
