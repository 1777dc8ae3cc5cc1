//! Bytes of one text to line and column, many times. The counting is that of [`crate::sql::place`].

use crate::sql::place::LineColumn;

pub(in crate::sql) struct Lines<'a> {
    text: &'a str,
    /// The byte that each line begins at, and whether all its characters are ASCII.
    lines: Vec<(usize, bool)>,
}

impl<'a> Lines<'a> {
    pub fn of(text: &'a str) -> Lines<'a> {
        let mut lines = vec![(0, true)];
        let mut before = 0;
        for (at, byte) in text.bytes().enumerate() {
            match (byte, lines.last_mut()) {
                // The `\n` of `\r\n` belongs to the line that the `\r` ended.
                (b'\n', Some(last)) if before == b'\r' => last.0 = at + 1,
                (b'\n' | b'\r', _) => lines.push((at + 1, true)),
                (128.., Some(last)) => last.1 = false,
                _ => {}
            }
            before = byte;
        }
        Lines { text, lines }
    }

    /// The place of the character that begins at a byte.
    pub fn place(&self, byte: usize) -> LineColumn {
        let line = self.lines.partition_point(|(start, _)| *start <= byte).max(1);
        let (start, ascii) = self.lines[line - 1];
        let units = match self.text.get(start..byte) {
            Some(before) if !ascii => before.encode_utf16().count(),
            Some(_) | None => byte.saturating_sub(start),
        };
        LineColumn { line, column: units + 1 }
    }
}
