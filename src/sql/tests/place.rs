use proptest::prelude::*;

use crate::sql::place::LineColumn;
use crate::sql::place::byte_at;
use crate::sql::place::line_column;

#[test]
fn places_are_those_that_flink_tells() {
    // Each as a real parser told it: the statement, line, column, and what begins there.
    for (sql, line, column, at) in [
        ("EXPLAIN SELECT * FROM\n\torders o, nosuch", 2, 12, "nosuch"),
        ("EXPLAIN SELECT '😀' AS a,\r\n\tnosuch FROM orders", 2, 2, "nosuch FROM orders"),
        ("EXPLAIN SELECT '😀', nosuch FROM orders", 1, 22, "nosuch FROM orders"),
        ("EXPLAIN SELECT \r\r\t,, nosuch FROM orders", 3, 2, ",, nosuch FROM orders"),
        ("EXPLAIN SELECT 1 AS \"x\"", 1, 21, "\"x\""),
    ] {
        assert_eq!(&sql[byte_at(sql, line, column)..], at, "{sql}");
        assert_eq!(line_column(sql, sql.len() - at.len()), LineColumn { line, column }, "{sql}");
    }
}

#[test]
fn a_place_outside_of_the_text_is_the_nearest_inside() {
    let text = "ab\ncd\r\n";
    for (line, column, byte) in
        [(0, 0, 0), (1, 0, 0), (1, 3, 2), (1, 99, 2), (2, 99, 5), (3, 1, 7), (3, 9, 7), (9, 1, 7)]
    {
        assert_eq!(byte_at(text, line, column), byte, "{line}:{column}");
    }
    assert_eq!(line_column(text, 99), LineColumn { line: 3, column: 1 });
    assert_eq!((byte_at("", 1, 1), line_column("", 0)), (0, LineColumn { line: 1, column: 1 }));
}

proptest! {
    #[test]
    fn a_byte_is_found_again_by_its_place(text in "[a-c\\n\\ré😀\\t]{0,40}", at in 0usize..80) {
        let byte = (0..=at.min(text.len())).rev().find(|byte| text.is_char_boundary(*byte)).unwrap_or(0);
        let place = line_column(&text, byte);
        let found = byte_at(&text, place.line, place.column);
        // The `\n` of `\r\n` has the place of what follows it.
        let within = text.as_bytes().get(byte) == Some(&b'\n') && byte > 0 && text.as_bytes()[byte - 1] == b'\r';
        prop_assert!(found == byte || within && found == byte + 1, "{text:?} {byte} {place:?} {found}");
    }

    #[test]
    fn no_place_makes_it_panic(text in any::<String>(), line: usize, column: usize, byte: usize) {
        prop_assert!(text.is_char_boundary(byte_at(&text, line, column)));
        line_column(&text, byte);
    }
}
