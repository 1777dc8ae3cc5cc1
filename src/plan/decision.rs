//! What was decided about one stream, before it becomes a part of the plan.

use crate::model::diagnostic::Diagnostic;
use crate::model::plan::Action;
use crate::model::plan::Because;
use crate::model::plan::Verdict;
use crate::model::step::Step;

/// Nothing in it: the stream is as its file says.
#[derive(Default)]
pub struct Outcome {
    pub change: Option<Draft>,
    pub blocked: Option<Block>,
    pub notes: Vec<String>,
    pub diagnostics: Vec<Diagnostic>,
}

/// A change without what every change has: its stream, engine and guard.
pub struct Draft {
    pub action: Action,
    pub reason: String,
    pub verdict: Option<Verdict>,
    pub diff: Option<String>,
    pub steps: Vec<Step>,
}

pub struct Block {
    pub action: Action,
    pub because: Because,
    pub reason: String,
    pub verdict: Option<Verdict>,
    pub diff: Option<String>,
}

impl Outcome {
    pub fn unchanged() -> Outcome {
        Outcome::default()
    }

    pub fn is_unchanged(&self) -> bool {
        let Outcome { change, blocked, notes, diagnostics } = self;
        change.is_none() && blocked.is_none() && notes.is_empty() && diagnostics.is_empty()
    }

    pub fn change(draft: Draft) -> Outcome {
        Outcome { change: Some(draft), ..Outcome::default() }
    }

    pub fn blocked(block: Block) -> Outcome {
        Outcome { blocked: Some(block), ..Outcome::default() }
    }

    pub fn note(mut self, text: impl Into<String>) -> Outcome {
        self.notes.push(text.into());
        self
    }
}

/// Why something cannot be done now, whatever it is.
pub struct Obstacle {
    pub because: Because,
    pub reason: String,
    /// Where it is the definition's fault.
    pub diagnostics: Vec<Diagnostic>,
}

impl Obstacle {
    pub fn new(because: Because, reason: impl Into<String>) -> Obstacle {
        Obstacle { because, reason: reason.into(), diagnostics: Vec::new() }
    }

    pub fn stops(self, action: Action) -> Outcome {
        self.stops_with(action, None, None)
    }

    pub fn stops_with(self, action: Action, verdict: Option<Verdict>, diff: Option<String>) -> Outcome {
        let Obstacle { because, reason, diagnostics } = self;
        let block = Block { action, because, reason, verdict, diff };
        Outcome { diagnostics, ..Outcome::blocked(block) }
    }
}
