//! Checks: what engines answered, so that they are asked once.

use sqlx::types::Json;
use sqlx::{Connection, PgConnection};

use crate::model::check::{Accepted, Changelog, Check, CheckId};
use crate::model::diagnostic::Diagnostic;
use crate::store::postgres::lease;
use crate::store::postgres::pool::failed;
use crate::store::postgres::printable;
use crate::store::{Lease, StoreError};

const SAVE: &str = "
    insert into checks (project, engine, engine_version, check_key, answer, columns, changelog, sources, diagnostics)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    on conflict (project, engine, engine_version, check_key) do update set
        answer = excluded.answer, columns = excluded.columns, changelog = excluded.changelog,
        sources = excluded.sources, diagnostics = excluded.diagnostics, made_at = now()";

/// Each edit of a query leaves an answer behind, and all of them are read at every look. An old one that no job was
/// deployed with goes; if it is wanted after all, the engine is asked again.
const PRUNE: &str = "
    delete from checks c
    where c.project = $1 and c.made_at < now() - interval '30 days'
      and not exists (
          select 1 from deployments d join streams s on s.id = d.stream
          where s.project = c.project and d.check_key = c.check_key)";

pub async fn save(connection: &mut PgConnection, lease: &Lease, checks: &[(CheckId, Check)]) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await.map_err(failed)?;
    lease::hold(&mut transaction, lease).await?;
    for (id, check) in checks {
        save_one(&mut transaction, lease, id, check).await?;
    }
    sqlx::query(PRUNE).bind(lease.project.as_str()).execute(&mut *transaction).await.map_err(failed)?;
    transaction.commit().await.map_err(failed)
}

async fn save_one(
    transaction: &mut PgConnection,
    lease: &Lease,
    id: &CheckId,
    check: &Check,
) -> Result<(), StoreError> {
    let (answer, accepted, diagnostics) = match check {
        Check::Accepted(accepted) => ("accepted", Some(accepted), None),
        Check::Refused { diagnostics } => ("refused", None, Some(diagnostics)),
    };
    let accepted: Option<&Accepted> = accepted;
    sqlx::query(SAVE)
        .bind(lease.project.as_str())
        .bind(id.engine.as_str())
        .bind(&id.version)
        .bind(&id.key.0)
        .bind(answer)
        .bind(accepted.map(|accepted| Json(&accepted.columns)))
        .bind(accepted.map(|accepted| changelog(accepted.changelog)))
        .bind(accepted.map(|accepted| Json(&accepted.sources)))
        .bind(diagnostics.map(|all| Json(all.iter().map(legible).collect::<Vec<_>>())))
        .execute(transaction)
        .await
        .map(drop)
        .map_err(failed)
}

pub(super) fn changelog(changelog: Changelog) -> &'static str {
    match changelog {
        Changelog::InsertOnly => "insert_only",
        Changelog::Updating => "updating",
    }
}

/// With the engine's words made fit for the database.
fn legible(diagnostic: &Diagnostic) -> Diagnostic {
    Diagnostic {
        message: printable(&diagnostic.message),
        help: diagnostic.help.as_deref().map(printable),
        ..diagnostic.clone()
    }
}
