//! A cold `weir plan` with nothing to change, against merely reading and parsing the same files, and against Terraform.
//!
//! Each figure is the best of a few processes of its own. Files, engine and topics are made up; no server is asked.

#[path = "../../tests/examples/offline.rs"]
mod offline;
mod peer;
mod project;

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use crate::project::Sizes;

/// What a process does; its name is in this variable, its folder in the other one.
const WORK: &str = "WEIR_BENCH_WORK";
const FOLDER: &str = "WEIR_BENCH_FOLDER";
const ROUNDS: usize = 3;

/// Of one process.
#[derive(Debug, Clone, Copy)]
struct Cost {
    time: Duration,
    /// Bytes above what the process had before it began.
    memory: u64,
}

#[derive(Debug, Clone, Copy)]
enum Work {
    /// Reads files, parses TOML and SQL, keeps nothing.
    Parse,
    /// All of `weir plan` but the way to the ledger, whose rows are there.
    Plan,
    /// The same with an empty ledger: every stream is new.
    Create,
}

impl Work {
    const ALL: [Work; 3] = [Work::Parse, Work::Plan, Work::Create];

    fn word(self) -> &'static str {
        match self {
            Work::Parse => "parse",
            Work::Plan => "plan",
            Work::Create => "create",
        }
    }
}

fn main() -> ExitCode {
    match (std::env::var(WORK), std::env::var_os(FOLDER)) {
        (Ok(word), Some(folder)) => {
            let work = Work::ALL.into_iter().find(|work| work.word() == word).expect("a word of this program");
            let cost = do_it(work, Path::new(&folder));
            println!("{} {}", cost.time.as_nanos(), cost.memory);
        }
        (Ok(_) | Err(_), _) => measure(),
    }
    ExitCode::SUCCESS
}

fn do_it(work: Work, folder: &Path) -> Cost {
    let before = project::memory();
    // The ledger's rows come over a door, which is not measured; what they take is.
    let done = match work {
        Work::Parse | Work::Create => None,
        Work::Plan => Some(project::done(folder)),
    };
    let begun = Instant::now();
    match work {
        Work::Parse => peer::parse(folder),
        Work::Plan | Work::Create => project::plan(folder, done),
    }
    Cost { time: begun.elapsed(), memory: project::memory().saturating_sub(before) }
}

/// The best of a few processes, one after the other, so that what else the machine does hits all alike.
fn costs<const N: usize>(works: [Work; N], folder: &Path) -> [Cost; N] {
    let mut best = works.map(|work| in_a_process(work, folder));
    for _ in 1..ROUNDS {
        for (best, work) in best.iter_mut().zip(works) {
            let found = in_a_process(work, folder);
            *best = Cost { time: best.time.min(found.time), memory: best.memory.max(found.memory) };
        }
    }
    best
}

fn in_a_process(work: Work, folder: &Path) -> Cost {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new(program).env(WORK, work.word()).env(FOLDER, folder).output().expect("it can be run");
    assert!(output.status.success(), "{}: {}", work.word(), String::from_utf8_lossy(&output.stderr));
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let figures: Vec<u64> = told.split_whitespace().filter_map(|figure| figure.parse().ok()).collect();
    let [nanos, memory] = figures[..] else { panic!("two figures, not {told}") };
    Cost { time: Duration::from_nanos(nanos), memory }
}

fn measure() {
    let Sizes { small, large } = project::sizes();
    let mut plans = Vec::new();
    for streams in [small, large] {
        let home = tempfile::tempdir().expect("a temporary folder");
        let bytes = project::write(home.path(), streams);
        let [parse, plan, create] = costs([Work::Parse, Work::Plan, Work::Create], home.path());
        println!("{streams} streams, {} bytes each", bytes / streams);
        for (what, cost) in [("read and parse", parse), ("plan, nothing to change", plan), ("plan, all new", create)] {
            let (time, each) = (cost.time, cost.time / streams as u32);
            println!("  {what:<24} {time:>10.1?}  {each:>9.1?} a stream, {} KiB", cost.memory / 1024);
        }
        ratio(&format!("{streams}: time to that of reading and parsing"), over(plan.time, parse.time), 1.3);
        ratio(&format!("{streams}: KiB a stream"), plan.memory as f64 / 1024.0 / streams as f64, 10.0);
        peer::terraform(streams, plan.time, if streams == large { 50.0 } else { 25.0 });
        plans.push((plan.time, create.time));
    }
    let [(little, little_new), (much, much_new)] = plans[..] else { unreachable!("two sizes were measured") };
    let most = 1.2 * large as f64 / small as f64;
    ratio(&format!("t({large}) / t({small}), nothing to change"), over(much, little), most);
    ratio(&format!("t({large}) / t({small}), all new"), over(much_new, little_new), most);
}

fn over(one: Duration, other: Duration) -> f64 {
    one.as_secs_f64() / other.as_secs_f64()
}

/// What should be at most its goal.
fn ratio(what: &str, measured: f64, goal: f64) {
    println!("ratio {measured:.2} / {goal}: {what}");
}
