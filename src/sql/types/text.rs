//! The text of a type, read from left to right.

use crate::model::tree::Span;
use crate::sql::flink::is_ident;
use crate::sql::types::TypeError;

pub(super) struct Text<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Text<'a> {
    pub fn new(text: &'a str) -> Text<'a> {
        Text { text, at: 0 }
    }

    /// The next character that is no white space.
    pub fn peek(&mut self) -> Option<char> {
        let rest = &self.text[self.at..];
        self.at = self.text.len() - rest.trim_start().len();
        self.text[self.at..].chars().next()
    }

    /// Takes the character if it is the next one.
    pub fn takes(&mut self, wanted: char) -> bool {
        let next = self.peek() == Some(wanted);
        if next {
            self.at += wanted.len_utf8();
        }
        next
    }

    pub fn expect(&mut self, wanted: char) -> Result<(), TypeError> {
        if self.takes(wanted) { Ok(()) } else { Err(self.unexpected(&format!("`{wanted}`"))) }
    }

    /// Takes the word if it is the next one, in any case.
    pub fn takes_word(&mut self, wanted: &str) -> bool {
        let before = self.at;
        let next = self.word().is_some_and(|(word, _)| word.eq_ignore_ascii_case(wanted));
        if !next {
            self.at = before;
        }
        next
    }

    pub fn expect_word(&mut self, wanted: &str) -> Result<(), TypeError> {
        if self.takes_word(wanted) { Ok(()) } else { Err(self.unexpected(wanted)) }
    }

    /// A word without quotes: letters, digits and underscores, not beginning with a digit.
    pub fn word(&mut self) -> Option<(&'a str, Span)> {
        self.peek().filter(|c| c.is_alphabetic() || *c == '_')?;
        Some(self.run(|c| c.is_alphanumeric() || c == '_'))
    }

    /// A number without sign.
    pub fn number(&mut self) -> Result<(u32, Span), TypeError> {
        if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
            return Err(self.unexpected("a number"));
        }
        let (digits, span) = self.run(|c| c.is_ascii_digit());
        let number = digits.parse().map_err(|_| TypeError::new(span, format!("{digits} is too large")))?;
        Ok((number, span))
    }

    /// A name in backticks (doubled ones are one inside) or a word.
    pub fn name(&mut self) -> Result<(String, Span), TypeError> {
        if self.peek() != Some('`') {
            let word = self.word().map(|(word, span)| (word.to_owned(), span));
            return word.ok_or_else(|| self.unexpected("a name"));
        }
        let start = self.at;
        let mut name = String::new();
        let mut rest = self.text[start + 1..].char_indices().peekable();
        while let Some((at, c)) = rest.next() {
            if c != '`' {
                name.push(c);
            } else if rest.next_if(|(_, next)| *next == '`').is_some() {
                name.push('`');
            } else {
                self.at = start + 1 + at + 1;
                let span = Span::new(start, self.at);
                return if is_ident(&name) { Ok((name, span)) } else { Err(no_name(span)) };
            }
        }
        Err(TypeError::new(Span::new(start, self.text.len()), "the quoted name that begins here does not end"))
    }

    pub fn ended(&mut self) -> Result<(), TypeError> {
        if self.peek().is_none() { Ok(()) } else { Err(self.unexpected("the end of the type")) }
    }

    pub fn unexpected(&mut self, wanted: &str) -> TypeError {
        let Some(first) = self.peek() else {
            return TypeError::new(Span::new(self.at, self.at), format!("expected {wanted}, found the end"));
        };
        let start = self.at;
        let before = self.at;
        let span = self.word().map_or(Span::new(start, start + first.len_utf8()), |(_, span)| span);
        self.at = before;
        TypeError::new(span, format!("expected {wanted}, found `{}`", &self.text[span.start..span.end]))
    }

    fn run(&mut self, part: impl Fn(char) -> bool) -> (&'a str, Span) {
        let rest = &self.text[self.at..];
        let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
        let span = Span::new(self.at, self.at + length);
        self.at = span.end;
        (&rest[..length], span)
    }
}

fn no_name(span: Span) -> TypeError {
    TypeError::new(span, "Flink has no such name").with_help("a name has 1 to 256 characters, all on one line")
}
