//! Streams that read streams: a filter, an upsert log of sums over it, and readers of that.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use weir::model::name::TopicName;

use crate::scenarios::orders::{Story, order};
use crate::support::kafka::read_all;
use crate::support::project::until;

const WITHIN: Duration = Duration::from_secs(90);

/// Read before it in the order of names, and after it in that of the plan.
const BIG: &str = "sql = \"SELECT ORDER_ID, CUSTOMER_ID, AMOUNT, PURCHASE_DATE FROM orders WHERE AMOUNT > 500\"\n";
const SUMS: &str = "sql = \"\"\"\nSELECT CUSTOMER_ID, COUNT(*) AS ORDER_COUNT, MAX(PURCHASE_DATE) AS LAST_DATE\n\
    FROM z_big GROUP BY CUSTOMER_ID\"\"\"\n";
const FEW: &str = "sql = \"SELECT CUSTOMER_ID, ORDER_COUNT FROM m_sums WHERE ORDER_COUNT BETWEEN 2 AND 3\"\n";

/// By customer, how many orders.
type Counts = BTreeMap<u64, u64>;

struct Chain {
    story: Story,
    few: TopicName,
    sums: TopicName,
    written: Counts,
}

impl Chain {
    async fn begin() -> Chain {
        let mut story = Story::begin(2).await;
        story.project.remove(crate::scenarios::orders::FILE);
        let [big, sums, few] = ["z_big", "m_sums", "a_few"].map(|name| story.project.topics.name(name));
        let chain = Chain { story, few, sums, written: Counts::new() };
        chain.write("z_big", BIG, &big, "");
        chain.write("m_sums", SUMS, &chain.sums, "key = [\"CUSTOMER_ID\"]");
        chain.write("a_few", FEW, &chain.few, "key = [\"CUSTOMER_ID\"]");
        chain
    }

    fn write(&self, stream: &str, sql: &str, topic: &TopicName, key: &str) {
        let text = format!("{sql}\n[output]\ntopic = \"{topic}\"\npartitions = 2\n{key}\n");
        self.story.project.write(&format!("streams/{stream}.toml"), &text);
    }

    /// Orders of the customers 500, 501 …, `many` of each; one more of each is too small to count.
    async fn orders(&mut self, customers: u64, many: u64) {
        let next = |written: &Counts| written.values().sum::<u64>() * 100;
        for customer in 0..customers {
            for _ in 0..many {
                let id = next(&self.written) + customer;
                *self.written.entry(500 + customer).or_default() += 1;
                self.story.write([order(id, 501.0)]).await;
            }
            self.story.write([order(900_000 + customer, 3.0)]).await;
        }
    }

    /// The rows of an upsert log that are left.
    async fn left(topic: &TopicName) -> BTreeMap<u64, Value> {
        let mut found = BTreeMap::new();
        for record in read_all(topic).await {
            let key: Value = serde_json::from_str(record.key.as_deref().expect("it has a key")).expect("JSON");
            let customer = key["CUSTOMER_ID"].as_u64().expect("a customer");
            match record.value {
                Some(_) => _ = found.insert(customer, record.json()),
                None => _ = found.remove(&customer),
            }
        }
        found
    }

    async fn few_are_left(&self, topic: &TopicName) {
        let row =
            |(customer, count): (&u64, &u64)| (*customer, json!({ "CUSTOMER_ID": customer, "ORDER_COUNT": count }));
        let expected: BTreeMap<u64, Value> =
            self.written.iter().filter(|(_, count)| (2..=3).contains(*count)).map(row).collect();
        let what = format!("{expected:?} in {topic}");
        until(&what, WITHIN, async || (Chain::left(topic).await == expected).then_some(())).await;
    }

    async fn generations(&self) -> Vec<String> {
        self.story.project.recorded("select name || ' ' || generation from streams order by name").await
    }
}

