use super::*;
use crate::load::Context;
use crate::model::name::ProjectName;
use crate::model::tree::{SourceFile, SourceTree};

const ORDERS: &str = "kind = \"source\"\ntopic = \"orders\"\nformat = \"json\"\n[columns]\nID = \"INT\"\n";

fn desired(files: &[(&str, &str)]) -> Desired {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), SourceFile::Text((*text).to_owned())));
    let tree = SourceTree { root: "streams".to_owned(), files: files.collect(), unsettled: None };
    let project = ProjectName::parse("p").expect("a project");
    let desired = crate::load::load(&tree, &Context::without_config(project, "streams", BTreeMap::new()));
    let wrong = desired.diagnostics.iter().find(|found| found.is_error());
    assert_eq!(wrong, None);
    desired
}

/// A filter, an upsert log of it, a reader of that by its name and one by a source over its topic.
fn chain() -> Desired {
    let over = ORDERS.replace("\"orders\"", "\"sums\"");
    desired(&[
        ("orders.toml", ORDERS),
        ("spare.toml", ORDERS),
        ("recent.toml", &over),
        ("lofty.toml", "sql = \"SELECT ID FROM orders\"\n"),
        ("by_id.toml", "sql = \"SELECT ID FROM lofty GROUP BY ID\"\n[output]\ntopic = \"sums\"\nkey = [\"ID\"]\n"),
        ("again.toml", "sql = \"SELECT ID FROM by_id\"\n[output]\nkey = [\"ID\"]\n"),
        ("both.toml", "sql = \"SELECT recent.ID FROM recent, orders\"\n[output]\nkey = [\"ID\"]\n"),
    ])
}

#[test]
fn a_line_tells_what_a_stream_reads_and_who_reads_it() {
    let want = "\
STREAM  READS                         READ BY
lofty   orders                        by_id
by_id   lofty                         again, both
again   by_id by ID                   -
both    orders, recent = by_id by ID  -

Sources that no stream reads: spare
";
    assert_eq!(Page::new(&chain()).text(), want);
}

#[test]
fn a_line_stays_readable_however_many_read() {
    let readers: Vec<(String, String)> =
        (0..300).map(|at| (format!("r{at:03}.toml"), "sql = \"SELECT ID FROM lofty\"\n".to_owned())).collect();
    let mut files = vec![("orders.toml", ORDERS), ("lofty.toml", "sql = \"SELECT ID FROM orders\"\n")];
    files.extend(readers.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let desired = desired(&files);
    let text = Page::new(&desired).text();
    assert_eq!(text.lines().count(), 302);
    assert!(text.contains("lofty   orders  r000, r001, r002, r003 and 296 more\n"), "{text}");
}

#[test]
fn graphviz_sees_every_edge_and_the_topic_that_a_source_is_over() {
    let want = "\
digraph weir {
  rankdir = LR;
  node [shape = box];
  \"orders\" [shape = ellipse];
  \"recent\" [shape = ellipse];
  \"spare\" [shape = ellipse];
  \"lofty\";
  \"by_id\";
  \"again\";
  \"both\";
  \"by_id\" -> \"again\" [label = \"ID\"];
  \"by_id\" -> \"recent\" [style = dashed];
  \"lofty\" -> \"by_id\";
  \"orders\" -> \"both\";
  \"orders\" -> \"lofty\";
  \"recent\" -> \"both\" [label = \"ID\"];
}
";
    assert_eq!(Page::new(&chain()).dot(), want);
    assert_eq!(quoted("a\"b\\c"), "\"a\\\"b\\\\c\"");
}

#[test]
fn json_holds_streams_in_order_and_every_input() {
    let shown = Page::new(&chain()).json();
    let names: Vec<&str> =
        shown["streams"].as_array().into_iter().flatten().filter_map(|row| row["name"].as_str()).collect();
    assert_eq!(names, ["lofty", "by_id", "again", "both"]);
    let read = json!({ "input": "recent", "topic": "sums", "stream": "by_id", "key": ["ID"] });
    assert_eq!(shown["streams"][3]["reads"][1], read);
    assert_eq!(shown["streams"][1]["readers"], json!(["again", "both"]));
    assert_eq!(
        shown["sources"][1],
        json!({ "name": "recent", "topic": "sums", "stream": "by_id", "readers": ["both"] })
    );
}
