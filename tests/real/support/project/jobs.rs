//! A project's jobs as Flink itself lists them, and jobs of others.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::project::until;
use crate::support::stack::Stack;

const PATIENCE: Duration = Duration::from_secs(30);
/// Flink's states of jobs that are over.
const OVER: [&str; 3] = ["FINISHED", "CANCELED", "FAILED"];

/// The jobs whose name says that they are a project's.
pub struct Jobs {
    prefix: String,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Listed {
    pub name: String,
    pub id: String,
    /// Flink's own word.
    pub state: String,
    /// Milliseconds since 1970, by Flink's clock.
    pub began: i64,
}

impl Listed {
    pub fn is_over(&self) -> bool {
        OVER.contains(&self.state.as_str())
    }
}

impl Jobs {
    pub fn of(project: &str) -> Jobs {
        Jobs { prefix: format!("weir:{project}/") }
    }

    /// Also those that are over, which Flink lists for an hour.
    pub async fn all(&self) -> Vec<Listed> {
        let mut found = all().await;
        found.retain(|job| job.name.starts_with(&self.prefix));
        found.sort();
        found
    }

    pub async fn live(&self) -> Vec<Listed> {
        let mut found = self.all().await;
        found.retain(|job| !job.is_over());
        found
    }

    /// The one job that is not over.
    pub async fn only(&self) -> Listed {
        let live = self.live().await;
        assert_eq!(live.len(), 1, "one job: {live:#?}");
        live.into_iter().next().expect("counted")
    }

    /// Returns when none is left that is not over.
    pub async fn until_over(&self) {
        until("the jobs to be over", PATIENCE, async || self.live().await.is_empty().then_some(())).await;
    }

    /// Returns when they are over. Needs no runtime: it is what is left to do when a test ends.
    pub fn cancel_all(&self) {
        let prefix = self.prefix.clone();
        let cancel = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(end(&prefix)))
        };
        // A test that ends Flink has nothing left to cancel.
        _ = std::thread::spawn(cancel).join();
    }
}

async fn end(prefix: &str) {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        let live: Vec<Listed> =
            all().await.into_iter().filter(|job| job.name.starts_with(prefix) && !job.is_over()).collect();
        if live.is_empty() {
            return;
        }
        for job in live {
            cancel(&job.id).await;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

/// Every job of the cluster, whosever it is.
pub async fn all() -> Vec<Listed> {
    let listed = call(Method::GET, &format!("{}/jobs/overview", Stack::get().flink_rest), None).await;
    let text = |job: &Value, key: &str| job[key].as_str().unwrap_or_default().to_owned();
    let jobs = listed["jobs"].as_array().into_iter().flatten();
    let listed = |job: &Value| Listed {
        name: text(job, "name"),
        id: text(job, "jid"),
        state: text(job, "state"),
        began: job["start-time"].as_i64().unwrap_or_default(),
    };
    jobs.map(listed).collect()
}

/// As somebody does at Flink's own page.
pub async fn cancel(id: &str) {
    call(Method::PATCH, &format!("{}/jobs/{id}?mode=cancel", Stack::get().flink_rest), None).await;
}

/// Submits a job that is not weir's, under a name of one's choice and an id that Flink chooses, which is given back.
pub async fn submit_foreign(name: &str) -> String {
    submit(&[("pipeline.name", name)]).await
}

/// As [`submit_foreign`], under the id that the name stands for: it cannot be told from weir's own.
pub async fn submit_as(name: &str, id: &str) {
    let given = submit(&[("pipeline.name", name), ("$internal.pipeline.job-id", id)]).await;
    assert_eq!(given, id);
}

async fn submit(config: &[(&str, &str)]) -> String {
    let session = Session::open().await;
    session
        .run("CREATE TEMPORARY TABLE numbers (n BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1')", &[])
        .await;
    session.run("CREATE TEMPORARY TABLE nothing (n BIGINT) WITH ('connector' = 'blackhole')", &[]).await;
    let id = session.run("INSERT INTO nothing SELECT n FROM numbers", config).await;
    session.close().await;
    id.expect("an INSERT gives a job")
}

struct Session(String);

impl Session {
    async fn open() -> Session {
        let sessions = format!("{}/v1/sessions", Stack::get().flink_gateway);
        let opened = call(Method::POST, &sessions, Some(json!({}))).await;
        Session(format!("{sessions}/{}", opened["sessionHandle"].as_str().expect("a handle")))
    }

    /// The id of the job, if the statement made one.
    async fn run(&self, sql: &str, config: &[(&str, &str)]) -> Option<String> {
        let config: serde_json::Map<String, Value> =
            config.iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
        let body = json!({ "statement": sql, "executionConfig": config });
        let begun = call(Method::POST, &format!("{}/statements", self.0), Some(body)).await;
        let operation = format!("{}/operations/{}", self.0, begun["operationHandle"].as_str().expect("a handle"));
        let until = Instant::now() + PATIENCE;
        loop {
            let page = call(Method::GET, &format!("{operation}/result/0"), None).await;
            if page["resultType"] != "NOT_READY" {
                assert!(page["errors"].is_null(), "{sql}: {page}");
                return page["jobID"].as_str().map(str::to_owned);
            }
            assert!(Instant::now() < until, "{sql} gave no result");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    async fn close(self) {
        call(Method::DELETE, &self.0, None).await;
    }
}

async fn call(method: Method, url: &str, body: Option<Value>) -> Value {
    // An error says that the process has one already.
    _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().timeout(PATIENCE).build().expect("a client");
    let mut request = client.request(method, url);
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = request.send().await.unwrap_or_else(|error| panic!("{url}: {error}"));
    // PATCH answers with nothing, and a job that ended meanwhile with an error.
    answer.json().await.unwrap_or(Value::Null)
}
