//! What librdkafka tells on the side: kept for our messages and told to `tracing`, never printed.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{DeliveryResult, ProducerContext};

/// More than this many are not listened to at once: a client that fails all the time must not hold up a look.
const MOST_EVENTS: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Ears {
    heard: Mutex<Heard>,
}

#[derive(Debug, Default)]
struct Heard {
    all_down: bool,
    last: Option<String>,
}

impl Ears {
    /// Takes in what waits in the client's queue.
    pub fn listen(&self, consumer: &BaseConsumer<Ears>) {
        for _ in 0..MOST_EVENTS {
            if consumer.poll(Duration::from_millis(1)).is_none() {
                return;
            }
        }
    }

    pub fn forget(&self) {
        *self.heard() = Heard::default();
    }

    /// librdkafka says this once per outage, so it holds until the brokers answer.
    pub fn all_down(&self) -> bool {
        self.heard().all_down
    }

    pub fn last(&self) -> Option<String> {
        self.heard().last.clone()
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ClientContext for Ears {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        tracing::debug!(target: "weir::broker::librdkafka", ?level, facility, "{message}");
    }

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!(target: "weir::broker::librdkafka", %error, "{reason}");
        let mut heard = self.heard();
        if error.rdkafka_error_code() == Some(RDKafkaErrorCode::AllBrokersDown) {
            heard.all_down = true;
        } else {
            heard.last = Some(cause(reason).to_owned());
        }
    }
}

impl ConsumerContext for Ears {}

impl ProducerContext for Ears {
    type DeliveryOpaque = ();

    fn delivery(&self, _: &DeliveryResult<'_>, (): ()) {}
}

/// The middle of `127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in …)`.
pub(super) fn cause(reason: &str) -> &str {
    let start = reason.find("/bootstrap: ").map_or(0, |at| at + "/bootstrap: ".len());
    let end = reason.find(" (after ").unwrap_or(reason.len());
    reason.get(start..end).unwrap_or(reason)
}
