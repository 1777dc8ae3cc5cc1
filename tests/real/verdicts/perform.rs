//! One case, from its first deployment to the count of what came out.

use std::time::{Duration, Instant};

use serde_json::Value;
use weir::model::definition::Delivery;
use weir::model::plan::Verdict;

use crate::support::stack::Stack;
use crate::verdicts::case::{Case, Outcome};
use crate::verdicts::forced::{Ending, force};
use crate::verdicts::judge::Miss;
use crate::verdicts::reference::Reference;
use crate::verdicts::scene::{Job, Scene};
use crate::verdicts::table::{Forced, Shown};

/// Three checkpoints.
const FEW_CHECKPOINTS: Duration = Duration::from_secs(3);

pub async fn perform(case: &Case, delivery: Delivery) -> Shown {
    let begun = Instant::now();
    let (mut scene, old_query, old_job) = run(case, delivery).await;
    let (last, before) = case.step.split_last().expect("a case changes something");
    for step in before {
        scene.change(case, step).await;
        scene.project.apply().await;
    }
    scene.change(case, last).await;
    let plan = scene.project.plan().await;
    let said = verdict(&plan, case.stream_after());
    assert_eq!(said, case.verdict, "{}: the plan's verdict: {plan:#}", case.name);
    if said == Verdict::Refused {
        scene.project.apply_refused().await;
        if let Some(back) = &case.back {
            scene.change(case, back).await;
            scene.project.apply().await;
        }
    } else {
        scene.project.apply().await;
        scene.project.nothing_is_left_to_do().await;
    }
    let new_query = match said {
        Verdict::Refused => old_query.clone(),
        _ => scene.query(case, case.stream_after(), &case.judge.new),
    };
    let new_job = scene.job(case.stream_after()).await;
    let goes_on = matches!(said, Verdict::Refused | Verdict::Unchanged);
    if goes_on && before.is_empty() {
        assert_eq!(new_job, old_job, "the job goes on");
    }
    if new_job == old_job {
        tokio::time::sleep(FEW_CHECKPOINTS).await;
    } else {
        scene.comes_after(&case.judge.topics, new_job.began).await;
        tokio::time::sleep(FEW_CHECKPOINTS).await;
    }
    let cut = if new_job == old_job { i64::MAX } else { new_job.began };
    let (rows, miss) = scene.judged(case, said, (&old_query, &new_query), cut).await;
    Shown {
        case: case.name.clone(),
        change: case.change.clone(),
        delivery,
        expected: case.verdict,
        said,
        rows,
        miss,
        took: begun.elapsed(),
    }
}

/// What the plan says of the stream. A stream that it does not name is left alone; one whose change would be right for
/// itself is refused too where its readers do not bear it.
fn verdict(plan: &Value, stream: &str) -> Verdict {
    let row = |list: &str| plan[list].as_array().expect("a list").iter().find(|row| row["stream"] == stream);
    let row = match (row("changes"), row("blocked")) {
        (None, None) => return Verdict::Unchanged,
        (_, Some(blocked)) if blocked["because"] == "refused" => return Verdict::Refused,
        (_, Some(row)) | (Some(row), None) => row,
    };
    serde_json::from_value(row["verdict"].clone()).unwrap_or_else(|_| panic!("no verdict: {row:#}"))
}

/// A refused change, done all the same.
pub async fn perform_forced(case: &Case) -> Forced {
    let (mut scene, old_query, old_job) = run(case, Delivery::AtLeastOnce).await;
    for step in &case.step {
        scene.change(case, step).await;
    }
    let new_query = scene.query(case, case.stream_after(), &case.judge.new);
    let ending = force(&scene.project, case.stream_after(), &old_job.id).await;
    let (found, told) = match ending {
        Ending::Fails(why) => (Outcome::Fails, why),
        Ending::Runs => {
            let new_job = scene.job(case.stream_after()).await;
            tokio::time::sleep(FEW_CHECKPOINTS * 2).await;
            let queries = (&old_query, &new_query);
            let (_, miss) = scene.judged(case, Verdict::KeepsState, queries, new_job.began).await;
            let found = if miss == Miss::default() { Outcome::Right } else { Outcome::Wrong };
            (found, format!("{miss:?}"))
        }
    };
    let expected = case.forced.as_ref().and_then(|forced| forced.on(&Stack::get().flink_version));
    Forced { case: case.name.clone(), expected, found, told }
}

/// The old definition, running for a few checkpoints.
async fn run(case: &Case, delivery: Delivery) -> (Scene, Reference, Job) {
    let scene = Scene::begin(case, delivery).await;
    let query = scene.query(case, case.stream(), &case.judge.old);
    scene.project.apply().await;
    scene.comes_after(&["out".to_owned()], 0).await;
    tokio::time::sleep(FEW_CHECKPOINTS).await;
    let job = scene.job(case.stream()).await;
    (scene, query, job)
}
