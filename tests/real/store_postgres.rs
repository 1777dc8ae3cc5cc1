//! The Postgres store: the contract's laws, and what only a server far away can do.

use std::time::Duration;

use async_trait::async_trait;
use sqlx::postgres::PgListener;
use weir::model::check::{Accepted, Changelog, Check, CheckId};
use weir::model::ledger::DeploymentStatus;
use weir::model::name::ProjectName;
use weir::model::step::{Act, EngineAct, Receipt};
use weir::store::postgres::Postgres;
use weir::store::{Claim, Event, Fate, Store, StoreError};

use crate::contract::store::Ledgers;
use crate::contract::store::given::{Given, TTL, failed};
use crate::contract::store::{journal, lease, nouns, offsets, past, renamed, rows};
use crate::support::postgres::{Database, Gate, Way};

#[async_trait]
impl Ledgers for Database {
    async fn open(&self) -> Box<dyn Store> {
        Box::new(Postgres::connect(&self.url).await.expect("connected and migrated"))
    }
}

#[async_trait]
impl Ledgers for Gate {
    async fn open(&self) -> Box<dyn Store> {
        Box::new(Postgres::connect(&self.url).await.expect("connected and migrated"))
    }
}

macro_rules! hold {
    ($($laws:ident { $($law:ident,)+ })+) => {
        $($(#[tokio::test]
        async fn $law() {
            $laws::$law(&Database::create().await).await;
        })+)+
    };
}

hold! {
    lease {
        an_epoch_rises_with_every_taking,
        a_lease_has_one_holder,
        a_lease_that_ran_out_is_taken_over,
        a_lease_given_back_is_free_and_stays_so,
        a_leader_past_its_lease_writes_nothing,
        a_fenced_writer_writes_nothing,
        a_lease_is_holder_and_epoch,
    }
    journal {
        an_intent_without_receipt_is_open,
        beginning_twice_is_beginning_once,
        an_open_step_is_not_begun_by_another_run,
        settling_twice_is_settling_once,
        what_was_never_begun_is_not_settled,
        a_stream_never_recorded_has_no_steps,
        a_guard_that_moved_stops_the_step,
        a_generation_is_never_given_twice,
        of_two_writers_one_gets_the_generation,
        an_abandoned_deploy_is_taken_up_again,
        what_was_abandoned_hides_nothing_that_ran,
        failures_number_the_next_attempt,
        a_burnt_generation_is_followed_by_the_next,
        a_verified_job_stays_live,
        a_step_settled_without_its_receipt_stays_open,
    }
    rows {
        a_new_ledger_is_empty,
        what_other_projects_run_is_told_while_it_runs,
        a_script_writes_elsewhere_what_it_says,
        a_recorded_stream_comes_back_equal,
        a_deployment_comes_back_equal,
        checks_come_back_equal_and_the_newest_answer_holds,
        rows_are_never_deleted,
        a_stop_leaves_its_savepoint,
        a_job_given_up_leaves_its_checkpoint,
        a_setback_is_of_the_job_that_came_to_grief,
        a_drop_leaves_no_state,
        cancelling_does_not_rewrite_how_a_job_ended,
        a_topic_is_ours_from_its_making_to_its_deletion,
        projects_do_not_see_each_other,
        events_come_newest_first,
        words_of_others_may_hold_anything,
    }
    renamed {
        a_row_takes_all_that_it_has_to_its_new_name,
        a_rename_whose_guard_does_not_hold_changes_nothing,
        under_no_name_is_a_generation_given_twice,
        a_name_with_a_past_is_not_taken,
        what_was_given_up_may_arrive_under_the_new_name,
    }
    past {
        every_deployment_is_told_with_its_files,
        a_generation_taken_up_again_has_the_files_of_its_last_try,
        events_of_a_stream_are_its_own,
    }
    offsets {
        where_a_job_stopped_is_read_back,
        steps_of_a_reading_leave_deployment_and_topic_as_they_are,
        every_helper_that_was_asked_for_counts,
    }
}

#[tokio::test]
async fn reading_is_one_statement() {
    let database = Database::create().await;
    let gate = Gate::before(&database, Way::Open).await;
    let given = Given::leader(&gate).await;
    for name in ["a", "b", "c"] {
        given.recorded(name, 0).await;
        given.deployed(name, 1).await;
    }
    gate.statements();
    assert_eq!(given.ledger().await.streams.len(), 3);
    assert_eq!(gate.statements(), 1);
}

