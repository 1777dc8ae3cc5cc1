//! Streams that were stopped go on under the new version as far as the plan says so; one that was not stopped waits.

use std::time::Instant;

use serde_json::Value;

use crate::line::{Cluster, NEW, OLD};
use crate::streams::{FILTER, Streams, TOTALS, UNION};

/// They keep nothing but their places.
const STATELESS: [&str; 4] = ["filter", "once", "union", "reshaped"];
const STOPPED: [&str; 5] = ["filter", "once", "union", "reshaped", "totals"];

async fn streams() -> Streams {
    let mut streams = Streams::begin().await;
    streams.add("filter", FILTER, "");
    streams.add("once", FILTER, "delivery = \"exactly_once\"");
    streams.add("union", UNION, "");
    streams.add("reshaped", FILTER, "");
    streams.add("totals", TOTALS, "key = [\"CUSTOMER_ID\"]");
    streams.add("forgotten", FILTER, "");
    streams
}

/// A change, or what is blocked: the verdict and the reason.
fn told<'a>(plan: &'a Value, list: &str, stream: &str) -> (&'a str, &'a str) {
    let mut entries = plan[list].as_array().into_iter().flatten();
    let entry = entries.find(|entry| entry["stream"] == stream);
    let entry = entry.unwrap_or_else(|| panic!("{stream} is not among the {list}: {plan:#}"));
    (entry["verdict"].as_str().unwrap_or_default(), entry["reason"].as_str().unwrap_or_default())
}

#[tokio::test(flavor = "multi_thread")]
async fn from_one_version_to_the_next_nothing_is_lost_or_doubled() {
    let cluster = Cluster::of(OLD).await;
    let streams = streams().await;
    let project = &streams.project;
    let flow = streams.flow();
    project.apply().await;
    for name in STOPPED.iter().chain(&["forgotten"]) {
        streams.rows_come(name).await;
    }
    for name in STOPPED {
        streams.edit(name, "run = \"running\"", "run = \"stopped\"");
    }
    project.apply().await;
    let stopped = Instant::now();
    cluster.becomes(NEW).await;

    for name in STOPPED {
        streams.edit(name, "run = \"stopped\"", "run = \"running\"");
    }
    streams.edit("reshaped", FILTER, UNION);
    plan_says_what_becomes_of_them(&streams).await;
    project.apply_refused().await;
    for name in STATELESS {
        streams.rows_come(name).await;
    }
    eprintln!("rows again {:.1} s after the stop", stopped.elapsed().as_secs_f64());
    one_that_was_not_stopped_waits(&streams).await;
    let counted = with_leave_it_counts_anew(&streams).await;

    let written = streams.last_rows(flow).await;
    for name in STATELESS {
        streams.every_row_came_once(name, written).await;
    }
    streams.counts_come_to("totals", written - counted).await;
    an_older_version_is_not_asked(&cluster, &streams).await;
}

async fn plan_says_what_becomes_of_them(streams: &Streams) {
    let plan = streams.project.plan().await;
    for name in STATELESS {
        let (verdict, reason) = told(&plan, "changes", name);
        assert_eq!(verdict, "carries_offsets", "{reason}");
        assert!(reason.contains("its state is of version 1.20."), "{reason}");
    }
    let (verdict, reason) = told(&plan, "blocked", "totals");
    assert_eq!(verdict, "refused", "{reason}");
    for part in ["its state is of version 1.20.", "`allow = [\"drops_state\"]`", "its savepoint stays"] {
        assert!(reason.contains(part), "{reason}");
    }
    let (_, reason) = told(&plan, "blocked", "forgotten");
    assert!(reason.contains("its job is gone"), "{reason}");
}

/// The new cluster never knew its job: nothing begins it again, and its rows wait in Kafka.
async fn one_that_was_not_stopped_waits(streams: &Streams) {
    let before = streams.count("forgotten").await;
    for (from, to) in [("running", "stopped"), ("stopped", "running")] {
        streams.edit("forgotten", &format!("run = \"{from}\""), &format!("run = \"{to}\""));
        streams.project.run(&["apply", "--yes"]).await;
    }
    let live = streams.project.jobs.live().await;
    assert!(live.iter().all(|job| !job.name.contains("/forgotten@")), "{live:#?}");
    assert_eq!(streams.count("forgotten").await, before);
    let row = streams.project.status("forgotten").await;
    assert_eq!((&row["generation"], &row["sync"]), (&1.into(), &"out_of_sync".into()), "{row}");
}

/// How many orders were counted before.
async fn with_leave_it_counts_anew(streams: &Streams) -> u64 {
    let counted = streams.counted("totals").await;
    streams.edit("totals", "[output]", "[deploy]\nallow = [\"drops_state\"]\n\n[output]");
    let plan = streams.project.plan().await;
    assert_eq!(told(&plan, "changes", "totals").0, "drops_state");
    streams.project.apply_refused().await;
    counted
}

/// What 2.x saved, 1.20 cannot read.
async fn an_older_version_is_not_asked(cluster: &Cluster, streams: &Streams) {
    streams.edit("filter", "run = \"running\"", "run = \"stopped\"");
    streams.project.run(&["apply", "--yes"]).await;
    cluster.becomes(OLD).await;
    streams.edit("filter", "run = \"stopped\"", "run = \"running\"");
    let plan = streams.project.plan().await;
    let (verdict, reason) = told(&plan, "blocked", "filter");
    assert!(verdict == "refused" && reason.contains("cannot read it"), "{reason}");
}
