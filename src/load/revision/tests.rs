use std::collections::BTreeMap;

use crate::load::load;
use crate::load::tests::{context, tree};
use crate::model::desired::{DesiredStream, Revision};

const SOURCE: &str =
    "kind = \"source\"\ntopic = \"orders\"\nformat = \"json\"\n[columns]\nID = \"INT\"\nAMOUNT = \"DOUBLE\"\n";
const STREAM: &str = "sql = \"SELECT ID FROM orders WHERE AMOUNT > 5\"\n";

fn stream(files: &[(&str, &str)]) -> DesiredStream {
    let desired = load(&tree(files), &context(BTreeMap::new()));
    assert_eq!(desired.diagnostics, [], "{files:?}");
    desired.streams.into_values().next().expect("one stream")
}

fn revision(source: &str, stream_text: &str) -> Revision {
    stream(&[("orders.toml", source), ("big.toml", stream_text)]).revision
}

fn with(more: &str) -> Revision {
    revision(SOURCE, &format!("{STREAM}{more}"))
}

#[test]
fn comments_white_space_and_quotes_do_not_count() {
    let base = with("");
    for sql in [
        "# a comment\nsql = \"SELECT ID FROM orders WHERE AMOUNT > 5\"",
        "sql = 'SELECT  ID  FROM orders -- all of them'\n# ",
        "sql = \"\"\"\n  SELECT ID /* the id */\n  FROM orders\n  WHERE AMOUNT > 5\n;\n\"\"\"",
    ] {
        let same = revision(SOURCE, sql) == base;
        assert_eq!(same, sql.contains("WHERE"), "{sql}");
    }
}

#[test]
fn file_names_and_folders_do_not_count() {
    let named = format!("name = \"big\"\n{STREAM}");
    let sql = ("q/big.sql", "SELECT ID FROM orders WHERE AMOUNT > 5");
    let moved = stream(&[("a/o.toml", &format!("name = \"orders\"\n{SOURCE}")), ("b/c/x.toml", &named)]);
    assert_eq!(moved.revision, with(""));
    assert_eq!(moved.path, "b/c/x.toml");
    let beside = stream(&[("orders.toml", SOURCE), ("q/big.toml", "sql_file = \"big.sql\"\n"), sql]);
    assert_eq!(beside.revision, with(""));
}

#[test]
fn policy_run_start_and_topic_settings_do_not_count() {
    for more in [
        "run = \"stopped\"\n",
        "owner = \"me\"\ndescription = \"x\"\n",
        "[deploy]\nstart = \"latest\"\n",
        "[deploy]\non_remove = \"drop\"\nprotect = true\nkeep_savepoints = 3\n",
        "[output.config]\n\"retention.ms\" = \"1\"\n",
        "engine = \"flink\"\n",
        "[output]\ntopic = \"big\"\nformat = \"json\"\ntime_encoding = \"iso8601\"\ndelivery = \"at_least_once\"\nkey = []\n",
    ] {
        assert_eq!(with(more), with(""), "{more}");
    }
}

#[test]
fn what_the_job_does_counts() {
    let base = with("");
    for more in [
        "[output]\ntopic = \"other\"\n",
        "[output]\nformat = \"csv\"\n",
        "[output]\ntime_encoding = \"sql\"\n",
        "[output]\npartitions = 2\n",
        "[output]\nkey = [\"ID\"]\n",
        "[options]\n\"parallelism.default\" = \"2\"\n",
    ] {
        assert_ne!(with(more), base, "{more}");
    }
    assert_ne!(revision(SOURCE, "sql = \"SELECT ID FROM orders WHERE AMOUNT > 6\"\n"), base);
}

#[test]
fn what_the_job_reads_counts() {
    let base = with("");
    for (from, to) in [
        ("topic = \"orders\"", "topic = \"other\""),
        ("\"DOUBLE\"", "\"FLOAT\""),
        ("\"json\"", "\"csv\""),
        ("ID = \"INT\"\nAMOUNT = \"DOUBLE\"", "AMOUNT = \"DOUBLE\"\nID = \"INT\""),
        ("[columns]", "on_bad_record = \"skip\"\n[columns]"),
        ("[columns]", "time = { column = \"T\" }\n[columns]\nT = \"TIMESTAMP(3)\""),
        ("[columns]", "connector = { \"properties.fetch.min.bytes\" = \"5\" }\n[columns]"),
    ] {
        assert_ne!(revision(&SOURCE.replace(from, to), STREAM), base, "{to}");
    }
    let loud = SOURCE.replace("[columns]", "on_bad_record = \"fail\"\n[columns] # the same");
    assert_eq!(revision(&loud, STREAM), base);
}

/// They may come and go while the job runs.
#[test]
fn columns_that_are_not_read_do_not_count() {
    let base = with("");
    for (from, to) in
        [("ID = \"INT\"\n", "ID = \"INT\"\nMORE = \"STRING\"\n"), ("[columns]", "[columns]\nFIRST = \"ROW<a INT>\"")]
    {
        assert_eq!(revision(&SOURCE.replace(from, to), STREAM), base, "{to}");
    }
    let all = |source: &str| revision(source, "sql = \"SELECT * FROM orders\"\n");
    let more = format!("{SOURCE}MORE = \"STRING\"\n");
    assert_ne!(all(&more), all(SOURCE), "a star reads it");
    let unknown = |source: &str| {
        let files = [("orders.toml", source), ("big.toml", "sql = \"SELECT ID FROM orders FUTURE CLAUSE\"\n")];
        let desired = load(&tree(&files), &context(BTreeMap::new()));
        desired.streams.into_values().next().expect("a warning only").revision
    };
    assert_ne!(unknown(&more), unknown(SOURCE), "what is not understood may read it");
}

/// A field of a CSV record is found by its place, a missing one can fail the job, and the watermark is made of a column.
#[test]
fn columns_that_are_not_read_count_where_the_job_depends_on_them() {
    let more = |source: &str| source.replace("[columns]\n", "[columns]\nFIRST = \"TIMESTAMP(3)\"\n");
    let csv = SOURCE.replace("json", "csv");
    assert_ne!(revision(&more(&csv), STREAM), revision(&csv, STREAM));
    let strict = format!("{SOURCE}[connector]\n\"json.fail-on-missing-field\" = \"true\"\n");
    assert_ne!(revision(&more(&strict), STREAM), revision(&strict, STREAM));
    let timed = more(SOURCE) + "[time]\ncolumn = \"FIRST\"\n";
    assert_ne!(revision(&timed.replace("TIMESTAMP(3)", "TIMESTAMP_LTZ(3)"), STREAM), revision(&timed, STREAM));
}

/// Recorded revisions outlive a version of weir: one that reads the same files must not find a change.
#[test]
fn the_hash_stays_over_versions() {
    assert_eq!(with("").0, "b3dc3b721b600dda75aff043f6d744cce428b00a8c97066ae79e9140c22d0125");
}