#[tokio::test]
async fn a_connection_lost_inside_a_transaction_leaves_nothing_half_done() {
    let database = Database::create().await;
    let given = Given::leader(&database).await;
    given.recorded("big", 0).await;
    let die = "create function die() returns trigger language plpgsql as
        $$ begin perform pg_terminate_backend(pg_backend_pid()); return new; end $$;
        create trigger die after insert on deployments for each row execute function die();
        create trigger die after insert on savepoints for each row execute function die();";
    database.run(die).await.expect("set up");
    let before = given.ledger().await;
    let deploy = given.deploy("big", 0, 1);
    assert!(matches!(given.begin(&deploy).await, Err(StoreError::Unreachable(_))));
    assert_eq!(given.ledger().await, before);

    database.run("drop trigger die on deployments").await.expect("set up");
    given.deployed("big", 1).await;
    let stop = given.stop("big", 1);
    given.begin(&stop).await.expect("begun");
    let before = given.ledger().await;
    let done = || Fate::Done(Receipt::Stopped { savepoint: "file:///savepoints/1".to_owned() });
    assert!(matches!(given.settle(&stop, done()).await, Err(StoreError::Unreachable(_))));
    assert_eq!(given.ledger().await, before);

    database.run("drop trigger die on savepoints").await.expect("set up");
    given.settle(&stop, done()).await.expect("it works again");
    assert_eq!(given.status("big").await, Some(DeploymentStatus::Stopped));
}

#[tokio::test]
async fn an_outage_is_told_and_ends_by_itself() {
    let database = Database::create().await;
    let gate = Gate::before(&database, Way::Open).await;
    let given = Given::leader(&gate).await;
    for way in [Way::Cut, Way::Silent] {
        let before = given.ledger().await;
        gate.set(way);
        for _ in 0..2 {
            // Far beyond the promised five seconds: only a call that hangs fails here.
            let told = tokio::time::timeout(Duration::from_secs(20), given.store.read(&given.project)).await;
            assert!(matches!(told, Ok(Err(StoreError::Unreachable(_)))), "{told:?}");
        }
        gate.set(Way::Open);
        assert_eq!(given.ledger().await, before);
        given.begin(&given.record("big", 0)).await.expect("writing works too");
        given.settle(&given.record("big", 0), Fate::Done(Receipt::Recorded)).await.expect("settled");
    }
}

#[tokio::test]
async fn a_ledger_that_is_away_at_the_start_is_waited_for() {
    let database = Database::create().await;
    let gate = Gate::before(&database, Way::Cut).await;
    assert!(matches!(Postgres::connect(&gate.url).await, Err(StoreError::Unreachable(_))));
    let store = Postgres::lazy(&gate.url).expect("a URL");
    let project = ProjectName::parse("shop").expect("a name");
    assert!(matches!(store.read(&project).await, Err(StoreError::Unreachable(_))));
    gate.set(Way::Open);
    assert!(store.read(&project).await.expect("migrated on the way").streams.is_empty());
}

#[tokio::test]
async fn nobody_listening_is_said_in_words() {
    let refused = Postgres::connect("postgres://weir@127.0.0.1:1/weir").await.err();
    let Some(StoreError::Unreachable(why)) = refused else { panic!("{refused:?}") };
    assert!(why.starts_with("127.0.0.1:1: ") && why.contains("refused"), "{why}");
    let unusable = Postgres::lazy("mysql://weir:hidden@127.0.0.1/weir").err();
    assert!(!format!("{unusable:?}").contains("hidden"), "{unusable:?}");
}

#[tokio::test]
async fn many_processes_may_migrate_at_once() {
    let database = Database::create().await;
    let starts = (0..4).map(|_| Postgres::connect(&database.url));
    for started in futures_util::future::join_all(starts).await {
        assert_eq!(started.err(), None);
    }
}

#[tokio::test]
async fn a_newer_ledger_is_left_alone() {
    let database = Database::create().await;
    drop(database.open().await);
    let newer = "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
        values (9999, 'from the future', true, '', 0)";
    database.run(newer).await.expect("set up");
    let refused = Postgres::connect(&database.url).await.err();
    assert!(matches!(&refused, Some(StoreError::Unusable(why)) if why.contains("newer weir")), "{refused:?}");
}

#[tokio::test]
async fn what_cannot_be_decoded_is_named() {
    let database = Database::create().await;
    let given = Given::leader(&database).await;
    given.recorded("big", 0).await;
    database.run("update streams set policy = '{\"on_remove\": \"explode\"}'").await.expect("set up");
    let refused = given.store.read(&given.project).await;
    let Err(StoreError::Unusable(why)) = refused else { panic!("{refused:?}") };
    assert!(why.contains("stream `big`") && why.contains("explode"), "{why}");
}

#[tokio::test]
async fn the_database_itself_keeps_rows_and_generations() {
    let database = Database::create().await;
    let given = Given::leader(&database).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let before = given.ledger().await;
    for sql in ["update streams set generation = 0", "delete from streams"] {
        assert!(database.run(sql).await.is_err(), "{sql}");
        assert_eq!(given.ledger().await, before, "{sql}");
    }
}

