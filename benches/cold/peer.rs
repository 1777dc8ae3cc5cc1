//! What a plan is measured against.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use weir::sql::Dialect;
use weir::sql::facts;

/// Reads every file, parses its TOML and the SQL in it, on one core, and keeps nothing.
pub fn parse(home: &Path) {
    let entries = fs::read_dir(home.join("streams")).expect("the folder is there");
    for entry in entries {
        let text = fs::read_to_string(entry.expect("it can be read").path()).expect("it can be read");
        let table: toml::Table = toml::from_str(&text).expect("it is TOML");
        if let Some(sql) = table.get("sql").and_then(toml::Value::as_str) {
            std::hint::black_box(facts::read(sql, Dialect::Flink).expect("it is SQL"));
        }
        std::hint::black_box(table);
    }
}

/// `terraform plan` of as many resources of its own, one file each, with nothing to change.
pub fn terraform(resources: usize, weir: Duration, goal: f64) {
    if run(Path::new("."), &["version"]).is_none() {
        println!("  no terraform here: not compared");
        return;
    }
    let home = tempfile::tempdir().expect("a temporary folder");
    for number in 0..resources {
        let mut text = String::new();
        write!(text, "resource \"terraform_data\" \"large_orders_{number}\" {{\n  input = \"AMOUNT > {number}\"\n}}\n")
            .expect("a string");
        fs::write(home.path().join(format!("large_orders_{number}.tf")), text).expect("a file can be written");
    }
    let made = run(home.path(), &["init", "-input=false"])
        .and_then(|_| run(home.path(), &["apply", "-auto-approve", "-input=false"]));
    let planned = made.and_then(|_| run(home.path(), &["plan", "-input=false", "-detailed-exitcode"]));
    match planned {
        Some(time) => {
            println!("  {:<24} {time:>10.1?}", "terraform plan");
            let faster = time.as_secs_f64() / weir.as_secs_f64();
            println!("ratio {faster:.1} / {goal}: {resources}: times faster than terraform, at least");
        }
        None => println!("  terraform does not do it: not compared"),
    }
}

/// How long it took, if it went well.
fn run(home: &Path, args: &[&str]) -> Option<Duration> {
    let mut command = Command::new("terraform");
    command.current_dir(home).args(args).env("CHECKPOINT_DISABLE", "1");
    let begun = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success()).then(|| begun.elapsed())
}
