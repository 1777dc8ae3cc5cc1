//! The cases are run, several at once, and told of in one table.

use std::sync::Arc;

use tokio::sync::Semaphore;
use weir::model::definition::Delivery;

use crate::verdicts::case::{Case, all};
use crate::verdicts::choice::{Size, choose, is_picked, picked, seed, size};
use crate::verdicts::perform::perform;
use crate::verdicts::table::{Told, print};

/// Each has a job of its own, and a helper of it at times, in a cluster of eight slots.
const AT_ONCE: usize = 3;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_verdict_is_what_happens() {
    let cases = all();
    let chosen = match picked() {
        Some(words) => {
            let picked: Vec<Case> = cases.into_iter().filter(|case| is_picked(case, &words)).collect();
            choose(&picked, Size::All, 0)
        }
        None => {
            let seed = seed();
            println!("verdicts: WEIR_SEED={seed}");
            choose(&cases, size(), seed)
        }
    };
    assert!(!chosen.is_empty(), "no case is chosen");
    let room = Arc::new(Semaphore::new(at_once()));
    let tasks: Vec<_> = chosen.into_iter().map(|(case, delivery)| tell(case, delivery, Arc::clone(&room))).collect();
    let mut told = Vec::new();
    for task in tasks.into_iter().map(tokio::spawn).collect::<Vec<_>>() {
        told.push(task.await.expect("a case that panics is told of"));
    }
    print(&told);
    let wrong: Vec<&Told> = told.iter().filter(|one| !one.as_ref().is_ok_and(|shown| shown.is_right())).collect();
    assert!(wrong.is_empty(), "{} of {} cases are not as they should: {wrong:#?}", wrong.len(), told.len());
}

fn at_once() -> usize {
    std::env::var("WEIR_VERDICTS_AT_ONCE").map_or(AT_ONCE, |text| text.parse().expect("a number"))
}

/// A case that fails must not end the others.
async fn tell(case: Case, delivery: Delivery, room: Arc<Semaphore>) -> Told {
    let _place = room.acquire().await.expect("nobody closes it");
    let name = case.name.clone();
    let alone = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(perform(&case, delivery))
    };
    let shown = tokio::task::spawn_blocking(alone).await.map_err(|error| {
        let panic = error.into_panic();
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        (name, delivery, text.unwrap_or_default())
    });
    if let Ok(shown) = &shown {
        eprintln!("{}: {:?} in {} s", shown.case, shown.miss, shown.took.as_secs());
    }
    shown
}
