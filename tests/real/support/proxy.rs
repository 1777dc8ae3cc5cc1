//! A reverse proxy in front of an engine's HTTP API that loses, doubles and delays what passes through it.
//!
//! A request goes to the first rule that matches it and has uses left, else straight through. What a rule forwards
//! is forwarded whether or not the client still waits for it.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderMap, TRANSFER_ENCODING};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// As without a rule; for a rule that only watches.
    Forward,
    /// Done, but the reply never comes: the connection ends.
    LoseReply,
    /// Done, and its reply waits for [`Rule::release`].
    HoldReply,
    /// Done twice, one after the other; the second reply comes.
    Twice,
    /// Forwarded only after this long.
    Late(Duration),
    /// Forwarded only after [`Rule::release`].
    Hold,
    /// Not done: the connection ends.
    Drop,
    /// Not done: answered with this status by the proxy.
    Answer(StatusCode),
    /// Done, but answered with this status by the proxy.
    AnswerAfter(StatusCode),
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub method: Method,
    /// With its query.
    pub path: String,
    pub body: String,
}

/// A request that was answered by the server behind.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub seen: Seen,
    pub reply: String,
    /// When it was passed on, and when its whole reply was there.
    pub begun: SystemTime,
    pub ended: SystemTime,
}

/// Which requests a rule takes.
pub struct Matching {
    method: Method,
    path: String,
    body: Box<dyn Fn(&str) -> bool + Send + Sync>,
}

impl Matching {
    /// In `path`, `*` stands for any characters but `/`; a query is not compared.
    pub fn new(method: Method, path: &str) -> Matching {
        Matching { method, path: path.to_owned(), body: Box::new(|_| true) }
    }

    pub fn post(path: &str) -> Matching {
        Matching::new(Method::POST, path)
    }

    pub fn get(path: &str) -> Matching {
        Matching::new(Method::GET, path)
    }

    pub fn body(self, takes: impl Fn(&str) -> bool + Send + Sync + 'static) -> Matching {
        Matching { body: Box::new(takes), ..self }
    }

    fn takes(&self, seen: &Seen) -> bool {
        let path = seen.path.split('?').next().unwrap_or_default();
        seen.method == self.method && fits(&self.path, path) && (self.body)(&seen.body)
    }
}

/// How far a rule has come, in requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Came in.
    pub taken: usize,
    /// Answered by the server (each of `Twice` counts).
    pub done: usize,
}

struct Inner {
    matching: Matching,
    effect: Effect,
    left: Mutex<usize>,
    progress: watch::Sender<Progress>,
    released: watch::Sender<bool>,
}

/// A rule in place, and what became of it.
#[derive(Clone)]
pub struct Rule(Arc<Inner>);

impl Rule {
    pub fn progress(&self) -> Progress {
        *self.0.progress.borrow()
    }

    /// Waits until a request of the rule came in. Panics after `within`.
    pub async fn taken(&self, within: Duration) {
        self.reached("came in", |progress| progress.taken > 0, within).await;
    }

    /// Waits until the server has answered a request of the rule: it is done, whatever the client will hear.
    /// Panics after `within`.
    pub async fn done(&self, within: Duration) {
        self.reached("was done", |progress| progress.done > 0, within).await;
    }

    /// Lets go what the rule holds, and what it will take from now on.
    pub fn release(&self) {
        self.0.released.send_replace(true);
    }

    async fn reached(&self, what: &str, enough: impl FnMut(&Progress) -> bool, within: Duration) {
        let mut progress = self.0.progress.subscribe();
        let reached = timeout(within, progress.wait_for(enough)).await.is_ok();
        let Matching { method, path, .. } = &self.0.matching;
        assert!(reached, "no {method} {path} {what} within {within:?}");
    }

    fn take(&self, seen: &Seen) -> bool {
        let mut left = self.0.left.lock().expect("no panic");
        let takes = *left > 0 && self.0.matching.takes(seen);
        if takes {
            *left -= 1;
            self.0.progress.send_modify(|progress| progress.taken += 1);
        }
        takes
    }
}

struct State {
    upstream: String,
    client: reqwest::Client,
    rules: Mutex<Vec<Rule>>,
    seen: Mutex<VecDeque<Seen>>,
    answered: Mutex<Vec<Exchange>>,
}

pub struct Proxy {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// `upstream` is `http://host:port`.
    pub async fn to(upstream: &str) -> Proxy {
        // The first of several proxies installs it.
        _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build();
        let client = client.expect("an HTTP client");
        let upstream = upstream.trim_end_matches('/').to_owned();
        let (rules, seen, answered) = (Mutex::default(), Mutex::default(), Mutex::default());
        let state = Arc::new(State { upstream, client, rules, seen, answered });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback has a free port");
        let address = listener.local_addr().expect("a bound socket has an address");
        let task = tokio::spawn(accept(listener, Arc::clone(&state)));
        Proxy { address, state, task }
    }

    /// `http://127.0.0.1:port`
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// A rule for the next `uses` requests that match. Older rules go first.
    pub fn rule(&self, matching: Matching, effect: Effect, uses: usize) -> Rule {
        let (left, progress, released) = (Mutex::new(uses), watch::Sender::default(), watch::Sender::default());
        let rule = Rule(Arc::new(Inner { matching, effect, left, progress, released }));
        self.state.rules.lock().expect("no panic").push(rule.clone());
        rule
    }

