//! Convergence: random edits, drift, faults and crashes; then peace, and everything is as the files say.

use std::sync::Arc;

use uuid::Uuid;
use weir::engine::Engine;
use weir::engine::fake::Fault;
use weir::model::job::{Job, JobId, JobState};
use weir::model::plan::{Because, Plan};
use weir::store::postgres::Postgres;

use crate::dice::Dice;
use crate::files::{Edits, NAMES, Presence, edit};
use crate::topics::Line;
use crate::watch::is_gone;
use crate::world::{Between, World, name};

const ROUNDS: u64 = 8;
/// After so many further calls a late request has arrived.
const LATEST: u64 = 12;

/// One run. `Err` says which law did not hold, and how.
pub async fn run(store: &Arc<Postgres>, seed: u64, between: Between) -> Result<(), String> {
    let mut dice = Dice::new(seed);
    let mut world = World::new(store, between).await;
    for round in 0..ROUNDS {
        edits(&mut world, &mut dice);
        drift(&world, &mut dice);
        faults(&mut world, &mut dice);
        world.pass().await;
        weather(&world);
        world.watch.verdict().map_err(|broken| told(&world, &format!("round {round}: {broken}")))?;
    }
    peace(&world).await;
    let plan = match world.until_quiet().await {
        Ok(plan) => plan,
        Err(what) => return Err(told(&world, &what)),
    };
    ends_well(&world, &plan).await.map_err(|what| told(&world, &what))
}

fn told(world: &World, what: &str) -> String {
    format!("{what}; its story:\n{}\nasked of the engine: {:#?}", world.story.join("\n"), world.watch.acts())
}

fn edits(world: &mut World, dice: &mut Dice) {
    for _ in 0..dice.below(3) {
        let name = *dice.pick(&NAMES);
        if world.texts.contains_key(name) {
            world.save(name, |text| edit(text, dice, Edits::Any));
            world.story.push(format!("{name}: {:?}", world.texts[name]));
        } else {
            world.save(name, |_| {});
        }
    }
}

/// What others do to the cluster.
fn drift(world: &World, dice: &mut Dice) {
    let jobs = world.fake.now();
    let ours: Vec<&Job> = jobs.iter().filter(|job| world.fake.deployed(&job.id).is_some()).collect();
    match dice.below(14) {
        0 => world.watch.add_foreign(foreign(dice)),
        1 if !ours.is_empty() => {
            let job = dice.pick(&ours);
            let state = *dice.pick(&[JobState::Cancelled, JobState::Failed, JobState::Restarting, JobState::Starting]);
            if job.state.is_live() {
                world.fake.set_state(&job.id, state);
            }
        }
        2 => {
            // A new JobManager knows nothing of anybody's jobs.
            world.watch.forget_foreign();
            world.fake.forget_everything();
        }
        3 => world.fake.lose_workers(),
        4 => world.fake.hang_up(),
        5 => world.topics.set_line(Line::Dead),
        6 | 7 => doom(world, dice),
        8 => world.fake.pardon(),
        _ => {}
    }
}

/// Queries that do not run, from now on and to the end.
fn doom(world: &World, dice: &mut Dice) {
    let part = *dice.pick(&["SELECT ORDER_ID FROM", "SELECT ORDER_ID, AMOUNT FROM", "UNION ALL", "SELECT"]);
    match dice.one_in(2) {
        true => world.fake.doom(part, "it divides by zero"),
        false => world.fake.doom_late(part, "it divides by zero"),
    }
    if dice.one_in(2) {
        let hit = |job: &Job| world.fake.deployed(&job.id).is_some_and(|deploy| deploy.stream.sql.contains(part));
        let now = world.fake.now();
        now.iter()
            .filter(|job| job.state.is_live() && hit(job))
            .for_each(|job| world.fake.set_state(&job.id, JobState::Failed));
    }
}

fn faults(world: &mut World, dice: &mut Dice) {
    if dice.one_in(2) {
        let late = dice.below(LATEST) as u32;
        let all = [
            Fault::Pass,
            Fault::FailBefore,
            Fault::DoneButReplyLost,
            Fault::Doubled,
            Fault::Late(late),
            Fault::StaleView,
        ];
        let script: Vec<Fault> = (0..=dice.below(3)).map(|_| *dice.pick(&all)).collect();
        world.story.push(format!("faults {script:?}"));
        world.fake.script(script);
    }
    match dice.below(4) {
        0 => world.wire.crash_in(dice.below(60) as i64),
        1 => world.wire.mute_in(dice.below(20) as i64),
        _ => {}
    }
}

/// Outages last one pass; jobs that come up are up by the next.
fn weather(world: &World) {
    world.wire.rest();
    world.fake.come_back();
    world.fake.join_worker();
    world.topics.set_line(Line::Open);
    world.jobs_recover();
}

async fn peace(world: &World) {
    weather(world);
    // What is left of the script would be met in peace.
    world.fake.forget_script();
    // What is still on its way arrives.
    for _ in 0..LATEST + 2 {
        world.fake.jobs().await;
    }
}

fn foreign(dice: &mut Dice) -> Job {
    let id = JobId::seen(&Uuid::new_v4().simple().to_string());
    // A name alone proves nothing.
    let name = *dice.pick(&["insert-into_somebody", "weir:other/first@1", "weir:p/first@1", "weir:"]);
    Job { id, name: name.to_owned(), state: JobState::Running }
}

async fn ends_well(world: &World, plan: &Plan) -> Result<(), String> {
    for blocked in &plan.blocked {
        match blocked.because {
            Because::Refused | Because::Invalid | Because::Unconfirmed | Because::Needs => {}
            Because::Waiting if blocked.reason.starts_with("nothing is removed now") => {}
            Because::Unknown | Because::Waiting => {
                return Err(format!("`{}` stays blocked: {}", blocked.stream, blocked.reason));
            }
        }
    }
    let now = world.fake.now();
    for id in world.watch.foreign_jobs() {
        if !now.iter().any(|job| job.id == id && job.state == JobState::Running) {
            return Err(format!("law 5: the foreign job {id} was touched"));
        }
    }
    let ledger = world.ledger().await;
    for (text, file) in &world.texts {
        let stream = name(text);
        if plan.blocked.iter().any(|blocked| blocked.stream == stream) || file.there == Presence::Broken {
            continue;
        }
        let live = world.live(text);
        let row = ledger.streams.get(&stream);
        let kept = row.is_some_and(|row| !is_gone(row.state)) && file.there == Presence::Absent;
        let wanted = file.there == Presence::There && file.running;
        match (wanted, kept, live) {
            (true, _, 1) | (false, false, 0) | (false, true, _) => {}
            _ => return Err(format!("`{text}` has {live} jobs, wanted: {wanted}; {row:#?}")),
        }
    }
    Ok(())
}
