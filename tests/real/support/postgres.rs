//! A database of one's own on the real Postgres, and a way to it that can be cut.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use uuid::Uuid;

/// Where the stack's Postgres is; its role may create databases.
fn server() -> String {
    std::env::var("STACK_POSTGRES_URL")
        .expect("STACK_POSTGRES_URL is not set: bring the stack up and take its environment: eval \"$(ci/stack env)\"")
}

/// An empty database, dropped with this value, whoever is still connected.
pub struct Database {
    name: String,
    pub url: String,
}

impl Database {
    pub async fn create() -> Database {
        let name = format!("weir_store_{}", Uuid::new_v4().simple());
        let mut connection = PgConnection::connect(&server()).await.expect("the stack's Postgres answers");
        let create = AssertSqlSafe(format!("create database {name}"));
        sqlx::raw_sql(create).execute(&mut connection).await.expect("the stack's role may create databases");
        let options = PgConnectOptions::from_str(&server()).expect("connected with it").database(&name);
        Database { url: options.to_url_lossy().to_string(), name }
    }

    /// As somebody who is not weir.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url).await.expect("the database is there")
    }

    pub async fn run(&self, sql: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(sql).execute(&mut self.connect().await).await.map(drop)
    }

    /// The one text that the query gives.
    pub async fn text(&self, sql: &'static str) -> String {
        sqlx::query_scalar(sql).fetch_one(&mut self.connect().await).await.expect("one text")
    }

    /// Until so many sessions wait for a lock.
    pub async fn until_waiting(&self, sessions: i64) {
        let mut connection = self.connect().await;
        for _ in 0..250 {
            let waiting: i64 = sqlx::query_scalar(
                "select count(*) from pg_stat_activity
                 where datname = current_database() and wait_event_type = 'Lock'",
            )
            .fetch_one(&mut connection)
            .await
            .expect("counted");
            if waiting == sessions {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{sessions} sessions were to wait for a lock");
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let sql = AssertSqlSafe(format!("drop database if exists {} with (force)", self.name));
        // On a thread of its own: a test's runtime cannot be waited on from within, and may be ending in a panic.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server()).await?;
                sqlx::raw_sql(sql).execute(&mut connection).await?;
                Ok::<(), sqlx::Error>(())
            })
        });
        if !matches!(dropped.join(), Ok(Ok(()))) {
            eprintln!("the database {} is left behind", self.name);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    Open,
    /// Connections are cut, new ones are closed at once.
    Cut,
    /// Connections stay and nothing comes through.
    Silent,
}

/// A port in front of the database.
pub struct Gate {
    pub url: String,
    way: watch::Sender<Way>,
    statements: Arc<AtomicUsize>,
}

impl Gate {
    pub async fn before(database: &Database, way: Way) -> Gate {
        let options = PgConnectOptions::from_str(&database.url).expect("connected with it");
        let server = (options.get_host().to_owned(), options.get_port());
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        let through = options.host("127.0.0.1").port(port).ssl_mode(sqlx::postgres::PgSslMode::Disable);
        let (way, changes) = watch::channel(way);
        let statements = Arc::new(AtomicUsize::new(0));
        let gate = Gate { url: through.to_url_lossy().to_string(), way, statements: statements.clone() };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *changes.borrow() == Way::Cut {
                    continue;
                }
                tokio::spawn(join(client, server.clone(), changes.clone(), statements.clone()));
            }
        });
        gate
    }

    pub fn set(&self, way: Way) {
        self.way.send_replace(way);
    }

    /// How many statements were executed since this was last asked.
    pub fn statements(&self) -> usize {
        self.statements.swap(0, Ordering::SeqCst)
    }
}

async fn join(client: TcpStream, server: (String, u16), changes: watch::Receiver<Way>, statements: Arc<AtomicUsize>) {
    let Ok(server) = TcpStream::connect(server).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let mut ways = changes.clone();
    tokio::select! {
        () = forward(from_client, to_server, changes.clone(), Some(Frontend::new(statements))) => (),
        () = forward(from_server, to_client, changes, None) => (),
        _ = ways.wait_for(|way| *way == Way::Cut) => (),
    }
}

async fn forward(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    mut way: watch::Receiver<Way>,
    mut frontend: Option<Frontend>,
) {
    let mut bytes = vec![0; 64 * 1024];
    while let Ok(count) = from.read(&mut bytes).await {
        if count == 0 || way.wait_for(|way| *way == Way::Open).await.is_err() {
            return;
        }
        if let Some(frontend) = &mut frontend {
            frontend.take(&bytes[..count]);
        }
        if to.write_all(&bytes[..count]).await.is_err() {
            return;
        }
    }
}

/// Counts `Execute` and `Query` in what a client sends (PostgreSQL's manual, "Message Formats"): every message is a
/// byte and a length that counts itself, only the first has no byte.
struct Frontend {
    pending: Vec<u8>,
    started: bool,
    statements: Arc<AtomicUsize>,
}

impl Frontend {
    fn new(statements: Arc<AtomicUsize>) -> Frontend {
        Frontend { pending: Vec::new(), started: false, statements }
    }

    fn take(&mut self, bytes: &[u8]) {
        self.pending.extend_from_slice(bytes);
        loop {
            let tag = usize::from(self.started);
            let Some(length) = self.pending.get(tag..tag + 4) else { return };
            let length = u32::from_be_bytes(length.try_into().expect("four bytes")) as usize + tag;
            if self.pending.len() < length {
                return;
            }
            let message: Vec<u8> = self.pending.drain(..length).collect();
            if self.started && matches!(message[0], b'E' | b'Q') {
                self.statements.fetch_add(1, Ordering::SeqCst);
            }
            self.started = true;
        }
    }
}