    /// Takes all rules away; what they hold is let go.
    pub fn clear(&self) {
        for rule in self.state.rules.lock().expect("no panic").drain(..) {
            rule.release();
        }
    }

    /// All requests that came in, in their order.
    pub fn requests(&self) -> Vec<Seen> {
        self.state.seen.lock().expect("no panic").iter().cloned().collect()
    }

    /// All requests that were answered since this was last asked, in the order of their answers.
    pub fn answered(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.state.answered.lock().expect("no panic"))
    }

    pub fn count(&self, matching: &Matching) -> usize {
        self.state.seen.lock().expect("no panic").iter().filter(|seen| matching.takes(seen)).count()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// What a client is told; `None` ends its connection without a word.
type Reply = Option<Response<Full<Bytes>>>;

async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut live = JoinSet::new();
    loop {
        tokio::select! {
            Ok((client, _)) = listener.accept() => { live.spawn(serve(client, Arc::clone(&state))); }
            Some(_) = live.join_next() => {}
        }
    }
}

async fn serve(client: TcpStream, state: Arc<State>) {
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move {
            let Some(call) = Call::read(request, &state).await else { return Err("the client went away") };
            let rule = call.rule.clone();
            // A task of its own: hyper drops this future when the client goes away.
            let outcome = tokio::spawn(answer(call, state)).await.ok().flatten();
            // Only what the client hears waits here.
            if let Some(rule) = rule.filter(|rule| rule.0.effect == Effect::HoldReply) {
                released(&rule).await;
            }
            outcome.ok_or("the reply is lost")
        }
    });
    _ = http1::Builder::new().serve_connection(TokioIo::new(client), service).await;
}

/// A request on its way.
struct Call {
    seen: Seen,
    headers: HeaderMap,
    body: Bytes,
    rule: Option<Rule>,
}

impl Call {
    async fn read(request: Request<Incoming>, state: &State) -> Option<Call> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.ok()?.to_bytes();
        let path = head.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let seen = Seen { method: head.method, path, body: String::from_utf8_lossy(&body).into_owned() };
        state.seen.lock().expect("no panic").push_back(seen.clone());
        let rule = state.rules.lock().expect("no panic").iter().find(|rule| rule.take(&seen)).cloned();
        let mut headers = head.headers;
        // They belong to the connection.
        for name in [HOST, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(name);
        }
        Some(Call { seen, headers, body, rule })
    }

    /// `None`: the server did not answer.
    async fn forward(&self, state: &State) -> Reply {
        let url = format!("{}{}", state.upstream, self.seen.path);
        let request = state.client.request(self.seen.method.clone(), url).headers(self.headers.clone());
        let begun = SystemTime::now();
        let answer = request.body(self.body.clone()).send().await.ok()?;
        let (status, mut headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await.ok()?;
        let (seen, reply, ended) = (self.seen.clone(), String::from_utf8_lossy(&body).into_owned(), SystemTime::now());
        state.answered.lock().expect("no panic").push(Exchange { seen, reply, begun, ended });
        if let Some(rule) = &self.rule {
            rule.0.progress.send_modify(|progress| progress.done += 1);
        }
        for name in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(name);
        }
        let mut reply = Response::new(Full::new(body));
        *reply.status_mut() = status;
        *reply.headers_mut() = headers;
        Some(reply)
    }
}

async fn answer(call: Call, state: Arc<State>) -> Reply {
    let Some(rule) = &call.rule else { return call.forward(&state).await };
    match rule.0.effect {
        Effect::Forward | Effect::HoldReply => call.forward(&state).await,
        Effect::LoseReply => {
            call.forward(&state).await;
            None
        }
        Effect::Twice => {
            call.forward(&state).await;
            call.forward(&state).await
        }
        Effect::Late(delay) => {
            tokio::time::sleep(delay).await;
            call.forward(&state).await
        }
        Effect::Hold => {
            released(rule).await;
            call.forward(&state).await
        }
        Effect::Drop => None,
        Effect::Answer(status) => Some(told(status)),
        Effect::AnswerAfter(status) => {
            call.forward(&state).await;
            Some(told(status))
        }
    }
}

fn told(status: StatusCode) -> Response<Full<Bytes>> {
    let mut reply = Response::new(Full::new(Bytes::from_static(b"{\"errors\":[\"the proxy of the tests says so\"]}")));
    *reply.status_mut() = status;
    reply.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static("application/json"));
    reply
}

async fn released(rule: &Rule) {
    let mut released = rule.0.released.subscribe();
    // The sender lives in the rule.
    _ = released.wait_for(|released| *released).await;
}

/// `*` in the pattern stands for any characters but `/`.
fn fits(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((start, rest)) => path.strip_prefix(start).is_some_and(|path| {
            let segment = path.find('/').unwrap_or(path.len());
            (0..=segment).filter(|end| path.is_char_boundary(*end)).any(|end| fits(rest, &path[end..]))
        }),
    }
}
