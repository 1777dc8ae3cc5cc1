//! `doctor`: looks at every door and says what is there and what is missing.

use serde_json::json;

use crate::cli::args::{Form, Global};
use crate::cli::output::{self, Exit};
use crate::cli::project::{OpenError, prepare};
use crate::store::Store;
use crate::store::postgres::Postgres;

struct Line {
    door: String,
    subject: String,
    outcome: Result<String, String>,
}

pub async fn doctor(global: &Global) -> Result<Exit, OpenError> {
    let form = global.form()?;
    let prepared = prepare(global)?;
    let mut lines = vec![ledger(&prepared.ledger_url, &prepared.config.project).await];
    for (subject, outcome) in prepared.broker().examine(prepared.config.reconcile.transaction_timeout).await {
        lines.push(Line { door: "kafka".to_owned(), subject, outcome });
    }
    for (name, engine) in prepared.engines() {
        for finding in engine.examine().await {
            lines.push(Line { door: format!("engine {name}"), subject: finding.subject, outcome: finding.outcome });
        }
    }
    let well = lines.iter().all(|line| line.outcome.is_ok());
    match form {
        Form::Json => output::json(&lines.iter().map(as_json).collect::<Vec<_>>()),
        Form::Human => output::data(&lines.iter().map(as_text).collect::<String>()),
    }
    Ok(if well { Exit::Good } else { Exit::Bad })
}

async fn ledger(url: &str, project: &crate::model::name::ProjectName) -> Line {
    let outcome = match Postgres::connect(url).await {
        Ok(store) => store
            .read(project)
            .await
            .map(|ledger| format!("ledger {} with {} streams", ledger.id, ledger.streams.len())),
        Err(error) => Err(error),
    };
    Line {
        door: "ledger".to_owned(),
        subject: "answers".to_owned(),
        outcome: outcome.map_err(|error| error.to_string()),
    }
}

fn as_json(line: &Line) -> serde_json::Value {
    let (well, text) = match &line.outcome {
        Ok(text) => (true, text),
        Err(text) => (false, text),
    };
    json!({ "door": line.door, "subject": line.subject, "well": well, "text": text })
}

fn as_text(line: &Line) -> String {
    match &line.outcome {
        Ok(text) => format!("ok    {}: {}: {text}\n", line.door, line.subject),
        Err(text) => format!("WRONG {}: {}: {text}\n", line.door, line.subject),
    }
}
