//! The same work on many things, on all cores.

use std::num::NonZero;
use std::panic;
use std::thread;

/// A thread is not worth its start for fewer.
const LEAST: usize = 64;

/// What `work` made of each item, in the order of the items, whatever the number of cores is.
pub fn each<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> impl Iterator<Item = R> {
    shares(items, work).into_iter().flatten()
}

fn shares<T: Send, R: Send>(items: Vec<T>, work: impl Fn(T) -> R + Sync) -> Vec<Vec<R>> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let share = items.len().div_ceil(cores).max(LEAST);
    if items.len() <= share {
        return vec![items.into_iter().map(work).collect()];
    }
    let mut items = items.into_iter();
    let shares: Vec<Vec<T>> =
        std::iter::from_fn(|| Some(items.by_ref().take(share).collect::<Vec<T>>()).filter(|own| !own.is_empty()))
            .collect();
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> =
            shares.into_iter().map(|own| scope.spawn(move || own.into_iter().map(work).collect::<Vec<R>>())).collect();
        let done = threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| panic::resume_unwind(panic)));
        done.collect()
    })
}

#[cfg(test)]
mod tests;
