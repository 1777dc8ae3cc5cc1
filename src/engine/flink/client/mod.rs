//! HTTP to Flink's two servers: what is sent, what comes back, and what is known when nothing comes back.

pub mod gateway;
pub mod rest;

use std::time::Duration;

use reqwest::{Method, Url};
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::time::Instant;

use crate::engine::flink::wire::Errors;

/// How long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// To open a connection.
    pub connect: Duration,
    /// One request, from its start to the end of its reply.
    pub request: Duration,
    /// The longest pause between two looks at something that is not ready.
    pub pause: Duration,
    /// One task that takes several requests: a statement's result, a savepoint, the end of a job.
    pub task: Duration,
    /// For a new job until all its tasks run.
    pub running: Duration,
    /// A new job must run so long before it counts as running.
    pub steady: Duration,
}

impl Default for Timing {
    fn default() -> Timing {
        Timing {
            connect: Duration::from_secs(3),
            request: Duration::from_secs(30),
            pause: Duration::from_millis(250),
            task: Duration::from_secs(120),
            running: Duration::from_secs(60),
            steady: Duration::from_secs(1),
        }
    }
}

/// Why a call gave no answer of the wanted form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// No connection: the request never left.
    NotSent(String),
    /// The request may have left; no whole reply came.
    Lost(String),
    /// A reply, but not 2xx.
    Status { code: u16, errors: Vec<String> },
    /// 2xx, but not what Flink answers here.
    Strange(String),
}

/// Repeated looks with pauses that grow, until the time is up. By a third each: the last one, in which the thing may long
/// be done, is then about a quarter of the whole wait.
pub struct Pace {
    until: Instant,
    next: Duration,
    longest: Duration,
}

impl Pace {
    pub fn new(limit: Duration, longest: Duration) -> Pace {
        Pace { until: Instant::now() + limit, next: Duration::from_millis(5).min(longest), longest }
    }

    /// Pauses; false when the time is up.
    pub async fn again(&mut self) -> bool {
        if Instant::now() >= self.until {
            return false;
        }
        tokio::time::sleep(self.next).await;
        self.next = (self.next * 4 / 3).min(self.longest);
        true
    }
}

/// One server.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    base: String,
    /// Texts that must not be shown, taken out of whatever the server says.
    hidden: Vec<String>,
}

impl Http {
    pub fn new(client: reqwest::Client, base: &str, hidden: Vec<String>) -> Http {
        Http { client, base: base.trim_end_matches('/').to_owned(), hidden }
    }

    /// The address without user and password.
    pub fn shown(&self) -> String {
        let Ok(mut url) = Url::parse(&self.base) else { return self.base.clone() };
        // Both fail only for addresses that cannot hold either.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.as_str().trim_end_matches('/').to_owned()
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, Failure> {
        self.call(Method::GET, path, None).await
    }

    pub async fn post<T: DeserializeOwned>(&self, path: &str, body: &Value) -> Result<T, Failure> {
        self.call(Method::POST, path, Some(body)).await
    }

    pub async fn call<T: DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<T, Failure> {
        let mut request = self.client.request(method, format!("{}{path}", self.base));
        if let Some(body) = body {
            request = request.json(body);
        }
        let reply = request.send().await.map_err(failure)?;
        let status = reply.status();
        let text = reply.text().await.map_err(|error| Failure::Lost(reason(&error)))?;
        if !status.is_success() {
            return Err(Failure::Status { code: status.as_u16(), errors: self.errors(text) });
        }
        let text = if text.is_empty() { "null" } else { &text };
        serde_json::from_str(text).map_err(|error| Failure::Strange(error.to_string()))
    }

    fn errors(&self, text: String) -> Vec<String> {
        let errors = serde_json::from_str(&text).map_or_else(|_| vec![text], |Errors { errors }| errors);
        errors.into_iter().map(|error| self.hide(error)).collect()
    }

    /// Takes what must not be shown out of a text.
    pub fn hide(&self, text: String) -> String {
        self.hidden.iter().fold(text, |text, secret| text.replace(secret.as_str(), "***"))
    }
}

fn failure(error: reqwest::Error) -> Failure {
    match error.is_connect() || error.is_builder() {
        true => Failure::NotSent(reason(&error)),
        false => Failure::Lost(reason(&error)),
    }
}

/// The innermost cause in words; reqwest's own words repeat the address.
fn reason(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "no reply in time".to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    match cause.to_string() {
        words if words.contains("Connection refused") => "connection refused".to_owned(),
        words => words,
    }
}
