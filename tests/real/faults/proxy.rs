use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::time::timeout;

use crate::support::proxy::{Effect, Matching, Progress, Proxy};

const PATIENCE: Duration = Duration::from_secs(10);
/// Long enough to believe that nothing comes.
const SILENCE: Duration = Duration::from_millis(300);

/// A server that answers with the number of requests it has had, and remembers them.
struct Counter {
    url: String,
    had: Arc<Mutex<Vec<String>>>,
}

impl Counter {
    async fn start() -> Counter {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let had: Arc<Mutex<Vec<String>>> = Arc::default();
        let remember = Arc::clone(&had);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let remember = Arc::clone(&remember);
                let service = service_fn(move |request| count(request, Arc::clone(&remember)));
                tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(client), service));
            }
        });
        Counter { url, had }
    }

    fn had(&self) -> Vec<String> {
        self.had.lock().expect("no panic").clone()
    }
}

async fn count(
    request: Request<Incoming>,
    had: Arc<Mutex<Vec<String>>>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let line = format!("{} {}", request.method(), request.uri());
    let tag = request.headers().get("x-tag").cloned();
    let body = request.into_body().collect().await?.to_bytes();
    let mut had = had.lock().expect("no panic");
    had.push(format!("{line} {}", String::from_utf8_lossy(&body)));
    let mut reply = Response::new(Full::new(Bytes::from(had.len().to_string())));
    if let Some(tag) = tag {
        reply.headers_mut().insert("x-tag", tag);
    }
    Ok(reply)
}

async fn post(proxy: &Proxy, path: &str, body: &str) -> Result<(StatusCode, String), reqwest::Error> {
    let request = reqwest::Client::new().post(format!("{}{path}", proxy.url())).body(body.to_owned());
    let reply = request.send().await?;
    Ok((reply.status(), reply.text().await?))
}

async fn counter() -> (Counter, Proxy) {
    let counter = Counter::start().await;
    let proxy = Proxy::to(&counter.url).await;
    (counter, proxy)
}

fn deploy() -> Matching {
    Matching::post("/v*/jobs/*/run").body(|body| body.contains("INSERT"))
}

#[tokio::test]
async fn without_rules_all_passes_as_it_is_and_is_recorded() {
    let (counter, proxy) = counter().await;
    let request = reqwest::Client::new().delete(format!("{}/a/b?c=d", proxy.url())).header("x-tag", "kept");
    let reply = request.body("text").send().await.expect("it passes");
    assert_eq!(reply.headers()["x-tag"], "kept");
    assert_eq!(reply.text().await.expect("a body"), "1");
    assert_eq!(counter.had(), ["DELETE /a/b?c=d text"]);
    let seen = &proxy.requests()[0];
    assert_eq!((&seen.method, &*seen.path, &*seen.body), (&Method::DELETE, "/a/b?c=d", "text"));
    assert_eq!(proxy.count(&Matching::new(Method::DELETE, "/a/*")), 1);
    assert_eq!(proxy.count(&Matching::get("/a/*")), 0);
    let answered = proxy.answered();
    let [exchange] = &answered[..] else { panic!("{answered:?}") };
    assert_eq!((&exchange.seen, &*exchange.reply), (seen, "1"));
    assert!(exchange.begun <= exchange.ended);
    assert!(proxy.answered().is_empty(), "each is told once");
}

#[tokio::test]
async fn a_rule_takes_only_what_matches_and_only_so_often() {
    let (counter, proxy) = counter().await;
    let rule = proxy.rule(deploy(), Effect::Answer(StatusCode::SERVICE_UNAVAILABLE), 1);
    for (path, body) in [("/v1/jobs/7/stop", "INSERT"), ("/v1/jobs/7/8/run", "INSERT"), ("/v1/jobs/7/run", "SELECT")] {
        assert_eq!(post(&proxy, path, body).await.expect("no rule").0, StatusCode::OK);
    }
    assert_eq!(post(&proxy, "/v1/jobs/7/run", "INSERT").await.expect("answered").0, 503);
    assert_eq!(rule.progress(), Progress { taken: 1, done: 0 });
    assert_eq!(post(&proxy, "/v1/jobs/7/run", "INSERT").await.expect("used up").0, StatusCode::OK);
    assert_eq!(counter.had().len(), 4);
}

