//! The cases are run, several at once, and told of in one table.

use std::any::Any;
use std::io::Write;
use std::sync::LazyLock;

use tokio::sync::Semaphore;
use weir::model::definition::Delivery;

use crate::verdicts::case::{Case, all};
use crate::verdicts::choice::{choose, pick, picked, seed, size};
use crate::verdicts::perform::{perform, perform_forced};
use crate::verdicts::table::{Failed, Told, print, print_forced, say};

/// Each has a job of its own, and a helper of it at times, in a cluster of eight slots that other tests use too.
const AT_ONCE: usize = 2;

/// Of all tests here together.
static ROOM: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(at_once()));

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_verdict_is_what_happens() {
    let cases = all();
    let chosen = match picked() {
        Some(words) => pick(cases, &words),
        None => {
            let seed = seed();
            say!("verdicts: WEIR_SEED={seed}");
            choose(&cases, size(), seed)
        }
    };
    assert!(!chosen.is_empty(), "no case is chosen");
    let told: Vec<Told> = side_by_side(chosen, |case, delivery| async move { perform(&case, delivery).await }).await;
    print(&told);
    let wrong: Vec<&Told> = told.iter().filter(|one| !one.as_ref().is_ok_and(|shown| shown.is_right())).collect();
    assert!(wrong.is_empty(), "{} of {} cases are not as they should: see the table", wrong.len(), told.len());
}

/// A job that takes up state which is not its query's fails, or is wrong: what is refused is refused with reason.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_refused_would_go_wrong() {
    let cases: Vec<Case> = all().into_iter().filter(|case| case.forced.is_some()).collect();
    let mut chosen = match picked() {
        Some(words) => pick(cases, &words),
        None => choose(&cases, size(), seed()),
    };
    chosen.retain(|(_, delivery)| *delivery == Delivery::AtLeastOnce);
    let forced = side_by_side(chosen, |case, _| async move { perform_forced(&case).await }).await;
    print_forced(&forced);
    let wrong: Vec<_> =
        forced.iter().filter(|one| !one.as_ref().is_ok_and(|it| it.expected == Some(it.found))).collect();
    assert!(wrong.is_empty(), "{} of {} end in another way than their files say", wrong.len(), forced.len());
}

/// Each on a thread of its own, a few at a time; one that panics must not end the others.
async fn side_by_side<T, F>(
    chosen: Vec<(Case, Delivery)>,
    perform: impl Fn(Case, Delivery) -> F + Copy + Send + 'static,
) -> Vec<Result<T, Failed>>
where
    T: Send + 'static,
    F: Future<Output = T>,
{
    let tasks = chosen.into_iter().map(|(case, delivery)| {
        let name = case.name.clone();
        tokio::spawn(async move {
            let _place = ROOM.acquire().await.expect("nobody closes it");
            let alone = move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
                runtime.expect("a runtime").block_on(perform(case, delivery))
            };
            let ended = tokio::task::spawn_blocking(alone).await;
            say!("{name}: {}", if ended.is_ok() { "done" } else { "failed" });
            ended.map_err(|error| (name, delivery, words(error.into_panic())))
        })
    });
    let mut all = Vec::new();
    for task in tasks.collect::<Vec<_>>() {
        all.push(task.await.expect("a case that panics is told of"));
    }
    all
}

fn words(panic: Box<dyn Any + Send>) -> String {
    let text = panic.downcast_ref::<String>().cloned();
    text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}

fn at_once() -> usize {
    std::env::var("WEIR_VERDICTS_AT_ONCE").map_or(AT_ONCE, |text| text.parse().expect("a number"))
}
