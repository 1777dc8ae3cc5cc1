//! A text becomes a type, or an error with its place.

use crate::model::column::Column;
use crate::model::column::ColumnType;
use crate::model::column::TypeKind;
use crate::model::tree::Span;
use crate::sql::types::DEEPEST;
use crate::sql::types::LONGEST;
use crate::sql::types::TypeError;
use crate::sql::types::names;
use crate::sql::types::names::Head;
use crate::sql::types::text::Text;

type Range = std::ops::RangeInclusive<u32>;

/// Parses Flink's name of a type, in any case and with its synonyms. The whole text must be one type.
///
/// VARCHAR and VARBINARY of the greatest length become STRING and BYTES, which they are.
pub fn parse(text: &str) -> Result<ColumnType, TypeError> {
    let mut text = Text::new(text);
    let kind = column_type(&mut text, 0)?;
    text.ended()?;
    Ok(kind)
}

fn column_type(text: &mut Text<'_>, depth: usize) -> Result<ColumnType, TypeError> {
    let Some((word, span)) = text.word() else { return Err(text.unexpected("a type")) };
    if depth > DEEPEST {
        return Err(TypeError::new(span, format!("more than {DEEPEST} types inside each other")));
    }
    let Some(head) = names::head(word) else { return Err(unknown(word, span)) };
    let kind = rest(text, head, depth)?;
    let nullable = if text.takes_word("NOT") {
        text.expect_word("NULL")?;
        false
    } else {
        text.takes_word("NULL");
        true
    };
    Ok(ColumnType { kind, nullable })
}

/// What stands behind the first word.
fn rest(text: &mut Text<'_>, head: Head, depth: usize) -> Result<TypeKind, TypeError> {
    Ok(match head {
        Head::Boolean => TypeKind::Boolean,
        Head::TinyInt => TypeKind::TinyInt,
        Head::SmallInt => TypeKind::SmallInt,
        Head::Int => TypeKind::Int,
        Head::BigInt => TypeKind::BigInt,
        Head::Float => TypeKind::Float,
        Head::Double => {
            text.takes_word("PRECISION");
            TypeKind::Double
        }
        Head::Decimal => decimal(text)?,
        Head::String => TypeKind::String,
        Head::Bytes => TypeKind::Bytes,
        Head::Date => TypeKind::Date,
        Head::Char if text.takes_word("VARYING") => varchar(text)?,
        Head::Char => TypeKind::Char(argument(text, "length", 1, 1..=LONGEST)?),
        Head::VarChar => varchar(text)?,
        Head::Binary if text.takes_word("VARYING") => varbinary(text)?,
        Head::Binary => TypeKind::Binary(argument(text, "length", 1, 1..=LONGEST)?),
        Head::VarBinary => varbinary(text)?,
        Head::Time => {
            let precision = argument(text, "precision", 0, 0..=9)?;
            without_time_zone(text)?;
            TypeKind::Time(precision)
        }
        Head::Timestamp => timestamp(text)?,
        Head::TimestampLtz => TypeKind::TimestampLtz(argument(text, "precision", 6, 0..=9)?),
        Head::Array => TypeKind::Array(Box::new(element(text, depth)?)),
        Head::Multiset => TypeKind::Multiset(Box::new(element(text, depth)?)),
        Head::Map => {
            text.expect('<')?;
            let key = column_type(text, depth + 1)?;
            text.expect(',')?;
            let value = column_type(text, depth + 1)?;
            text.expect('>')?;
            TypeKind::Map(Box::new(key), Box::new(value))
        }
        Head::Row => TypeKind::Row(fields(text, depth)?),
    })
}

fn varchar(text: &mut Text<'_>) -> Result<TypeKind, TypeError> {
    let length = argument(text, "length", 1, 1..=LONGEST)?;
    Ok(if length == LONGEST { TypeKind::String } else { TypeKind::VarChar(length) })
}

fn varbinary(text: &mut Text<'_>) -> Result<TypeKind, TypeError> {
    let length = argument(text, "length", 1, 1..=LONGEST)?;
    Ok(if length == LONGEST { TypeKind::Bytes } else { TypeKind::VarBinary(length) })
}

fn decimal(text: &mut Text<'_>) -> Result<TypeKind, TypeError> {
    if !text.takes('(') {
        return Ok(TypeKind::Decimal { precision: 10, scale: 0 });
    }
    let precision = within(text, "precision", 1..=38)?;
    let scale = if text.takes(',') { within(text, "scale", 0..=precision)? } else { 0 };
    text.expect(')')?;
    Ok(TypeKind::Decimal { precision, scale })
}

fn timestamp(text: &mut Text<'_>) -> Result<TypeKind, TypeError> {
    let precision = argument(text, "precision", 6, 0..=9)?;
    if !text.takes_word("WITH") {
        without_time_zone(text)?;
        return Ok(TypeKind::Timestamp(precision));
    }
    if !text.takes_word("LOCAL") {
        let error = text.unexpected("LOCAL");
        return Err(error.with_help(format!("Flink's type with a time zone is TIMESTAMP_LTZ({precision})")));
    }
    text.expect_word("TIME")?;
    text.expect_word("ZONE")?;
    Ok(TypeKind::TimestampLtz(precision))
}

fn without_time_zone(text: &mut Text<'_>) -> Result<(), TypeError> {
    if text.takes_word("WITHOUT") {
        text.expect_word("TIME")?;
        text.expect_word("ZONE")?;
    }
    Ok(())
}

fn element(text: &mut Text<'_>, depth: usize) -> Result<ColumnType, TypeError> {
    text.expect('<')?;
    let element = column_type(text, depth + 1)?;
    text.expect('>')?;
    Ok(element)
}

/// The fields of a ROW between `<` and `>`, or between brackets.
fn fields(text: &mut Text<'_>, depth: usize) -> Result<Vec<Column>, TypeError> {
    let end = if text.takes('(') { ')' } else { '>' };
    if end == '>' {
        text.expect('<')?;
    }
    let mut fields: Vec<Column> = Vec::new();
    if text.takes(end) {
        return Ok(fields);
    }
    loop {
        let (name, span) = text.name()?;
        if fields.iter().any(|field| field.name == name) {
            return Err(TypeError::new(span, format!("the row has two fields called `{name}`")));
        }
        fields.push(Column { name, kind: column_type(text, depth + 1)? });
        if !text.takes(',') {
            text.expect(end)?;
            return Ok(fields);
        }
    }
}

/// A number between brackets, or what Flink takes if there is none.
fn argument(text: &mut Text<'_>, what: &str, default: u32, range: Range) -> Result<u32, TypeError> {
    if !text.takes('(') {
        return Ok(default);
    }
    let number = within(text, what, range)?;
    text.expect(')')?;
    Ok(number)
}

fn within(text: &mut Text<'_>, what: &str, range: Range) -> Result<u32, TypeError> {
    let (number, span) = text.number()?;
    if range.contains(&number) {
        return Ok(number);
    }
    let (least, most) = (range.start(), range.end());
    Err(TypeError::new(span, format!("the {what} {number} is not from {least} to {most}")))
}

fn unknown(word: &str, span: Span) -> TypeError {
    let error = TypeError::new(span, format!("`{word}` is no type"));
    match names::near(word) {
        Some(near) => error.with_help(format!("did you mean {near}?")),
        None => error.with_help("the types are Flink's: INT, BIGINT, DOUBLE, STRING, TIMESTAMP(3), ARRAY<…>, ROW<…> …"),
    }
}
