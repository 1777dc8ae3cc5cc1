//! Job: the command line.
//! Never: a decision that the API would not make too.
//! Start here: [`run`].

mod act;
mod args;
mod chosen;
mod doctor;
mod explain;
mod graph;
mod history;
mod init;
mod kept;
pub mod output;
mod places;
mod project;
mod rollback;
mod sarif;
mod secrets;
mod serve;
pub mod snippet;
mod validate;
mod view;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};
use tracing_subscriber::EnvFilter;

use crate::cli::args::{Cli, Command, SchemaOf};
use crate::cli::output::Exit;
use crate::cli::project::OpenError;
use crate::load::schema as load_schema;
use crate::plan::render::Colour;

/// Reads the arguments, runs the command, and says how it ended.
pub fn run() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return unparsed(&error).into(),
    };
    log(&cli.command);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return output::error(&format!("the runtime cannot be started: {error}")).into(),
    };
    let exit = runtime.block_on(dispatch(cli));
    // A question that a signal answered still waits for a line of standard input; nobody waits for it.
    runtime.shutdown_background();
    exit.into()
}

/// Help and version are data. What cannot be understood ends with 1: clap's own 2 would tell a CI that reads
/// `--detailed-exitcode` of changes.
fn unparsed(error: &clap::Error) -> Exit {
    let _ = error.print();
    match error.use_stderr() {
        true => Exit::Bad,
        false => Exit::Good,
    }
}

async fn dispatch(cli: Cli) -> Exit {
    let global = &cli.global;
    let done = match cli.command {
        Command::Init { folder } => init::init(&folder),
        Command::Validate => validate::validate(global),
        Command::Plan(args) => view::plan(global, &args).await,
        Command::Apply(args) => act::apply(global, &args).await,
        Command::Show { file } => kept::show(global, &file),
        Command::Status => view::status(global).await,
        Command::History { name, events } => history::history(global, &name, events).await,
        Command::Restart { name, doing } => act::restart(global, name, &doing).await,
        Command::Rollback(args) => rollback::rollback(global, &args).await,
        Command::Serve => serve::serve(global).await,
        Command::Doctor => doctor::doctor(global).await,
        Command::Explain(args) => explain::explain(global, &args),
        Command::Schema { of } => schema(of),
        Command::Graph(args) => graph::graph(global, &args),
        Command::Completions { shell } => completions(shell),
    };
    match done {
        Ok(exit) => exit,
        Err(OpenError::Text(text)) => output::error(&text),
        Err(OpenError::Diagnostics(diagnostics, file)) => {
            validate::show_config(&diagnostics, &file);
            Exit::Bad
        }
    }
}

fn schema(of: SchemaOf) -> Result<Exit, OpenError> {
    output::json(&match of {
        SchemaOf::Definition => load_schema::definition(),
        SchemaOf::Weir => load_schema::weir().clone(),
        SchemaOf::Vars => load_schema::vars().clone(),
        SchemaOf::Plan => crate::plan::render::schema(),
    });
    Ok(Exit::Good)
}

fn completions(shell: clap_complete::Shell) -> Result<Exit, OpenError> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "weir", &mut text);
    output::data(&String::from_utf8_lossy(&text));
    Ok(Exit::Good)
}

/// Logs go to standard error: `serve` tells what it does, the other commands only what is wrong. `WEIR_LOG` holds a
/// filter such as `debug` or `weir::engine=trace`.
fn log(command: &Command) {
    let usual = match command {
        Command::Serve => "weir=info,warn",
        Command::Init { .. }
        | Command::Validate
        | Command::Plan(_)
        | Command::Apply(_)
        | Command::Show { .. }
        | Command::Status
        | Command::History { .. }
        | Command::Restart { .. }
        | Command::Rollback(_)
        | Command::Doctor
        | Command::Explain(_)
        | Command::Schema { .. }
        | Command::Graph(_)
        | Command::Completions { .. } => "off",
    };
    let filter = EnvFilter::try_from_env("WEIR_LOG").unwrap_or_else(|_| EnvFilter::new(usual));
    let colour = output::stderr_colour() == Colour::Ansi;
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(colour).init();
}
