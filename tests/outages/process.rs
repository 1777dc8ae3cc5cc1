//! `weir` as a process that is killed, and a project whose engine is reached through proxies.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::{Child, Command};

use crate::orders::{STREAM, Story};
use crate::support::project::until;
use crate::support::proxy::{Matching, Proxy};
use crate::support::stack::Stack;

/// A start of a program with its checks, behind others on a shared machine.
pub const PATIENCE: Duration = Duration::from_secs(90);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    Apply,
    Serve,
}

pub const BOTH: [Program; 2] = [Program::Apply, Program::Serve];

/// The ways to both of Flink's servers.
pub struct Ways {
    pub gateway: Proxy,
    pub job_manager: Proxy,
}

impl Ways {
    pub async fn open() -> Ways {
        let stack = Stack::get();
        Ways { gateway: Proxy::to(&stack.flink_gateway).await, job_manager: Proxy::to(&stack.flink_rest).await }
    }

    /// What sends a program through them.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [("WEIR_ENGINES_FLINK_URL", self.gateway.url()), ("WEIR_ENGINES_FLINK_REST_URL", self.job_manager.url())]
    }
}

/// The submission of a job. The same words stand in the question what the engine would make of it.
pub fn insert() -> Matching {
    Matching::post("/*/sessions/*/statements").body(|body| body.contains(r#""statement":"INSERT INTO"#))
}

/// Killed when it is dropped, with SIGKILL.
pub struct Victim(Child);

impl Victim {
    /// The program in the story's folder, through the proxies.
    pub fn start(story: &Story, program: Program, ways: &Ways) -> Victim {
        let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("WEIR_")) {
            command.env_remove(name);
        }
        match program {
            Program::Apply => command.args(["apply", "--yes"]),
            Program::Serve => command.arg("serve"),
        };
        command.current_dir(story.project.path("")).envs(ways.environment()).kill_on_drop(true);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Victim(command.spawn().expect("the program is there"))
    }

    /// SIGKILL; returns when it is gone. It must not have ended by itself.
    pub async fn kill(mut self) {
        let ended = self.0.try_wait().expect("our child");
        assert!(ended.is_none(), "it ended before it was killed: {ended:?}");
        self.0.kill().await.expect("our child");
    }
}

/// What comes after: the same program once more, with nothing in its way. Returns what the second one left running.
pub async fn again(story: &Story, program: Program) -> Option<crate::support::project::daemon::Daemon> {
    match program {
        Program::Apply => {
            story.project.apply().await;
            None
        }
        Program::Serve => Some(story.project.serve()),
    }
}

/// Until `weir status` shows the stream so.
pub async fn until_is(story: &Story, health: &str) {
    until(&format!("{STREAM} to be {health} and synced"), PATIENCE, async || {
        let row = story.project.status(STREAM).await;
        (row["health"] == health && row["sync"] == "synced").then_some(())
    })
    .await;
}

/// Law 8.
pub async fn no_intent_is_open(story: &Story) {
    let open = story.project.recorded("select kind || ' ' || step_id from journal where state = 'intent'").await;
    assert!(open.is_empty(), "open intents: {open:?}");
}

/// Law 3: of all jobs that Flink remembers, this many, and one of them not over.
pub async fn one_job_of(story: &Story, generations: usize) {
    let all = story.project.jobs.all().await;
    assert_eq!(all.len(), generations, "jobs of {generations} generations: {all:#?}");
    let job = story.project.jobs.only().await;
    assert_eq!(job.name, format!("weir:{}/{STREAM}@{generations}", story.project.name));
    let row = story.project.status(STREAM).await;
    assert_eq!(row["generation"], generations, "{row}");
    assert_eq!(row["job_id"], job.id, "{row}");
    let live = story.project.recorded("select status from deployments where status = 'live'").await;
    assert_eq!(live.len(), 1, "{live:?}");
}
