//! A case's project under load: its topics, its files, its rows.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sqlx::AssertSqlSafe;
use weir::model::definition::Delivery;
use weir::model::name::TopicName;
use weir::model::plan::Verdict;

use crate::support::kafka::{Record, produce, read_all};
use crate::support::project::jobs::Listed;
use crate::support::project::{Project, topic, until};
use crate::support::stack::Stack;
use crate::verdicts::case::{Case, Step, folder};
use crate::verdicts::input::{self, BUSY, Load, PARTITIONS};
use crate::verdicts::judge::{Came, End, Input, Miss, Promise, Trial};
use crate::verdicts::reference::Reference;

/// A start of a job and the machine is shared.
const PATIENCE: Duration = Duration::from_secs(120);
const CUSTOMERS: u64 = 10;

/// A project under load.
pub struct Scene {
    pub project: Project,
    topics: BTreeMap<String, TopicName>,
    loads: Vec<(String, Load)>,
    delivery: Delivery,
}

/// What the new job is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    /// Milliseconds since 1970.
    pub began: i64,
}

impl Scene {
    pub async fn begin(case: &Case, delivery: Delivery) -> Scene {
        let project = Project::new().await;
        let weir = project.read("weir.toml").replace("[ledger]", "engine = \"flink\"\n\n[ledger]");
        let state = Stack::get();
        let weir = format!("{weir}\n{}", case.weir)
            .replace("{gateway}", &state.flink_gateway)
            .replace("{rest}", &state.flink_rest)
            .replace("{state}", &state.state_dir.join(&project.name).display().to_string());
        project.write("weir.toml", &weir);
        let mut scene = Scene { topics: BTreeMap::new(), loads: Vec::new(), delivery, project };
        for input in case.sources.iter().chain(&case.inputs) {
            let topic = scene.project.topics.create(input, PARTITIONS).await;
            scene.topics.insert(input.clone(), topic.clone());
            if input == "customers" {
                produce(&topic, 0, (0..CUSTOMERS).map(|id| json!({"ID": id, "NAME": format!("name {id}")}))).await;
            } else {
                scene.loads.push((input.clone(), Load::start(&topic, input)));
            }
        }
        for source in &case.sources {
            let text = std::fs::read_to_string(folder().join(format!("sources/{source}.toml")));
            scene.write(source, &text.expect("the source's file is there"));
        }
        case.files.iter().for_each(|(file, text)| scene.write(file, text));
        scene
    }

    fn place(file: &str) -> String {
        format!("streams/{file}.toml")
    }

    /// With topics for their names. A stream's output gets the broker's time stamps, and the delivery that is shown.
    fn write(&mut self, file: &str, text: &str) {
        let text = self.filled(text);
        let delivery = match self.delivery {
            Delivery::AtLeastOnce => "",
            Delivery::ExactlyOnce if text.contains("\ndelivery") => "",
            Delivery::ExactlyOnce => "delivery = \"exactly_once\"\n",
        };
        let stamped = "config.\"message.timestamp.type\" = \"LogAppendTime\"\n";
        self.project.write(&Scene::place(file), &text.replace("[output]\n", &format!("[output]\n{delivery}{stamped}")));
    }

