//! The laws of an engine on the fake one: it may stand in for a real engine as far as they go.

use async_trait::async_trait;
use uuid::Uuid;
use weir::engine::Engine;
use weir::engine::fake::Fake;
use weir::model::definition::Stream;
use weir::model::name::{EngineName, ProjectName, TopicName};

use crate::contract::engine as law;
use crate::contract::helper;
use crate::support::flink::{orders, stream};

struct FakeWorld {
    fake: Fake,
    project: ProjectName,
}

impl FakeWorld {
    fn new() -> FakeWorld {
        FakeWorld { fake: fake(), project: ProjectName::parse("shop").expect("a word") }
    }
}

fn fake() -> Fake {
    Fake::new(EngineName::parse("flink").expect("a word"))
}

#[async_trait]
impl law::World for FakeWorld {
    fn engine(&self) -> &dyn Engine {
        &self.fake
    }

    fn unreachable(&self) -> Box<dyn Engine> {
        let dead = fake();
        dead.hang_up();
        Box::new(dead)
    }

    fn project(&self) -> &ProjectName {
        &self.project
    }

    async fn stream(&self) -> Stream {
        let topic = |stem: &str| TopicName::parse(&format!("{stem}-{}", Uuid::new_v4())).expect("letters and digits");
        stream(&[orders(topic("in"))], "SELECT ORDER_ID, AMOUNT FROM orders WHERE AMOUNT > 500", topic("out"))
    }

    async fn failing(&self) -> Stream {
        let stream = self.stream().await;
        self.fake.doom(&stream.sql, "no_such_json is no JSON");
        stream
    }
}

#[tokio::test]
async fn a_check_tells_columns_changelog_and_sources() {
    law::a_check_tells_columns_changelog_and_sources(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_refused_query_is_told_with_its_place() {
    law::a_refused_query_is_told_with_its_place(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_deployed_job_is_listed_under_our_id_and_name() {
    law::a_deployed_job_is_listed_under_our_id_and_name(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_second_deploy_makes_no_second_job() {
    law::a_second_deploy_makes_no_second_job(&FakeWorld::new()).await;
}

#[tokio::test]
async fn two_deploys_at_once_make_one_job() {
    law::two_deploys_at_once_make_one_job(&FakeWorld::new()).await;
}

#[tokio::test]
async fn an_id_is_burnt_once_its_job_has_ended() {
    law::an_id_is_burnt_once_its_job_has_ended(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_stop_gives_one_savepoint_however_often_it_is_asked_for() {
    law::a_stop_gives_one_savepoint_however_often_it_is_asked_for(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_job_takes_up_a_savepoint() {
    law::a_job_takes_up_a_savepoint(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_savepoint_that_is_not_there_burns_the_id() {
    law::a_savepoint_that_is_not_there_burns_the_id(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_savepoint_not_yet_known_is_refused() {
    law::a_savepoint_not_yet_known_is_refused(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_cancelled_job_stays_cancelled() {
    law::a_cancelled_job_stays_cancelled(&FakeWorld::new()).await;
}

#[tokio::test]
async fn what_does_not_run_is_given_up() {
    law::what_does_not_run_is_given_up(&FakeWorld::new()).await;
}

#[tokio::test]
async fn what_runs_is_not_given_up() {
    law::what_runs_is_not_given_up(&FakeWorld::new()).await;
}

#[tokio::test]
async fn what_finished_is_not_given_up() {
    law::what_finished_is_not_given_up(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_job_that_nobody_knows_counts_as_cancelled() {
    law::a_job_that_nobody_knows_counts_as_cancelled(&FakeWorld::new()).await;
}

#[tokio::test]
async fn stopping_a_job_that_nobody_knows_does_nothing() {
    law::stopping_a_job_that_nobody_knows_does_nothing(&FakeWorld::new()).await;
}

#[tokio::test]
async fn verifying_a_job_that_fails_tells_why() {
    law::verifying_a_job_that_fails_tells_why(&FakeWorld::new()).await;
}

#[tokio::test]
async fn what_does_not_answer_is_unknown() {
    law::what_does_not_answer_is_unknown(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_helper_runs_once_until_it_is_cancelled() {
    helper::a_helper_runs_once_until_it_is_cancelled(&FakeWorld::new()).await;
}

#[tokio::test]
async fn a_helper_without_its_savepoint_does_not_run() {
    helper::a_helper_without_its_savepoint_does_not_run(&FakeWorld::new()).await;
}
