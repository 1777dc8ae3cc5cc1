//! Which line of Flink runs.

use crate::support::stack::Stack;

pub const OLD: &str = "1.20";
pub const NEW: &str = "2.x";

/// The cluster in one line or the other. When this is dropped it is again in the one that other tests want, also after
/// a test that ended in the middle.
pub struct Cluster(Stack);

impl Cluster {
    pub async fn of(line: &str) -> Cluster {
        let cluster = Cluster(Stack::get());
        cluster.becomes(line).await;
        cluster
    }

    /// JobManager, TaskManager and gateway go, and those of the line come to the same addresses. Kafka, the ledger and
    /// the folders of checkpoints and savepoints stay.
    pub async fn becomes(&self, line: &str) {
        self.0.flink(line).await;
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let stack = self.0.clone();
        let back = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(stack.flink(&stack.flink_version)))
        };
        _ = std::thread::spawn(back).join();
    }
}
