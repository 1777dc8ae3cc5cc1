//! A type as Flink's SQL.

use crate::model::column::Column;
use crate::model::column::ColumnType;
use crate::model::column::TypeKind;
use crate::sql::flink::ident;

/// Flink's name of the type: canonical, parsed again it is the same value.
pub fn print(kind: &ColumnType) -> String {
    let name = name(&kind.kind);
    if kind.nullable { name } else { format!("{name} NOT NULL") }
}

fn name(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Boolean => "BOOLEAN".to_owned(),
        TypeKind::TinyInt => "TINYINT".to_owned(),
        TypeKind::SmallInt => "SMALLINT".to_owned(),
        TypeKind::Int => "INT".to_owned(),
        TypeKind::BigInt => "BIGINT".to_owned(),
        TypeKind::Float => "FLOAT".to_owned(),
        TypeKind::Double => "DOUBLE".to_owned(),
        TypeKind::Decimal { precision, scale } => format!("DECIMAL({precision}, {scale})"),
        TypeKind::String => "STRING".to_owned(),
        TypeKind::Char(length) => format!("CHAR({length})"),
        TypeKind::VarChar(length) => format!("VARCHAR({length})"),
        TypeKind::Bytes => "BYTES".to_owned(),
        TypeKind::Binary(length) => format!("BINARY({length})"),
        TypeKind::VarBinary(length) => format!("VARBINARY({length})"),
        TypeKind::Date => "DATE".to_owned(),
        TypeKind::Time(precision) => format!("TIME({precision})"),
        TypeKind::Timestamp(precision) => format!("TIMESTAMP({precision})"),
        TypeKind::TimestampLtz(precision) => format!("TIMESTAMP_LTZ({precision})"),
        TypeKind::Array(element) => format!("ARRAY<{}>", print(element)),
        TypeKind::Multiset(element) => format!("MULTISET<{}>", print(element)),
        TypeKind::Map(key, value) => format!("MAP<{}, {}>", print(key), print(value)),
        TypeKind::Row(fields) => format!("ROW<{}>", fields.iter().map(field).collect::<Vec<_>>().join(", ")),
    }
}

fn field(field: &Column) -> String {
    format!("{} {}", ident(&field.name), print(&field.kind))
}
