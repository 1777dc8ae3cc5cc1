use crate::engine::flink::state::state;
use crate::engine::flink::wire::JobRow;
use crate::model::job::JobState;

fn row(state: &str, tasks: &[(&str, u64)]) -> JobRow {
    let tasks = tasks.iter().map(|(state, count)| ((*state).to_owned(), *count)).collect();
    JobRow { jid: "0".repeat(32), name: String::new(), state: state.to_owned(), tasks }
}

#[test]
fn every_state_of_flink_is_one_of_ours() {
    let table = [
        ("INITIALIZING", JobState::Starting),
        ("CREATED", JobState::Starting),
        ("RECONCILING", JobState::Starting),
        ("RUNNING", JobState::Running),
        ("RESTARTING", JobState::Restarting),
        ("FAILING", JobState::Restarting),
        ("CANCELLING", JobState::Ending),
        ("FAILED", JobState::Failed),
        ("SUSPENDED", JobState::Failed),
        ("FINISHED", JobState::Finished),
        ("CANCELED", JobState::Cancelled),
    ];
    for (theirs, ours) in table {
        assert_eq!(state(&row(theirs, &[("total", 2), ("running", 2)])), ours, "{theirs}");
    }
}

#[test]
fn a_job_runs_when_every_task_that_has_not_finished_runs() {
    let tasks =
        |running, finished, other| [("total", 3), ("running", running), ("finished", finished), ("scheduled", other)];
    assert_eq!(state(&row("RUNNING", &tasks(3, 0, 0))), JobState::Running);
    assert_eq!(state(&row("RUNNING", &tasks(2, 1, 0))), JobState::Running);
    assert_eq!(state(&row("RUNNING", &tasks(2, 0, 1))), JobState::Starting);
    assert_eq!(state(&row("RUNNING", &tasks(0, 0, 3))), JobState::Starting);
}

#[test]
fn a_state_that_is_not_known_counts_as_live() {
    assert!(state(&row("SOMETHING_NEW", &[])).is_live());
}
