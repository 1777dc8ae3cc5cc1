//! The projects below `examples/`, planned on real servers: the engine accepts every query, and what is to be done is
//! what the example says.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use weir::model::name::TopicName;

use crate::support::project::Project;

#[tokio::test]
async fn every_example_is_planned_as_it_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    let folders = files(&root);
    assert!(folders.len() >= 4, "only {} examples were found", folders.len());
    for folder in folders {
        let mut project = Project::new().await;
        // By the name that the example gives it.
        let mut topics = BTreeMap::new();
        for file in files(&folder.join("streams")) {
            let name = stem(&file);
            let text = std::fs::read_to_string(&file).expect("it can be read");
            let own = if text.contains("kind   = \"source\"") {
                let topic = project.topics.create(&name, 1).await;
                (text.replace(&format!("topic  = \"{name}\""), &format!("topic  = \"{topic}\"")), topic)
            } else {
                let topic = project.topics.name(&name);
                (text.replace("[output]\n", &format!("[output]\ntopic = \"{topic}\"\n")), topic)
            };
            let (text, topic) = own;
            assert!(text.contains(topic.as_str()), "{}: it names its topic in another way", file.display());
            project.write(&format!("streams/{name}.toml"), &text);
            topics.insert(topic, name);
        }
        let ran = project.run(&["validate"]).await;
        assert!(ran.code == 0 && ran.says("0 errors, 0 warnings"), "{}: {ran}", folder.display());
        let ran = project.run(&["plan", "--require-known", "--require-clean"]).await;
        assert_eq!(ran.code, 0, "{}: {ran}", folder.display());
        let expected = std::fs::read_to_string(folder.join("plan.txt")).expect("an example has its plan");
        let given = without_notes(&as_the_example(&ran.out, &topics));
        assert_eq!(given, expected, "{}: {ran}", folder.display());
    }
}

fn as_the_example(plan: &str, topics: &BTreeMap<TopicName, String>) -> String {
    topics.iter().fold(plan.to_owned(), |plan, (topic, name)| plan.replace(topic.as_str(), name))
}

/// How many slots the cluster has left, and which jobs of others it runs, is of no concern.
fn without_notes(plan: &str) -> String {
    let mut among_others = false;
    let lines = plan.split_inclusive('\n').filter(|line| {
        among_others = line.starts_with("Unmanaged jobs") || among_others && line.starts_with(' ');
        !among_others && !line.contains("free task slots")
    });
    lines.collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("it can be read").path()).collect();
    found.sort();
    found
}

fn stem(file: &Path) -> String {
    file.file_stem().expect("a file has a name").to_string_lossy().into_owned()
}