#[tokio::test]
async fn a_rule_that_forwards_only_watches() {
    let (counter, proxy) = counter().await;
    let rule = proxy.rule(deploy(), Effect::Forward, usize::MAX);
    for answer in ["1", "2"] {
        assert_eq!(post(&proxy, "/v1/jobs/7/run", "INSERT").await.expect("it passes").1, answer);
    }
    assert_eq!((rule.progress(), counter.had().len()), (Progress { taken: 2, done: 2 }, 2));
}

#[tokio::test]
async fn a_lost_reply_is_one_of_a_request_that_was_done() {
    let (counter, proxy) = counter().await;
    let rule = proxy.rule(deploy(), Effect::LoseReply, 1);
    assert!(post(&proxy, "/v1/jobs/7/run", "INSERT").await.is_err());
    rule.done(PATIENCE).await;
    assert_eq!(counter.had().len(), 1);
}

#[tokio::test]
async fn a_dropped_request_is_not_done() {
    let (counter, proxy) = counter().await;
    let rule = proxy.rule(deploy(), Effect::Drop, 1);
    assert!(post(&proxy, "/v1/jobs/7/run", "INSERT").await.is_err());
    rule.taken(PATIENCE).await;
    assert_eq!((rule.progress(), counter.had().len()), (Progress { taken: 1, done: 0 }, 0));
}

#[tokio::test]
async fn twice_is_done_twice_and_answered_once() {
    let (counter, proxy) = counter().await;
    let rule = proxy.rule(deploy(), Effect::Twice, 1);
    assert_eq!(post(&proxy, "/v1/jobs/7/run", "INSERT").await.expect("answered").1, "2");
    assert_eq!((rule.progress(), counter.had().len()), (Progress { taken: 1, done: 2 }, 2));
}

#[tokio::test]
async fn an_error_after_success_is_one_of_a_request_that_was_done() {
    let (counter, proxy) = counter().await;
    proxy.rule(deploy(), Effect::AnswerAfter(StatusCode::INTERNAL_SERVER_ERROR), 1);
    assert_eq!(post(&proxy, "/v1/jobs/7/run", "INSERT").await.expect("answered").0, 500);
    assert_eq!(counter.had().len(), 1);
}

#[tokio::test]
async fn a_late_request_is_done_though_the_client_went_away() {
    let (counter, proxy) = counter().await;
    let rule = proxy.rule(deploy(), Effect::Late(SILENCE), 1);
    assert!(timeout(SILENCE / 3, post(&proxy, "/v1/jobs/7/run", "INSERT")).await.is_err());
    assert_eq!(counter.had().len(), 0);
    rule.done(PATIENCE).await;
    assert_eq!(counter.had().len(), 1);
}

#[tokio::test]
async fn a_held_request_is_done_when_it_is_released_and_not_before() {
    let (counter, proxy) = counter().await;
    let rule = proxy.rule(deploy(), Effect::Hold, 1);
    assert!(timeout(SILENCE, post(&proxy, "/v1/jobs/7/run", "INSERT")).await.is_err());
    assert_eq!((rule.progress(), counter.had().len()), (Progress { taken: 1, done: 0 }, 0));
    rule.release();
    rule.done(PATIENCE).await;
    assert_eq!(counter.had().len(), 1);
}

/// What a test of a killed process waits for: the request is done, and its sender does not know.
#[tokio::test]
async fn a_held_reply_comes_when_it_is_released_and_not_before() {
    let (counter, proxy) = counter().await;
    let rule = proxy.rule(deploy(), Effect::HoldReply, 1);
    let reply = post(&proxy, "/v1/jobs/7/run", "INSERT");
    tokio::pin!(reply);
    assert!(timeout(SILENCE, &mut reply).await.is_err());
    rule.done(PATIENCE).await;
    assert_eq!(counter.had().len(), 1);
    rule.release();
    assert_eq!(reply.await.expect("it comes").1, "1");
}

#[tokio::test]
async fn clearing_lets_go_and_forgets_all_rules() {
    let (counter, proxy) = counter().await;
    let held = proxy.rule(deploy(), Effect::Hold, 1);
    proxy.rule(deploy(), Effect::Drop, usize::MAX);
    let reply = post(&proxy, "/v1/jobs/7/run", "INSERT");
    tokio::pin!(reply);
    tokio::select! {
        _ = &mut reply => panic!("it is held"),
        () = held.taken(PATIENCE) => {}
    }
    proxy.clear();
    assert_eq!(reply.await.expect("it is let go").1, "1");
    assert_eq!(post(&proxy, "/v1/jobs/7/run", "INSERT").await.expect("no rule is left").1, "2");
    assert_eq!(counter.had().len(), 2);
}
