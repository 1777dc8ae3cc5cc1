use proptest::prelude::*;

use crate::model::column::Column;
use crate::model::column::ColumnType;
use crate::model::column::TypeKind;
use crate::model::tree::Span;
use crate::sql::flink::is_ident;
use crate::sql::types::TypeError;
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

fn refused(text: &str) -> TypeError {
    match parse(text) {
        Err(error) => error,
        Ok(kind) => panic!("{text} is {kind:?}"),
    }
}

#[test]
fn a_name_that_is_no_type_says_what_was_meant() {
    for (text, help) in [
        ("STRNG", "did you mean STRING?"),
        ("bigin", "did you mean BIGINT?"),
        ("INTERGER", "did you mean INTEGER?"),
        ("TIMESTAMP_LTS(3)", "did you mean TIMESTAMP_LTZ?"),
        ("TEXT", "did you mean STRING?"),
        ("bool", "did you mean BOOLEAN?"),
        ("DATETIME", "did you mean TIMESTAMP(3)?"),
    ] {
        let error = refused(text);
        assert_eq!(error.help.as_deref(), Some(help), "{text}");
        assert_eq!(error.span.start, 0);
    }
    let help = refused("GEOGRAPHY").help.unwrap_or_default();
    assert!(!help.contains("did you mean"), "{help}");
}

#[test]
fn an_error_has_the_place_of_what_is_wrong() {
    for (text, at, message) in [
        ("", "", "expected a type, found the end"),
        ("INT INT", "INT", "expected the end of the type, found `INT`"),
        ("INT); DROP TABLE t; --", ")", "expected the end of the type, found `)`"),
        ("ARRAY<INTT>", "INTT", "`INTT` is no type"),
        ("ARRAY INT", "INT", "expected `<`, found `INT`"),
        ("MAP<INT>", ">", "expected `,`, found `>`"),
        ("ROW<a>", ">", "expected a type, found `>`"),
        ("ROW<1 INT>", "1", "expected a name, found `1`"),
        ("ROW<a INT, `a` INT>", "`a`", "the row has two fields called `a`"),
        ("ROW<`a INT>", "`a INT>", "the quoted name that begins here does not end"),
        ("ROW<`` INT>", "``", "Flink has no such name"),
        ("ROW<`a\nb` INT>", "`a\nb`", "Flink has no such name"),
        ("DECIMAL(0)", "0", "the precision 0 is not from 1 to 38"),
        ("DECIMAL(39, 2)", "39", "the precision 39 is not from 1 to 38"),
        ("DECIMAL(5, 6)", "6", "the scale 6 is not from 0 to 5"),
        ("DECIMAL(99999999999)", "99999999999", "99999999999 is too large"),
        ("DECIMAL(-1)", "-", "expected a number, found `-`"),
        ("TIMESTAMP(10)", "10", "the precision 10 is not from 0 to 9"),
        ("TIME(10)", "10", "the precision 10 is not from 0 to 9"),
        ("VARCHAR(0)", "0", "the length 0 is not from 1 to 2147483647"),
        ("VARCHAR(2147483648)", "2147483648", "the length 2147483648 is not from 1 to 2147483647"),
        ("TIMESTAMP(3) WITH TIME ZONE", "TIME", "expected LOCAL, found `TIME`"),
        ("INT NOT", "", "expected NULL, found the end"),
        ("INT /* c */", "/", "expected the end of the type, found `/`"),
        ("'INT'", "'", "expected a type, found `'`"),
    ] {
        let error = refused(text);
        assert_eq!((error.message.as_str(), &text[error.span.start..error.span.end]), (message, at), "{text}");
    }
    assert_eq!(refused("ROW<a INT, a INT>").span, Span::new(11, 12), "the second");
}

#[test]
fn types_inside_types_have_an_end() {
    let deep = |depth: usize| format!("{}INT{}", "ARRAY<".repeat(depth), ">".repeat(depth));
    assert!(parse(&deep(32)).is_ok());
    assert_eq!(refused(&deep(33)).message, "more than 32 types inside each other");
    assert_eq!(refused(&deep(100_000)).span.start, 33 * "ARRAY<".len());
}

fn kinds() -> impl Strategy<Value = ColumnType> {
    let plain = prop_oneof![
        prop::sample::select(vec![
            TypeKind::Boolean,
            TypeKind::TinyInt,
            TypeKind::SmallInt,
            TypeKind::Int,
            TypeKind::BigInt,
            TypeKind::Float,
            TypeKind::Double,
            TypeKind::String,
            TypeKind::Bytes,
            TypeKind::Date,
        ]),
        (1u32..=38).prop_flat_map(|precision| {
            (0..=precision).prop_map(move |scale| TypeKind::Decimal { precision, scale })
        }),
        (1u32..i32::MAX as u32).prop_flat_map(|length| {
            prop::sample::select(vec![
                TypeKind::Char(length),
                TypeKind::VarChar(length),
                TypeKind::Binary(length),
                TypeKind::VarBinary(length),
            ])
        }),
        (0u32..=9).prop_flat_map(|precision| {
            prop::sample::select(vec![
                TypeKind::Time(precision),
                TypeKind::Timestamp(precision),
                TypeKind::TimestampLtz(precision),
            ])
        }),
    ];
    let column = |kind: TypeKind, nullable: bool| ColumnType { kind, nullable };
    let leaf = (plain, any::<bool>()).prop_map(move |(kind, nullable)| column(kind, nullable));
    leaf.prop_recursive(4, 24, 4, move |inner| {
        let name = any::<String>().prop_filter("no name", |name| is_ident(name));
        let fields = prop::collection::btree_map(name, inner.clone(), 0..4)
            .prop_map(|fields| TypeKind::Row(fields.into_iter().map(|(name, kind)| Column { name, kind }).collect()));
        let nested = prop_oneof![
            inner.clone().prop_map(|element| TypeKind::Array(Box::new(element))),
            inner.clone().prop_map(|element| TypeKind::Multiset(Box::new(element))),
            (inner.clone(), inner).prop_map(|(key, value)| TypeKind::Map(Box::new(key), Box::new(value))),
            fields,
        ];
        (nested, any::<bool>()).prop_map(move |(kind, nullable)| column(kind, nullable))
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_parsed_as_the_same_type(kind in kinds()) {
        prop_assert_eq!(parse(&print(&kind)), Ok(kind));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in prop_oneof![
        any::<String>(),
        "(ROW|ARRAY|MAP|INT|NOT|NULL|DECIMAL|TIMESTAMP|WITH|<|>|\\(|\\)|,|`|``|1|99999999999|é| |\n){0,12}",
    ]) {
        match parse(&text) {
            Ok(kind) => prop_assert_eq!(parse(&print(&kind)), Ok(kind)),
            Err(error) => prop_assert!(text.get(error.span.start..error.span.end).is_some()),
        }
    }
}
