//! Streams of several kinds over one topic of three partitions, of which one is idle, and the count of what they give.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use weir::model::name::TopicName;

use crate::orders::{FLOW, SOURCE, flowing, ids, order, source};
use crate::support::kafka::{Flow, produce, read_all};
use crate::support::project::{Project, until};

const PER_SECOND: u32 = 600;
const PARTITIONS: u64 = 3;
/// Numbers behind all of the flow.
const LAST: std::ops::Range<u64> = 9_000_000..9_000_000 + PARTITIONS;
/// A start of a job, on a shared machine.
const PATIENCE: Duration = Duration::from_secs(60);

pub const FILTER: &str = "SELECT ORDER_ID, AMOUNT FROM orders WHERE AMOUNT > 500";
/// As the filter, but its one scan has two outputs.
pub const UNION: &str = "SELECT ORDER_ID, AMOUNT FROM orders WHERE AMOUNT > 500 AND MOD(ORDER_ID, 3) = 0\nUNION ALL \
                         SELECT ORDER_ID, AMOUNT FROM orders WHERE AMOUNT > 500 AND MOD(ORDER_ID, 3) <> 0";
pub const TOTALS: &str = "SELECT CUSTOMER_ID, COUNT(*) AS N FROM orders GROUP BY CUSTOMER_ID";

pub struct Streams {
    pub project: Project,
    orders: TopicName,
    outputs: BTreeMap<&'static str, TopicName>,
}

impl Streams {
    pub async fn begin() -> Streams {
        let mut project = Project::new().await;
        let orders = project.topics.create("orders", PARTITIONS as i32).await;
        project.write(SOURCE, &source(&orders));
        Streams { project, orders, outputs: BTreeMap::new() }
    }

    /// `output`: further lines of its table.
    pub fn add(&mut self, name: &'static str, sql: &str, output: &str) {
        let topic = self.project.topics.name(name);
        let text = format!(
            "run = \"running\"\nsql = \"\"\"\n{sql}\n\"\"\"\n\n[output]\ntopic = \"{topic}\"\npartitions = 1\n{output}\n"
        );
        self.project.write(&file(name), &text);
        self.outputs.insert(name, topic);
    }

    pub fn flow(&self) -> Flow {
        Flow::start(&self.orders, PARTITIONS as i32 - 1, PER_SECOND, flowing)
    }

    pub fn edit(&self, name: &str, from: &str, to: &str) {
        let text = self.project.read(&file(name));
        assert!(text.contains(from), "{name} has no `{from}`:\n{text}");
        self.project.write(&file(name), &text.replace(from, to));
    }

    /// More than there are now.
    pub async fn rows_come(&self, name: &str) {
        let topic = &self.outputs[name];
        let before = read_all(topic).await.len();
        let more = async || (read_all(topic).await.len() > before + 100).then_some(());
        until(&format!("rows of {name}"), PATIENCE, more).await;
    }

    /// Ends the flow with one row in each partition. How many rows there are in all.
    pub async fn last_rows(&self, flow: Flow) -> u64 {
        let written = flow.stop().await;
        for id in LAST {
            produce(&self.orders, (id - LAST.start) as i32, [order(id, 501.0)]).await;
        }
        written + PARTITIONS
    }

    /// Of a query that gives each order: each came out, and none twice.
    pub async fn every_row_came_once(&self, name: &str, written: u64) {
        let topic = &self.outputs[name];
        let found = until(&format!("the last rows of {name}"), PATIENCE, async || {
            let found = ids(topic).await;
            LAST.clone().all(|id| found.binary_search(&id).is_ok()).then_some(found)
        })
        .await;
        let wanted: Vec<u64> = (FLOW..FLOW + written - PARTITIONS).chain(LAST).collect();
        let missing: Vec<&u64> = wanted.iter().filter(|id| found.binary_search(id).is_err()).collect();
        let doubled: Vec<&u64> = found.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| &pair[0]).collect();
        assert_eq!(found, wanted, "{name}: missing {missing:?}, doubled {doubled:?}");
        eprintln!("{name}: {} rows, 0 missing, 0 doubled", found.len());
    }

    pub async fn count(&self, name: &str) -> usize {
        read_all(&self.outputs[name]).await.len()
    }

    /// Of a query that counts the orders of each customer: all counts together.
    pub async fn counted(&self, name: &str) -> u64 {
        let rows = read_all(&self.outputs[name]).await;
        let number = |row: &Value, column: &str| row[column].as_u64().expect("a number");
        let rows = rows.iter().map(|row| row.json());
        let newest: BTreeMap<u64, u64> = rows.map(|row| (number(&row, "CUSTOMER_ID"), number(&row, "N"))).collect();
        newest.values().sum()
    }

    /// Until all counts together are so many. Panics, saying how many they are, if they do not come to be.
    pub async fn counts_come_to(&self, name: &str, wanted: u64) {
        let come = async || (self.counted(name).await == wanted).then_some(());
        until(&format!("{wanted} orders to be counted by {name}"), PATIENCE, come).await;
        // Not one more.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(self.counted(name).await, wanted);
        eprintln!("{name}: {wanted} orders counted, 0 missing, 0 doubled");
    }
}

fn file(name: &str) -> String {
    format!("streams/{name}.toml")
}
