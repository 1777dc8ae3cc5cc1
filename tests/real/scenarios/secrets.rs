//! Law 12: a secret's value is nowhere but at its door.

use crate::scenarios::orders::{FILE, STREAM, Story};

const VALUE: &str = "hush-7f3a9c";

#[tokio::test]
async fn a_secret_is_never_recorded_or_told() {
    let mut story = Story::begin(1).await;
    let config = story.project.read("weir.toml");
    let url = &story.project.database.url;
    let config = config.replace(&format!("\"{url}\""), "\"${env:LEDGER}\"");
    story.project.set("LEDGER", &url.clone());
    // Harmless properties: what they are called is enough.
    let properties = "[kafka.properties_java]\n\"client.id\" = \"${env:HUSH}\"\n\n[kafka.properties_rdkafka]\n\"client.id\" = \"${env:HUSH}\"\n";
    story.project.write("weir.toml", &format!("{config}\n{properties}"));

    // Neither validating nor planning resolves what it does not use.
    let ran = story.project.run(&["validate"]).await;
    assert_eq!(ran.code, 0, "{ran}");
    let ran = story.project.run(&["apply", "--yes"]).await;
    assert!(ran.code == 1 && ran.err.contains("HUSH"), "a reference to nothing is named: {ran}");

    story.project.set("HUSH", VALUE);
    story.project.set("WEIR_LOG", "trace");
    story.write_numbers(2000..2020).await;
    let mut told = String::new();
    for args in [
        &["validate"][..],
        &["plan"],
        &["plan", "--out", "first.json"],
        &["apply", "first.json", "--yes"],
        &["status"],
        &["doctor"],
        &["plan", "--output", "json"],
        &["plan", "--output", "markdown"],
        &["history", STREAM],
    ] {
        let ran = story.project.run(args).await;
        assert_eq!(ran.code, 0, "{ran}");
        told.push_str(&ran.to_string());
    }
    story.every_row_came_once().await;
    story.edit(FILE, "AMOUNT > 500", "AMOUNT > 'x' || 5");
    told.push_str(&story.project.apply_refused().await.to_string());
    told.push_str(&story.project.read("first.json"));
    assert!(!told.contains(VALUE), "{told}");
    for table in ["streams", "deployments", "checks", "journal", "events", "savepoints", "lease"] {
        let rows = story.project.recorded(&format!("select row_to_json(t)::text from {table} t")).await;
        assert!(!rows.concat().contains(VALUE), "{table}: {rows:#?}");
    }
}

/// Nobody answers there, and the complaint does not hold the password.
#[tokio::test]
async fn an_address_is_told_without_its_password() {
    let mut story = Story::begin(1).await;
    for address in ["127.0.0.1:1", "no-such-host.invalid:5432"] {
        story.project.unset("WEIR_LEDGER_URL");
        story.project.set("WEIR_LEDGER_URL", &format!("postgres://weir:{VALUE}@{address}/weir"));
        for args in [&["plan"][..], &["apply", "--yes"], &["status"], &["doctor"]] {
            let ran = story.project.run(args).await;
            assert_eq!(ran.code, 1, "{ran}");
            assert!(!ran.says(VALUE), "{ran}");
        }
    }
}
