use std::collections::BTreeMap;
use std::time::Duration;

use uuid::Uuid;

use crate::engine::flink::helper::{config, insert, properties, same_shape, scan_table};
use crate::engine::flink::{Flink, FlinkSettings, Timing};
use crate::model::few::Few;
use crate::model::job::JobKey;
use crate::model::name::{EngineName, Name, ProjectName, TopicName};
use crate::model::offsets::{Chaining, Helper, Scan, Taken};

fn flink() -> Flink {
    let options = [("parallelism.default", "8"), ("restart-strategy.type", "fixed-delay"), ("a", "engine's")];
    let settings = FlinkSettings {
        gateway: "http://127.0.0.1:1".to_owned(),
        rest: "http://127.0.0.1:1".to_owned(),
        kafka_bootstrap: "kafka:9092".to_owned(),
        kafka_properties: BTreeMap::from([("auto.offset.reset".to_owned(), "earliest".to_owned())]),
        transaction_timeout: Duration::from_secs(600),
        checkpoint_dir: "s3://state/checkpoints".to_owned(),
        savepoint_dir: "s3://state/savepoints".to_owned(),
        options: options.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        timing: Timing::default(),
    };
    Flink::new(EngineName::parse("flink").expect("a name"), settings).expect("a client")
}

/// One scan for each number of outputs.
fn helper(chaining: Chaining, outputs: &[u32]) -> Helper {
    let (project, stream) = (ProjectName::parse("shop").expect("a name"), Name::parse("large").expect("a name"));
    let key = JobKey::offsets(&project, &stream, 3, 0);
    let scan = |(nth, outputs): (usize, &u32)| Scan {
        source: Name::parse(&format!("s{nth}")).expect("a name"),
        topic: TopicName::parse(&format!("it.s-{nth}")).expect("a topic"),
        outputs: *outputs,
        group: Scan::group(&project, &stream, 3, 0, nth),
    };
    Helper {
        job_id: key.id(Uuid::nil()),
        job_name: key.name(),
        state: Taken::Savepoint { path: "s3://state/savepoints/1".to_owned() },
        chaining,
        scans: outputs.iter().enumerate().map(scan).collect(),
        control: TopicName::parse("control").expect("a topic"),
        options: Few::from([("a".to_owned(), "stream's".to_owned())]),
        log_starts: BTreeMap::new(),
    }
}

/// EXPLAIN's text with a source for each table and number of FORWARD edges.
fn explained(sources: &[(&str, u32)]) -> String {
    let mut nodes = Vec::new();
    for (nth, (table, outputs)) in sources.iter().enumerate() {
        let id = nth as u32 * 100;
        nodes.push(serde_json::json!({"id": id, "type": format!("Source: {table}[1]"), "contents": ""}));
        nodes.extend((1..=*outputs).map(|output| {
            let edge = serde_json::json!({"id": id, "ship_strategy": "FORWARD"});
            serde_json::json!({"id": id + output, "type": "Calc", "predecessors": [edge]})
        }));
    }
    let json = serde_json::json!({ "nodes": nodes });
    format!(
        "== Optimized Physical Plan ==\nSink()\n+- Union(changelogMode=[I])\n\n== Physical Execution Plan ==\n{json}"
    )
}

#[test]
fn a_scan_is_read_as_often_as_it_has_outputs_and_each_row_once() {
    let sql = insert(&helper(Chaining::On, &[1, 3]));
    let readings: Vec<&str> = sql.split("UNION ALL").collect();
    assert_eq!(readings.len(), 4, "{sql}");
    assert!(readings[0].contains("0, `topic`") && !readings[0].contains("MOD"), "{sql}");
    assert!(readings.iter().all(|reading| reading.contains("`topic` <> 'control'")), "what it writes it reads: {sql}");
    for (nth, reading) in readings[1..].iter().enumerate() {
        assert!(reading.contains(&format!("AND MOD(`part`, 3) = {nth}")), "{sql}");
    }
}

#[test]
fn a_scan_of_the_other_kind_only_holds_its_place() {
    for (chaining, idle, read) in [(Chaining::On, 0, 1), (Chaining::Off, 1, 0)] {
        let helper = helper(chaining, &[0, 1]);
        let sql = insert(&helper);
        assert!(sql.contains(&format!("FROM `weir.scan.{idle}` WHERE `part` < 0")), "{sql}");
        let table = |nth: usize| scan_table(&flink(), &helper, nth, &helper.scans[nth]);
        assert!(table(idle).contains("'latest-offset'") && table(idle).contains("'false'"), "{}", table(idle));
        assert!(table(read).contains("'group-offsets'") && !table(read).contains("commit"), "{}", table(read));
        assert!(table(read).contains(&format!("'it.s-{read};control'")), "{}", table(read));
        assert!(table(idle).contains(&format!("'it.s-{idle}'")), "{}", table(idle));
    }
}

#[test]
fn no_property_takes_the_trip_wire_away() {
    let helper = helper(Chaining::On, &[1]);
    let table = scan_table(&flink(), &helper, 0, &helper.scans[0]);
    assert!(table.contains("'properties.auto.offset.reset' = 'none'") && !table.contains("'earliest'"), "{table}");
}

#[test]
fn a_helper_is_small_stays_down_and_keeps_what_makes_its_shape() {
    let properties = properties(&flink(), &helper(Chaining::Off, &[0]));
    for (key, value) in [
        ("parallelism.default", "1"),
        ("restart-strategy.type", "none"),
        ("execution.checkpointing.interval", "100 ms"),
        ("pipeline.operator-chaining.enabled", "false"),
        ("a", "stream's"),
    ] {
        assert_eq!(properties.get(key).map(String::as_str), Some(value), "{key}");
    }
    let helper = helper(Chaining::On, &[1]);
    let config = config(&flink(), &helper, "s3://state/savepoints/1");
    assert_eq!(config["$internal.pipeline.job-id"], helper.job_id.as_str());
    assert_eq!(config["execution.state-recovery.path"], "s3://state/savepoints/1");
    assert_eq!(config["execution.state-recovery.ignore-unclaimed-state"], "true");
}

#[test]
fn a_plan_with_other_sources_is_not_run() {
    let helper = helper(Chaining::On, &[1, 2]);
    assert_eq!(same_shape(&helper, &explained(&[("weir.scan.0", 1), ("weir.scan.1", 2)])), Ok(()));
    for other in [
        vec![("weir.scan.0", 1)],
        vec![("weir.scan.1", 1), ("weir.scan.0", 2)],
        vec![("weir.scan.0", 2), ("weir.scan.1", 2)],
        vec![("weir.scan.0", 1), ("weir.scan.1", 2), ("weir.scan.2", 1)],
    ] {
        assert!(same_shape(&helper, &explained(&other)).is_err(), "{other:?}");
    }
}

#[test]
fn outputs_do_not_count_where_nothing_is_chained() {
    let helper = helper(Chaining::Off, &[0, 0]);
    assert_eq!(same_shape(&helper, &explained(&[("weir.scan.0", 1), ("weir.scan.1", 1)])), Ok(()));
    assert!(same_shape(&helper, &explained(&[("weir.scan.1", 1), ("weir.scan.0", 1)])).is_err());
}
