use crate::engine::flink::explain::{Explained, Upsert, read, read_set};
use crate::model::check::{Changelog, PlanSource};

/// As 1.20 prints it, shortened: two sources, one of which feeds two operators.
const UNION: &str = r#"== Abstract Syntax Tree ==
LogicalSink(table=[x], fields=[C])

== Optimized Physical Plan ==
Sink(table=[default_catalog.default_database.weir.output], fields=[C], changelogMode=[NONE])
+- Union(all=[true], union=[C], changelogMode=[I])
   :- Calc(select=[C], changelogMode=[I,UA,D])
   +- TableSourceScan(table=[[default_catalog, default_database, orders]], fields=[C], changelogMode=[I])

== Optimized Execution Plan ==
Sink(table=[x], fields=[C])

== Physical Execution Plan ==
{
  "nodes" : [ {
    "id" : 60,
    "type" : "Source: orders[33]",
    "contents" : "[33]:TableSourceScan(table=[[default_catalog, default_database, orders, watermark=[x]]], fields=[C])"
  }, {
    "id" : 61, "type" : "Calc[34]", "contents" : "x", "predecessors" : [ { "id" : 60, "ship_strategy" : "FORWARD", "side" : "second" } ]
  }, {
    "id" : 62, "type" : "Calc[35]", "predecessors" : [ { "id" : 60, "ship_strategy" : "FORWARD" } ]
  }, {
    "id" : 63, "type" : "Source: weir.raw.clicks[36]",
    "contents" : "[36]:TableSourceScan(table=[[default_catalog, default_database, weir.raw.clicks]], fields=[C])"
  }, {
    "id" : 65, "type" : "weir.output[37]: Writer",
    "predecessors" : [ { "id" : 61, "ship_strategy" : "FORWARD" }, { "id" : 63, "ship_strategy" : "HASH" } ]
  } ]
}"#;

fn source(table: &str, outputs: u32) -> PlanSource {
    PlanSource { table: table.to_owned(), outputs }
}

#[test]
fn sources_stand_in_the_plans_order_with_their_chained_outputs() {
    let want = Explained {
        changelog: Changelog::InsertOnly,
        upsert: Upsert::Direct,
        sources: vec![source("orders", 2), source("clicks", 0)],
    };
    assert_eq!(read(UNION), Ok(want));
}

#[test]
fn only_the_input_of_the_sink_counts() {
    for (mode, want) in
        [("I,UA", Changelog::Updating), ("I,UB,UA,D", Changelog::Updating), ("I", Changelog::InsertOnly)]
    {
        let text = UNION.replacen("union=[C], changelogMode=[I]", &format!("union=[C], changelogMode=[{mode}]"), 1);
        assert_eq!(read(&text).expect("it is whole").changelog, want, "{mode}");
    }
}

#[test]
fn a_literal_that_looks_like_a_mode_is_none() {
    let text = UNION.replacen("union=[C], changelogMode=[I]", "x=['changelogMode=[I]'], changelogMode=[I,UA]", 1);
    assert_eq!(read(&text).expect("it is whole").changelog, Changelog::Updating);
}

#[test]
fn a_materialized_sink_is_seen() {
    let text = UNION.replacen(
        "fields=[C], changelogMode=[NONE]",
        "fields=[C], upsertMaterialize=[true], changelogMode=[NONE]",
        1,
    );
    assert_eq!(read(&text).expect("it is whole").upsert, Upsert::Materialized);
}

#[test]
fn the_sources_of_2_x_are_named_by_their_path() {
    let text =
        UNION.replace("Source: orders[33]", "Source: KafkaSource-default_catalog.default_database.orders").replace(
            "[33]:TableSourceScan(table=[[default_catalog, default_database, orders, watermark=[x]]], fields=[C])",
            "?",
        );
    assert_eq!(read(&text).expect("it is whole").sources[0], source("orders", 2));
}

#[test]
fn a_text_that_is_no_plan_is_told() {
    assert!(read("").is_err());
    assert!(read("== Physical Execution Plan ==\n{}").is_err());
    assert!(read(&UNION.replace("\"nodes\"", "\"knots\"")).is_err());
}

/// As 1.20 prints it, shortened: one source that two sinks of a set share.
const SET: &str = r#"== Optimized Physical Plan ==
Sink(table=[default_catalog.default_database.a], fields=[id], changelogMode=[NONE])
+- Calc(select=[id], changelogMode=[I])
   +- TableSourceScan(table=[[default_catalog, default_database, t]], fields=[id], changelogMode=[I])

Sink(table=[default_catalog.default_database.b], fields=[id], changelogMode=[NONE])
+- GroupAggregate(groupBy=[id], select=[id], changelogMode=[I,UA])
   +- TableSourceScan(table=[[default_catalog, default_database, t]], fields=[id], changelogMode=[I])

== Optimized Execution Plan ==
TableSourceScan(table=[[default_catalog, default_database, t]], fields=[id])(reuse_id=[1])

== Physical Execution Plan ==
{ "nodes" : [
  { "id" : 25, "type" : "Source: t[11]", "contents" : "[11]:TableSourceScan(table=[[default_catalog, default_database, t]])" },
  { "id" : 26, "type" : "Calc[12]", "predecessors" : [ { "id" : 25, "ship_strategy" : "FORWARD" } ] },
  { "id" : 28, "type" : "GroupAggregate[14]", "predecessors" : [ { "id" : 25, "ship_strategy" : "HASH" } ] }
] }"#;

#[test]
fn of_a_statement_set_every_sink_counts() {
    assert_eq!(read_set(SET), Ok((Changelog::Updating, vec![source("t", 1)])));
    let plain = SET.replace("[I,UA]", "[I]");
    assert_eq!(read_set(&plain), Ok((Changelog::InsertOnly, vec![source("t", 1)])));
}
