//! The plan for a comment on a pull request: GitHub's Markdown. Texts of users stand in it as what they are: nothing in
//! them is markup, a mention or the end of a block.

use std::fmt::Write;

use crate::model::diagnostic::Diagnostic;
use crate::model::diagnostic::Severity;
use crate::model::name::EngineName;
use crate::model::name::Name;
use crate::model::plan::Because;
use crate::model::plan::Blocked;
use crate::model::plan::Change;
use crate::model::plan::Plan;
use crate::model::plan::Verdict;

use super::words;

/// Bytes, at most. A comment on GitHub ends at 65 536 characters; the rest is for what a workflow puts around it.
pub const LONGEST: usize = 65_000;
/// What one change may take of them, with its diff.
const OF_ONE: usize = 20_000;
/// What is kept for the sentence that tells of the cut.
const OF_CUT: usize = 200;

/// A heading, a table of all changes, and below it each change with its diff and steps, folded. What does not fit is
/// left out, with a sentence that says so.
pub fn markdown(plan: &Plan) -> String {
    let mut page = Page { out: format!("### weir plan: {}\n\n", code(plan.project.as_str())), left: Left::default() };
    let _ = writeln!(page.out, "**{}**", inline(&words::closing(plan)));
    if let Some(told) = words::left_out(plan) {
        let _ = writeln!(page.out, "\n{}", inline(&told));
    }
    table(plan, &mut page);
    if !plan.diagnostics.is_empty() {
        page.out.push('\n');
    }
    for found in &plan.diagnostics {
        page.add(Kind::Diagnostic, &diagnostic(found));
    }
    for blocked in &plan.blocked {
        page.add(Kind::Detail, &of_blocked(blocked));
    }
    for change in &plan.changes {
        page.add(Kind::Detail, &of_change(change));
    }
    for note in &plan.notes {
        page.add(Kind::Note, &format!("\nNote: {}: {}\n", code(note.stream.as_str()), inline(&note.text)));
    }
    page.end()
}

/// Diagnostics alone, under a heading of their own. `told` sums them up.
pub fn findings(told: &str, diagnostics: &[(&Diagnostic, String)]) -> String {
    let mut page = Page { out: format!("### weir validate\n\n**{}**\n\n", inline(told)), left: Left::default() };
    for (found, place) in diagnostics {
        page.add(Kind::Diagnostic, &finding(found, place));
    }
    page.end()
}

#[derive(Clone, Copy)]
enum Kind {
    Row,
    Diagnostic,
    Detail,
    Note,
}

/// How many of each had no room.
#[derive(Default)]
struct Left {
    rows: usize,
    diagnostics: usize,
    details: usize,
    notes: usize,
}

struct Page {
    out: String,
    left: Left,
}

impl Page {
    /// Puts a part below the others, or counts it among what had no room.
    fn add(&mut self, kind: Kind, part: &str) {
        if self.out.len() + part.len() + OF_CUT <= LONGEST {
            self.out.push_str(part);
            return;
        }
        let left = match kind {
            Kind::Row => &mut self.left.rows,
            Kind::Diagnostic => &mut self.left.diagnostics,
            Kind::Detail => &mut self.left.details,
            Kind::Note => &mut self.left.notes,
        };
        *left += 1;
    }

    fn end(mut self) -> String {
        let Left { rows, diagnostics, details, notes } = self.left;
        let counts =
            [(rows, "rows of the table"), (diagnostics, "diagnostics"), (details, "changes"), (notes, "notes")];
        let cut: Vec<String> =
            counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
        if !cut.is_empty() {
            let _ = writeln!(
                self.out,
                "\n**Cut: {} had no room here; `weir plan` and `weir validate` show all.**",
                cut.join(", ")
            );
        }
        self.out
    }
}

fn table(plan: &Plan, page: &mut Page) {
    if plan.is_empty() {
        return;
    }
    page.out.push_str("\n| | stream | engine | action | state | why |\n|---|---|---|---|---|---|\n");
    for blocked in &plan.blocked {
        let because = because(blocked.because);
        let action = format!("{} blocked: {because}", blocked.action.word());
        page.add(Kind::Row, &row("?", (&blocked.stream, &blocked.engine), &action, blocked.verdict, &blocked.reason));
    }
    for change in &plan.changes {
        let of = (&change.stream, &change.engine);
        page.add(Kind::Row, &row(words::symbol(change), of, change.action.word(), change.verdict, &change.reason));
    }
}

fn row(
    symbol: &str,
    (stream, engine): (&Name, &EngineName),
    action: &str,
    verdict: Option<Verdict>,
    reason: &str,
) -> String {
    let (stream, engine) = (code(stream.as_str()), code(engine.as_str()));
    let state = verdict.map_or_else(String::new, |verdict| code(verdict.word()));
    format!("| `{symbol}` | {stream} | {engine} | {action} | {state} | {} |\n", inline(&cut(reason, 300)))
}

