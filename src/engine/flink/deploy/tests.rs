use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use crate::engine::EngineError;
use crate::engine::flink::deploy::{job_config, statements};
use crate::engine::flink::{Flink, FlinkSettings, Timing};
use crate::model::check::{Changelog, CheckKey};
use crate::model::definition::{Delivery, Output, Start, Stream};
use crate::model::desired::Revision;
use crate::model::job::JobKey;
use crate::model::name::{EngineName, Name, ProjectName};
use crate::model::sample;
use crate::model::step::{Deploy, Restore, StepKey, StepKind};

fn options<T: FromIterator<(String, String)>>(pairs: &[(&str, &str)]) -> T {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn flink(of_engine: &[(&str, &str)]) -> Flink {
    let settings = FlinkSettings {
        gateway: "http://127.0.0.1:1".to_owned(),
        rest: "http://127.0.0.1:1".to_owned(),
        kafka_bootstrap: "kafka:9092".to_owned(),
        kafka_properties: BTreeMap::new(),
        transaction_timeout: Duration::from_secs(600),
        checkpoint_dir: "s3://state/checkpoints".to_owned(),
        savepoint_dir: "s3://state/savepoints".to_owned(),
        options: options(of_engine),
        timing: Timing::default(),
    };
    Flink::new(EngineName::parse("flink").expect("a name"), settings).expect("a client")
}

fn deploy(of_stream: &[(&str, &str)], restore: Restore) -> Deploy {
    let (project, name) = (ProjectName::parse("shop").expect("a name"), Name::parse("large").expect("a name"));
    let key = JobKey::run(&project, &name, 3);
    Deploy {
        generation: 3,
        job_id: key.id(Uuid::nil()),
        job_name: key.name(),
        group: "weir.shop.large".to_owned(),
        stream: Stream { name, options: options(of_stream), ..sample::stream("large") },
        revision: Revision("r".to_owned()),
        check: CheckKey("c".to_owned()),
        engine_version: "1.20.3".to_owned(),
        columns: Vec::new(),
        sources: Vec::new(),
        changelog: Changelog::InsertOnly,
        restore,
        texts: None,
    }
}

fn fresh() -> Restore {
    Restore::Start(Start::Earliest)
}

#[test]
fn every_job_carries_its_identity_and_its_checkpoints() {
    let deploy = deploy(&[], fresh());
    let config = job_config(&flink(&[]), &deploy).expect("it is complete");
    let want = [
        ("$internal.pipeline.job-id", deploy.job_id.as_str()),
        ("pipeline.name", "weir:shop/large@3"),
        ("execution.checkpointing.interval", "10 s"),
        ("execution.checkpointing.dir", "s3://state/checkpoints"),
        ("execution.checkpointing.externalized-checkpoint-retention", "RETAIN_ON_CANCELLATION"),
        ("execution.checkpointing.num-retained", "3"),
        ("restart-strategy.type", "exponential-delay"),
    ];
    for (key, value) in want {
        assert_eq!(config.get(key).map(String::as_str), Some(value), "{key}");
    }
    assert!(!config.keys().any(|key| key.starts_with("execution.state-recovery")));
}

#[test]
fn the_streams_options_win_over_the_engines_and_those_over_ours() {
    let interval = "execution.checkpointing.interval";
    let of = |engine: &[(&str, &str)], stream: &[(&str, &str)]| {
        let config = job_config(&flink(engine), &deploy(stream, fresh())).expect("it is complete");
        config.get(interval).cloned().expect("it has an interval")
    };
    assert_eq!(of(&[(interval, "20 s")], &[]), "20 s");
    assert_eq!(of(&[(interval, "20 s")], &[(interval, "30 s")]), "30 s");
}

#[test]
fn options_cannot_change_a_jobs_identity_or_its_state() {
    let mine = [
        ("$internal.pipeline.job-id", "00000000000000000000000000000000"),
        ("pipeline.name", "weir:other/job@1"),
        ("execution.checkpointing.dir", "file:///tmp"),
        ("execution.state-recovery.path", "file:///tmp/savepoint"),
    ];
    let path = "s3://state/savepoints/shop/large/2/savepoint-1";
    let deploy = deploy(&mine, Restore::Savepoint { path: path.to_owned() });
    let config = job_config(&flink(&mine), &deploy).expect("it is complete");
    for (key, value) in mine {
        assert_ne!(config.get(key).map(String::as_str), Some(value), "{key}");
    }
    assert_eq!(config["execution.state-recovery.path"], path);
    assert_eq!(config["execution.state-recovery.ignore-unclaimed-state"], "false");
}

#[test]
fn a_restart_strategy_set_by_hand_stands_alone() {
    let config = job_config(&flink(&[]), &deploy(&[("restart-strategy.type", "none")], fresh())).expect("complete");
    let keys: Vec<_> = config.keys().filter(|key| key.starts_with("restart-strategy")).collect();
    assert_eq!(keys, ["restart-strategy.type"]);
    assert_eq!(config["restart-strategy.type"], "none");
}

fn exactly_once(deploy: Deploy) -> Deploy {
    let output = Output { delivery: Delivery::ExactlyOnce, ..deploy.stream.output };
    Deploy { stream: Stream { output, ..deploy.stream }, ..deploy }
}

/// Who reads committed rows waits for the open transactions of every name, and a job ends only those of its own.
#[test]
fn the_transactions_of_every_generation_bear_one_name() {
    let flink = flink(&[]);
    let first = exactly_once(deploy(&[], fresh()));
    let (project, name) = (ProjectName::parse("shop").expect("a name"), Name::parse("large").expect("a name"));
    let key = JobKey::run(&project, &name, 4);
    let restore = Restore::Savepoint { path: "s3://state/savepoints/shop/large/3/savepoint-1".to_owned() };
    let next = Deploy { generation: 4, job_id: key.id(Uuid::nil()), job_name: key.name(), restore, ..first.clone() };
    let sink = |deploy: &Deploy| statements(&flink, deploy).0.pop().expect("the sink is declared last");
    assert!(sink(&first).contains("'sink.transactional-id-prefix' = 'weir.shop.large'"), "{}", sink(&first));
    assert_eq!(sink(&first), sink(&next));
}

#[test]
fn exactly_once_is_exactly_once_in_every_checkpoint() {
    let lax = [("execution.checkpointing.mode", "AT_LEAST_ONCE")];
    let config = job_config(&flink(&[]), &exactly_once(deploy(&lax, fresh()))).expect("it is complete");
    assert_eq!(config["execution.checkpointing.mode"], "EXACTLY_ONCE");
    let config = job_config(&flink(&[]), &deploy(&lax, fresh())).expect("it is complete");
    assert_eq!(config["execution.checkpointing.mode"], "AT_LEAST_ONCE");
}

#[test]
fn a_job_does_not_begin_before_its_savepoint_is_known() {
    let (project, stream) = (ProjectName::parse("shop").expect("a name"), Name::parse("large").expect("a name"));
    let step = StepKey {
        ledger: Uuid::nil(),
        project: &project,
        stream: &stream,
        generation: 2,
        kind: StepKind::Stop,
        attempt: 0,
    };
    let result = job_config(&flink(&[]), &deploy(&[], Restore::StopOf { step: step.id() }));
    assert!(matches!(result, Err(EngineError::Refused(_))), "{result:?}");
}
