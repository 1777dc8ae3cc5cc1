//! What is refused, done all the same: the old job's state is handed to the new query, as if nothing were wrong with it.

use std::collections::BTreeMap;

use uuid::Uuid;
use weir::engine::Engine;
use weir::engine::flink::FlinkSettings;
use weir::load;
use weir::model::check::{Check, CheckKey};
use weir::model::definition::Stream;
use weir::model::desired::Revision;
use weir::model::job::{JobId, JobKey};
use weir::model::name::{Name, ProjectName};
use weir::model::step::{Deploy, EngineAct, Receipt, Restore, StepKey, StepKind};
use weir::origin::directory;

use crate::support::flink::{flink, settings};
use crate::support::project::Project;
use crate::support::stack::Stack;

/// No stream of a test comes so far by itself.
const GENERATION: u32 = 1000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The engine's words.
    Fails(String),
    Runs,
}

/// Stops the job with a savepoint, and deploys what the file asks for now from it, strictly. A job that fails at once
/// is told of; one that runs may do what it likes.
pub async fn force(project: &Project, stream: &str, old_job: &str) -> Ending {
    let wanted = wanted(project, stream);
    // Below the project's folder, which goes with it.
    let state = Stack::get().state_dir.join(&project.name);
    let folder = |name: &str| format!("file://{}/{name}", state.display());
    let engine = flink(FlinkSettings {
        checkpoint_dir: folder("checkpoints"),
        savepoint_dir: folder("savepoints"),
        ..settings()
    });
    let name = ProjectName::parse(&project.name).expect("it is a project's name");
    let key = JobKey::run(&name, &wanted.name, GENERATION);
    let step = |kind: StepKind| {
        let (project, stream) = (&name, &wanted.name);
        StepKey { ledger: Uuid::nil(), project, stream, generation: GENERATION, kind, attempt: 0 }.id()
    };
    let accepted = match engine.check(&wanted).await.expect("the engine answers") {
        Check::Accepted(accepted) => accepted,
        Check::Refused { diagnostics } => return Ending::Fails(format!("{diagnostics:?}")),
    };
    let stop = EngineAct::Stop { job_id: JobId::seen(old_job), folder: format!("{}/forced", project.name) };
    let stopped = engine.execute(&step(StepKind::Stop), &stop).await.expect("the job runs");
    let Receipt::Stopped { savepoint } = stopped else { panic!("a savepoint, not {stopped:?}") };
    let job_id = key.id(Uuid::nil());
    let deploy = EngineAct::Deploy(Box::new(Deploy {
        texts: None,
        generation: GENERATION,
        job_id: job_id.clone(),
        job_name: key.name(),
        group: format!("weir.{name}.{}", wanted.name),
        stream: wanted.clone(),
        revision: Revision("r".to_owned()),
        check: CheckKey("c".to_owned()),
        engine_version: String::new(),
        columns: accepted.columns,
        sources: accepted.sources,
        changelog: accepted.changelog,
        restore: Restore::Savepoint { path: savepoint },
    }));
    for (kind, act) in [(StepKind::Deploy, deploy), (StepKind::Verify, EngineAct::Verify { job_id })] {
        if let Err(error) = engine.execute(&step(kind), &act).await {
            return Ending::Fails(error.to_string());
        }
    }
    Ending::Runs
}

/// What the stream's file asks for.
fn wanted(project: &Project, stream: &str) -> Stream {
    let (config, found) = load::config(&project.read("weir.toml"), "weir.toml", &project.name, &BTreeMap::new());
    let config = config.unwrap_or_else(|| panic!("weir.toml: {found:?}"));
    let context = load::Context::new(&config, "forced", BTreeMap::new());
    let mut desired = load::load(&directory::read(&project.path("streams")), &context);
    let name = Name::parse(stream).expect("it is a stream's name");
    desired.streams.remove(&name).unwrap_or_else(|| panic!("{:#?}", desired.diagnostics)).stream
}
