//! `apply`: takes the lease, shows the plan, asks, and does it.

use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::apply::{Manner, Watcher};
use crate::cli::args::{ApplyArgs, Doing, Form, Global};
use crate::cli::chosen::Target;
use crate::cli::output::{self, Exit};
use crate::cli::project::{OpenError, open};
use crate::cli::{chosen, kept, serve, validate, view};
use crate::model::diagnostic::Diagnostic;
use crate::model::name::Name;
use crate::model::plan::Plan;
use crate::model::run::{ChangeResult, Outcome, Run};
use crate::model::saved::SavedPlan;
use crate::model::step::StepKind;
use crate::reconcile::keeper::{Keeper, TTL, Taking};
use crate::reconcile::looks::Looks;
use crate::reconcile::{Look, Pass, Project, carry_out, prepare};

pub async fn apply(global: &Global, args: &ApplyArgs) -> Result<Exit, OpenError> {
    let form = global.form()?;
    let task = match chosen::target(&args.what)? {
        Target::Streams(names) => Task::Streams(names),
        Target::File(file) => Task::Kept(Box::new(kept::read(&file)?), file),
    };
    carried_out(global, form, &task, &args.doing).await
}

/// The job of one stream begins again as it is.
pub async fn restart(global: &Global, name: String, doing: &Doing) -> Result<Exit, OpenError> {
    carried_out(global, global.form()?, &Task::Restart(name), doing).await
}

/// What is asked for: a plan of these streams, this very plan, or that a stream's job begins again.
enum Task {
    Restart(String),
    Streams(Vec<String>),
    Kept(Box<SavedPlan>, PathBuf),
}

impl Task {
    /// The plan that is to be applied now.
    ///
    /// Errors: why there is none, in words.
    fn plan(&self, project: &Project, look: &Look) -> Result<Plan, String> {
        match self {
            Task::Streams(names) => chosen::narrowed(look, names),
            Task::Restart(name) => {
                let name = chosen::stream(look, name)?;
                Ok(crate::plan::restart(&kept::world(project, look), &name))
            }
            Task::Kept(saved, file) => kept::still_right(project, look, saved, file),
        }
    }
}

async fn carried_out(global: &Global, form: Form, task: &Task, doing: &Doing) -> Result<Exit, OpenError> {
    let project = open(global).await?;
    let keeper = take_lease(&project, doing.lock_timeout).await?;
    // From here on a signal gives the lease back: whoever comes next need not wait until it runs out.
    let (_running, stop) = serve::ended_by_signal();
    let exit = under_lease((&project, &keeper), form, task, doing, stop).await;
    let released = keeper.release().await.map_err(|error| error.to_string());
    let exit = exit?;
    released?;
    Ok(exit)
}

async fn under_lease(
    (project, keeper): (&Project, &Keeper),
    form: Form,
    task: &Task,
    doing: &Doing,
    stop: watch::Receiver<bool>,
) -> Result<Exit, OpenError> {
    let mut looks = Looks::default();
    let begun = Instant::now();
    let pass = unless_ended(&stop, prepare_until_told(project, keeper, begun, &mut looks)).await??;
    view::tell_unasked(&pass.look);
    let plan = &task.plan(project, &pass.look)?;
    show(project, form, plan);
    if plan.changes.is_empty() {
        finish(form, plan, None);
        return Ok(exit(plan, None));
    }
    if !doing.yes {
        let asking = tokio::task::spawn_blocking(|| output::ask("Apply these changes?"));
        match unless_ended(&stop, asking).await? {
            Ok(Some(true)) => {}
            Ok(Some(false)) => return Ok(output::error("not applied")),
            Ok(None) | Err(_) => return Ok(output::error("nobody can be asked here; `--yes` applies without asking")),
        }
    }
    let progress = Progress::new();
    let manner = Manner { parallelism: project.settings.parallelism, stop, watcher: &progress };
    let run = carry_out(project, keeper.lease(), plan, &manner, &mut looks, begun.elapsed()).await;
    let run = run.map_err(|error| error.to_string())?;
    progress.close();
    finish(form, plan, Some(&run));
    Ok(exit(plan, Some(&run)))
}

/// What the work gives, unless a signal ends weir first. Only for work that may be cut off anywhere.
async fn unless_ended<T>(stop: &watch::Receiver<bool>, work: impl Future<Output = T>) -> Result<T, OpenError> {
    let mut stop = stop.clone();
    tokio::select! {
        done = work => Ok(done),
        Ok(_) = stop.wait_for(|stop| *stop) => Err("ended by a signal; nothing was done".to_owned().into()),
    }
}

