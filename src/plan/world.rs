//! The inputs of a plan, and the questions that more than one decision asks of them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::model::check::Accepted;
use crate::model::check::Check;
use crate::model::check::CheckId;
use crate::model::check::CheckKey;
use crate::model::config::Settings;
use crate::model::desired::Desired;
use crate::model::desired::DesiredStream;
use crate::model::diagnostic::Diagnostic;
use crate::model::job::JobId;
use crate::model::ledger::Elsewhere;
use crate::model::ledger::Ledger;
use crate::model::name::EngineName;
use crate::model::name::TopicName;
use crate::model::observed::BrokerView;
use crate::model::observed::Cluster;
use crate::model::observed::EngineView;
use crate::model::observed::Observed;
use crate::model::observed::Topic;
use crate::model::plan::Because;
use crate::model::renames::Renames;

use super::decision::Obstacle;
use super::inputs::Earlier;
use super::owner::Owners;
use super::readers::Held;
use super::writers::Writers;

/// All that a plan is made of.
#[derive(Clone, Copy)]
pub struct World<'a> {
    pub desired: &'a Desired,
    pub ledger: &'a Ledger,
    pub observed: &'a Observed,
    pub settings: &'a Settings,
    /// What was decided of the streams before the one that is looked at.
    pub earlier: &'a Earlier<'a>,
    /// What must not be changed for the sake of its readers.
    pub held: &'a Held,
    /// `None`: nobody made them yet; see [`World::writers`].
    pub writers: Option<&'a Writers<'a>>,
    /// `None`: no job was looked at yet; see [`World::owners`].
    pub owners: Option<&'a Owners<'a>>,
    /// Rows that this plan gives another name.
    pub renames: &'a Renames,
}

/// What the broker says of one topic.
pub enum TopicFact<'a> {
    There(&'a Topic),
    Absent,
    Unknown(&'a str),
}

impl<'a> World<'a> {
    /// Before anything is decided.
    pub fn new(desired: &'a Desired, ledger: &'a Ledger, observed: &'a Observed, settings: &'a Settings) -> World<'a> {
        const NOTHING: &Held = &Held::new();
        let (earlier, renames) = (Earlier::NONE, Renames::NONE);
        World { desired, ledger, observed, settings, earlier, held: NOTHING, writers: None, owners: None, renames }
    }

    /// The cluster as it was seen, whether or not it is ready.
    pub fn cluster(&self, engine: &EngineName) -> Result<&'a Cluster, Obstacle> {
        match self.observed.engines.get(engine) {
            Some(EngineView::Known(cluster)) => Ok(cluster),
            Some(EngineView::Unknown { reason }) => {
                Err(Obstacle::new(Because::Unknown, format!("engine `{engine}` does not answer: {reason}")))
            }
            None => {
                Err(Obstacle::new(Because::Unknown, format!("engine `{engine}` was not asked: it is not in weir.toml")))
            }
        }
    }

    /// The cluster, if an empty list of its jobs means something.
    pub fn ready_cluster(&self, engine: &EngineName) -> Result<&'a Cluster, Obstacle> {
        let cluster = self.cluster(engine)?;
        if cluster.ready {
            Ok(cluster)
        } else {
            Err(Obstacle::new(Because::Waiting, format!("engine `{engine}` has no worker yet")))
        }
    }

    /// Answers a question about who writes what.
    pub fn writers<T>(&self, ask: impl FnOnce(&Writers<'a>) -> T) -> T {
        match self.writers {
            Some(writers) => ask(writers),
            None => ask(&Writers::of(self)),
        }
    }

    pub fn owners(&self) -> Cow<'a, Owners<'a>> {
        match self.owners {
            Some(owners) => Cow::Borrowed(owners),
            None => Cow::Owned(Owners::of(&self.desired.project, self.ledger)),
        }
    }

    /// What other projects of this ledger run on our clusters. Only jobs that are seen count: a topic of that name in
    /// another cluster's Kafka would be another topic.
    pub fn jobs_elsewhere(&self) -> impl Iterator<Item = &'a Elsewhere> {
        let clusters = self.observed.engines.values().filter_map(|view| match view {
            EngineView::Known(cluster) => Some(cluster),
            EngineView::Unknown { .. } => None,
        });
        // Most ledgers have one project.
        let live: BTreeSet<&JobId> = match self.ledger.elsewhere.as_slice() {
            [] => BTreeSet::new(),
            _ => clusters
                .flat_map(|cluster| &cluster.jobs)
                .filter(|job| job.state.is_live())
                .map(|job| &job.id)
                .collect(),
        };
        self.ledger.elsewhere.iter().filter(move |elsewhere| live.contains(&elsewhere.job_id))
    }

    pub fn topic(&self, topic: &TopicName) -> TopicFact<'a> {
        match &self.observed.broker {
            BrokerView::Known { topics } => match topics.get(topic) {
                Some(found) => TopicFact::There(found),
                None => TopicFact::Absent,
            },
            BrokerView::Unknown { reason } => TopicFact::Unknown(reason),
        }
    }

    pub fn broker(&self) -> Result<(), Obstacle> {
        match &self.observed.broker {
            BrokerView::Known { .. } => Ok(()),
            BrokerView::Unknown { reason } => Err(broker_unknown(reason)),
        }
    }

    /// What the engine said of the definition, recorded or asked for in this look.
    pub fn check(&self, want: &DesiredStream, cluster: &Cluster) -> Result<&'a Accepted, Obstacle> {
        let id = CheckId {
            engine: want.stream.engine.clone(),
            version: cluster.version.clone(),
            key: CheckKey::of(&want.revision, &want.stream.sources),
        };
        match self.ledger.checks.get(&id).or_else(|| self.observed.checks.get(&id)) {
            Some(Check::Accepted(accepted)) => Ok(accepted),
            Some(Check::Refused { diagnostics }) => {
                let what = diagnostics.first().map_or("it gives no reason", |first| first.message.as_str());
                Err(Obstacle {
                    because: Because::Invalid,
                    reason: format!("engine `{}` refuses the query: {what}", want.stream.engine),
                    diagnostics: diagnostics.iter().map(|found| in_file(found, want)).collect(),
                })
            }
            None => Err(self.unchecked(want)),
        }
    }
}

impl World<'_> {
    fn unchecked(&self, want: &DesiredStream) -> Obstacle {
        let upstream = want.stream.upstreams().find(|upstream| self.earlier.goes_on(upstream));
        match (self.observed.unchecked.get(&want.stream.name), upstream) {
            // It was asked about with what that stream is to write.
            (None, Some(upstream)) => {
                let text = format!("it waits for the change of stream `{upstream}`, whose output it reads");
                Obstacle::new(Because::Needs, text)
            }
            (why, _) => {
                let why = why.map_or("it was not asked in this look", String::as_str);
                let text = format!("engine `{}` has not checked the query: {why}", want.stream.engine);
                Obstacle::new(Because::Unknown, text)
            }
        }
    }
}

pub fn broker_unknown(reason: &str) -> Obstacle {
    Obstacle::new(Because::Unknown, format!("Kafka does not answer: {reason}"))
}

/// A finding in the query's text as a finding in the definition's file.
fn in_file(found: &Diagnostic, want: &DesiredStream) -> Diagnostic {
    Diagnostic { file: want.place.file.clone(), span: found.span.map(|span| want.place.span(span)), ..found.clone() }
}
