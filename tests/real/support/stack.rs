//! The servers that `ci/stack` started, and ending and starting one of them.

#![allow(dead_code, reason = "each test program uses its own part of it")]

use std::path::{Path, PathBuf};

use tokio::process::Command;

/// Addresses, from the variables that `ci/stack env` prints.
#[derive(Debug, Clone)]
pub struct Stack {
    pub postgres_url: String,
    /// `host:port`
    pub kafka: String,
    pub flink_rest: String,
    pub flink_gateway: String,
    /// `1.20` or `2.x`
    pub flink_version: String,
    /// Below it Flink keeps checkpoints and savepoints.
    pub state_dir: PathBuf,
}

/// What `ci/stack` can end and start alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Postgres,
    Kafka,
    JobManager,
    TaskManager,
    Gateway,
}

impl Part {
    fn word(self) -> &'static str {
        match self {
            Part::Postgres => "postgres",
            Part::Kafka => "kafka",
            Part::JobManager => "jobmanager",
            Part::TaskManager => "taskmanager",
            Part::Gateway => "gateway",
        }
    }
}

impl Stack {
    /// Panics, saying what to do, if the variables are not there.
    pub fn get() -> Stack {
        Stack {
            postgres_url: variable("STACK_POSTGRES_URL"),
            kafka: variable("STACK_KAFKA"),
            flink_rest: variable("STACK_FLINK_REST"),
            flink_gateway: variable("STACK_FLINK_GATEWAY"),
            flink_version: variable("STACK_FLINK_VERSION"),
            state_dir: PathBuf::from(variable("STACK_STATE_DIR")),
        }
    }

    /// SIGKILL; returns when it is gone. Every test of this program shares the servers: a test that does this must
    /// run alone, and start the part again whatever happens.
    pub async fn kill(&self, part: Part) {
        run(&["kill", part.word()]).await;
    }

    /// Returns when it answers.
    pub async fn start(&self, part: Part) {
        run(&["start", part.word()]).await;
    }

    /// Another version of Flink at the same addresses; jobs are gone, all else stays. Returns when it answers. As for
    /// [`Stack::kill`], and what ran before must be brought back.
    pub async fn flink(&self, line: &str) {
        run(&["up", "--flink", line]).await;
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: start the servers with `ci/stack up`, then `eval \"$(ci/stack env)\"`")
    })
}

async fn run(words: &[&str]) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("ci/stack");
    let output = Command::new(&script).args(words).output().await;
    let output = output.unwrap_or_else(|error| panic!("{} does not run: {error}", script.display()));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "ci/stack {}: {}\n{told}", words.join(" "), output.status);
}
