//! What is found, as programs around a repository read it.

use crate::scenarios::orders::{FILE, STREAM, Story};

#[tokio::test]
async fn findings_are_told_beside_their_lines() {
    let story = Story::begin(1).await;
    story.edit(FILE, r#"run = "running""#, r#"run = "walking""#);
    let line = 1 + story.project.read(FILE).lines().position(|line| line.starts_with("run")).expect("it is there");

    let ran = story.project.run(&["validate", "--output", "github"]).await;
    let place = format!("::error file={FILE},line={line},endLine={line},col=7,endColumn=16,title=unknown_value::");
    assert!(ran.code == 1 && ran.out.starts_with(&place), "{place}: {ran}");
    let ran = story.project.run(&["validate", "--output", "markdown"]).await;
    assert!(ran.code == 1 && ran.out.contains(&format!("`{FILE}:{line}:7`")), "{ran}");
    let ran = story.project.run(&["validate", "--output", "sarif"]).await;
    assert_eq!(ran.code, 1, "{ran}");
    let found = &ran.json()["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
    assert_eq!((&found["artifactLocation"]["uri"], &found["region"]["startLine"]), (&FILE.into(), &line.into()));

    // The folder of definitions need not lie where weir is run.
    let folder = story.project.path("streams");
    let config = story.project.path("weir.toml");
    let args = ["validate", "--output", "github", "--config"];
    let args: Vec<&str> = args.into_iter().chain([config.to_str().expect("text")]).collect();
    let ran = crate::support::project::run(&folder, &args, &[]).await;
    assert!(ran.out.starts_with(&place.replace("file=streams/", "file=")), "{ran}");
}

#[tokio::test]
async fn a_plan_is_told_beside_its_files() {
    let story = Story::begin(1).await;
    story.edit(FILE, "ORDER_ID,", "NOPE,");
    let ran = story.project.run(&["plan", "--output", "github"]).await;
    assert!(ran.out.contains(&format!("::error file={FILE},line=4,endLine=4,col=8,endColumn=12,")), "{ran}");
    assert!(ran.out.contains(&format!("::error file={FILE},title={STREAM}%3A create blocked::")), "{ran}");
    let ran = story.project.run(&["plan", "--output", "markdown"]).await;
    assert!(ran.out.contains(&format!("| `?` | `{STREAM}` | `flink` | create blocked: invalid |")), "{ran}");
    story.edit(FILE, "NOPE,", "ORDER_ID,");
    let ran = story.project.run(&["plan", "--output", "github"]).await;
    assert!(ran.code == 0 && ran.out.starts_with(&format!("::notice file={FILE},title={STREAM}%3A create::")), "{ran}");
}

/// And nothing is done before that is said.
#[tokio::test]
async fn a_form_that_a_command_does_not_know_is_refused() {
    let story = Story::begin(1).await;
    for args in [&["apply", "--yes"][..], &["status"], &["doctor"], &["restart", STREAM], &["history", STREAM]] {
        for form in ["markdown", "github", "sarif"] {
            let args: Vec<&str> = args.iter().copied().chain(["--output", form]).collect();
            let ran = story.project.run(&args).await;
            assert!(ran.code == 1 && ran.err.contains(&format!("cannot write `{form}`")), "{ran}");
        }
    }
    let ran = story.project.run(&["plan", "--output", "sarif"]).await;
    assert!(ran.code == 1 && ran.err.contains("`human`, `json`, `markdown` and `github`"), "{ran}");
    assert_eq!(story.project.jobs.all().await, []);
}
