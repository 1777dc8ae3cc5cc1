//! Event time however it is written.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::kafka::{produce, read_at_least};
use crate::support::project::Project;

const MOMENT: i64 = 1_757_246_400_123;

/// The same moment in each encoding comes out as the same ISO text, and its hour closes.
#[tokio::test]
async fn a_moment_is_the_same_however_it_is_written() {
    let mut project = Project::new().await;
    let written = [
        ("iso8601", json!("2025-09-07T12:00:00.123"), json!("2025-09-07T14:00:00")),
        ("sql", json!("2025-09-07 12:00:00.123"), json!("2025-09-07 14:00:00")),
        ("epoch_ms", json!(MOMENT), json!(MOMENT + 7_200_000)),
    ];
    let mut outputs = Vec::new();
    for (encoding, moment, later) in &written {
        let (topic, output) = (project.topics.create("moments", 1).await, project.topics.name("hours"));
        project.write(&format!("streams/{encoding}_rows.toml"), &source(topic.as_str(), encoding));
        project.write(&format!("streams/{encoding}_hours.toml"), &hours(encoding, output.as_str()));
        produce(&topic, 0, [moment, later].map(|at| json!({ "MOMENT": at }))).await;
        outputs.push(output);
    }
    project.apply().await;
    let hour = json!({ "FROM_HERE": "2025-09-07T12:00:00", "FIRST": "2025-09-07T12:00:00.123", "ROWS_SEEN": 1 });
    for output in &outputs {
        let found = read_at_least(output, 1, Duration::from_secs(60)).await;
        let found: Vec<Value> = found.iter().map(|row| row.json()).collect();
        assert_eq!(found, [hour.clone()], "{output}");
    }
    project.nothing_is_left_to_do().await;
}

fn source(topic: &str, encoding: &str) -> String {
    format!(
        r#"kind = "source"
topic = "{topic}"
format = "json"

[columns]
MOMENT = "TIMESTAMP(3)"

[time]
column = "MOMENT"
encoding = "{encoding}"
"#
    )
}

fn hours(encoding: &str, output: &str) -> String {
    format!(
        r#"sql = """
SELECT window_start AS FROM_HERE, MIN(MOMENT) AS `FIRST`, COUNT(*) AS ROWS_SEEN
FROM TABLE(TUMBLE(TABLE {encoding}_rows, DESCRIPTOR(MOMENT), INTERVAL '1' HOUR))
GROUP BY window_start, window_end
"""

[output]
topic = "{output}"
partitions = 1
"#
    )
}
