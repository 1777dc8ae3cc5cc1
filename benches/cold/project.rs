//! A project of many streams, and its cold plan.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::time::Duration;

use serde::Serialize;
use weir::load::{Context, EngineRules, Engines, load};
use weir::model::check::{Accepted, Changelog, Check, CheckId, PlanSource};
use weir::model::column::Column;
use weir::model::config::EngineKind;
use weir::model::definition::Stream;
use weir::model::desired::Desired;
use weir::model::ledger::Recorded;
use weir::model::limits::SqlLimits;
use weir::model::name::{EngineName, Name, ProjectName};
use weir::plan::render::{self, Colour};
use weir::reconcile::looks::Looks;

use crate::offline::World;

const SOURCE: &str = include_str!("../../streams/orders.toml");

pub struct Sizes {
    pub small: usize,
    pub large: usize,
}

/// `WEIR_N_BENCH` says the larger one.
pub fn sizes() -> Sizes {
    let large = std::env::var("WEIR_N_BENCH").ok().and_then(|text| text.parse().ok()).unwrap_or(10_000);
    Sizes { small: large / 10, large }
}

/// Makes the files and the ledger's rows; bytes of all definitions together.
pub fn write(home: &Path, streams: usize) -> usize {
    let folder = home.join("streams");
    fs::create_dir(&folder).expect("the folder is new");
    fs::write(folder.join("orders.toml"), SOURCE).expect("a file can be written");
    let mut bytes = 0;
    for number in 0..streams {
        let text = definition(number);
        bytes += text.len();
        fs::write(folder.join(format!("large_orders_{number}.toml")), text).expect("a file can be written");
    }
    let desired = desired(home);
    assert_eq!(desired.diagnostics, []);
    assert_eq!(desired.streams.len(), streams);
    let mut world = fresh(&desired);
    let observed = wait(world.observe(&desired));
    let plan = world.plan(&desired, &observed);
    assert_eq!(plan.changes.len(), streams, "{}", render::text(&plan, Colour::Off).lines().last().unwrap_or_default());
    world.done(&plan, &observed);
    lines(home, "rows", world.ledger.streams.iter());
    lines(home, "checks", world.ledger.checks.iter());
    bytes
}

fn definition(number: usize) -> String {
    let mut text = String::from("#:schema ../schemas/definition.schema.json\n");
    write!(
        text,
        "description = \"Orders above {number}\"\nowner = \"team_{}\"\n\nsql = \"\"\"\n\
         SELECT ORDER_ID, CUSTOMER_ID, PRODUCT, AMOUNT, PURCHASE_DATE\nFROM orders\n\
         WHERE AMOUNT > {number} AND PRODUCT <> 'sample {number}'\n\"\"\"\n\n\
         [output]\ntopic      = \"large_orders_{number}\"\npartitions = 3\n",
        number % 10
    )
    .expect("a string");
    text
}

fn lines(home: &Path, file: &str, rows: impl Iterator<Item = impl Serialize>) {
    let mut out = BufWriter::new(fs::File::create(home.join(file)).expect("a file can be made"));
    for row in rows {
        let row = serde_json::to_string(&row).expect("a noun is plain data");
        writeln!(out, "{row}").expect("a file can be written");
    }
    out.flush().expect("a file can be written");
}

fn read<T: serde::de::DeserializeOwned>(home: &Path, file: &str) -> impl Iterator<Item = T> {
    let file = BufReader::new(fs::File::open(home.join(file)).expect("it was written"));
    file.lines().map(|line| serde_json::from_str(&line.expect("it can be read")).expect("it was written here"))
}

/// The world in which everything was done.
pub fn done(home: &Path) -> World {
    let mut world = World::new(&context().project, std::iter::empty(), accept);
    // At once, as a store reads them: a map that is made of what is in order has no gaps.
    world.ledger.streams = read::<(Name, Recorded)>(home, "rows").inspect(|(_, row)| world.is_there(row)).collect();
    world.ledger.checks = read::<(CheckId, Check)>(home, "checks").collect();
    world
}

/// As the command does it, up to the text that it shows.
pub fn plan(home: &Path, done: Option<World>) {
    let desired = desired(home);
    let world = done.unwrap_or_else(|| fresh(&desired));
    let mut observed = wait(world.observe(&desired));
    Looks::default().note(Duration::ZERO, &desired, &world.ledger, &mut observed);
    let plan = world.plan(&desired, &observed);
    let text = render::text(&plan, Colour::Off);
    assert_eq!(plan.changes.len() + plan.unchanged, desired.streams.len(), "{text}");
    std::hint::black_box(text);
}

/// The world in which nothing was done.
fn fresh(desired: &Desired) -> World {
    World::new(&desired.project, desired.sources.values().map(|source| &source.topic), accept)
}

fn desired(home: &Path) -> Desired {
    load(&weir::origin::directory::read(&home.join("streams")), &context())
}

fn context() -> Context {
    let engine = EngineName::parse("flink").expect("a name");
    let rules = EngineRules {
        kind: EngineKind::Flink,
        options: [("execution.checkpointing.interval".to_owned(), "10 s".to_owned())].into(),
        allow_options: Vec::new(),
        kafka_bootstrap: "kafka:9092".to_owned(),
        connectors: Vec::new(),
        allow_bootstrap: Vec::new(),
    };
    Context {
        project: ProjectName::parse("bench").expect("a name"),
        origin: "streams".to_owned(),
        engines: Engines::Known { default: Some(engine.clone()), engines: [(engine, rules)].into() },
        limits: SqlLimits::default(),
        vars: Default::default(),
        overrides: Default::default(),
    }
}

/// Every query has all columns of its inputs.
fn accept(stream: &Stream) -> Check {
    let columns: Vec<Column> = stream.sources.values().flat_map(|source| source.columns.clone()).collect();
    let sources = stream.sources.keys().map(|name| PlanSource { table: name.to_string(), outputs: 1 });
    Check::Accepted(Accepted { columns, changelog: Changelog::InsertOnly, sources: sources.collect() })
}

fn wait<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().expect("one thread").block_on(future)
}

/// The most memory that this process ever had, in bytes. Zero where the system does not tell.
pub fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kib| kib * 1024)
}
