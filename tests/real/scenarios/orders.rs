//! The orders of the stories: their rows, the definitions over them, and the count of what must come out.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use weir::model::name::TopicName;

use crate::support::kafka::{produce, read_all};
use crate::support::project::{Project, until};

pub const STREAM: &str = "high_value_orders";
pub const FILE: &str = "streams/high_value_orders.toml";
pub const SOURCE: &str = "streams/orders.toml";
/// What the stream asks for.
pub const QUERY: &str = "SELECT ORDER_ID, CUSTOMER_ID, PRODUCT, AMOUNT, PURCHASE_DATE\nFROM orders\nWHERE AMOUNT > 500";
/// Another query, which keeps counts: between it and [`QUERY`] no state fits.
pub const WINDOWED: &str = "SELECT PRODUCT, COUNT(*) AS N\nFROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(PURCHASE_DATE), INTERVAL '1' HOUR))\nGROUP BY PRODUCT, window_start, window_end";
/// Rows of a steady flow begin here, so that they are no others'.
pub const FLOW: u64 = 1_000_000;
/// A start of a job, a stop with a savepoint, and the machine is shared.
const PATIENCE: Duration = Duration::from_secs(60);

const PRODUCTS: [&str; 4] = ["External SSD 1TB", "Laptop", "USB Cable", "Webcam HD"];

/// A project with the source `orders` and the stream `high_value_orders` over a topic of its own.
pub struct Story {
    pub project: Project,
    pub orders: TopicName,
    pub output: TopicName,
    partitions: u64,
    /// The ids of all rows above 500 that were written.
    expected: Vec<u64>,
    sentinels: u64,
}

impl Story {
    pub async fn begin(partitions: u32) -> Story {
        let mut project = Project::new().await;
        let orders = project.topics.create("orders", partitions as i32).await;
        let output = project.topics.name(STREAM);
        project.write(SOURCE, &source(&orders));
        project.write(FILE, &filter(&output));
        Story { project, orders, output, partitions: partitions.into(), expected: Vec::new(), sentinels: 0 }
    }

    /// Each into the partition of its id.
    pub async fn write(&mut self, rows: impl IntoIterator<Item = Value>) {
        let mut parts: BTreeMap<u64, Vec<Value>> = BTreeMap::new();
        for row in rows {
            let id = row["ORDER_ID"].as_u64().expect("an order has an id");
            if row["AMOUNT"].as_f64().expect("an order has an amount") > 500.0 {
                self.expected.push(id);
            }
            parts.entry(id % self.partitions).or_default().push(row);
        }
        for (partition, rows) in parts {
            produce(&self.orders, partition as i32, rows).await;
        }
    }

    /// Every second one is above 500.
    pub async fn write_numbers(&mut self, ids: std::ops::Range<u64>) {
        self.write(ids.map(|id| order(id, if id % 2 == 0 { 499.99 } else { 500.01 }))).await;
    }

    /// A steady flow of [`flowing`] wrote so many.
    pub fn expect_flow(&mut self, written: u64) {
        self.expected.extend(FLOW..FLOW + written);
    }

    /// What is there already is not to come out.
    pub fn forget_what_was_written(&mut self) {
        self.expected.clear();
    }

    /// Exactly the rows above 500 have come out, none twice. A last row in each partition comes after all others.
    pub async fn every_row_came_once(&mut self) {
        let last: Vec<Value> = (0..self.partitions)
            .map(|partition| order(9_000_000 + (self.sentinels * self.partitions) + partition, 501.0))
            .collect();
        self.sentinels += 1;
        self.write(last).await;
        self.expected.sort_unstable();
        let (mut missing, mut found) = (self.expected.clone(), Vec::new());
        let end = std::time::Instant::now() + PATIENCE;
        while !missing.is_empty() && std::time::Instant::now() < end {
            found = ids(&self.output).await;
            missing.retain(|id| found.binary_search(id).is_err());
        }
        let doubled: Vec<u64> = found.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        let strange: Vec<&u64> = found.iter().filter(|id| self.expected.binary_search(id).is_err()).collect();
        let told = format!("missing {missing:?}, doubled {doubled:?}, not asked for {strange:?}");
        assert_eq!(found, self.expected, "{told}");
        eprintln!("{}: {} rows, 0 missing, 0 doubled", self.output, found.len());
    }

    /// Until so many rows came out.
    pub async fn rows_come(&self, count: usize) {
        until(&format!("{count} rows"), PATIENCE, async || (ids(&self.output).await.len() >= count).then_some(()))
            .await;
    }

    pub async fn count(&self) -> usize {
        ids(&self.output).await.len()
    }

    /// Edits a file of the project.
    pub fn edit(&self, file: &str, from: &str, to: &str) {
        let text = self.project.read(file);
        assert!(text.contains(from), "{file} has no `{from}`:\n{text}");
        self.project.write(file, &text.replace(from, to));
    }
}

/// Sorted.
pub async fn ids(topic: &TopicName) -> Vec<u64> {
    let rows = read_all(topic).await;
    let mut found: Vec<u64> = rows.iter().map(|row| row.json()["ORDER_ID"].as_u64().expect("an id")).collect();
    found.sort_unstable();
    found
}

/// The rows that the stories are told with; all but the first are above 500.
pub fn known() -> [Value; 4] {
    let row = |id: u64, customer: u64, product: &str, amount: f64| {
        json!({
            "ORDER_ID": id, "CUSTOMER_ID": customer, "PRODUCT": product, "AMOUNT": amount,
            "PURCHASE_DATE": format!("2025-09-07T12:00:{:02}", id % 60),
        })
    };
    [
        row(1011, 573, "External SSD 1TB", 342.78),
        row(1012, 543, "Laptop", 586.11),
        row(1013, 582, "USB Cable", 1103.38),
        row(1014, 594, "Webcam HD", 1324.25),
    ]
}

pub fn order(id: u64, amount: f64) -> Value {
    json!({
        "ORDER_ID": id, "CUSTOMER_ID": 500 + id % 100, "PRODUCT": PRODUCTS[id as usize % PRODUCTS.len()],
        "AMOUNT": amount, "PURCHASE_DATE": "2025-09-07T12:00:00",
    })
}

/// The rows of a steady flow, all above 500.
pub fn flowing(number: u64) -> Value {
    order(FLOW + number, 750.0)
}

pub fn source(topic: &TopicName) -> String {
    format!(
        r#"kind = "source"
topic = "{topic}"
format = "json"

[columns]
ORDER_ID = "INT"
CUSTOMER_ID = "INT"
PRODUCT = "STRING"
AMOUNT = "DOUBLE"
PURCHASE_DATE = "TIMESTAMP(3)"

[time]
column = "PURCHASE_DATE"
encoding = "iso8601"
delay = "5s"
idle = "2s"
"#
    )
}

pub fn filter(output: &TopicName) -> String {
    format!(
        r#"description = "Orders above 500"
run = "running"
sql = """
{QUERY}
"""

[output]
topic = "{output}"
partitions = 1

[output.config]
"retention.ms" = "604800000"

[deploy]
on_remove = "stop"
protect = false

[options]
"parallelism.default" = "1"
"execution.checkpointing.interval" = "1 s"
"#
    )
}
