//! Where the rules of one file put what they find.

use crate::load::document::Document;
use crate::model::diagnostic::Diagnostic;

pub struct Report<'a> {
    pub document: &'a Document,
    pub found: Vec<Diagnostic>,
}

impl<'a> Report<'a> {
    pub fn new(document: &'a Document) -> Report<'a> {
        Report { document, found: Vec::new() }
    }

    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }
}
