//! Plans of some streams, and plans in files.

use serde_json::json;

use crate::scenarios::orders::{FILE, STREAM, Story, filter};

const OTHER: &str = "streams/all_orders.toml";

/// A second stream over the same orders.
async fn two_streams() -> Story {
    let mut story = Story::begin(1).await;
    let topic = story.project.topics.name("all_orders");
    story.project.write(OTHER, &filter(&topic).replace("AMOUNT > 500", "AMOUNT > 0"));
    story
}

#[tokio::test]
async fn a_named_stream_is_planned_and_applied_alone() {
    let story = two_streams().await;
    let ran = story.project.run(&["plan", STREAM, "--output", "json"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    let plan = ran.json();
    assert_eq!(plan["summary"]["create"], 1, "{plan}");
    assert_eq!(plan["left_out"], json!({ "changes": { "create": 1 }, "blocked": 0 }), "{plan}");
    let ran = story.project.run(&["apply", "--yes", STREAM]).await;
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.err.contains("left out: 1 to create"), "{ran}");
    assert_eq!(story.project.jobs.only().await.name, format!("weir:{}/{STREAM}@1", story.project.name));

    for (name, says) in [
        ("high_value_order", "did you mean `high_value_orders`?"),
        ("orders", "`orders` is a source"),
        ("nothing_like_it", "streams: `all_orders`, `high_value_orders`"),
    ] {
        for command in [&["plan", name][..], &["apply", "--yes", name], &["restart", "--yes", name]] {
            let ran = story.project.run(command).await;
            assert!(ran.code == 1 && ran.err.contains(says), "{ran}");
        }
    }
    assert_eq!(story.project.jobs.live().await.len(), 1);
}

/// Removing two files and naming one: the other stream runs on.
#[tokio::test]
async fn what_is_not_named_is_not_removed() {
    let story = two_streams().await;
    story.project.apply().await;
    story.project.remove(FILE);
    story.project.remove(OTHER);
    story.project.write("streams/vars.toml", "");
    let ran = story.project.run(&["apply", "--yes", "all_orders"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    let left = story.project.jobs.only().await;
    assert_eq!(left.name, format!("weir:{}/{STREAM}@1", story.project.name));
}

#[tokio::test]
async fn a_kept_plan_is_applied_as_it_was_read() {
    let story = two_streams().await;
    let ran = story.project.run(&["plan", "--out", "plan.json"]).await;
    assert!(ran.code == 0 && ran.err.contains("weir apply plan.json"), "{ran}");
    let shown = story.project.run(&["show", "plan.json"]).await;
    assert_eq!(shown.out, ran.out, "what was kept is what was shown");
    let ran = story.project.run(&["show", "plan.json", "--output", "markdown"]).await;
    assert!(ran.code == 0 && ran.out.contains("| `+` | `all_orders` |"), "{ran}");

    let ran = story.project.run(&["apply", "--yes", "plan.json"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(story.project.jobs.live().await.len(), 2);
    story.project.nothing_is_left_to_do().await;

    let steps = story.project.steps().await;
    let ran = story.project.run(&["apply", "--yes", "plan.json"]).await;
    assert_eq!(ran.code, 1, "{ran}");
    for says in ["not right any more", STREAM, "generation moved from none to 1", "nothing to do"] {
        assert!(ran.err.contains(says), "{says}: {ran}");
    }
    assert_eq!(story.project.steps().await, steps, "nothing was done twice");
}

#[tokio::test]
async fn a_kept_plan_outlives_what_is_none_of_its_business_and_nothing_else() {
    let mut story = two_streams().await;
    story.project.apply().await;
    story.edit(FILE, r#""parallelism.default" = "1""#, r#""parallelism.default" = "2""#);
    let ran = story.project.run(&["plan", "--out", "./kept"]).await;
    assert_eq!(ran.code, 0, "{ran}");

    // An edit of another stream, and more rows.
    story.edit(OTHER, "AMOUNT > 0", "AMOUNT > 1");
    story.write_numbers(2000..2100).await;
    // An edit of this one, taken back afterwards.
    story.edit(FILE, r#"protect = false"#, r#"protect = true"#);
    let ran = story.project.run(&["apply", "--yes", "./kept"]).await;
    assert!(ran.code == 1 && ran.err.contains(&format!("{STREAM}: its definition changed")), "{ran}");
    assert!(!ran.err.contains("all_orders:"), "{ran}");
    story.edit(FILE, r#"protect = true"#, r#"protect = false"#);

    let before = story.project.jobs.live().await;
    let ran = story.project.run(&["apply", "--yes", "./kept"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    let after = story.project.jobs.live().await;
    let of = |stream: &str| format!("weir:{}/{stream}", story.project.name);
    assert!(after.iter().any(|job| job.name == format!("{}@2", of(STREAM))), "{after:?}");
    let other = before.iter().find(|job| job.name.starts_with(&of("all_orders"))).expect("it ran");
    assert!(after.contains(other), "the other stream was left as it is: {after:?}");
    story.every_row_came_once().await;
}

#[tokio::test]
async fn files_that_hold_no_plan_are_told_apart() {
    let story = Story::begin(1).await;
    let newer = json!({ "kind": "weir_plan", "format_version": "9", "weir": "7.0.0" });
    story.project.write("newer.json", &newer.to_string());
    story.project.write("foreign.json", "{}");
    story.project.write("text.json", "plan");
    for (file, says) in [
        ("newer.json", "weir 7.0.0 saved it in format 9"),
        ("foreign.json", "it holds no plan that weir saved"),
        ("text.json", "it holds no plan that weir saved"),
        ("gone.json", "gone.json cannot be read"),
    ] {
        for command in ["show", "apply"] {
            let ran = story.project.run(&[command, file]).await;
            assert!(ran.code == 1 && ran.err.contains(says), "{ran}");
        }
    }
    let ran = story.project.run(&["apply", STREAM, "newer.json"]).await;
    assert!(ran.code == 1 && ran.err.contains("applied by itself"), "{ran}");
}