#[tokio::test]
async fn old_checks_go_unless_a_job_was_deployed_with_them() {
    let database = Database::create().await;
    let given = Given::leader(&database).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let [used, old, new] = [given.check_key(), "0d".repeat(32), "17".repeat(32)].map(accepted);
    given.store.save_checks(&given.lease, &[used.clone(), old]).await.expect("saved");
    database.run("update checks set made_at = now() - interval '31 days'").await.expect("set up");
    given.store.save_checks(&given.lease, std::slice::from_ref(&new)).await.expect("saved");
    assert_eq!(given.ledger().await.checks, [used, new].into_iter().collect());
}

#[tokio::test]
async fn a_refusal_is_believed_for_a_while_and_an_acceptance_for_good() {
    let database = Database::create().await;
    let given = Given::leader(&database).await;
    let (good, bad) = (accepted("0d".repeat(32)), nouns::refused("17".repeat(32)));
    given.store.save_checks(&given.lease, &[good.clone(), bad]).await.expect("saved");
    assert_eq!(given.ledger().await.checks.len(), 2);
    database.run("update checks set made_at = now() - interval '11 minutes'").await.expect("set up");
    assert_eq!(given.ledger().await.checks, [good].into_iter().collect());
}

fn accepted(key: String) -> (CheckId, Check) {
    let answer = Accepted { columns: Vec::new(), changelog: Changelog::InsertOnly, sources: Vec::new() };
    (nouns::refused(key).0, Check::Accepted(answer))
}

#[tokio::test]
async fn a_taking_waits_for_the_write_under_way() {
    let database = Database::create().await;
    let given = Given::leader(&database).await;
    let successor = database.open().await;
    given.recorded("big", 0).await;
    let wait = "create function wait() returns trigger language plpgsql as
        $$ begin perform pg_advisory_xact_lock(7); return new; end $$;
        create trigger wait after insert on deployments for each row execute function wait();";
    database.run(wait).await.expect("set up");
    let mut gate = database.connect().await;
    sqlx::raw_sql("select pg_advisory_lock(7)").execute(&mut gate).await.expect("locked");

    let deploy = given.deploy("big", 0, 1);
    let taking = async {
        database.until_waiting(1).await;
        successor.acquire(&given.project, &given.lease.holder, TTL).await
    };
    let letting = async {
        database.until_waiting(2).await;
        sqlx::raw_sql("select pg_advisory_unlock(7)").execute(&mut gate).await.expect("unlocked");
    };
    let (written, taken, ()) = tokio::join!(given.begin(&deploy), taking, letting);
    assert_eq!(written, Ok(()));
    assert!(matches!(taken, Ok(Claim::Held(lease)) if lease.epoch > given.lease.epoch));
    assert_eq!(given.settle(&deploy, failed()).await, Err(StoreError::Fenced));
}

#[tokio::test]
async fn the_journal_tells_what_became_of_each_step() {
    let database = Database::create().await;
    let given = Given::leader(&database).await;
    given.recorded("big", 0).await;
    given.deployed("big", 1).await;
    let job_id = nouns::deploy(given.id, &given.project, "big", 1).job_id;
    let verify = given.intent("big", 1, 1, Act::Engine(nouns::engine(), EngineAct::Verify { job_id }));
    given.run(&verify, failed()).await;
    given.run(&verify, Fate::Done(Receipt::Running)).await;
    given.stopped("big", 1, "file:///savepoints/1").await;
    let told = database
        .text(
            "select string_agg(concat_ws(' ', kind, generation, attempt, state, receipt, reason), ', ' order by id)
             from journal where epoch = (select epoch from lease) and begun_at <= settled_at",
        )
        .await;
    let expected = "record 0 0 done \"recorded\", deploy 1 0 done \"deployed\", verify 1 0 failed no slots left, \
        verify 1 1 done \"running\", stop 1 0 done {\"stopped\": {\"savepoint\": \"file:///savepoints/1\"}}";
    assert_eq!(told, expected);
    let times = "select concat(submitted_at <= verified_at, verified_at <= ended_at) from deployments";
    assert_eq!(database.text(times).await, "tt", "submitted, verified, ended");
}

#[tokio::test]
async fn an_event_wakes_who_listens() {
    let database = Database::create().await;
    let store = database.open().await;
    let mut listener = PgListener::connect(&database.url).await.expect("connected");
    listener.listen("weir").await.expect("listening");
    let project = ProjectName::parse("shop").expect("a name");
    let event = Event { at: 0, who: "a person".to_owned(), stream: None, what: "applied".to_owned(), plan: None };
    store.event(&project, &event).await.expect("appended");
    let hint = tokio::time::timeout(Duration::from_secs(20), listener.recv()).await;
    assert_eq!(hint.expect("in time").expect("connected").payload(), "shop");
}
