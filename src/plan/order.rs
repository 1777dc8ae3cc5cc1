//! The order of a plan: what is read before what reads it.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::graph::Graph;
use crate::graph::Node;
use crate::model::ledger::RowState;
use crate::model::name::Name;
use crate::model::plan::Action;
use crate::model::plan::Plan;

use super::join::Subject;

/// Every stream as its file says, and those whose file is gone as they ran. One that is over reads and writes nothing.
pub fn graph<'a>(subjects: &'a [Subject<'_>]) -> Graph<'a> {
    let stream = |subject: &'a Subject<'_>| match (subject.want, subject.row) {
        (Some(want), _) => Some(&want.stream),
        (None, Some(row)) => match row.state {
            RowState::Live | RowState::Kept => {
                Some(row.deployment.as_ref().map_or(&row.stream, |newest| &newest.stream))
            }
            RowState::Removed => None,
        },
        (None, None) => None,
    };
    Graph::new(subjects.iter().map(|subject| {
        let over = Node { name: &subject.name, writes: BTreeSet::new(), reads: Vec::new() };
        // What was deployed may have had another name.
        stream(subject).map_or(over, |stream| Node { name: &subject.name, ..Node::of(stream) })
    }))
}

/// Upstream before readers.
pub fn sorted<'s, 'a>(subjects: &'s [Subject<'a>], graph: &Graph<'_>) -> Vec<&'s Subject<'a>> {
    let places = places(graph.order());
    let mut sorted: Vec<&Subject<'_>> = subjects.iter().collect();
    sorted.sort_by_key(|subject| place(&places, &subject.name));
    sorted
}

/// Puts changes and what is blocked into the order in which they are to be done, and tells of each change what lies
/// downstream of it. What stops goes before what it reads changes, or goes.
pub fn arrange(plan: &mut Plan, graph: &Graph<'_>) {
    let ending = plan.changes.iter().filter(|change| match change.action {
        Action::Delete | Action::Stop => true,
        Action::Create | Action::Update | Action::Restart | Action::Record | Action::Start => false,
    });
    let ends: BTreeSet<Name> = ending.map(|change| change.stream.clone()).collect();
    let places = places(graph.order_with_ends(&ends.iter().collect()));
    for change in &mut plan.changes {
        let mut found: Vec<&Name> = graph.downstream(&change.stream).into_iter().collect();
        found.sort_by_key(|name| place(&places, name));
        change.downstream = found.into_iter().cloned().collect();
    }
    plan.changes.sort_by_key(|change| place(&places, &change.stream));
    plan.blocked.sort_by_key(|blocked| place(&places, &blocked.stream));
}

fn places<'a>(order: Vec<&'a Name>) -> BTreeMap<&'a Name, usize> {
    order.into_iter().enumerate().map(|(place, name)| (name, place)).collect()
}

fn place(places: &BTreeMap<&Name, usize>, name: &Name) -> usize {
    places.get(name).copied().unwrap_or(usize::MAX)
}
