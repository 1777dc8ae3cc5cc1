//! Streams that a real Flink runs, and an end to their jobs.

use std::collections::BTreeMap;
use std::time::Duration;

use async_trait::async_trait;
use serde_json::json;
use tokio::sync::Mutex;
use uuid::Uuid;
use weir::engine::Engine;
use weir::engine::flink::{Flink, FlinkSettings, Timing};
use weir::model::column::{Column, ColumnType, TypeKind};
use weir::model::definition::{Output, Source, Stream};
use weir::model::job::JobKey;
use weir::model::name::{EngineName, ProjectName, TopicName};
use weir::model::observed::EngineView;
use weir::model::sample;
use weir::model::step::{EngineAct, StepKey, StepKind};

use crate::contract::engine::World;
use crate::support::kafka::{Topics, produce};
use crate::support::stack::Stack;

/// One test's part of the shared cluster. What runs under its project when it is dropped is cancelled.
pub struct FlinkWorld {
    pub flink: Flink,
    pub project: ProjectName,
    pub topics: Mutex<Topics>,
}

impl FlinkWorld {
    pub fn new() -> FlinkWorld {
        let id = Uuid::new_v4().simple().to_string();
        FlinkWorld {
            flink: flink(settings()),
            project: ProjectName::parse(&format!("flink-{}", &id[..12])).expect("letters and digits"),
            topics: Mutex::default(),
        }
    }

    pub async fn topic(&self, partitions: i32) -> TopicName {
        self.topics.lock().await.create("flink", partitions).await
    }

    /// A stream over this topic of orders, into a new one.
    pub async fn over(&self, topic: TopicName, sql: &str) -> Stream {
        let source = orders(topic);
        let output = self.topic(1).await;
        stream(&[source], sql, output)
    }
}

/// For jobs that checkpoint often, so that tests need not wait.
pub fn settings() -> FlinkSettings {
    let stack = Stack::get();
    let folder = |name: &str| format!("file://{}/{name}", stack.state_dir.display());
    FlinkSettings {
        gateway: stack.flink_gateway.clone(),
        rest: stack.flink_rest.clone(),
        kafka_bootstrap: stack.kafka.clone(),
        kafka_properties: BTreeMap::new(),
        transaction_timeout: Duration::from_secs(600),
        checkpoint_dir: folder("checkpoints"),
        savepoint_dir: folder("savepoints"),
        options: BTreeMap::from([("execution.checkpointing.interval".to_owned(), "1 s".to_owned())]),
        timing: Timing::default(),
    }
}

pub fn flink(settings: FlinkSettings) -> Flink {
    Flink::new(EngineName::parse("flink").expect("a word"), settings).expect("an HTTP client")
}

pub fn column(name: &str, kind: TypeKind) -> Column {
    Column { name: name.to_owned(), kind: ColumnType { kind, nullable: true } }
}

/// A source `orders`.
pub fn orders(topic: TopicName) -> Source {
    let columns = vec![column("ORDER_ID", TypeKind::Int), column("AMOUNT", TypeKind::Double)];
    Source { topic, columns, ..sample::source("orders") }
}

pub fn stream(sources: &[Source], sql: &str, output: TopicName) -> Stream {
    Stream {
        sql: sql.to_owned(),
        sources: sources.iter().map(|source| (source.name.clone(), source.clone())).collect(),
        output: Output { topic: output, ..sample::output("out") },
        ..sample::stream("large_orders")
    }
}

#[async_trait]
impl World for FlinkWorld {
    fn engine(&self) -> &dyn Engine {
        &self.flink
    }

    fn unreachable(&self) -> Box<dyn Engine> {
        // Nothing listens there: port 1 is tcpmux's.
        let nowhere = "http://127.0.0.1:1".to_owned();
        Box::new(flink(FlinkSettings { gateway: nowhere.clone(), rest: nowhere, ..settings() }))
    }

    fn project(&self) -> &ProjectName {
        &self.project
    }

    async fn stream(&self) -> Stream {
        let topic = self.topic(1).await;
        produce(&topic, 0, (0..10).map(|number| json!({"ORDER_ID": number, "AMOUNT": 600.0}))).await;
        self.over(topic, "SELECT ORDER_ID, AMOUNT FROM orders WHERE AMOUNT > 500").await
    }

    async fn failing(&self) -> Stream {
        let topic = self.topic(1).await;
        produce(&topic, 0, [json!("no_such_json")]).await;
        self.over(topic, "SELECT ORDER_ID, AMOUNT FROM orders").await
    }
}

impl Drop for FlinkWorld {
    fn drop(&mut self) {
        let project = self.project.clone();
        // A client of its own too: connections of the other one are driven by the test's runtime.
        let cancel = move || {
            let flink = flink(settings());
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(cancel_all(&flink, &project)))
        };
        // A thread of its own: the test's runtime must not be blocked, and may be gone.
        _ = std::thread::spawn(cancel).join();
    }
}

async fn cancel_all(flink: &Flink, project: &ProjectName) {
    let EngineView::Known(cluster) = flink.jobs().await else { return };
    for job in cluster.jobs.into_iter().filter(|job| job.state.is_live()) {
        let Some(JobKey { project: of, stream, generation, .. }) = JobKey::parse(&job.name) else {
            continue;
        };
        if of == *project {
            let step = StepKey {
                ledger: Uuid::nil(),
                project,
                stream: &stream,
                generation,
                kind: StepKind::Cancel,
                attempt: 0,
            };
            _ = flink.execute(&step.id(), &EngineAct::Cancel { job_id: job.id }).await;
        }
    }
}
