//! weir is killed while it updates a stream whose output is written in transactions. Readers see committed rows.

use std::time::Instant;

use futures_util::future::join;

use crate::killed::{Half, Point, update_of};
use crate::orders::{FILE, Story, flowing};
use crate::process::Program;
use crate::support::kafka::Flow;
use crate::turn::together;

const PER_SECOND: u32 = 800;

/// Of three partitions, one is idle.
async fn update(half: Half, point: Point) {
    let story = Story::begin(3).await;
    story.edit(FILE, "partitions = 1", "partitions = 1\ndelivery = \"exactly_once\"");
    let flow = Flow::start(&story.orders, 2, PER_SECOND, flowing);
    update_of(story, flow, Program::Apply, (half, point)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_between_stop_and_deploy_an_exactly_once_output_loses_and_doubles_nothing() {
    let _turn = together(2).await;
    let begun = Instant::now();
    join(update(Half::Deploy, Point::Before), update(Half::Deploy, Point::After)).await;
    println!("killed between stop and deploy, {PER_SECOND} rows a second: {:.0} s", begun.elapsed().as_secs_f64());
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_the_stop_of_an_update_an_exactly_once_output_loses_and_doubles_nothing() {
    let _turn = together(1).await;
    update(Half::Stop, Point::After).await;
}
