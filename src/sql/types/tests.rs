use crate::sql::types::parse;
use crate::sql::types::print;

#[test]
fn what_prints_is_canonical() {
    let table = [
        ("int", "INT"),
        ("Integer not null", "INT NOT NULL"),
        ("INT NULL", "INT"),
        ("double precision", "DOUBLE"),
        ("DECIMAL", "DECIMAL(10, 0)"),
        ("numeric(5)", "DECIMAL(5, 0)"),
        ("DEC ( 38 , 38 )", "DECIMAL(38, 38)"),
        ("CHAR", "CHAR(1)"),
        ("CHARACTER(3)", "CHAR(3)"),
        ("CHARACTER VARYING(3)", "VARCHAR(3)"),
        ("VARCHAR", "VARCHAR(1)"),
        ("VARCHAR(2147483647)", "STRING"),
        ("VARBINARY(2147483647)", "BYTES"),
        ("BINARY VARYING(4)", "VARBINARY(4)"),
        ("BINARY", "BINARY(1)"),
        ("TIME", "TIME(0)"),
        ("TIME(3) WITHOUT TIME ZONE", "TIME(3)"),
        ("TIMESTAMP", "TIMESTAMP(6)"),
        ("timestamp(3) without time zone", "TIMESTAMP(3)"),
        ("TIMESTAMP(3) WITH LOCAL TIME ZONE NOT NULL", "TIMESTAMP_LTZ(3) NOT NULL"),
        ("TIMESTAMP_LTZ", "TIMESTAMP_LTZ(6)"),
        ("ARRAY<ARRAY<INT>>", "ARRAY<ARRAY<INT>>"),
        ("MAP<STRING,MULTISET<INT NOT NULL>>", "MAP<STRING, MULTISET<INT NOT NULL>>"),
        ("ROW<a INT NOT NULL, `b ``c` ROW(d DATE)>", "ROW<`a` INT NOT NULL, `b ``c` ROW<`d` DATE>>"),
        ("ROW<>", "ROW<>"),
    ];
    for (text, want) in table {
        assert_eq!(parse(text).as_ref().map(print).as_deref(), Ok(want), "{text}");
    }
}
