//! The first word of a type.

/// What the first word says; the rest of the type depends on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Head {
    Boolean,
    TinyInt,
    SmallInt,
    Int,
    BigInt,
    Float,
    Double,
    Decimal,
    String,
    Char,
    VarChar,
    Bytes,
    Binary,
    VarBinary,
    Date,
    Time,
    Timestamp,
    TimestampLtz,
    Array,
    Multiset,
    Map,
    Row,
}

/// Every word, with the synonyms of Flink's documentation ("Data Types").
const NAMES: &[(&str, Head)] = &[
    ("BOOLEAN", Head::Boolean),
    ("TINYINT", Head::TinyInt),
    ("SMALLINT", Head::SmallInt),
    ("INT", Head::Int),
    ("INTEGER", Head::Int),
    ("BIGINT", Head::BigInt),
    ("FLOAT", Head::Float),
    ("DOUBLE", Head::Double),
    ("DECIMAL", Head::Decimal),
    ("DEC", Head::Decimal),
    ("NUMERIC", Head::Decimal),
    ("STRING", Head::String),
    ("CHAR", Head::Char),
    ("CHARACTER", Head::Char),
    ("VARCHAR", Head::VarChar),
    ("BYTES", Head::Bytes),
    ("BINARY", Head::Binary),
    ("VARBINARY", Head::VarBinary),
    ("DATE", Head::Date),
    ("TIME", Head::Time),
    ("TIMESTAMP", Head::Timestamp),
    ("TIMESTAMP_LTZ", Head::TimestampLtz),
    ("ARRAY", Head::Array),
    ("MULTISET", Head::Multiset),
    ("MAP", Head::Map),
    ("ROW", Head::Row),
];

/// Names of other systems that are near in meaning and not in letters.
const FOREIGN: &[(&str, &str)] = &[
    ("TEXT", "STRING"),
    ("LONG", "BIGINT"),
    ("BOOL", "BOOLEAN"),
    ("REAL", "FLOAT"),
    ("BLOB", "BYTES"),
    ("DATETIME", "TIMESTAMP(3)"),
    ("TIMESTAMPTZ", "TIMESTAMP_LTZ(3)"),
    ("STRUCT", "ROW"),
    ("LIST", "ARRAY"),
];

pub(super) fn head(word: &str) -> Option<Head> {
    NAMES.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, head)| *head)
}

/// The name that was probably meant.
pub(super) fn near(word: &str) -> Option<&'static str> {
    let word = word.to_ascii_uppercase();
    if let Some((_, meant)) = FOREIGN.iter().find(|(name, _)| *name == word) {
        return Some(meant);
    }
    let far = |name: &str| strsim::damerau_levenshtein(name, &word);
    let nearest = NAMES.iter().map(|(name, _)| *name).min_by_key(|name| far(name))?;
    (far(nearest) <= 2 && far(nearest) < word.chars().count().max(2)).then_some(nearest)
}
