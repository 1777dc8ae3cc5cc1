//! The text of EXPLAIN CHANGELOG_MODE, JSON_EXECUTION_PLAN of an INSERT, read for what a check wants to know.

use std::collections::BTreeMap;

use crate::engine::flink::ddl;
use crate::engine::flink::wire::ExecutionPlan;
use crate::model::check::{Changelog, PlanSource};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    /// What reaches the sink.
    pub changelog: Changelog,
    pub upsert: Upsert,
    pub sources: Vec<PlanSource>,
}

/// Whether the sink's key is the query's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Upsert {
    Direct,
    /// The planner would put an operator with state of its own before the sink, to sort out another key's changes.
    Materialized,
}

const PHYSICAL: &str = "== Optimized Physical Plan ==\n";
/// A line break inside the JSON is escaped, so that this cannot stand there.
const JSON: &str = "\n== Physical Execution Plan ==\n";

/// `Err` holds what could not be found.
pub fn read(text: &str) -> Result<Explained, String> {
    let (tree, json) = text.rsplit_once(JSON).ok_or("EXPLAIN shows no execution plan")?;
    let (_, tree) = tree.split_once(PHYSICAL).ok_or("EXPLAIN shows no physical plan")?;
    let tree = tree.split_once("\n\n== ").map_or(tree, |(tree, _)| tree);
    let (sink, input) = tree.split_once("\n+- ").ok_or("EXPLAIN shows no input of the sink")?;
    let modes = changelog_mode(input).ok_or("EXPLAIN shows no changelog mode")?;
    let changelog = match modes {
        "I" => Changelog::InsertOnly,
        _ => Changelog::Updating,
    };
    let upsert = match sink.contains("upsertMaterialize=[true]") {
        true => Upsert::Materialized,
        false => Upsert::Direct,
    };
    Ok(Explained { changelog, upsert, sources: sources(json)? })
}

/// The same of a statement set, whose sinks are a script's own: what reaches any of them, and the sources.
pub fn read_set(text: &str) -> Result<(Changelog, Vec<PlanSource>), String> {
    let (trees, json) = text.rsplit_once(JSON).ok_or("EXPLAIN shows no execution plan")?;
    let (_, trees) = trees.split_once(PHYSICAL).ok_or("EXPLAIN shows no physical plan")?;
    let trees = trees.split_once("\n\n== ").map_or(trees, |(trees, _)| trees);
    let inputs = trees.split("\n\n").filter_map(|tree| tree.split_once("\n+- ")).map(|(_, input)| input);
    let insert_only = inputs.map(changelog_mode).all(|modes| modes == Some("I"));
    let changelog = if insert_only { Changelog::InsertOnly } else { Changelog::Updating };
    Ok((changelog, sources(json)?))
}

/// Of the first node: the node ends where its input begins.
fn changelog_mode(tree: &str) -> Option<&str> {
    let end = ["\n   +- ", "\n   :- "].iter().filter_map(|start| tree.find(start)).min().unwrap_or(tree.len());
    let (_, mode) = tree[..end].rsplit_once("changelogMode=[")?;
    mode.split_once(']').map(|(mode, _)| mode)
}

/// In the plan's order, each with the operators chained to it.
fn sources(json: &str) -> Result<Vec<PlanSource>, String> {
    let plan: ExecutionPlan =
        serde_json::from_str(json).map_err(|error| format!("EXPLAIN's execution plan cannot be read: {error}"))?;
    let mut outputs: BTreeMap<i64, u32> = BTreeMap::new();
    // An operator with several inputs is chained to none of them.
    for node in plan.nodes.iter().filter(|node| node.predecessors.len() == 1) {
        if node.predecessors[0].ship_strategy == "FORWARD" {
            *outputs.entry(node.predecessors[0].id).or_default() += 1;
        }
    }
    let sources = plan.nodes.iter().filter_map(|node| {
        let kind = node.kind.strip_prefix("Source: ")?;
        let table = scanned(&node.contents).or_else(|| scanned_by_name(kind)).unwrap_or(kind);
        let table = ddl::source_of_table(table).to_owned();
        Some(PlanSource { table, outputs: outputs.get(&node.id).copied().unwrap_or_default() })
    });
    Ok(sources.collect())
}

/// `[1]:TableSourceScan(table=[[default_catalog, default_database, orders, watermark=…`
fn scanned(contents: &str) -> Option<&str> {
    let (_, path) = contents.split_once("table=[[")?;
    let path = path.split_once(']').map_or(path, |(path, _)| path);
    path.split(", ").nth(2)
}

/// `orders[1]` on 1.20, `KafkaSource-default_catalog.default_database.orders` on 2.x.
fn scanned_by_name(kind: &str) -> Option<&str> {
    let name = kind.split_once("default_database.").map_or(kind, |(_, name)| name);
    name.split('[').next()
}

#[cfg(test)]
mod tests;
