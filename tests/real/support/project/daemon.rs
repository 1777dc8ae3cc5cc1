//! `weir serve` as a process, with what it said.

use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Child;

use crate::support::project::{Project, command, until};

/// Killed when it is dropped.
pub struct Daemon {
    child: Child,
    said: Arc<Mutex<Vec<String>>>,
}

impl Project {
    pub fn serve(&self) -> Daemon {
        let mut command = command(self.home.path(), &["serve"], &self.environment);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program is there");
        let said = Arc::new(Mutex::new(Vec::new()));
        let (lines, heard) = (child.stderr.take().expect("piped"), Arc::clone(&said));
        tokio::spawn(async move {
            let mut lines = BufReader::new(lines).lines();
            while let Ok(Some(line)) = lines.next_line().await {
                heard.lock().expect("nobody panics with it").push(line);
            }
        });
        Daemon { child, said }
    }

    /// A command that is not waited for, and that dies with this value.
    pub fn begin(&self, args: &[&str]) -> Child {
        let mut command = command(self.home.path(), args, &self.environment);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.spawn().expect("the program is there")
    }

    /// Returns when the daemon has looked at the files once more from beginning to end.
    pub async fn one_more_look(&self, daemon: &Daemon) {
        let (before, name) = (daemon.lines().len(), format!("broken_{}", daemon.lines().len()));
        self.write(&format!("streams/{name}.toml"), "no toml");
        daemon.wait_line_after(before, &name).await;
        let before = daemon.lines().len();
        self.remove(&format!("streams/{name}.toml"));
        daemon.wait_line_after(before, "well again").await;
    }
}

impl Daemon {
    pub fn lines(&self) -> Vec<String> {
        self.said.lock().expect("nobody panics with it").clone()
    }

    /// Waits until it has said a line with this text.
    pub async fn wait_line(&self, text: &str) -> String {
        self.wait_line_after(0, text).await
    }

    /// The lines before the `skip`-th do not count.
    pub async fn wait_line_after(&self, skip: usize, text: &str) -> String {
        let end = Instant::now() + Duration::from_secs(60);
        loop {
            let lines = self.lines();
            if let Some(line) = lines.iter().skip(skip).find(|line| line.contains(text)) {
                return line.clone();
            }
            assert!(Instant::now() < end, "`{text}` was not said: {lines:#?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// SIGTERM; how it ended and how long that took.
    pub async fn end(mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        terminate(&self.child).await;
        let status = until("the daemon's end", Duration::from_secs(30), async || {
            self.child.try_wait().expect("it is our child")
        });
        (status.await, begun.elapsed())
    }
}

/// SIGTERM.
pub async fn terminate(child: &Child) {
    let id = child.id().expect("it was not waited for").to_string();
    let sent = tokio::process::Command::new("kill").args(["-TERM", &id]).status().await.expect("kill is there");
    assert!(sent.success(), "process {id} is gone");
}
