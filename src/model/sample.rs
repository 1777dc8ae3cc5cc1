//! Nouns for tests, each as plain as it can be: a test names only what it is about.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::model::definition::Body;
use crate::model::definition::Delivery;
use crate::model::definition::DesiredRun;
use crate::model::definition::Format;
use crate::model::definition::OnBadRecord;
use crate::model::definition::OnRemove;
use crate::model::definition::Output;
use crate::model::definition::Policy;
use crate::model::definition::Source;
use crate::model::definition::Start;
use crate::model::definition::Stream;
use crate::model::definition::TimeEncoding;
use crate::model::desired::DesiredStream;
use crate::model::desired::Revision;
use crate::model::desired::SqlPlace;
use crate::model::desired::Texts;
use crate::model::few::Few;
use crate::model::ledger::Deployment;
use crate::model::ledger::DeploymentStatus;
use crate::model::ledger::Recorded;
use crate::model::ledger::RowState;
use crate::model::name::Checked;
use crate::model::name::Grammar;
use crate::model::step::Deploy;
use crate::model::step::Record;

fn checked<G: Grammar>(text: &str) -> Checked<G> {
    Checked::parse(text).expect("a name of its kind")
}

/// JSON over a topic of its name, without columns.
pub fn source(name: &str) -> Source {
    Source {
        name: checked(name),
        topic: checked(name),
        format: Format::Json,
        on_bad_record: OnBadRecord::Fail,
        columns: Vec::new(),
        time: None,
        connector: BTreeMap::new(),
        output_of: None,
    }
}

/// Runs on `flink`, reads nothing, and appends JSON to a topic of its name.
pub fn stream(name: &str) -> Stream {
    Stream {
        name: checked(name),
        engine: checked("flink"),
        run: DesiredRun::Running,
        body: Body::Query,
        sql: "SELECT 1".to_owned(),
        sources: Few::new(),
        output: output(name),
        start: Start::Earliest,
        options: Few::new(),
    }
}

pub fn output(topic: &str) -> Output {
    Output {
        topic: checked(topic),
        format: Format::Json,
        time_encoding: TimeEncoding::Iso8601,
        partitions: None,
        replication: None,
        delivery: Delivery::AtLeastOnce,
        key: Vec::new(),
        config: Few::new(),
    }
}

/// The defaults of a file.
pub fn policy() -> Policy {
    Policy {
        on_remove: OnRemove::Stop,
        protect: false,
        allow: BTreeSet::new(),
        owner: None,
        description: None,
        keep_savepoints: 3,
    }
}

/// `<name>.toml` holds it; its revision is its name.
pub fn wanted(stream: Stream) -> DesiredStream {
    let path = format!("{}.toml", stream.name);
    DesiredStream {
        policy: policy(),
        revision: Revision(stream.name.to_string()),
        place: SqlPlace { file: path.clone(), runs: vec![(0, 0)] },
        path,
        texts: Texts::default(),
        renamed_from: None,
        stream,
    }
}

/// What is recorded of it.
pub fn record(want: &DesiredStream) -> Record {
    Record {
        path: want.path.clone(),
        origin: "streams".to_owned(),
        stream: want.stream.clone(),
        policy: want.policy.clone(),
        revision: want.revision.clone(),
        renamed_from: want.renamed_from.clone(),
    }
}

/// The row that a `record` writes where there was none.
pub fn recorded(record: &Record) -> Recorded {
    Recorded {
        path: record.path.clone(),
        origin: record.origin.clone(),
        stream: record.stream.clone(),
        policy: record.policy.clone(),
        revision: record.revision.clone(),
        state: RowState::Live,
        topic_made: false,
        generation: 0,
        deployment: None,
        abandoned: None,
        savepoint: None,
        left_by: None,
        before: None,
        setback: None,
        reading: None,
        failures: BTreeMap::new(),
    }
}

/// What the ledger has of a job once the engine has taken it.
pub fn deployed(deploy: &Deploy) -> Deployment {
    Deployment {
        generation: deploy.generation,
        revision: deploy.revision.clone(),
        engine_version: deploy.engine_version.clone(),
        job_id: deploy.job_id.clone(),
        status: DeploymentStatus::Live,
        stream: deploy.stream.clone(),
        columns: deploy.columns.clone(),
        sources: deploy.sources.clone(),
        restore: deploy.restore.clone(),
        verified: false,
        ended_at: None,
    }
}
