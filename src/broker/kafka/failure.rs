//! How a call ends that gives nothing, and what that means for a change that was asked for.

use rdkafka::error::{KafkaError, RDKafkaErrorCode};

use crate::broker::BrokerError;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Failure {
    /// No answer in time, or one that says as much.
    Silence(String),
    /// The broker's answer.
    Said(RDKafkaErrorCode),
    /// Nothing was asked for, and why.
    Unasked(String),
}

impl Failure {
    pub fn of(error: KafkaError) -> Failure {
        match error {
            KafkaError::AdminOp(code) => Failure::of_code(code),
            KafkaError::AdminOpCreation(reason) => Failure::Unasked(reason),
            KafkaError::Canceled => Failure::Silence(error.to_string()),
            other => match other.rdkafka_error_code() {
                Some(code) => Failure::of_code(code),
                None => Failure::Unasked(other.to_string()),
            },
        }
    }

    /// librdkafka's own codes lie below -1; those of the protocol from -1 upwards.
    pub fn of_code(code: RDKafkaErrorCode) -> Failure {
        let silent = [
            RDKafkaErrorCode::Unknown,
            RDKafkaErrorCode::RequestTimedOut,
            RDKafkaErrorCode::NetworkException,
            RDKafkaErrorCode::BrokerNotAvailable,
        ];
        match (code as i32) < RDKafkaErrorCode::Unknown as i32 || silent.contains(&code) {
            true => Failure::Silence(words(code)),
            false => Failure::Said(code),
        }
    }

    /// Something moved between two calls of one look: looking again settles it.
    pub fn passes(&self) -> bool {
        let moving = [
            RDKafkaErrorCode::UnknownTopicOrPartition,
            RDKafkaErrorCode::LeaderNotAvailable,
            RDKafkaErrorCode::NotLeaderForPartition,
            RDKafkaErrorCode::ReplicaNotAvailable,
            RDKafkaErrorCode::UnknownLeaderEpoch,
            RDKafkaErrorCode::FencedLeaderEpoch,
        ];
        let lost = [words(RDKafkaErrorCode::UnknownTopic), words(RDKafkaErrorCode::UnknownPartition)];
        match self {
            Failure::Said(code) => moving.contains(code),
            Failure::Silence(reason) => lost.contains(reason),
            Failure::Unasked(_) => false,
        }
    }

    pub fn reason(&self) -> String {
        match self {
            Failure::Silence(reason) | Failure::Unasked(reason) => reason.clone(),
            Failure::Said(code) => words(*code),
        }
    }

    /// For a request that only reads.
    pub fn of_reading(self, bootstrap: &str) -> BrokerError {
        let reason = self.reason();
        match self {
            Failure::Silence(_) => BrokerError::Unreachable(format!("Kafka at {bootstrap} does not answer: {reason}")),
            Failure::Said(_) | Failure::Unasked(_) => BrokerError::Refused(format!("Kafka at {bootstrap}: {reason}")),
        }
    }

    /// For a request that changes something, `what` in words as `creating topic a`.
    pub fn of_changing(self, bootstrap: &str, what: &str) -> BrokerError {
        let reason = self.reason();
        match self {
            Failure::Silence(_) => {
                BrokerError::Uncertain(format!("Kafka at {bootstrap} did not answer to {what}: {reason}"))
            }
            // Sent to a broker that no longer decides such things.
            Failure::Said(RDKafkaErrorCode::NotController) => {
                BrokerError::Unreachable(format!("Kafka at {bootstrap} changes its controller: {reason}"))
            }
            Failure::Said(_) | Failure::Unasked(_) => BrokerError::Refused(format!("{what}: {reason}")),
        }
    }
}

/// `Topic already exists` of `TopicAlreadyExists (Broker: Topic already exists)`.
pub(super) fn words(code: RDKafkaErrorCode) -> String {
    let text = code.to_string();
    let inner = text.split_once(" (").and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(&text);
    let inner = inner.strip_prefix("Broker: ").or_else(|| inner.strip_prefix("Local: ")).unwrap_or(inner);
    inner.to_owned()
}