    fn filled(&mut self, text: &str) -> String {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').expect("a brace is closed");
            let topic = self.topics.entry(name.to_owned()).or_insert_with(|| self.project.topics.name(name));
            filled.push_str(before);
            filled.push_str(topic.as_str());
            rest = behind;
        }
        filled + rest
    }

    pub async fn change(&mut self, case: &Case, step: &Step) {
        if let Some(sql) = &step.ledger {
            let done =
                sqlx::query(AssertSqlSafe(sql.clone())).execute(&mut self.project.database.connect().await).await;
            assert!(done.expect("the ledger takes it").rows_affected() > 0, "{}: `{sql}` changes nothing", case.name);
        }
        for (from, to) in &step.rename {
            let text = self.project.read(&Scene::place(from));
            self.project.write(&Scene::place(to), &text);
            self.project.remove(&Scene::place(from));
        }
        for edit in &step.edit {
            let place = Scene::place(edit.file.as_deref().unwrap_or(case.stream()));
            let (from, to) = (self.filled(&edit.from), self.filled(&edit.to));
            let text = self.project.read(&place);
            assert!(text.contains(&from), "{}: {place} has no `{from}`:\n{text}", case.name);
            self.project.write(&place, &text.replace(&from, &to));
        }
        step.write.iter().for_each(|(file, text)| self.write(file, text));
        step.remove.iter().for_each(|file| self.project.remove(&Scene::place(file)));
    }

    /// The reference of what a stream's file asks for now.
    pub fn query(&self, case: &Case, stream: &str, given: &Option<String>) -> Reference {
        if let Some(sql) = given {
            return Reference::parse(sql);
        }
        let streams = self.project.path("streams");
        let at = [stream.to_owned()].into_iter().chain(case.step.iter().flat_map(|step| step.rename.values().cloned()));
        let path = at.map(|file| streams.join(format!("{file}.toml"))).find(|path| path.exists());
        let text = std::fs::read_to_string(path.expect("the stream has a file")).expect("it can be read");
        let file: toml::Table = text.parse().expect("TOML");
        Reference::parse(file["sql"].as_str().expect("a query"))
    }

    /// The stream's newest job, live or not.
    pub async fn job(&self, stream: &str) -> Job {
        let of = format!("weir:{}/{stream}@", self.project.name);
        let generation = |job: &Listed| job.name.strip_prefix(&of).and_then(|text| text.parse::<u64>().ok());
        let jobs = self.project.jobs.all().await.into_iter().filter(|job| generation(job).is_some());
        if let Some(job) = jobs.max_by_key(generation) {
            return Job { id: job.id, began: job.began };
        }
        // One that was renamed has none of its own name yet.
        let id = self.project.job_id(stream).await;
        let job = self.project.jobs.all().await.into_iter().find(|job| job.id == id);
        let job = job.unwrap_or_else(|| panic!("no job of {stream}"));
        Job { id: job.id, began: job.began }
    }

    /// Every row of the outputs, in the order of each log.
    async fn output(&self, names: &[String]) -> Vec<Record> {
        let mut all = Vec::new();
        for name in names {
            // A topic of the new definition may not be there yet.
            if let Some(name) = self.topics.get(name)
                && topic(name).await.is_some()
            {
                all.extend(read_all(name).await);
            }
        }
        all
    }

    /// Until a row came at or after this time.
    pub async fn comes_after(&self, names: &[String], time: i64) {
        until("a row", PATIENCE, async || {
            self.output(names).await.iter().any(|record| record.at >= time).then_some(())
        })
        .await;
    }

    /// Ends the load, and waits until what is to come has come, and a little longer.
    pub async fn judged(
        &mut self,
        case: &Case,
        verdict: Verdict,
        queries: (&Reference, &Reference),
        cut: i64,
    ) -> (u64, Miss) {
        let mut partitions = Vec::new();
        let (rows, loads) = input::stop(std::mem::take(&mut self.loads));
        let written = rows * loads.len() as u64;
        for (input, took) in loads {
            assert!(rows as f64 / took.as_secs_f64() > 500.0, "{rows} rows in {took:?} are no proof");
            let aliases = case.alias.iter().filter(|(_, of)| **of == input).map(|(alias, _)| alias);
            partitions.extend(aliases.chain([&input]).flat_map(|name| lanes(name, rows)));
        }
        let until = Instant::now() + PATIENCE / 4;
        let mut settled = false;
        loop {
            let (old, new): (Vec<Record>, Vec<Record>) =
                self.output(&case.judge.topics).await.into_iter().partition(|record| record.at < cut);
            let (old, new) = (old.iter().map(came).collect::<Vec<_>>(), new.iter().map(came).collect::<Vec<_>>());
            let end = if case.judge.open { End::Open } else { End::Closed };
            let trial = Trial { old: (queries.0, &old), new: (queries.1, &new), partitions: &partitions, end };
            let miss = trial.judge(promise(verdict, trial.new));
            // What is doubled may come last.
            if settled || Instant::now() > until {
                return (written, miss);
            }
            settled = miss == Miss::default();
            tokio::time::sleep(Duration::from_millis(1500)).await;
        }
    }
}

/// The rows of an input by partition.
fn lanes(input: &str, rows: u64) -> Vec<Vec<Input>> {
    let lane = |lane: u64| (lane..rows).step_by(BUSY as usize).map(|number| (input.to_owned(), number)).collect();
    (0..BUSY).map(lane).collect()
}

fn promise(verdict: Verdict, new: (&Reference, &[Came])) -> Promise {
    let is_upsert = new.1.iter().any(|came| came.key.is_some());
    match verdict {
        Verdict::Replays if is_upsert => Promise::Whole,
        Verdict::Replays => Promise::ReadAgain,
        Verdict::Unchanged | Verdict::KeepsState | Verdict::Refused if new.0.is_totals() => Promise::Whole,
        Verdict::Unchanged | Verdict::KeepsState | Verdict::CarriesOffsets | Verdict::DropsState | Verdict::Refused => {
            Promise::OneCut
        }
    }
}

fn came(record: &Record) -> Came {
    let row = record.value.as_ref().map(|_| match record.json() {
        Value::Object(row) => row,
        other => panic!("no row: {other}"),
    });
    Came { key: record.key.clone(), row }
}
