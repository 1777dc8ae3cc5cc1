use std::collections::BTreeMap;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::engine::EngineError;
use crate::engine::flink::give_up::{give_up, lookup};
use crate::engine::flink::{Flink, FlinkSettings, Timing};
use crate::model::job::JobId;
use crate::model::name::EngineName;
use crate::model::step::{Lookup, Receipt};

const JOB: &str = "00000000000000000000000000000001";

/// What the JobManager says of the checkpoints of a job that failed, and whether it knows the job after that.
struct Says {
    checkpoints: Result<&'static str, u16>,
    knows_it_then: bool,
}

async fn job_manager(says: Says) -> Flink {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let rest = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(async move {
        let mut knows = true;
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).await.unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..read]).into_owned();
            let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let (code, body) = match path.as_str() {
                "/jobs/overview" if knows => {
                    (200, format!(r#"{{"jobs":[{{"jid":"{JOB}","name":"a","state":"FAILED"}}]}}"#))
                }
                "/jobs/overview" => (200, r#"{"jobs":[]}"#.to_owned()),
                "/config" => (200, r#"{"refresh-interval":1}"#.to_owned()),
                path if path.ends_with("/checkpoints") => {
                    knows = says.knows_it_then;
                    match says.checkpoints {
                        Ok(body) => (200, body.to_owned()),
                        Err(code) => (code, r#"{"errors":["no"]}"#.to_owned()),
                    }
                }
                _ => (409, r#"{"errors":["it ended"]}"#.to_owned()),
            };
            let length = body.len();
            let reply = format!(
                "HTTP/1.1 {code} Said\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: \
                 close\r\n\r\n{body}"
            );
            let _ = stream.write_all(reply.as_bytes()).await;
        }
    });
    let settings = FlinkSettings {
        gateway: rest.clone(),
        rest,
        kafka_bootstrap: "kafka:9092".to_owned(),
        kafka_properties: BTreeMap::new(),
        transaction_timeout: Duration::from_secs(600),
        checkpoint_dir: "file:///checkpoints".to_owned(),
        savepoint_dir: "file:///savepoints".to_owned(),
        options: BTreeMap::new(),
        timing: Timing::default(),
    };
    Flink::new(EngineName::parse("flink").expect("a name"), settings).expect("a client")
}

/// Of a giving up, and of a look whether it was done.
async fn said(checkpoints: Result<&'static str, u16>, knows_it_then: bool) -> [Result<Option<String>, String>; 2] {
    let job = JobId::seen(JOB);
    let done = give_up(&job_manager(Says { checkpoints, knows_it_then }).await, &job).await;
    let found = lookup(&job_manager(Says { checkpoints, knows_it_then }).await, &job).await;
    [
        match done {
            Ok(Receipt::GivenUp { checkpoint }) => Ok(checkpoint),
            Err(EngineError::Refused(reason)) => Err(reason),
            other => panic!("{other:?}"),
        },
        match found {
            Lookup::Done(Receipt::GivenUp { checkpoint }) => Ok(checkpoint),
            Lookup::Failed { reason } => Err(reason),
            other => panic!("{other:?}"),
        },
    ]
}

#[tokio::test]
async fn a_job_left_nothing_only_if_the_job_manager_says_so_and_knows_it() {
    let never = r#"{"latest":{"completed":null,"restored":null,"savepoint":null}}"#;
    let from_a_savepoint = r#"{"latest":{"completed":null,"savepoint":null,
        "restored":{"is_savepoint":true,"external_path":"file:/s/1"}}}"#;
    for (checkpoints, knows_it_then) in [(Ok(never), true), (Ok(from_a_savepoint), true), (Err(404), true)] {
        for said in said(checkpoints, knows_it_then).await {
            assert_eq!(said, Ok(None), "{checkpoints:?}");
        }
    }
    for said in said(Err(404), false).await {
        assert!(said.as_ref().is_err_and(|reason| reason.contains("not known")), "{said:?}");
    }
}

#[tokio::test]
async fn a_checkpoint_that_was_deleted_is_not_an_older_one() {
    let deleted = r#"{"latest":{"completed":{"external_path":"file:/c/chk-3","discarded":true},"savepoint":null,
        "restored":{"is_savepoint":false,"external_path":"file:/c/chk-2"}}}"#;
    for said in said(Ok(deleted), true).await {
        assert!(said.as_ref().is_err_and(|reason| reason.contains("not there any more")), "{said:?}");
    }
    let restored = deleted.replace(r#"{"external_path":"file:/c/chk-3","discarded":true}"#, "null");
    for said in said(Ok(restored.leak()), true).await {
        assert_eq!(said, Ok(Some("file:/c/chk-2".to_owned())));
    }
}
