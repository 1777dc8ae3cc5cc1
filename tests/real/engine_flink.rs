//! The laws of an engine on a real Flink, and what is Flink's own.

use crate::contract::engine as law;
use crate::support::flink::FlinkWorld;

#[tokio::test]
async fn a_check_tells_columns_changelog_and_sources() {
    law::a_check_tells_columns_changelog_and_sources(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_refused_query_is_told_with_its_place() {
    law::a_refused_query_is_told_with_its_place(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_deployed_job_is_listed_under_our_id_and_name() {
    law::a_deployed_job_is_listed_under_our_id_and_name(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_second_deploy_makes_no_second_job() {
    law::a_second_deploy_makes_no_second_job(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn two_deploys_at_once_make_one_job() {
    law::two_deploys_at_once_make_one_job(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn an_id_is_burnt_once_its_job_has_ended() {
    law::an_id_is_burnt_once_its_job_has_ended(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_stop_gives_one_savepoint_however_often_it_is_asked_for() {
    law::a_stop_gives_one_savepoint_however_often_it_is_asked_for(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_job_takes_up_a_savepoint() {
    law::a_job_takes_up_a_savepoint(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_savepoint_that_is_not_there_burns_the_id() {
    law::a_savepoint_that_is_not_there_burns_the_id(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_savepoint_not_yet_known_is_refused() {
    law::a_savepoint_not_yet_known_is_refused(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_cancelled_job_stays_cancelled() {
    law::a_cancelled_job_stays_cancelled(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn a_job_that_nobody_knows_counts_as_cancelled() {
    law::a_job_that_nobody_knows_counts_as_cancelled(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn stopping_a_job_that_nobody_knows_does_nothing() {
    law::stopping_a_job_that_nobody_knows_does_nothing(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn verifying_a_job_that_fails_tells_why() {
    law::verifying_a_job_that_fails_tells_why(&FlinkWorld::new()).await;
}

#[tokio::test]
async fn what_does_not_answer_is_unknown() {
    law::what_does_not_answer_is_unknown(&FlinkWorld::new()).await;
}
