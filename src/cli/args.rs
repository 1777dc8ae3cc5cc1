//! What can be typed.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::sql::Dialect;

/// Streaming SQL jobs from a folder of .toml files: planned, applied, and kept so.
#[derive(Parser)]
#[command(name = "weir", version, propagate_version = true)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// The heading of what every command takes.
const EVERYWHERE: &str = "For every command";

#[derive(Args)]
pub struct Global {
    /// The project's configuration [default: weir.toml]
    #[arg(long, global = true, help_heading = EVERYWHERE, env = "WEIR_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder of definitions, instead of `origin.path`
    #[arg(long, global = true, help_heading = EVERYWHERE, value_name = "DIR")]
    pub dir: Option<PathBuf>,
    /// A variable for `${var:NAME}`; may be given often, and beats every file
    #[arg(long = "var", global = true, help_heading = EVERYWHERE, value_name = "NAME=VALUE", value_parser = pair)]
    pub vars: Vec<(String, String)>,
    /// How results are written: markdown and github by `plan`, `show` and `validate`, sarif by `validate`
    #[arg(long, global = true, help_heading = EVERYWHERE, value_enum, default_value_t = Output::Human)]
    pub output: Output,
}

impl Global {
    /// For commands that know no other form.
    ///
    /// Errors: the form that was asked for, in words.
    pub fn form(&self) -> Result<Form, String> {
        match self.output {
            Output::Human => Ok(Form::Human),
            Output::Json => Ok(Form::Json),
            Output::Markdown | Output::Github | Output::Sarif => Err(self.unknown("`human` and `json`")),
        }
    }

    /// For plans.
    ///
    /// Errors: as [`Global::form`].
    pub fn plan_form(&self) -> Result<PlanForm, String> {
        match self.output {
            Output::Human => Ok(PlanForm::Human),
            Output::Json => Ok(PlanForm::Json),
            Output::Markdown => Ok(PlanForm::Markdown),
            Output::Github => Ok(PlanForm::Github),
            Output::Sarif => Err(self.unknown("`human`, `json`, `markdown` and `github`")),
        }
    }

    fn unknown(&self, known: &str) -> String {
        let asked = self.output.to_possible_value().map(|value| value.get_name().to_owned());
        format!("this command cannot write `{}`; it knows {known}", asked.unwrap_or_default())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Output {
    Human,
    Json,
    Markdown,
    Github,
    Sarif,
}

/// The forms of a plan.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PlanForm {
    Human,
    Json,
    Markdown,
    Github,
}

/// The forms that every command knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Human,
    Json,
}

#[derive(Subcommand)]
pub enum Command {
    /// Write a project to begin with into a folder
    Init {
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Read every definition and report what is wrong; needs no network
    Validate,
    /// Show what would be done, and do nothing
    Plan(PlanArgs),
    /// Do what the plan says
    Apply(ApplyArgs),
    /// Show a plan that `plan --out` kept
    Show { file: PathBuf },
    /// Show how every stream is
    Status,
    /// Show a stream's deployments and what happened to it
    History {
        /// The stream
        name: String,
        /// How many events
        #[arg(long, default_value_t = 20, value_name = "N")]
        events: u32,
    },
    /// Stop a stream's job with a savepoint and start the same query from it
    Restart {
        /// The stream
        name: String,
        #[command(flatten)]
        doing: Doing,
    },
    /// Write the definition that an earlier generation had into its file, and show what applying it would do
    Rollback(RollbackArgs),
    /// Show which stream reads what; needs no network
    Graph(GraphArgs),
    /// Keep the streams as the files say, until ended
    Serve,
    /// Look at ledger, brokers and engines, and say what is missing
    Doctor,
    /// Show as JSON what weir sees in each statement of a text of SQL
    Explain(ExplainArgs),
    /// Print the JSON Schema of a kind of file
    Schema {
        /// The kind: a definition, `weir.toml`, `vars.toml`, or what `plan --output json` writes
        #[arg(value_enum, value_name = "KIND", default_value_t = SchemaOf::Definition)]
        of: SchemaOf,
    },
    /// Print the completions of a shell
    Completions { shell: Shell },
}

#[derive(Args)]
pub struct PlanArgs {
    /// Only these streams; all, if none is named
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Keep the plan in a file, for `apply FILE` and `show FILE`
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Exit 0 if there is nothing to do, 2 if there are changes, 1 on an error
    #[arg(long)]
    pub detailed_exitcode: bool,
    /// Exit 1 if an engine or the broker could not be asked
    #[arg(long)]
    pub require_known: bool,
    /// Exit 1 if anything is blocked
    #[arg(long)]
    pub require_clean: bool,
}

#[derive(Args)]
pub struct ApplyArgs {
    /// Only these streams, or the plan in this file: what is no stream's name is a file, as `plan.json` and `./plan`
    #[arg(value_name = "NAME|FILE")]
    pub what: Vec<String>,
    #[command(flatten)]
    pub doing: Doing,
}

/// How a command that changes something goes about it.
#[derive(Args)]
pub struct Doing {
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// How long to wait for another `apply` to end
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub lock_timeout: Duration,
}

#[derive(Args)]
pub struct RollbackArgs {
    /// The stream
    pub name: String,
    /// The generation [default: the newest before the present one that ran another query or other options]
    #[arg(long, value_name = "GEN")]
    pub to: Option<u32>,
    /// Overwrite edits that were never applied, without asking
    #[arg(long)]
    pub yes: bool,
}

#[derive(Args)]
pub struct GraphArgs {
    /// In the language of Graphviz
    #[arg(long)]
    pub dot: bool,
}

#[derive(Args)]
pub struct ExplainArgs {
    /// Whose SQL it is
    #[arg(long, value_enum)]
    pub dialect: SqlOf,
    /// The file; `-` is standard input
    #[arg(default_value = "-")]
    pub file: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaOf {
    Definition,
    Weir,
    Vars,
    Plan,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SqlOf {
    Flink,
    Ksqldb,
}

impl From<SqlOf> for Dialect {
    fn from(of: SqlOf) -> Dialect {
        match of {
            SqlOf::Flink => Dialect::Flink,
            SqlOf::Ksqldb => Dialect::Ksqldb,
        }
    }
}

fn pair(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn duration(text: &str) -> Result<Duration, String> {
    let parsed: jiff::SignedDuration = text.parse().map_err(|error| format!("{error}"))?;
    Duration::try_from(parsed).map_err(|_| "a time cannot be negative".to_owned())
}
