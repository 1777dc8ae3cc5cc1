//! A query over several sources is one job, with one state.

use serde_json::{Value, json};
use weir::model::name::TopicName;

use crate::scenarios::orders::{FILE, QUERY, STREAM, Story, filter, order, source};
use crate::support::kafka::{produce, read_all};
use crate::support::project::until;

const WITHIN: std::time::Duration = std::time::Duration::from_secs(60);

/// Pairs that the state has to bring together, over a stop and a start.
#[tokio::test]
async fn a_join_remembers_both_sides() {
    let mut story = Story::begin(1).await;
    let customers = story.project.topics.create("customers", 1).await;
    story.project.write(
        "streams/customers.toml",
        &format!("kind = \"source\"\ntopic = \"{customers}\"\nformat = \"json\"\n\n[columns]\nID = \"INT\"\nNAME = \"STRING\"\n"),
    );
    let sql = "SELECT o.ORDER_ID, c.NAME FROM orders AS o JOIN customers AS c ON o.CUSTOMER_ID = c.ID";
    story.project.write(FILE, &filter(&story.output).replace(QUERY, sql));
    let customer = |id: u64| json!({ "ID": id, "NAME": format!("customer {id}") });
    let pair = |id: u64| json!({ "ORDER_ID": id, "NAME": format!("customer {}", 500 + id % 100) });

    produce(&customers, 0, (500..510).map(customer)).await;
    story.write((0..20).map(|id| order(id, 1.0))).await;
    story.project.apply().await;
    rows_are(&story.output, (0..10).map(pair)).await;
    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    story.project.apply().await;
    // The orders 10 … 19 came before the stop, their customers come after it.
    produce(&customers, 0, (510..515).map(customer)).await;
    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    story.project.apply().await;
    rows_are(&story.output, (0..15).map(pair)).await;
    story.project.nothing_is_left_to_do().await;
}

/// Two sources over one topic are two readers, each with a group of its own.
#[tokio::test]
async fn one_topic_may_be_read_twice() {
    let mut story = Story::begin(3).await;
    story.project.write("streams/orders_again.toml", &source(&story.orders));
    let sql = "SELECT ORDER_ID, 'first' AS WAY FROM orders WHERE AMOUNT > 500\n\
               UNION ALL SELECT ORDER_ID, 'second' AS WAY FROM orders_again WHERE AMOUNT > 500";
    story.project.write(FILE, &filter(&story.output).replace(QUERY, sql));
    let rows = |ids: std::ops::Range<u64>| {
        let ways = ids.flat_map(|id| ["first", "second"].map(|way| json!({ "ORDER_ID": id, "WAY": way })));
        ways.collect::<Vec<Value>>()
    };
    story.write((0..30).map(|id| order(id, 600.0))).await;
    story.project.apply().await;
    rows_are(&story.output, rows(0..30).into_iter()).await;
    story.edit(FILE, r#""1 s""#, r#""2 s""#);
    story.write((30..60).map(|id| order(id, 600.0))).await;
    story.project.apply().await;
    rows_are(&story.output, rows(0..60).into_iter()).await;
    assert!(story.project.jobs.only().await.name.ends_with(&format!("{STREAM}@2")));
}

async fn rows_are(output: &TopicName, expected: impl Iterator<Item = Value>) {
    let mut expected: Vec<String> = expected.map(|row| row.to_string()).collect();
    expected.sort();
    until(&format!("{} rows", expected.len()), WITHIN, async || {
        (read_all(output).await.len() >= expected.len()).then_some(())
    })
    .await;
    let mut found: Vec<String> = read_all(output).await.iter().map(|record| record.json().to_string()).collect();
    found.sort();
    assert_eq!(found, expected);
}
