//! The plan for people: a line per change, its diff and steps below it, and one line that sums up.

use std::fmt::Write;

use anstyle::AnsiColor;
use anstyle::Style;

use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::plan::Action;
use crate::model::plan::Plan;
use crate::model::plan::Verdict;

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
        page.head(symbol(change.action), style(change.action), (&change.stream, &change.engine));
        page.line(&format!("{}: {}{}", change.action.word(), change.reason, verdict(change.verdict)));
        page.diff(change.diff.as_deref());
        for step in &change.steps {
            page.line(&format!("    {}", words::summary(&step.act)));
        }
    }
    for blocked in &plan.blocked {
        page.head("?", AnsiColor::Yellow.on_default(), (&blocked.stream, &blocked.engine));
        page.line(&format!("{} blocked: {}{}", blocked.action.word(), blocked.reason, verdict(blocked.verdict)));
        page.diff(blocked.diff.as_deref());
    }
    others(plan, &mut page);
    if !page.out.is_empty() {
        page.line("");
    }
    page.line(&closing(plan));
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

fn closing(plan: &Plan) -> String {
    let count = plan.unchanged;
    if plan.is_empty() {
        return match count {
            0 => "No changes. There are no streams.".to_owned(),
            1 => "No changes. 1 stream is as its file says.".to_owned(),
            _ => format!("No changes. {count} streams are as their files say."),
        };
    }
    let mut parts = Vec::new();
    let actions =
        [Action::Create, Action::Update, Action::Restart, Action::Record, Action::Stop, Action::Start, Action::Delete];
    for action in actions {
        match plan.count(action) {
            0 => {}
            some => parts.push(format!("{some} to {}", action.word())),
        }
    }
    if count > 0 {
        parts.push(format!("{count} unchanged"));
    }
    if !plan.blocked.is_empty() {
        parts.push(format!("{} blocked", plan.blocked.len()));
    }
    format!("Plan: {}.", parts.join(", "))
}

fn symbol(action: Action) -> &'static str {
    match action {
        Action::Create => "+",
        Action::Update => "~",
        Action::Restart => "↻",
        Action::Record => "·",
        Action::Stop => "■",
        Action::Start => "▶",
        Action::Delete => "-",
    }
}

fn style(action: Action) -> Style {
    match action {
        Action::Create | Action::Start => AnsiColor::Green.on_default(),
        Action::Update | Action::Restart => AnsiColor::Yellow.on_default(),
        Action::Record => AnsiColor::Cyan.on_default(),
        Action::Stop | Action::Delete => AnsiColor::Red.on_default(),
    }
}

fn verdict(verdict: Option<Verdict>) -> String {
    verdict.map_or_else(String::new, |verdict| format!(" [{}]", verdict.word()))
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
