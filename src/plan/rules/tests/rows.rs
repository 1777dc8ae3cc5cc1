//! Rows of the table, each with an edit that it applies to.

use crate::model::column::TypeKind;
use crate::model::definition::Body;
use crate::model::definition::Delivery;
use crate::model::definition::Format;
use crate::model::definition::OnBadRecord;
use crate::model::definition::Source;
use crate::model::definition::Start;
use crate::model::definition::Stream;
use crate::model::definition::TimeEncoding;
use crate::model::name::EngineName;
use crate::model::plan::Verdict;
use crate::model::plan::Verdict::CarriesOffsets;
use crate::model::plan::Verdict::KeepsState;
use crate::model::plan::Verdict::Refused;
use crate::model::plan::Verdict::Unchanged;

use super::Edit;
use super::moved;
use super::name;
use super::orders;
use super::source;
use super::time;
use super::topic;
use super::upstream;

fn none(_: &mut Stream) {}

/// Each row of the table: the edits that bring old and new side about, and what it does to a stream that keeps nothing.
pub const ROWS: &[(&str, Edit, Edit, Verdict, &str)] = &[
    ("text", none, |s| s.sql = "select ID -- all\nFROM orders WHERE AMOUNT > 1".into(), Unchanged, "only the text"),
    ("filter", none, |s| s.sql = "SELECT ID FROM orders".into(), CarriesOffsets, "WHERE was taken away"),
    (
        "projection",
        none,
        |s| s.sql = "SELECT ID, NOTE FROM orders WHERE AMOUNT > 1".into(),
        CarriesOffsets,
        "other columns",
    ),
    (
        "function",
        none,
        |s| s.sql = "SELECT ID FROM orders WHERE AMOUNT > 2".into(),
        CarriesOffsets,
        "the query changed",
    ),
    (
        "aggregate",
        none,
        |s| s.sql = "SELECT COUNT(*) AS N FROM orders WHERE AMOUNT > 1".into(),
        Refused,
        "an aggregate was added",
    ),
    (
        "window",
        |s| {
            s.sql = "SELECT COUNT(*) AS N FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(AT), INTERVAL '1' HOUR)) GROUP BY window_start, window_end".into()
        },
        |s| {
            s.sql = "SELECT COUNT(*) AS N FROM TABLE(TUMBLE(TABLE orders, DESCRIPTOR(AT), INTERVAL '2' HOUR)) GROUP BY window_start, window_end".into()
        },
        Refused,
        "the window changed from TUMBLE INTERVAL '1' HOUR to TUMBLE INTERVAL '2' HOUR",
    ),
    (
        "join",
        none,
        |s| s.sql = "SELECT orders.ID FROM orders JOIN orders AS b ON orders.ID = b.ID".into(),
        Refused,
        "a join was added",
    ),
    ("script", none, |s| s.body = Body::Script { writes: Default::default() }, Refused, "became a script"),
    ("input", none, |s| drop(s.sources.insert(name("b"), source("b"))), CarriesOffsets, "`b` is read anew"),
    (
        "input.mixed",
        |s| drop(s.sources.insert(name("b"), Source { topic: topic("orders"), ..source("b") })),
        |s| {
            s.sources = ["c", "d"].map(|at| (name(at), Source { topic: topic("orders"), ..source(at) })).into();
        },
        Refused,
        "cannot be told",
    ),
    ("input.topic", none, |s| orders(s).topic = topic("b"), Refused, "`topic` changed from `orders` to `b`"),
    (
        "input.columns.read",
        none,
        |s| orders(s).columns[0].kind.kind = TypeKind::String,
        CarriesOffsets,
        "column `ID`, which is read, has another type",
    ),
    ("input.columns", none, |s| drop(orders(s).columns.pop()), Unchanged, "columns changed that are not read"),
    ("input.format", none, |s| orders(s).on_bad_record = OnBadRecord::Skip, KeepsState, "`on_bad_record`"),
    ("input.connector", none, |s| drop(orders(s).connector.insert("a".into(), "b".into())), KeepsState, "`connector`"),
    ("input.time", none, |s| orders(s).time = time(5), CarriesOffsets, "`time` changed"),
    ("input.watermark", |s| orders(s).time = time(5), |s| orders(s).time = time(6), KeepsState, "`time.delay`"),
    ("input.changelog", none, |s| orders(s).output_of = upstream(&["ID"]), Refused, "the key of its rows"),
    ("input.writer", none, |s| orders(s).output_of = upstream(&[]), KeepsState, "written in another way"),
    ("engine", none, |s| s.engine = EngineName::parse("b").expect("a name"), CarriesOffsets, "from `flink` to `b`"),
    ("output.topic", none, moved, KeepsState, "`output.topic` changed from `big` to `b`"),
    ("output.topic.upsert", |s| s.output.key = vec!["ID".into()], moved, Refused, "`output.topic` changed"),
    (
        "output.format.new_topic",
        none,
        |s| {
            moved(s);
            s.output.format = Format::Csv;
        },
        KeepsState,
        "`output.format` changed",
    ),
    ("output.format", none, |s| s.output.format = Format::Csv, Refused, "`output.format` changed"),
    ("output.format", none, |s| s.output.time_encoding = TimeEncoding::Sql, Refused, "`output.time_encoding`"),
    (
        "output.key.new_topic",
        none,
        |s| {
            moved(s);
            s.output.key.push("ID".into());
        },
        Refused,
        "`output.key` changed from [] to [ID]",
    ),
    ("output.key", none, |s| s.output.key.push("ID".into()), Refused, "`output.key` changed"),
    (
        "output.partitions",
        |s| s.output.partitions = Some(2),
        |s| s.output.partitions = Some(3),
        KeepsState,
        "from 2 to 3",
    ),
    (
        "output.partitions.upsert",
        |s| (s.output.partitions, s.output.key) = (Some(2), vec!["ID".into()]),
        |s| s.output.partitions = Some(3),
        Refused,
        "from 2 to 3",
    ),
    (
        "output.partitions.fewer",
        |s| s.output.partitions = Some(3),
        |s| s.output.partitions = Some(2),
        Refused,
        "from 3 to 2",
    ),
    ("output.replication", none, |s| s.output.replication = Some(2), Refused, "`output.replication`"),
    ("output.delivery", none, |s| s.output.delivery = Delivery::ExactlyOnce, KeepsState, "`output.delivery`"),
    (
        "output.config",
        none,
        |s| drop(s.output.config.insert("a".into(), "1".into())),
        KeepsState,
        "`a` the default → 1",
    ),
    (
        "options.keep",
        none,
        |s| drop(s.options.insert("parallelism.default".into(), "2".into())),
        KeepsState,
        "spread anew",
    ),
    (
        "options.shape",
        none,
        |s| drop(s.options.insert("pipeline.max-parallelism".into(), "2".into())),
        CarriesOffsets,
        "key groups",
    ),
    (
        "options.state_ttl",
        none,
        |s| drop(s.options.insert("table.exec.state.ttl".into(), "1 h".into())),
        CarriesOffsets,
        "the default → 1 h",
    ),
    ("deploy.start", none, |s| s.start = Start::Latest, Unchanged, "first deployment only"),
];
