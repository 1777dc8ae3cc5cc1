//! Diagnostics as people read them: the line of the file, a caret under the place, the way out below.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::model::diagnostic::{Diagnostic, Severity};
use crate::model::tree::Span;
use crate::plan::render::Colour;

/// Each diagnostic with its place, in the given order, with an empty line after each. `texts` gives the text of a
/// file by the name that diagnostics call it.
pub fn render(diagnostics: &[Diagnostic], texts: &dyn Fn(&str) -> Option<String>, colour: Colour) -> String {
    let renderer = match colour {
        Colour::Off => Renderer::plain(),
        Colour::Ansi => Renderer::styled(),
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii);
    diagnostics.iter().fold(String::new(), |mut out, diagnostic| {
        let text = texts(&diagnostic.file);
        out.push_str(&renderer.render(&[group(diagnostic, text.as_deref())]));
        out.push_str("\n\n");
        out
    })
}

fn group<'a>(diagnostic: &'a Diagnostic, text: Option<&'a str>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.message).id(&diagnostic.code);
    let group = match (diagnostic.span, text) {
        (Some(span), Some(text)) => {
            let mark = AnnotationKind::Primary.span(within(span, text));
            title.element(Snippet::source(text).path(&diagnostic.file).annotation(mark))
        }
        (Some(_), None) | (None, Some(_)) | (None, None) => title.element(Origin::path(&diagnostic.file)),
    };
    match &diagnostic.help {
        Some(help) => group.element(Level::HELP.message(help)),
        None => group,
    }
}

/// The span inside the text, between characters. A span over several lines is cut to its first.
fn within(span: Span, text: &str) -> std::ops::Range<usize> {
    let floor = |mut byte: usize| {
        byte = byte.min(text.len());
        while !text.is_char_boundary(byte) {
            byte -= 1;
        }
        byte
    };
    let start = floor(span.start);
    let line = text[start..].find(['\n', '\r']).map_or(text.len(), |end| start + end);
    let end = floor(span.end).clamp(start, line.max(start));
    start..end
}

#[cfg(test)]
mod tests;
