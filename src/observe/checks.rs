//! Asks the engines about every definition that nobody knows the answer for, readers after what they read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use futures_util::StreamExt;
use futures_util::future::join_all;
use futures_util::stream;

use crate::engine::{Engine, EngineError, Engines};
use crate::model::check::{Check, CheckId, CheckKey};
use crate::model::column::Column;
use crate::model::definition::Output;
use crate::model::desired::{Desired, DesiredStream};
use crate::model::inputs::{Written, fill};
use crate::model::ledger::Ledger;
use crate::model::name::{EngineName, Name};
use crate::model::observed::{EngineView, Observed};
use crate::model::renames::Renames;

/// Checks asked of one engine at the same time: each holds a session on its engine.
pub const CHECKS_AT_ONCE: usize = 4;

/// Puts every answer into `observed`.
///
/// Flow: what is asked of a stream holds the columns of its inputs, so a stream is asked about when the answers about
/// what it reads are there: one wave of questions for each stream of the longest chain of new ones.
/// Guarantees: one question for each check that neither the ledger nor another stream of the same meaning has; an engine
/// that does not answer is asked no more in this look.
pub async fn ask(desired: &Desired, ledger: &Ledger, engines: &Engines, observed: &mut Observed) {
    let silent: BTreeMap<&EngineName, OnceLock<String>> =
        engines.keys().map(|engine| (engine, OnceLock::new())).collect();
    let mut waves =
        Waves { ledger, renames: Renames::of(desired, ledger), ahead: Vec::new(), written: BTreeMap::new() };
    waves.ahead.extend(desired.order.iter().filter_map(|name| desired.streams.get(name)));
    loop {
        let asked = waves.next(observed);
        if asked.is_empty() {
            return;
        }
        let questions = asked.iter().map(|(name, asked)| {
            let engine = engines.get(name).map(Arc::as_ref);
            answers(engine.zip(silent.get(name)), asked)
        });
        for (answer, id, stream) in join_all(questions).await.into_iter().flatten() {
            match answer {
                Ok(check) => _ = observed.checks.insert(id.clone(), check),
                Err(reason) => _ = observed.unchecked.insert(stream.clone(), reason),
            }
        }
    }
}

type Asked<'a> = BTreeMap<CheckId, Cow<'a, DesiredStream>>;
type Answer<'q> = (Result<Check, String>, &'q CheckId, &'q Name);

/// What a stream writes, or is to write.
struct Known<'a> {
    output: &'a Output,
    columns: Cow<'a, [Column]>,
}

struct Waves<'a> {
    ledger: &'a Ledger,
    renames: Renames,
    /// In the graph's order: streams whose answer is not there.
    ahead: Vec<&'a DesiredStream>,
    /// What streams write as far as it is known; `None`: this look will not know it.
    written: BTreeMap<&'a Name, Option<Known<'a>>>,
}

/// What is to be done about one stream.
enum Turn<'a> {
    Ask(CheckId, Cow<'a, DesiredStream>),
    /// Its inputs are asked about.
    Wait,
    Done(Option<Known<'a>>),
}

impl<'a> From<Written<'a>> for Known<'a> {
    fn from(written: Written<'a>) -> Known<'a> {
        Known { output: written.output, columns: Cow::Borrowed(written.columns) }
    }
}

impl<'a> Waves<'a> {
    /// By engine, what can be asked now.
    fn next(&mut self, observed: &Observed) -> BTreeMap<EngineName, Asked<'a>> {
        let mut asked: BTreeMap<EngineName, Asked<'a>> = BTreeMap::new();
        let mut ahead = Vec::new();
        for want in std::mem::take(&mut self.ahead) {
            match self.turn(want, observed) {
                Turn::Ask(id, filled) => {
                    asked.entry(id.engine.clone()).or_default().insert(id, filled);
                    ahead.push(want);
                }
                Turn::Wait => ahead.push(want),
                Turn::Done(known) => _ = self.written.insert(&want.stream.name, known),
            }
        }
        self.ahead = ahead;
        asked
    }

    fn turn(&self, want: &'a DesiredStream, observed: &Observed) -> Turn<'a> {
        let stream = &want.stream;
        // Where nothing is said of what it would write, it may be known what it does write.
        let writes = || self.renames.row(self.ledger, &stream.name).and_then(|row| row.writes()).map(Known::from);
        let Some(EngineView::Known(cluster)) = observed.engines.get(&stream.engine) else {
            return Turn::Done(writes());
        };
        let filled = fill(want, |source| {
            let Some(upstream) = source.stream() else { return Ok(None) };
            match self.written.get_key_value(upstream) {
                Some((upstream, Some(known))) => {
                    Ok(Some(Written { stream: upstream, output: known.output, columns: &known.columns }))
                }
                Some((_, None)) => Err(Turn::Done(writes())),
                None => Err(Turn::Wait),
            }
        });
        let filled = match filled {
            Ok(filled) => filled,
            Err(turn) => return turn,
        };
        let id = CheckId {
            engine: stream.engine.clone(),
            version: cluster.version.clone(),
            key: CheckKey::of(&filled.revision, &filled.stream.sources),
        };
        let done = |accepted| Turn::Done(Some(Known { output: &stream.output, columns: accepted }));
        match (self.ledger.checks.get(&id), observed.checks.get(&id)) {
            (Some(Check::Accepted(accepted)), _) => done(Cow::Borrowed(accepted.columns.as_slice())),
            (None, Some(Check::Accepted(accepted))) => done(Cow::Owned(accepted.columns.clone())),
            (Some(Check::Refused { .. }), _) | (None, Some(Check::Refused { .. })) => Turn::Done(writes()),
            (None, None) if observed.unchecked.contains_key(&stream.name) => Turn::Done(writes()),
            (None, None) => Turn::Ask(id, filled),
        }
    }
}

/// What one engine says. Once it does not answer, it is asked no more: each further question would hold up the streams
/// of all engines for as long as the first.
async fn answers<'q>(engine: Option<(&dyn Engine, &OnceLock<String>)>, asked: &'q Asked<'_>) -> Vec<Answer<'q>> {
    let one = |(id, wanted): (&'q CheckId, &'q Cow<'_, DesiredStream>)| async move {
        let answer = match engine {
            None => Err(format!("no engine `{}` is configured", id.engine)),
            Some((engine, silent)) => match silent.get() {
                Some(reason) => Err(reason.clone()),
                None => check(engine, wanted, silent).await,
            },
        };
        (answer, id, &wanted.stream.name)
    };
    stream::iter(asked).map(one).buffer_unordered(CHECKS_AT_ONCE).collect().await
}

async fn check(engine: &dyn Engine, wanted: &DesiredStream, silent: &OnceLock<String>) -> Result<Check, String> {
    engine.check(&wanted.stream).await.map_err(|error| match error {
        EngineError::Unreachable(reason) => silent.get_or_init(|| reason).clone(),
        EngineError::Refused(reason) | EngineError::Uncertain(reason) => reason,
    })
}
