//! The plan for people: a line per change, its diff and steps below it, and one line that sums up.

use std::fmt::Write;

use anstyle::AnsiColor;
use anstyle::Style;

use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::plan::Action;
use crate::model::plan::Change;
use crate::model::plan::Plan;

use super::words;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    Off,
    Ansi,
}

/// Ends with a line break. Diagnostics are not in it: they are shown with their files' text.
pub fn text(plan: &Plan, colour: Colour) -> String {
    let mut page = Page { out: String::new(), colour };
    for change in &plan.changes {
        page.head(words::symbol(change), style(change), (&change.stream, &change.engine));
        page.line(&format!("{}: {}{}", change.action.word(), change.reason, words::verdict(change.verdict)));
        page.diff(change.diff.as_deref());
        for step in &change.steps {
            page.line(&format!("    {}", words::summary(&step.act)));
        }
    }
    for blocked in &plan.blocked {
        page.head("?", AnsiColor::Yellow.on_default(), (&blocked.stream, &blocked.engine));
        page.line(&format!("{} blocked: {}{}", blocked.action.word(), blocked.reason, words::verdict(blocked.verdict)));
        page.diff(blocked.diff.as_deref());
    }
    others(plan, &mut page);
    if !page.out.is_empty() {
        page.line("");
    }
    page.line(&words::closing(plan));
    page.out
}

/// What the plan only tells.
fn others(plan: &Plan, page: &mut Page) {
    if !plan.unmanaged.is_empty() {
        page.line("Unmanaged jobs, left alone:");
    }
    for job in &plan.unmanaged {
        page.line(&format!("    {} ({}) {} {}", job.name, job.engine, words::state(job.state), job.job_id));
    }
    if !plan.notes.is_empty() {
        page.line("Notes:");
    }
    for note in &plan.notes {
        page.line(&format!("    {}: {}", note.stream, note.text));
    }
}

fn style(change: &Change) -> Style {
    match change.action {
        Action::Create | Action::Start => AnsiColor::Green.on_default(),
        Action::Update if words::loses(change.verdict) => AnsiColor::Magenta.on_default(),
        Action::Update | Action::Restart => AnsiColor::Yellow.on_default(),
        Action::Record => AnsiColor::Cyan.on_default(),
        Action::Stop | Action::Delete => AnsiColor::Red.on_default(),
    }
}

struct Page {
    out: String,
    colour: Colour,
}

impl Page {
    fn head(&mut self, symbol: &str, style: Style, (stream, engine): (&Name, &EngineName)) {
        let head = self.painted(&format!("{symbol} {stream}"), style);
        let _ = write!(self.out, "{head} ({engine}) ");
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn diff(&mut self, diff: Option<&str>) {
        let lines = diff.into_iter().flat_map(str::lines).enumerate();
        for (at, line) in lines.filter(|(at, line)| *at > 0 || !line.starts_with("@@")) {
            let (shown, style) = match line.as_bytes().first() {
                Some(b'+') => (line, AnsiColor::Green.on_default()),
                Some(b'-') => (line, AnsiColor::Red.on_default()),
                Some(b'@') if at > 0 => (" …", Style::new()),
                Some(_) | None => (line, Style::new()),
            };
            let painted = self.painted(shown, style);
            self.line(&format!("    │ {painted}"));
        }
    }

    fn painted(&self, text: &str, style: Style) -> String {
        match self.colour {
            Colour::Off => text.to_owned(),
            Colour::Ansi => format!("{style}{text}{style:#}"),
        }
    }
}
