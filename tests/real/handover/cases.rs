//! Queries that follow each other.

use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, NewPartitions};
use rdkafka::client::DefaultClientContext;
use rdkafka::config::ClientConfig;
use weir::model::check::Accepted;
use weir::model::definition::{Source, Stream};
use weir::model::job::Generation;
use weir::model::name::{Name, TopicName};
use weir::model::offsets::Taken;
use weir::model::run::ChangeResult;
use weir::model::step::{Restore, Step, StepKind};

use crate::handover::count::{Count, Gives, count};
use crate::handover::hand::{Clock, Hand, Reading};
use crate::handover::load::{Load, Tail};
use crate::support::flink::{orders, stream};
use crate::support::stack::Stack;

const PATIENCE: Duration = Duration::from_secs(30);

/// A query and the rows that it gives.
#[derive(Clone, Copy)]
pub struct Query {
    pub sql: &'static str,
    pub gives: Gives,
}

pub const FILTER: Query = Query {
    sql: "SELECT 'orders' AS T, ORDER_ID AS N, 'a' AS B, 1 AS G FROM orders WHERE MOD(ORDER_ID, 10) <> 0",
    gives: |_, number| if number % 10 != 0 { vec!["a"] } else { vec![] },
};
pub const OTHER_FILTER: Query = Query {
    sql: "SELECT 'orders' AS T, ORDER_ID AS N, 'a' AS B, 2 AS G FROM orders
          WHERE MOD(ORDER_ID, 10) <> 1 AND AMOUNT > 0.5",
    gives: |_, number| if number % 10 != 1 { vec!["a"] } else { vec![] },
};
pub const UNION: Query = Query {
    sql: "SELECT 'orders' AS T, ORDER_ID AS N, 'a' AS B, 2 AS G FROM orders WHERE MOD(ORDER_ID, 2) = 0
          UNION ALL SELECT 'orders', ORDER_ID, 'b', 2 FROM orders WHERE MOD(ORDER_ID, 3) <> 0",
    gives: |_, number| {
        let a = (number % 2 == 0).then_some("a");
        a.into_iter().chain((number % 3 != 0).then_some("b")).collect()
    },
};
/// Another text of the same shape that gives the same rows.
const SAME_UNION: Query = Query {
    sql: "SELECT 'orders' AS T, ORDER_ID AS N, 'a' AS B, 2 AS G FROM orders WHERE MOD(ORDER_ID, 2) < 1
          UNION ALL SELECT 'orders', ORDER_ID, LOWER('B'), 2 FROM orders WHERE MOD(ORDER_ID, 3) > 0",
    gives: UNION.gives,
};
/// Another shape that gives the same rows.
const PARTS: Query = Query {
    sql: "SELECT 'orders' AS T, ORDER_ID AS N, 'a' AS B, 2 AS G FROM orders WHERE MOD(ORDER_ID, 2) = 0
          UNION ALL SELECT 'orders', ORDER_ID, 'b', 2 FROM orders WHERE MOD(ORDER_ID, 3) = 1
          UNION ALL SELECT 'orders', ORDER_ID, 'b', 2 FROM orders WHERE MOD(ORDER_ID, 3) = 2",
    gives: UNION.gives,
};
const OLD_UNION: Query = Query {
    sql: "SELECT 'orders' AS T, ORDER_ID AS N, 'a' AS B, 1 AS G FROM orders WHERE MOD(ORDER_ID, 2) = 0
          UNION ALL SELECT 'orders', ORDER_ID, 'b', 1 FROM orders WHERE MOD(ORDER_ID, 3) <> 0",
    gives: UNION.gives,
};
pub const TWO: Query = Query {
    sql: "SELECT 'orders' AS T, ORDER_ID AS N, 'a' AS B, 1 AS G FROM orders WHERE MOD(ORDER_ID, 10) <> 0
          UNION ALL SELECT 'more', ORDER_ID, 'a', 1 FROM more WHERE MOD(ORDER_ID, 10) <> 0",
    gives: FILTER.gives,
};
const OTHER_TWO: Query = Query {
    sql: "SELECT 'more' AS T, ORDER_ID AS N, 'a' AS B, 2 AS G FROM more WHERE MOD(ORDER_ID, 2) = 0
          UNION ALL SELECT 'orders', ORDER_ID, 'a', 2 FROM orders WHERE MOD(ORDER_ID, 2) = 0
          UNION ALL SELECT 'more', ORDER_ID, 'b', 2 FROM more WHERE MOD(ORDER_ID, 3) <> 0
          UNION ALL SELECT 'orders', ORDER_ID, 'b', 2 FROM orders WHERE MOD(ORDER_ID, 3) <> 0",
    gives: UNION.gives,
};