/// The lease, or who has it. A daemon keeps its lease: that it renews while we watch is how it is told from one that
/// was killed. Another `apply` ends by itself, so it is waited for.
async fn take_lease(project: &Project, patience: Duration) -> Result<Keeper, OpenError> {
    let holder = serve::holder("weir apply");
    let begun = Instant::now();
    let mut said = false;
    loop {
        let taking = Keeper::take(project.store.clone(), &project.name, &holder).await;
        let (other, remaining) = match taking.map_err(|error| error.to_string())? {
            Taking::Held(keeper) => return Ok(keeper),
            Taking::Taken { holder, remaining } => (holder, remaining),
        };
        let daemon = other.starts_with(serve::DAEMON) && begun.elapsed() > TTL;
        if daemon || begun.elapsed() >= patience {
            return Err(format!("{other} holds the lease of project `{}`; nothing was done", project.name).into());
        }
        if !said {
            output::note(&format!("{other} holds the lease; waits for it to end"));
            said = true;
        }
        tokio::time::sleep(remaining.min(Duration::from_secs(1))).await;
    }
}

/// As [`view::look_until_told`], by the holder of the lease.
async fn prepare_until_told(
    project: &Project,
    keeper: &Keeper,
    started: Instant,
    looks: &mut Looks,
) -> Result<Pass, OpenError> {
    loop {
        let pass = prepare(project, keeper.lease(), looks, started.elapsed()).await;
        let pass = pass.map_err(|error| error.to_string())?;
        match looks.pending(started.elapsed(), &project.settings) {
            Some((left, what)) => view::wait(left, &what).await,
            None => return Ok(pass),
        }
    }
}

fn show(project: &Project, form: Form, plan: &Plan) {
    validate::show(&project.folder, &plan.diagnostics);
    match form {
        // The plan is part of the result.
        Form::Json => {}
        Form::Human => {
            output::data(&crate::plan::render::text(plan, output::stdout_colour()));
        }
    }
    view::tell_left_out(plan);
}

fn finish(form: Form, plan: &Plan, run: Option<&Run>) {
    match (form, run) {
        (Form::Json, run) => {
            output::json(&serde_json::json!({ "plan": crate::plan::render::json(plan), "run": run }));
        }
        (Form::Human, Some(run)) => output::data(&summary(run)),
        (Form::Human, None) => {}
    }
}

fn summary(run: &Run) -> String {
    let done = run.outcomes.iter().filter(|outcome| outcome.result == ChangeResult::Done).count();
    let mut text = String::new();
    for outcome in run.outcomes.iter().filter(|outcome| outcome.result != ChangeResult::Done) {
        text.push_str(&format!("{}: {outcome}\n", outcome.stream));
    }
    text.push_str(&format!("Applied: {done} done, {} not.\n", run.outcomes.len() - done));
    text
}

fn exit(plan: &Plan, run: Option<&Run>) -> Exit {
    let failed = run.is_some_and(|run| run.outcomes.iter().any(|outcome| outcome.result != ChangeResult::Done));
    let broken = plan.diagnostics.iter().any(Diagnostic::is_error);
    match failed || broken || !plan.blocked.is_empty() {
        true => Exit::Bad,
        false => Exit::Good,
    }
}

/// One line that moves on a terminal; a line per ended change elsewhere.
struct Progress {
    bar: Option<ProgressBar>,
    /// Only to keep two changes from writing into each other.
    turn: Mutex<()>,
}

impl Progress {
    fn new() -> Progress {
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            bar.set_style(ProgressStyle::default_spinner());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        Progress { bar, turn: Mutex::new(()) }
    }

    fn close(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Watcher for Progress {
    fn begins(&self, stream: &Name, kind: StepKind) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{stream}: {}", kind.word().replace('_', " ")));
        }
    }

    fn ended(&self, outcome: &Outcome) {
        let _turn = self.turn.lock();
        let line = format!("{}: {outcome}", outcome.stream);
        match &self.bar {
            Some(bar) => bar.suspend(|| output::note(&line)),
            None => output::note(&line),
        }
    }

    fn follows(&self, plan: &Plan) {
        let _turn = self.turn.lock();
        for change in &plan.changes {
            let line = format!("{}: {}: {}", change.stream, change.action.word(), change.reason);
            match &self.bar {
                Some(bar) => bar.suspend(|| output::note(&line)),
                None => output::note(&line),
            }
        }
    }
}
