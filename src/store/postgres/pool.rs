//! Connections: made on demand, tried before use, given up as soon as something goes wrong with one.
//!
//! Not sqlx's own pool: that one hides why it cannot connect behind a timeout, and a connection that hangs while it is
//! given back blocks its place for good.

use std::future::Future;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{ConnectOptions, Connection};
use tokio::sync::{OnceCell, Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::store::StoreError;

static MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

const CONNECTIONS: usize = 4;
/// A whole call, with connecting.
const CALL: Duration = Duration::from_secs(5);
const CONNECT: Duration = Duration::from_secs(3);
/// Whether an idle connection still answers.
const PING: Duration = Duration::from_secs(1);
/// Another process may be migrating: sqlx waits for it on an advisory lock.
const MIGRATE: Duration = Duration::from_secs(60);

/// The server gives up on its own what we have given up: a leader that was paused inside a transaction would else
/// hold the lease's row, and with it its successor.
const SESSION: &str = "set statement_timeout = '5s'; set lock_timeout = '3s'; \
    set idle_in_transaction_session_timeout = '5s'; set client_min_messages = warning";

pub(super) struct Pool {
    options: PgConnectOptions,
    places: Semaphore,
    idle: Mutex<Vec<PgConnection>>,
    migrated: OnceCell<()>,
}

/// A connection borrowed. Dropped, it is closed; [`Lent::keep`] gives it back.
pub(super) struct Lent<'a> {
    pub connection: PgConnection,
    pool: &'a Pool,
    _place: SemaphorePermit<'a>,
}

impl Lent<'_> {
    pub fn keep(self) {
        self.pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(self.connection);
    }
}

impl Pool {
    pub fn new(url: &str) -> Result<Pool, StoreError> {
        // sqlx logs parameters that it does not know with their values, and those may be secrets.
        let read = || PgConnectOptions::from_str(url);
        let options = tracing::subscriber::with_default(tracing::subscriber::NoSubscriber::default(), read)
            .map_err(|error| StoreError::Unusable(format!("its URL is not understood: {error}")))?
            .application_name("weir")
            .disable_statement_logging();
        let idle = Mutex::new(Vec::new());
        Ok(Pool { options, places: Semaphore::new(CONNECTIONS), idle, migrated: OnceCell::new() })
    }

    /// Runs one call once the tables are there, and ends it after [`CALL`].
    pub async fn call<T>(&self, work: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
        self.migrated().await?;
        timeout(CALL, work).await.unwrap_or_else(|_| Err(self.silent(CALL)))
    }

    pub async fn take(&self) -> Result<Lent<'_>, StoreError> {
        let place = self.places.acquire().await.map_err(|closed| StoreError::Unreachable(closed.to_string()))?;
        let connection = match self.idle().await {
            Some(connection) => connection,
            None => {
                let mut connection = self.connect().await?;
                sqlx::raw_sql(SESSION).execute(&mut connection).await.map_err(failed)?;
                connection
            }
        };
        Ok(Lent { connection, pool: self, _place: place })
    }

    /// Migrates unless this process has seen that done.
    pub async fn migrated(&self) -> Result<(), StoreError> {
        let migrate = async {
            let mut connection = self.connect().await?;
            // Not `run`: its future is not `Send` behind an async trait.
            let run = timeout(MIGRATE, MIGRATIONS.run_direct(None, &mut connection, false));
            run.await.unwrap_or_else(|_| Err(sqlx::Error::WorkerCrashed.into())).map_err(not_migrated)
        };
        self.migrated.get_or_try_init(|| migrate).await.copied()
    }

    /// A connection that was given back and still answers. If one does not, the others are no better.
    async fn idle(&self) -> Option<PgConnection> {
        let mut connection = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()?;
        match timeout(PING, connection.ping()).await {
            Ok(Ok(())) => Some(connection),
            Ok(Err(_)) | Err(_) => {
                self.idle.lock().unwrap_or_else(PoisonError::into_inner).clear();
                None
            }
        }
    }

    async fn connect(&self) -> Result<PgConnection, StoreError> {
        match timeout(CONNECT, self.options.connect()).await {
            Ok(Ok(connection)) => Ok(connection),
            Ok(Err(error)) => Err(self.at(failed(error))),
            Err(_) => Err(self.silent(CONNECT)),
        }
    }

    fn silent(&self, after: Duration) -> StoreError {
        self.at(StoreError::Unreachable(format!("no answer within {} s", after.as_secs())))
    }

    /// Names the server in front of the reason.
    fn at(&self, error: StoreError) -> StoreError {
        let named = |why: String| format!("{}:{}: {why}", self.options.get_host(), self.options.get_port());
        match error {
            StoreError::Unreachable(why) => StoreError::Unreachable(named(why)),
            StoreError::Unusable(why) => StoreError::Unusable(named(why)),
            StoreError::Fenced | StoreError::Moved { .. } => error,
        }
    }
}

/// What the database did not do, in our words: whatever may go by itself is [`StoreError::Unreachable`].
pub(super) fn failed(error: sqlx::Error) -> StoreError {
    let text = error.to_string();
    match error {
        sqlx::Error::Database(refusal) if !passes(refusal.code().as_deref().unwrap_or_default()) => {
            StoreError::Unusable(refusal.message().to_owned())
        }
        sqlx::Error::Database(refusal) => StoreError::Unreachable(refusal.message().to_owned()),
        sqlx::Error::Io(cause) => StoreError::Unreachable(cause.to_string()),
        sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => StoreError::Unreachable(text),
        _ => StoreError::Unusable(text),
    }
}

/// Whether the same call may succeed later with nothing changed on our side. Codes: appendix A of PostgreSQL's manual.
fn passes(code: &str) -> bool {
    /// Connection lost, not let in, rolled back for a rival, short of resources, shut down or cancelled, system error.
    const CLASSES: [&str; 6] = ["08", "28", "40", "53", "57", "58"];
    /// No such database, a standby, idle in a transaction for too long, a lock not given in time.
    const CODES: [&str; 4] = ["3D000", "25006", "25P03", "55P03"];
    CLASSES.iter().any(|class| code.starts_with(class)) || CODES.contains(&code)
}

fn not_migrated(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(cause) => failed(cause),
        MigrateError::ExecuteMigration(cause, version) => match failed(cause) {
            StoreError::Unusable(why) => StoreError::Unusable(format!("migration {version}: {why}")),
            other => other,
        },
        MigrateError::VersionMissing(version) => {
            StoreError::Unusable(format!("a newer weir has migrated it (migration {version})"))
        }
        other => StoreError::Unusable(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
