use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::flink::client::Failure;
use crate::engine::flink::{Flink, FlinkSettings, Timing};
use crate::model::name::EngineName;

const JAAS: &str = "org.apache.kafka.common.security.plain.PlainLoginModule required password=\"hunter22\";";

fn flink() -> Flink {
    let properties =
        [("sasl.jaas.config", JAAS), ("ssl.keystore.password", "hunter23"), ("security.protocol", "SASL_SSL")];
    let settings = FlinkSettings {
        gateway: "https://someone:hunter24@gateway:8083/flink/".to_owned(),
        rest: "http://jobs:8081".to_owned(),
        kafka_bootstrap: "kafka:9092".to_owned(),
        kafka_properties: BTreeMap::from(properties.map(|(key, value)| (key.to_owned(), value.to_owned()))),
        transaction_timeout: Duration::from_secs(600),
        checkpoint_dir: "file:///checkpoints".to_owned(),
        savepoint_dir: "file:///savepoints".to_owned(),
        options: BTreeMap::new(),
        timing: Timing::default(),
    };
    Flink::new(EngineName::parse("flink").expect("a name"), settings).expect("a client")
}

#[test]
fn what_flink_says_of_our_secrets_is_hidden() {
    let said = format!("cannot read `{JAAS}` over SASL_SSL with hunter23");
    assert_eq!(flink().hide(said), "cannot read `***` over SASL_SSL with ***");
}

#[test]
fn an_address_is_shown_without_its_password() {
    let words = flink().gateway_failed(&Failure::NotSent("connection refused".to_owned()));
    assert_eq!(words, "SQL gateway at https://gateway:8083/flink does not answer: connection refused");
}

#[test]
fn a_failure_names_its_server() {
    let flink = flink();
    let status = Failure::Status { code: 503, errors: vec!["a.B: Service temporarily unavailable\n\tat c".to_owned()] };
    assert_eq!(
        flink.job_manager_failed(&status),
        "JobManager at http://jobs:8081 answers 503: Service temporarily unavailable"
    );
    let strange = Failure::Strange("expected value at line 1 column 1".to_owned());
    assert_eq!(
        flink.job_manager_failed(&strange),
        "JobManager at http://jobs:8081 does not answer as Flink does: expected value at line 1 column 1"
    );
}
