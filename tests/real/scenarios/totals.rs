//! Queries whose rows change: the output is kept by its key.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;
use weir::model::name::TopicName;

use crate::scenarios::orders::{FILE, STREAM, Story, filter, order};
use crate::support::kafka::{produce, read_all, read_at_least};
use crate::support::project::{topic, until};

const WITHIN: Duration = Duration::from_secs(60);
const TOTALS: &str =
    "SELECT CUSTOMER_ID, COUNT(*) AS ORDER_COUNT, SUM(AMOUNT) AS TOTAL_SPENT\nFROM orders\nGROUP BY CUSTOMER_ID";

/// Count and cents by customer.
type Totals = BTreeMap<u64, (u64, u64)>;

/// Also over a stop and a start: the sums go on, they do not begin anew.
#[tokio::test]
async fn totals_per_customer_are_kept_by_key() {
    let mut story = Story::begin(3).await;
    story.project.write(FILE, &totals(&story.output, "key = [\"CUSTOMER_ID\"]"));
    let mut expected = Totals::new();
    add(&mut story, &mut expected, 2000..2300).await;
    story.project.apply().await;
    totals_are(&story.output, &expected).await;
    let seen = topic(&story.output).await.expect("it is made");
    assert_eq!(seen.config.get("cleanup.policy").map(String::as_str), Some("compact"));

    story.edit(FILE, r#"run = "running""#, r#"run = "stopped""#);
    story.project.apply().await;
    add(&mut story, &mut expected, 2300..2500).await;
    story.edit(FILE, r#"run = "stopped""#, r#"run = "running""#);
    story.project.apply().await;
    totals_are(&story.output, &expected).await;
    add(&mut story, &mut expected, 2500..2600).await;
    totals_are(&story.output, &expected).await;
    story.project.nothing_is_left_to_do().await;
}

#[tokio::test]
async fn rows_that_change_need_the_right_key() {
    let story = Story::begin(1).await;
    for (key, told) in [
        ("", "output.key"),
        ("key = [\"ORDER_COUNT\"]", "is not the query's upsert key"),
        ("key = [\"CUSTOMER\"]", "CUSTOMER"),
    ] {
        story.project.write(FILE, &totals(&story.output, key));
        let ran = story.project.apply_refused().await;
        assert!(ran.err.contains("error") && ran.err.contains(told), "{key}: {ran}");
    }
    assert_eq!(story.project.jobs.all().await, []);
    assert_eq!(topic(&story.output).await, None);
}

/// Fields that a source does not declare are no concern of its streams.
#[tokio::test]
async fn three_of_five_columns_are_enough() {
    let mut story = Story::begin(1).await;
    let source = format!(
        "kind = \"source\"\ntopic = \"{}\"\nformat = \"json\"\n\n[columns]\nORDER_ID = \"INT\"\nPRODUCT = \"STRING\"\nAMOUNT = \"DOUBLE\"\n",
        story.orders
    );
    story.project.write("streams/orders.toml", &source);
    let sql = "SELECT ORDER_ID, PRODUCT, AMOUNT\nFROM orders\nWHERE PRODUCT LIKE '%Laptop%'";
    story.project.write(FILE, &filter(&story.output).replace(crate::scenarios::orders::QUERY, sql));
    let products = ["Laptop", "Wireless Mouse", "Laptop Stand", "Phone Case"];
    let row = |at: usize| json!({ "ORDER_ID": at, "PRODUCT": products[at], "AMOUNT": 10.5 });
    let whole = |at: usize| {
        let mut whole = order(at as u64, 10.5);
        whole["PRODUCT"] = json!(products[at]);
        whole
    };
    produce(&story.orders, 0, (0..4).map(whole)).await;
    story.project.apply().await;
    let found = read_at_least(&story.output, 2, WITHIN).await;
    assert_eq!(found.iter().map(|record| record.json()).collect::<Vec<_>>(), [row(0), row(2)]);
    story.write([order(9, 1.0)]).await;
    assert_eq!(story.project.status(STREAM).await["health"], "running");
}

fn totals(output: &TopicName, key: &str) -> String {
    let output_table = format!("topic = \"{output}\"\n{key}");
    let text = filter(output).replace(crate::scenarios::orders::QUERY, TOTALS);
    text.replace(&format!("topic = \"{output}\""), &output_table)
}

async fn add(story: &mut Story, expected: &mut Totals, ids: std::ops::Range<u64>) {
    let cents = |id: u64| 1000 + id * 37 % 90_000;
    for id in ids.clone() {
        let (count, sum) = expected.entry(500 + id % 100).or_default();
        *count += 1;
        *sum += cents(id);
    }
    story.write(ids.map(|id| order(id, cents(id) as f64 / 100.0))).await;
}

/// The newest row of each key.
async fn totals_are(output: &TopicName, expected: &Totals) {
    let read = async || {
        let mut found = Totals::new();
        for record in read_all(output).await {
            let row = record.json();
            let customer = row["CUSTOMER_ID"].as_u64().expect("a customer");
            let key = record.key.as_deref().expect("a row of an upsert log has a key");
            assert_eq!(
                serde_json::from_str::<serde_json::Value>(key).expect("JSON"),
                json!({ "CUSTOMER_ID": customer })
            );
            let cents = (row["TOTAL_SPENT"].as_f64().expect("a sum") * 100.0).round() as u64;
            found.insert(customer, (row["ORDER_COUNT"].as_u64().expect("a count"), cents));
        }
        found
    };
    let what = format!("the totals {expected:?}");
    until(&what, WITHIN, async || (read().await == *expected).then_some(())).await;
}
