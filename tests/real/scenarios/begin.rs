//! The first minutes with weir, and what its exit codes say.

use crate::scenarios::orders::{FILE, Story};
use crate::support::project::run;

#[tokio::test]
async fn a_new_project_validates() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ran = run(folder.path(), &["init"], &[]).await;
    assert_eq!(ran.code, 0, "{ran}");
    for file in ["weir.toml", "streams/orders.toml", FILE] {
        assert!(folder.path().join(file).is_file(), "{file}: {ran}");
    }
    let ran = run(folder.path(), &["validate"], &[]).await;
    assert_eq!(ran.code, 0, "{ran}");

    let config = std::fs::read_to_string(folder.path().join("weir.toml")).expect("it is there");
    let ran = run(folder.path(), &["init"], &[]).await;
    assert_eq!(ran.code, 1, "nothing is overwritten: {ran}");
    assert_eq!(std::fs::read_to_string(folder.path().join("weir.toml")).expect("it is there"), config);
}

/// Every address is one where nobody listens.
#[tokio::test]
async fn validate_needs_no_network_and_no_weir_toml() {
    let mut story = Story::begin(1).await;
    let nowhere = "http://127.0.0.1:1";
    story.project.set("WEIR_LEDGER_URL", "postgres://nobody@127.0.0.1:1/nothing");
    story.project.set("WEIR_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
    story.project.set("WEIR_ENGINES_FLINK_URL", nowhere);
    story.project.set("WEIR_ENGINES_FLINK_REST_URL", nowhere);
    let ran = story.project.run(&["validate", "--output", "json"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    let found = ran.json();
    assert_eq!((&found["valid"], &found["sources"], &found["streams"]), (&true.into(), &1.into(), &1.into()), "{ran}");

    let none = tempfile::tempdir().expect("a temporary folder");
    let streams = story.project.path("streams");
    let dir = streams.to_str().expect("a path of letters");
    let ran = run(none.path(), &["validate", "--dir", dir, "--output", "json"], &[]).await;
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(ran.json()["valid"], true, "{ran}");

    story.edit(FILE, "FROM orders", "FROM orderz");
    let ran = run(none.path(), &["validate", "--dir", dir], &[]).await;
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.err.contains("there is no source `orderz`") && ran.err.contains("did you mean `orders`?"), "{ran}");
}

#[tokio::test]
async fn exit_codes_tell_ci_what_is_to_be_done() {
    let mut story = Story::begin(1).await;
    let code = async |story: &Story, args: &[&str]| story.project.run(args).await.code;
    assert_eq!(code(&story, &["plan"]).await, 0);
    assert_eq!(code(&story, &["plan", "--detailed-exitcode"]).await, 2);
    assert_eq!(code(&story, &["apply"]).await, 1, "nobody can be asked");
    assert_eq!(story.project.jobs.all().await, []);
    assert_eq!(code(&story, &["status"]).await, 0);
    assert_eq!(code(&story, &["doctor"]).await, 0);
    assert_eq!(code(&story, &["completions", "bash"]).await, 0);
    assert_eq!(code(&story, &["no-such-command"]).await, 1);

    // An engine that is down is a blocked line, no error, unless one asks for more.
    story.project.set("WEIR_ENGINES_FLINK_REST_URL", "http://127.0.0.1:1");
    assert_eq!(code(&story, &["plan", "--detailed-exitcode"]).await, 0);
    assert_eq!(code(&story, &["plan", "--require-known"]).await, 1);
    assert_eq!(code(&story, &["plan", "--require-clean"]).await, 1);
    assert_eq!(code(&story, &["apply", "--yes"]).await, 1);
    assert_eq!(code(&story, &["doctor"]).await, 1);
    story.project.unset("WEIR_ENGINES_FLINK_REST_URL");
    story.project.set("WEIR_LEDGER_URL", "postgres://nobody@127.0.0.1:1/nothing");
    assert_eq!(code(&story, &["plan"]).await, 1);
}