/// By what the new query goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    Direct,
    Offsets,
}

/// Topics under load, and an output that is read.
pub struct Scene {
    pub hand: Hand,
    pub sources: Vec<Source>,
    output: TopicName,
    loads: Vec<(String, Load)>,
    /// Another name of the first source's topic.
    alias: Option<String>,
    pub tail: Tail,
}

pub fn named(name: &str, topic: TopicName) -> Source {
    Source { name: Name::parse(name).expect("a word"), ..orders(topic) }
}

impl Scene {
    /// A topic of three partitions for each source, one of them idle.
    pub async fn new(names: &[&str]) -> Scene {
        let mut scene = Scene::without_tail(names).await;
        scene.tail = Tail::of(&scene.output);
        scene
    }

    /// As [`Scene::new`], with rows in the output that are no rows of a hand-over.
    pub async fn without_tail(names: &[&str]) -> Scene {
        let mut scene = Scene::at_rest(names).await;
        let start = |source: &Source| (source.name.to_string(), Load::start(&source.topic, source.name.as_str()));
        scene.loads = scene.sources.iter().map(start).collect();
        scene
    }

    /// Nobody writes.
    pub async fn at_rest(names: &[&str]) -> Scene {
        let hand = Hand::new().await;
        let mut sources = Vec::new();
        for name in names {
            sources.push(named(name, hand.world.topic(3).await));
        }
        let output = hand.world.topic(1).await;
        Scene { hand, sources, output, loads: Vec::new(), alias: None, tail: Tail::none() }
    }

    /// A second source over the topic of the first.
    pub fn again(&mut self, name: &str) {
        self.sources.push(named(name, self.sources[0].topic.clone()));
        self.alias = Some(name.to_owned());
    }

    pub async fn grow(&self, topic: &TopicName, partitions: usize) {
        let mut config = ClientConfig::new();
        config.set("bootstrap.servers", &Stack::get().kafka);
        let admin: AdminClient<DefaultClientContext> = config.create().expect("the settings of an admin client");
        let grown = NewPartitions::new(topic.as_str(), partitions);
        let answers = admin.create_partitions([&grown], &AdminOptions::new()).await.expect("Kafka answers");
        answers[0].as_ref().expect("the topic grows");
    }

    pub fn stream(&self, sql: &str) -> Stream {
        let used = self.sources.iter().filter(|source| sql.contains(source.name.as_str()));
        let mut stream = stream(&used.cloned().collect::<Vec<_>>(), sql, self.output.clone());
        stream.options.insert("execution.checkpointing.interval".to_owned(), "2 s".to_owned());
        stream
    }

    /// Ends the load of the one source; how many rows were written.
    pub fn ends(&mut self) -> u64 {
        self.loads.drain(..).map(|(_, load)| load.stop()).sum()
    }

