//! A project of one test: a folder, a ledger and names of its own, and the real program run in it.

pub mod daemon;
pub mod jobs;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use sqlx::AssertSqlSafe;
use tempfile::TempDir;
use tokio::process::Command;
use uuid::Uuid;
use weir::broker::Broker;
use weir::broker::kafka::Kafka;
use weir::model::name::TopicName;
use weir::model::observed::{BrokerView, Topic};

use crate::support::kafka::Topics;
use crate::support::postgres::Database;
use crate::support::project::jobs::Jobs;
use crate::support::stack::Stack;

/// Longer than anything that a command waits for; a command that hangs ends the test.
const COMMAND: Duration = Duration::from_secs(150);

/// A folder with `weir.toml` and `streams/`. When it is dropped, its jobs are cancelled and its topics, its database
/// and its state go.
pub struct Project {
    pub name: String,
    pub topics: Topics,
    pub jobs: Jobs,
    pub database: Database,
    home: TempDir,
    state: PathBuf,
    environment: Vec<(String, String)>,
}

/// How a command ended and what it said.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Project {
    pub async fn new() -> Project {
        let stack = Stack::get();
        let name = format!("scen-{}", &Uuid::new_v4().simple().to_string()[..12]);
        let project = Project {
            topics: Topics::new(),
            jobs: Jobs::of(&name),
            database: Database::create().await,
            home: tempfile::tempdir().expect("a temporary folder"),
            state: stack.state_dir.join(&name),
            environment: Vec::new(),
            name,
        };
        project.write("weir.toml", &project.config(&stack));
        std::fs::create_dir(project.path("streams")).expect("the folder is new");
        project
    }

    fn config(&self, stack: &Stack) -> String {
        let Stack { kafka, flink_rest, flink_gateway, .. } = stack;
        let (name, url, state) = (&self.name, &self.database.url, self.state.display());
        format!(
            r#"[project]
name = "{name}"

[ledger]
url = "{url}"

[kafka]
bootstrap_servers = "{kafka}"

[engines.flink]
kind = "flink"
url = "{flink_gateway}"
rest_url = "{flink_rest}"
checkpoint_dir = "file://{state}/checkpoints"
savepoint_dir = "file://{state}/savepoints"

[engines.flink.options]
"execution.checkpointing.interval" = "1 s"

[reconcile]
interval = "1s"
settle = "1s"
missing_after = "2s"
"#
        )
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Writes a file below the project's folder, as an editor does: a new one takes the old one's place.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder can be made");
        let beside = path.with_extension("new");
        std::fs::write(&beside, text).expect("a file can be written");
        std::fs::rename(&beside, &path).expect("a file can be renamed");
    }

    pub fn remove(&self, name: &str) {
        std::fs::remove_file(self.path(name)).expect("the file is there");
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("the file is there")
    }

    /// For every command from now on.
    pub fn set(&mut self, variable: &str, value: &str) {
        self.environment.push((variable.to_owned(), value.to_owned()));
    }

    pub fn unset(&mut self, variable: &str) {
        self.environment.retain(|(name, _)| name != variable);
    }

    pub async fn run(&self, args: &[&str]) -> Ran {
        run(self.home.path(), args, &self.environment).await
    }

    /// `weir apply --yes`, which must do everything that is to be done.
    pub async fn apply(&self) -> Ran {
        let ran = self.run(&["apply", "--yes"]).await;
        assert_eq!(ran.code, 0, "{ran}");
        ran
    }

    /// `weir apply --yes`, which must say that something was not done.
    pub async fn apply_refused(&self) -> Ran {
        let ran = self.run(&["apply", "--yes"]).await;
        assert_eq!(ran.code, 1, "{ran}");
        ran
    }

    pub async fn plan(&self) -> Value {
        let ran = self.run(&["plan", "--output", "json"]).await;
        assert_eq!(ran.code, 0, "{ran}");
        ran.json()
    }

    /// Law 10: after an apply there is nothing left to do.
    pub async fn nothing_is_left_to_do(&self) {
        let ran = self.run(&["plan", "--detailed-exitcode", "--require-known", "--require-clean"]).await;
        assert_eq!(ran.code, 0, "{ran}");
    }

    /// The stream's row of `weir status`.
    pub async fn status(&self, stream: &str) -> Value {
        let ran = self.run(&["status", "--output", "json"]).await;
        assert_eq!(ran.code, 0, "{ran}");
        let rows = ran.json();
        let row = rows.as_array().into_iter().flatten().find(|row| row["stream"] == stream);
        row.unwrap_or_else(|| panic!("no row of {stream}: {rows}")).clone()
    }

    pub async fn job_id(&self, stream: &str) -> String {
        let row = self.status(stream).await;
        row["job_id"].as_str().unwrap_or_else(|| panic!("no job: {row}")).to_owned()
    }

    /// What the ledger has as text: one column, in the order of the query.
    pub async fn recorded(&self, sql: &str) -> Vec<String> {
        let query = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        query.fetch_all(&mut self.database.connect().await).await.expect("one column of texts")
    }

    /// How many steps were ever begun.
    pub async fn steps(&self) -> usize {
        self.recorded("select step_id from journal").await.len()
    }

    /// Savepoints that the ledger has and their generation, newest last.
    pub async fn savepoints(&self) -> Vec<String> {
        self.recorded("select path from savepoints where good and not disposed order by id").await
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        self.jobs.cancel_all();
        // It may be that no job ever wrote there.
        _ = std::fs::remove_dir_all(&self.state);
    }
}

/// `weir` in a folder, with no `WEIR_…` variable but the given ones.
pub async fn run(folder: &Path, args: &[&str], environment: &[(String, String)]) -> Ran {
    let mut command = command(folder, args, environment);
    let child = command.stdin(Stdio::null()).output();
    let output = tokio::time::timeout(COMMAND, child).await.unwrap_or_else(|_| panic!("weir {args:?} does not end"));
    let output = output.expect("the program is there");
    Ran {
        code: output.status.code().expect("no signal ended it"),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn command(folder: &Path, args: &[impl AsRef<OsStr>], environment: &[(String, String)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("WEIR_")) {
        command.env_remove(name);
    }
    command.current_dir(folder).args(args).env("NO_COLOR", "1").kill_on_drop(true);
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    command
}

impl Ran {
    /// Standard output as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("no JSON ({error}): {self}"))
    }

    /// Whether both streams together hold the text.
    pub fn says(&self, text: &str) -> bool {
        self.out.contains(text) || self.err.contains(text)
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit {}\n--- stdout\n{}\n--- stderr\n{}", self.code, self.out, self.err)
    }
}

/// Looks again and again until there is an answer. Panics, saying what was waited for, after `within`.
pub async fn until<T>(what: &str, within: Duration, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + within;
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "waited {within:?} in vain for {what}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// The topic as the broker shows it.
pub async fn topic(name: &TopicName) -> Option<Topic> {
    let kafka = Kafka::new(&Stack::get().kafka, &Default::default()).expect("no properties are asked for");
    match kafka.view(&[name.clone()].into()).await {
        BrokerView::Known { mut topics } => topics.remove(name),
        BrokerView::Unknown { reason } => panic!("{reason}"),
    }
}
