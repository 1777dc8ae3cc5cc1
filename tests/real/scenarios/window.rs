//! Hourly sales: an hour closes though partitions have nothing to say.

use std::collections::BTreeMap;
use std::time::Duration;

use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::topic_partition_list::TopicPartitionList;
use serde_json::{Value, json};
use weir::model::name::TopicName;

use crate::scenarios::orders::{SOURCE, source};
use crate::support::kafka::{Record, produce, read_all, read_at_least};
use crate::support::project::{Project, until};
use crate::support::stack::Stack;

const PRODUCTS: [&str; 3] = ["Laptop", "Monitor 27inch", "Phone Case"];

/// Cents, so that sums are exact.
#[derive(Debug, Clone, Copy)]
struct Sale {
    /// Seconds since 2025-09-07T10:00:00.
    at: u32,
    product: &'static str,
    cents: u64,
}

/// Hour and product; units and cents.
type Table = BTreeMap<(u32, String), (u64, u64)>;

#[tokio::test]
async fn hours_close_though_partitions_are_idle() {
    let mut project = Project::new().await;
    let orders = project.topics.create("orders", 3).await;
    let output = project.topics.name("product_sales_hourly");
    project.write(SOURCE, &source(&orders).replace("idle = \"2s\"", "idle = \"1s\""));
    project.write("streams/product_sales_hourly.toml", &hourly(output.as_str()));

    // All three partitions have rows of the first hour; two have none later.
    let first = sales(0, 60);
    for (partition, rows) in first.chunks(20).enumerate() {
        produce(&orders, partition as i32, rows.iter().map(row)).await;
    }
    project.apply().await;
    let group = format!("weir.{}.product_sales_hourly", project.name);
    until("the first hour to be read", Duration::from_secs(60), async || {
        (committed(&group, &orders).await == [20, 20, 20]).then_some(())
    })
    .await;
    let later: Vec<Sale> = (1..4).flat_map(|hour| sales(hour, 40)).collect();
    produce(&orders, 0, later.iter().map(row)).await;
    // 4 s past the end: the delay of 5 s has not passed.
    let early = Sale { at: 4 * 3600 + 4, product: "Laptop", cents: 100_00 };
    produce(&orders, 0, [row(&early)]).await;
    let all = || first.iter().chain(&later).copied();
    let open = |hours: u32| table(all().filter(|sale| sale.at < hours * 3600));
    let found = read_at_least(&output, open(3).len(), Duration::from_secs(60)).await;
    assert_eq!(read(&found), open(3), "the fourth hour is open");

    let late = Sale { at: 4 * 3600 + 6, product: "Laptop", cents: 100_00 };
    produce(&orders, 0, [row(&late)]).await;
    read_at_least(&output, open(4).len(), Duration::from_secs(60)).await;
    let found = read_all(&output).await;
    assert_eq!(read(&found), open(4), "one row per product and closed hour");
    assert_eq!(found.len(), 12, "no row twice");
    project.nothing_is_left_to_do().await;
}

/// Where the group would go on in each of the three partitions; what it never committed counts as 0.
async fn committed(group: &str, topic: &TopicName) -> Vec<i64> {
    let (group, topic) = (group.to_owned(), topic.clone());
    let ask = move || {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", Stack::get().kafka).set("group.id", group);
        let consumer: BaseConsumer = config.create().expect("the settings of a consumer");
        let mut asked = TopicPartitionList::new();
        asked.add_partition_range(topic.as_str(), 0, 2);
        let found = consumer.committed_offsets(asked, Duration::from_secs(20)).expect("Kafka answers");
        found.elements().iter().map(|part| part.offset().to_raw().unwrap_or(0).max(0)).collect()
    };
    tokio::task::spawn_blocking(ask).await.expect("asking does not panic")
}

fn hourly(output: &str) -> String {
    format!(
        r#"sql = """
SELECT window_start AS WINDOW_START, window_end AS WINDOW_END, PRODUCT,
       COUNT(*) AS UNITS_SOLD, SUM(AMOUNT) AS REVENUE
FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(PURCHASE_DATE), INTERVAL '1' HOUR))
GROUP BY window_start, window_end, PRODUCT
"""

[output]
topic = "{output}"
partitions = 1
"#
    )
}

/// So many in one hour, of all products, spread over it.
fn sales(hour: u32, count: u32) -> Vec<Sale> {
    let sale = |number: u32| Sale {
        at: hour * 3600 + number * (3599 / count),
        product: PRODUCTS[number as usize % PRODUCTS.len()],
        cents: 1000 + u64::from(hour) * 317 + u64::from(number) * 29,
    };
    (0..count).map(sale).collect()
}

fn row(sale: &Sale) -> Value {
    json!({
        "ORDER_ID": sale.at, "CUSTOMER_ID": 500, "PRODUCT": sale.product, "AMOUNT": sale.cents as f64 / 100.0,
        "PURCHASE_DATE": moment(sale.at),
    })
}

fn moment(at: u32) -> String {
    format!("2025-09-07T{:02}:{:02}:{:02}", 10 + at / 3600, at / 60 % 60, at % 60)
}

fn table(sales: impl Iterator<Item = Sale>) -> Table {
    let mut table = Table::new();
    for sale in sales {
        let (units, cents) = table.entry((sale.at / 3600, sale.product.to_owned())).or_default();
        *units += 1;
        *cents += sale.cents;
    }
    table
}

fn read(rows: &[Record]) -> Table {
    let read = |row: Value| {
        let hour = (0..10).find(|hour| row["WINDOW_START"] == moment(hour * 3600));
        let hour = hour.unwrap_or_else(|| panic!("no whole hour: {row}"));
        assert_eq!(row["WINDOW_END"], moment((hour + 1) * 3600), "{row}");
        let product = row["PRODUCT"].as_str().expect("a product").to_owned();
        let cents = (row["REVENUE"].as_f64().expect("a sum") * 100.0).round() as u64;
        ((hour, product), (row["UNITS_SOLD"].as_u64().expect("a count"), cents))
    };
    rows.iter().map(|row| read(row.json())).collect()
}