    /// Ends the load and waits until all that is to come has come, and a little longer.
    pub async fn counted(&mut self, old: Gives, new: Gives) -> Count {
        let loads = std::mem::take(&mut self.loads).into_iter();
        let mut written: Vec<(String, u64)> = loads.map(|(name, load)| (name, load.stop())).collect();
        if let Some(alias) = &self.alias {
            written.push((alias.clone(), written[0].1));
        }
        let written: Vec<(&str, u64)> = written.iter().map(|(name, rows)| (name.as_str(), *rows)).collect();
        let until = Instant::now() + PATIENCE;
        while count(&self.tail.rows(), &written, old, new).missing > 0 && Instant::now() < until {
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        count(&self.tail.rows(), &written, old, new)
    }
}

async fn hands_over(name: &str, (old, new): (Query, Query), way: Way, names: &[&str]) {
    let scene = Scene::new(names).await;
    hands_over_in(scene, name, (old, new), way, &[]).await;
}

pub async fn hands_over_in(mut scene: Scene, name: &str, queries: (Query, Query), way: Way, options: &[(&str, &str)]) {
    let (old, new) = queries;
    let given = |sql| {
        let mut stream = scene.stream(sql);
        stream.options.extend(options.iter().map(|(key, value)| (key.to_string(), value.to_string())));
        stream
    };
    let (before, after) = (given(old.sql), given(new.sql));
    let hand = &scene.hand;
    let ran = hand.begins(&before).await;
    let accepted = hand.accepted(&after).await;
    scene.tail.until(1, 3000).await;
    let steps = steps(hand, (&before, &ran, 1), (&after, &accepted), way);
    let (result, clock) = hand.change(&before, 1, steps).await;
    assert_eq!(result, ChangeResult::Done, "{}", clock.told());
    scene.tail.until(2, 2000).await;
    let row = scene.hand.row(&after).await;
    assert_eq!(row.deployment.map(|deployment| deployment.generation), Some(2));
    let found = scene.counted(old.gives, new.gives).await;
    told(name, way, &scene, &clock, found);
    assert_eq!((found.missing, found.doubled, found.wrong), (0, 0, 0));
}

/// From this generation of a stream to its next.
pub fn steps(hand: &Hand, old: (&Stream, &Accepted, Generation), new: (&Stream, &Accepted), way: Way) -> Vec<Step> {
    let ((before, ran, generation), (after, accepted)) = (old, new);
    let stop = hand.stops(before, generation);
    let forgets = hand.forgets(after, generation);
    match way {
        Way::Direct => {
            let restore = Restore::DirectOf { step: stop.id.clone() };
            let deploys = hand.deploys(after, accepted, generation + 1, restore);
            [vec![stop, forgets], deploys.to_vec()].concat()
        }
        Way::Offsets => {
            let state = Taken::StopOf { step: stop.id.clone() };
            let reading = hand.reads(before, &ran.sources, (generation, 0), state);
            let Reading { open, helpers, read, gone, close } = reading;
            let restore = Restore::OffsetsOf { step: read.id.clone(), renamed: Default::default() };
            let deploys = hand.deploys(after, accepted, generation + 1, restore).to_vec();
            [vec![open, stop], helpers, vec![read], gone, vec![forgets], deploys, vec![close]].concat()
        }
    }
}

/// Each goes on where the one before stopped, however that one had begun.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_chain_of_hand_overs_loses_and_doubles_nothing() {
    let mut scene = Scene::new(&["orders"]).await;
    let hand = &scene.hand;
    let mut before = scene.stream(FILTER.sql);
    let mut ran = hand.begins(&before).await;
    scene.tail.until(1, 1500).await;
    let ways = [(UNION, Way::Offsets), (SAME_UNION, Way::Direct), (PARTS, Way::Offsets), (UNION, Way::Offsets)];
    for (generation, (query, way)) in (1..).zip(ways) {
        let after = scene.stream(query.sql);
        let accepted = hand.accepted(&after).await;
        let steps = steps(hand, (&before, &ran, generation), (&after, &accepted), way);
        let (result, clock) = hand.change(&before, generation, steps).await;
        assert_eq!(result, ChangeResult::Done, "{}", clock.told());
        scene.tail.until(2, 1000 * generation as usize).await;
        (before, ran) = (after, accepted);
    }
    let found = scene.counted(FILTER.gives, UNION.gives).await;
    assert_eq!((found.missing, found.doubled, found.wrong), (0, 0, 0));
}

/// The figures of a case; `--nocapture` shows them.
pub fn told(name: &str, way: Way, scene: &Scene, clock: &Clock, found: Count) {
    let first = scene.tail.came.lock().expect("no panic under the lock").first_new.expect("rows came");
    let gap = (first - clock.began(StepKind::Stop)).as_secs_f64();
    let Count { rows, missing, doubled, wrong } = found;
    println!(
        "hand-over | Flink {} | {name} | {way:?} | {rows} rows | missing {missing} | doubled {doubled} | wrong {wrong} | \
         stop to first row {gap:.2} s | {}",
        Stack::get().flink_version,
        clock.told()
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_filter_goes_on_by_direct_restore() {
    hands_over("filter to filter", (FILTER, OTHER_FILTER), Way::Direct, &["orders"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_filter_goes_on_by_offsets() {
    hands_over("filter to filter", (FILTER, OTHER_FILTER), Way::Offsets, &["orders"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_union_follows_a_filter() {
    hands_over("filter to union", (FILTER, UNION), Way::Offsets, &["orders"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_follows_a_union() {
    hands_over("union to filter", (OLD_UNION, OTHER_FILTER), Way::Offsets, &["orders"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_query_over_two_topics_goes_on_in_both() {
    hands_over("two topics", (TWO, OTHER_TWO), Way::Offsets, &["orders", "more"]).await;
}
