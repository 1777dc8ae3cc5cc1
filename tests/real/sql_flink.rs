//! Flink's own parser judges the corpus: what the front end accepts it takes, what the front end refuses it refuses.

#[allow(dead_code, reason = "the corpus has a test program of its own")]
#[path = "../sql/corpus.rs"]
mod corpus;

use std::time::Duration;

use reqwest::Client;
use serde_json::{Value, json};

use crate::sql_flink::corpus::{Case, Verdict};
use crate::support::stack::Stack;

const PATIENCE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn flink_takes_and_refuses_what_the_front_end_does() {
    let session = Session::open().await;
    let mut wrong = Vec::new();
    let mut asked = 0;
    let cases = corpus::files("flink").into_iter().flat_map(|file| file.cases);
    for case in cases.filter(|case| is_one_query(case) && !case.later) {
        asked += 1;
        let told = session.explain(case.text.trim_end_matches(';')).await;
        let parsed = told.as_ref().is_none_or(|told| !told.contains("ParseException"));
        // A rule of weir's own refuses what Flink would take.
        let by_grammar = ["sql ", "wrong_dialect "].iter().any(|code| case.expected.starts_with(code));
        let right = match case.verdict {
            Verdict::Accepted => parsed,
            Verdict::Refused => !parsed || !by_grammar,
        };
        if !right {
            wrong.push(format!("{:?}: {}\n{}", case.verdict, case.text, told.unwrap_or_default()));
        }
    }
    session.close().await;
    println!("Flink judged {asked} statements");
    assert!(asked > 200, "only {asked} statements could be asked about");
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// EXPLAIN takes nothing else.
fn is_one_query(case: &Case) -> bool {
    let text = case.text.trim_end_matches(';');
    ["SELECT ", "WITH ", "INSERT ", "VALUES ", "("].iter().any(|start| text.starts_with(start)) && !text.contains(';')
}

struct Session {
    client: Client,
    url: String,
}

impl Session {
    async fn open() -> Session {
        // An error says that the process has one already.
        _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(PATIENCE).build().expect("a client");
        let sessions = format!("{}/v1/sessions", Stack::get().flink_gateway);
        let opened = client.post(&sessions).json(&json!({ "sessionName": "sql_corpus" })).send().await;
        let opened: Value = opened.expect("the gateway answers").json().await.expect("JSON");
        let handle = opened["sessionHandle"].as_str().expect("a session");
        Session { client, url: format!("{sessions}/{handle}") }
    }

    /// Why Flink does not explain it.
    async fn explain(&self, sql: &str) -> Option<String> {
        let statement = json!({ "statement": format!("EXPLAIN {sql}") });
        let sent = self.client.post(format!("{}/statements", self.url)).json(&statement).send().await;
        let sent: Value = sent.expect("the gateway answers").json().await.expect("JSON");
        let operation = format!("{}/operations/{}", self.url, sent["operationHandle"].as_str().expect("an operation"));
        let told = loop {
            let answer = self.client.get(format!("{operation}/result/0")).send().await.expect("the gateway answers");
            let refused = !answer.status().is_success();
            let answer: Value = answer.json().await.expect("JSON");
            if refused {
                break Some(answer["errors"].to_string());
            }
            if answer["resultType"] != "NOT_READY" {
                break None;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let closed = self.client.delete(format!("{operation}/close")).send().await;
        closed.expect("the gateway answers");
        told
    }

    async fn close(self) {
        self.client.delete(&self.url).send().await.expect("the gateway answers");
    }
}
