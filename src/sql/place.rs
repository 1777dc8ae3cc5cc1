//! Bytes of a text to line and column and back, counted as Flink's parser counts.
//!
//! Lines and columns begin at 1. A column counts UTF-16 units, as Java does; `\n`, `\r` and `\r\n` each end one line; a
//! tab is one column (Calcite's `SqlParser` sets the tab size to 1).

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct LineColumn {
    pub line: usize,
    pub column: usize,
}

/// The place of a byte; within a character it is that character's place, behind the end the end's.
pub fn line_column(text: &str, byte: usize) -> LineColumn {
    let places = places(text).take_while(|(at, _)| *at <= byte);
    places.last().map_or(LineColumn { line: 1, column: 1 }, |(_, place)| place)
}

/// The byte at a place: the start of its character. A column behind its line's end is that end; a line behind the last
/// is the text's end.
pub fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let wanted = LineColumn { line, column };
    let up_to = places(text).take_while(|(_, place)| *place <= wanted).last().map_or(0, |(at, _)| at);
    let here = line_column(text, up_to);
    if here.line < line { text.len() } else { up_to }
}

/// The place of every character and of the text's end.
fn places(text: &str) -> impl Iterator<Item = (usize, LineColumn)> + '_ {
    let mut place = LineColumn { line: 1, column: 1 };
    let mut after_return = false;
    let characters = text.char_indices().map(|(at, c)| (at, Some(c)));
    characters.chain([(text.len(), None)]).map(move |(at, c)| {
        // The `\n` of `\r\n` belongs to the line that the `\r` ended.
        let here = place;
        match c {
            Some('\n') if after_return => {}
            Some('\n' | '\r') => place = LineColumn { line: place.line + 1, column: 1 },
            Some(c) => place.column += c.len_utf16(),
            None => {}
        }
        after_return = c == Some('\r');
        (at, here)
    })
}