fn of_change(change: &Change) -> String {
    let mut out = head(words::symbol(change), change.stream.as_str(), change.action.word(), change.verdict);
    let _ = writeln!(out, "{}", inline(&change.reason));
    out.push_str(&diff(change.diff.as_deref()));
    out.push('\n');
    for step in &change.steps {
        let _ = writeln!(out, "1. {}", inline(&words::summary(&step.act)));
    }
    if !change.downstream.is_empty() {
        let readers: Vec<String> = change.downstream.iter().map(|name| code(name.as_str())).collect();
        let _ = writeln!(out, "\nRead by {}.", readers.join(", "));
    }
    out + "\n</details>\n"
}

fn of_blocked(blocked: &Blocked) -> String {
    let action = format!("{} blocked: {}", blocked.action.word(), because(blocked.because));
    let mut out = head("?", blocked.stream.as_str(), &action, blocked.verdict);
    let _ = writeln!(out, "{}", inline(&blocked.reason));
    out.push_str(&diff(blocked.diff.as_deref()));
    out + "\n</details>\n"
}

/// A line between the tags and what follows: only then is that Markdown again.
fn head(symbol: &str, stream: &str, action: &str, verdict: Option<Verdict>) -> String {
    let state = verdict.map_or_else(String::new, |verdict| format!(": {}", verdict.word()));
    format!("\n<details><summary>{} {action}{state}</summary>\n\n", tag(&format!("{symbol} {stream}")))
}

/// In a fence that is longer than any row of backticks in it.
fn diff(diff: Option<&str>) -> String {
    let Some(diff) = diff else { return String::new() };
    let longest = diff.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat((longest + 1).max(3));
    let (shown, missing) = first_lines(diff, OF_ONE);
    let missing = match missing {
        0 => String::new(),
        1 => "\n1 more line of this diff is cut.\n".to_owned(),
        more => format!("\n{more} more lines of this diff are cut.\n"),
    };
    format!("\n{fence}diff\n{}\n{fence}\n{missing}", shown.trim_end_matches('\n'))
}

/// As many whole lines as fit, and how many do not.
fn first_lines(text: &str, bytes: usize) -> (&str, usize) {
    if text.len() <= bytes {
        return (text, 0);
    }
    let end = text.bytes().take(bytes).rposition(|byte| byte == b'\n').unwrap_or(0);
    let (shown, rest) = text.split_at(end);
    (shown, rest.trim_matches('\n').lines().count())
}

fn diagnostic(found: &Diagnostic) -> String {
    finding(found, &found.file)
}

fn finding(found: &Diagnostic, place: &str) -> String {
    let level = match found.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    let help = found.help.as_ref().map_or_else(String::new, |help| format!("; {}", inline(help)));
    let (code, place) = (code(&found.code), code(place));
    format!("- **{level}** {code} in {place}: {}{help}\n", inline(&cut(&found.message, 2000)))
}

fn because(because: Because) -> &'static str {
    match because {
        Because::Unknown => "not known",
        Because::Refused => "refused",
        Because::Invalid => "invalid",
        Because::Needs => "something is missing",
        Because::Unconfirmed => "wants leave",
        Because::Waiting => "waits",
    }
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// A text in a line or a cell. What it has between backticks is code, all else is plain text.
fn inline(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len() % 2 == 0 {
        return plain(text);
    }
    let shown = parts.iter().enumerate().map(|(at, part)| if at % 2 == 1 { code(part) } else { plain(part) });
    shown.collect()
}

/// Between backticks where the text can stand there as it is, even in a cell.
fn code(text: &str) -> String {
    let fits = |c: char| !c.is_control() && c != '`' && c != '|';
    if !text.is_empty() && text.trim() == text && text.chars().all(fits) { format!("`{text}`") } else { tag(text) }
}

/// Also where no Markdown is read.
fn tag(text: &str) -> String {
    if text.is_empty() { String::new() } else { format!("<code>{}</code>", written(text, Around::Code)) }
}

fn plain(text: &str) -> String {
    written(text, Around::Text)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Around {
    /// GitHub makes links of mentions, issues and addresses here, whatever stands around them, but not over a comment.
    Text,
    Code,
}

/// What Markdown or HTML would read as a mark becomes a character reference; every control character a space.
fn written(text: &str, around: Around) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let links = match character {
            '@' | '#' => true,
            ':' => characters.peek() == Some(&'/'),
            _ => false,
        };
        match character {
            mark if "&<>`|\\*_~[]!$".contains(mark) => _ = write!(out, "&#{};", u32::from(mark)),
            mark if links && around == Around::Text => _ = write!(out, "{mark}<!-- -->"),
            other if other.is_control() => out.push(' '),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests;
