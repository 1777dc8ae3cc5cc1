//! Java's stack traces as words for people, and the place in a statement that they name.

/// One exception of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// With its package.
    pub class: String,
    /// May have several lines.
    pub message: String,
}

/// A range in a statement as Calcite counts it: lines and columns from 1, the end inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub from: (usize, usize),
    pub to: (usize, usize),
}

const LONGEST: usize = 600;

/// The chain of a stack trace, outermost first.
pub fn causes(trace: &str) -> Vec<Cause> {
    let mut found: Vec<Cause> = Vec::new();
    let mut open = true;
    for line in trace.lines() {
        let head = line.strip_prefix("Caused by: ").or_else(|| head(line).filter(|_| found.is_empty()));
        if let Some(head) = head {
            let (class, message) = head.split_once(": ").unwrap_or((head, ""));
            found.push(Cause { class: class.trim().to_owned(), message: message.to_owned() });
            open = true;
        } else if line.starts_with("\tat ") || line.starts_with("\t... ") || line.starts_with("End of exception") {
            open = false;
        } else if let (true, Some(cause)) = (open, found.last_mut()) {
            cause.message.push('\n');
            cause.message.push_str(line);
        }
    }
    found
}

/// The first line of a trace names the outermost exception, unless it is the gateway's frame around it or no trace at
/// all.
fn head(line: &str) -> Option<&str> {
    let class = line.split_once(": ").map_or(line, |(class, _)| class);
    (!class.is_empty() && !class.starts_with('<') && !class.contains(char::is_whitespace)).then_some(line)
}

/// What a person should read of a trace: the innermost cause that says what it is about, without lists of options and
/// expectations, and without places in a text that the person did not write.
pub fn words(trace: &str) -> String {
    let chain = causes(trace);
    let speaks = |cause: &&Cause| !cause.message.trim().is_empty() && cause.class != "java.lang.NumberFormatException";
    let Some(cause) = chain.iter().rev().find(speaks).or(chain.last()) else {
        return short(trace.lines().next().unwrap_or_default().trim());
    };
    match without_places(&paragraphs(&cause.message)) {
        message if message.is_empty() => short(class_name(&cause.class)),
        message => short(&message),
    }
}

/// Why a job failed: the innermost cause by name, and before it the one around it where that says something of its
/// own, as which record could not be read.
pub fn failure_words(trace: &str) -> String {
    let chain = causes(trace);
    let mut told: Vec<String> = Vec::new();
    for cause in chain.iter().rev() {
        let message = paragraphs(&cause.message);
        // A wrapper repeats its cause, or says only that there is one.
        if message.is_empty() || told.iter().any(|inner| message.contains(inner.as_str())) {
            continue;
        }
        told.push(message);
        if told.len() == 2 {
            break;
        }
    }
    let name = chain.iter().rev().find(|cause| !cause.message.trim().is_empty()).map(|cause| class_name(&cause.class));
    match (name, told.as_slice()) {
        (Some(name), [inner]) => short(&format!("{name}: {inner}")),
        (Some(name), [inner, outer]) => short(&format!("{outer} ({name}: {inner})")),
        (_, _) => words(trace),
    }
}

/// The innermost place that a trace names.
pub fn place(trace: &str) -> Option<Place> {
    causes(trace).iter().rev().find_map(|cause| range(&cause.message).or_else(|| point(&cause.message)))
}

fn class_name(class: &str) -> &str {
    class.rsplit(['.', '$']).next().unwrap_or(class)
}

/// The first paragraph, and the names of unsupported options where it only says that there are some.
fn paragraphs(message: &str) -> String {
    let until = message.find("Was expecting").unwrap_or(message.len());
    let mut parts = message[..until].split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let first = parts.next().unwrap_or_default();
    match parts.next() {
        Some(second) if second == "Unsupported options:" => {
            format!("{first} {second} {}", parts.next().unwrap_or_default())
        }
        Some(_) | None => first,
    }
}

fn without_places(message: &str) -> String {
    let mut rest = message;
    if rest.starts_with("From line ")
        && let Some((_, after)) = rest.split_once(": ")
    {
        rest = after;
    }
    let Some(at) = rest.find(" at line ") else { return rest.to_owned() };
    let tail = &rest[at + " at line ".len()..];
    let end = tail.find(|c: char| !c.is_ascii_digit() && !matches!(c, ',' | ' ') && !"column".contains(c));
    format!("{}{}", &rest[..at], end.map_or("", |end| &tail[end..]))
}

fn short(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

/// `From line 1, column 8 to line 1, column 11`
fn range(message: &str) -> Option<Place> {
    let rest = after(message, "From line ")?;
    let (from, rest) = position(rest)?;
    let (to, _) = position(rest.strip_prefix(" to line ")?)?;
    Some(Place { from, to })
}

/// `at line 2, column 26`
fn point(message: &str) -> Option<Place> {
    let (at, _) = position(after(message, "at line ")?)?;
    Some(Place { from: at, to: at })
}

fn after<'a>(text: &'a str, mark: &str) -> Option<&'a str> {
    text.find(mark).map(|at| &text[at + mark.len()..])
}

/// `8, column 26` and what follows.
fn position(text: &str) -> Option<((usize, usize), &str)> {
    let (line, rest) = number(text)?;
    let (column, rest) = number(rest.strip_prefix(", column ")?)?;
    Some(((line, column), rest))
}

fn number(text: &str) -> Option<(usize, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    Some((text[..end].parse().ok()?, &text[end..]))
}

#[cfg(test)]
mod tests;
