use std::collections::BTreeMap;

use uuid::Uuid;

use crate::model::definition::Start;
use crate::model::desired::{Broken, Desired, Revision};
use crate::model::job::JobKey;
use crate::model::ledger::{Deployment, DeploymentStatus, Ledger, Recorded};
use crate::model::name::{Checked, Name};
use crate::model::observed::{Cluster, EngineView, Observed};
use crate::model::sample;
use crate::model::step::Restore;
use crate::reconcile::looks::Looks;

use std::time::Duration;

const START: Duration = Duration::from_secs(100);

fn name() -> Name {
    Checked::parse("a").unwrap()
}

/// A ledger with one stream whose job runs.
fn ledger() -> Ledger {
    let revision = Revision("r".to_owned());
    let deployment = Deployment {
        generation: 1,
        revision: revision.clone(),
        engine_version: "1".to_owned(),
        job_id: JobKey::run(&Checked::parse("p").unwrap(), &name(), 1).id(Uuid::nil()),
        status: DeploymentStatus::Live,
        stream: sample::stream("a"),
        columns: Vec::new(),
        sources: Vec::new(),
        restore: Restore::Start(Start::Earliest),
        verified: true,
        ended_at: None,
    };
    let want = sample::wanted(sample::stream("a"));
    let row = Recorded { generation: 1, deployment: Some(deployment), ..sample::recorded(&sample::record(&want)) };
    Ledger {
        id: Uuid::nil(),
        streams: BTreeMap::from([(name(), row)]),
        checks: BTreeMap::new(),
        open: Vec::new(),
        given_up: Vec::new(),
        elsewhere: Vec::new(),
        holder: None,
    }
}

/// A tree without any file.
fn desired(frozen: Option<&str>) -> Desired {
    Desired {
        project: Checked::parse("p").unwrap(),
        origin: "streams".to_owned(),
        sources: BTreeMap::new(),
        streams: BTreeMap::new(),
        order: Vec::new(),
        broken: Broken::default(),
        frozen: frozen.map(str::to_owned),
        diagnostics: Vec::new(),
    }
}

fn seen(view: EngineView) -> Observed {
    Observed { engines: BTreeMap::from([(sample::stream("a").engine, view)]), ..Observed::default() }
}

fn empty_cluster(ready: bool) -> EngineView {
    EngineView::Known(Cluster { version: "1".to_owned(), ready, slots_free: 8, jobs: Vec::new() })
}

fn look(looks: &mut Looks, seconds: u64, frozen: Option<&str>, view: EngineView) -> Observed {
    let mut observed = seen(view);
    looks.note(START + Duration::from_secs(seconds), &desired(frozen), &ledger(), &mut observed);
    observed
}

#[test]
fn absence_is_counted_from_the_first_look_that_saw_it() {
    let mut looks = Looks::default();
    assert_eq!(look(&mut looks, 0, None, empty_cluster(true)).absent[&name()], Duration::ZERO);
    assert_eq!(look(&mut looks, 7, None, empty_cluster(true)).absent[&name()], Duration::from_secs(7));
}

#[test]
fn a_tree_that_cannot_be_trusted_begins_the_count_anew() {
    let mut looks = Looks::default();
    look(&mut looks, 0, None, empty_cluster(true));
    assert!(look(&mut looks, 5, Some("a file is broken"), empty_cluster(true)).absent.is_empty());
    assert_eq!(look(&mut looks, 9, None, empty_cluster(true)).absent[&name()], Duration::ZERO);
}

#[test]
fn only_a_ready_cluster_can_miss_a_job() {
    let mut looks = Looks::default();
    assert!(look(&mut looks, 0, None, empty_cluster(false)).missing.is_empty());
    let away = EngineView::Unknown { reason: "away".to_owned() };
    assert!(look(&mut looks, 5, None, away).missing.is_empty());
    assert_eq!(look(&mut looks, 9, None, empty_cluster(true)).missing[&name()], Duration::ZERO);
    assert_eq!(look(&mut looks, 11, None, empty_cluster(true)).missing[&name()], Duration::from_secs(2));
}

#[test]
fn a_look_that_cannot_tell_begins_the_count_of_a_job_anew() {
    let mut looks = Looks::default();
    look(&mut looks, 0, None, empty_cluster(true));
    look(&mut looks, 9, None, EngineView::Unknown { reason: "away".to_owned() });
    assert_eq!(look(&mut looks, 20, None, empty_cluster(true)).missing[&name()], Duration::ZERO);
}

#[test]
fn a_one_shot_command_is_told_how_long_to_wait() {
    let mut looks = Looks::default();
    look(&mut looks, 0, None, empty_cluster(true));
    let settings = crate::model::config::Settings::default();
    let (left, what) = looks.pending(START + Duration::from_secs(4), &settings).expect("the job and the file are away");
    assert_eq!(left, settings.missing_after - Duration::from_secs(4));
    assert!(what.contains("job of `a`"), "{what}");
    look(&mut looks, 60, None, empty_cluster(true));
    assert_eq!(looks.pending(START + Duration::from_secs(61), &settings), None);
}

#[test]
fn a_first_look_that_takes_long_is_no_second_one() {
    let mut looks = Looks::default();
    look(&mut looks, 0, None, empty_cluster(true));
    let settings = crate::model::config::Settings::default();
    let (left, _) = looks.pending(START + Duration::from_secs(60), &settings).expect("one look has told nothing");
    assert_eq!(left, Duration::ZERO);
}