#[tokio::test]
async fn a_chain_is_made_by_one_apply_and_its_rows_come_through() {
    let mut chain = Chain::begin().await;
    chain.orders(4, 1).await;
    chain.orders(3, 1).await;
    let plan = chain.story.project.plan().await;
    let order: Vec<&str> =
        plan["changes"].as_array().into_iter().flatten().filter_map(|change| change["stream"].as_str()).collect();
    assert_eq!(order, ["z_big", "m_sums", "a_few"]);
    assert_eq!(plan["changes"][0]["downstream"], json!(["m_sums", "a_few"]));

    chain.story.project.apply().await;
    chain.story.project.nothing_is_left_to_do().await;
    chain.few_are_left(&chain.few).await;
    // Rows that come to be too many are taken back in the reader's output.
    chain.orders(2, 2).await;
    chain.few_are_left(&chain.few).await;
    let made = ["a_few 1", "m_sums 1", "z_big 1"];
    assert_eq!(chain.generations().await, made);
    chain.story.project.apply().await;
    assert_eq!(chain.generations().await, made);
}

/// The source says columns and event time; that rows replace each other is the stream's to say.
#[tokio::test]
async fn a_source_over_an_upsert_log_sees_its_rows_replaced() {
    let mut chain = Chain::begin().await;
    let over = format!(
        "kind = \"source\"\ntopic = \"{}\"\nformat = \"json\"\non_bad_record = \"skip\"\n[columns]\n\
         CUSTOMER_ID = \"INT\"\nORDER_COUNT = \"BIGINT\"\nLAST_DATE = \"TIMESTAMP(3)\"\n\
         [time]\ncolumn = \"LAST_DATE\"\ndelay = \"5s\"\nidle = \"2s\"\n",
        chain.sums
    );
    chain.story.project.write("streams/seen.toml", &over);
    let read = FEW.replace("m_sums", "seen");
    chain.write("a_few", &read, &chain.few, "");
    let ran = chain.story.project.apply_refused().await;
    assert!(ran.err.contains("`seen` (by its key [CUSTOMER_ID])") && ran.err.contains("output needs a key"), "{ran}");

    chain.write("a_few", &read, &chain.few, "key = [\"CUSTOMER_ID\"]");
    chain.orders(3, 2).await;
    chain.story.project.apply().await;
    chain.few_are_left(&chain.few).await;
    chain.orders(1, 2).await;
    chain.few_are_left(&chain.few).await;
    chain.story.project.nothing_is_left_to_do().await;
}

/// What is refused of the first takes nothing from the last, and the edit of both goes through in one apply.
#[tokio::test]
async fn a_column_is_not_taken_from_a_reader() {
    let mut chain = Chain::begin().await;
    chain.story.project.remove("streams/a_few.toml");
    let late = chain.story.project.topics.name("late");
    let filter = "sql = \"SELECT ORDER_ID, AMOUNT FROM z_big WHERE AMOUNT > 600\"\n";
    chain.story.project.remove("streams/m_sums.toml");
    chain.write("late", filter, &late, "");
    chain.story.project.apply().await;
    let file = "streams/z_big.toml";
    chain.story.edit(file, "ORDER_ID, CUSTOMER_ID, AMOUNT, PURCHASE_DATE", "ORDER_ID, CUSTOMER_ID");
    let ran = chain.story.project.apply_refused().await;
    assert!(ran.out.contains("column `AMOUNT` would be gone, and is read by `late`"), "{ran}");
    assert_eq!(chain.generations().await, ["late 1", "z_big 1"]);

    chain.story.edit(
        "streams/late.toml",
        "SELECT ORDER_ID, AMOUNT FROM z_big WHERE AMOUNT > 600",
        "SELECT ORDER_ID FROM z_big",
    );
    chain.story.project.apply().await;
    assert_eq!(chain.generations().await, ["late 2", "z_big 2"]);
    chain.story.project.nothing_is_left_to_do().await;
    chain.story.write([order(7, 700.0)]).await;
    until("the row", WITHIN, async || {
        let rows = read_all(&late).await;
        rows.iter().any(|record| record.json() == json!({ "ORDER_ID": 7 })).then_some(())
    })
    .await;
}
