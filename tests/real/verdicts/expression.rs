//! The small part of SQL's expressions that references need, over rows as JSON. What it does not know panics.

use serde_json::{Map, Value, json};
use sqlparser::ast::{BinaryOperator, DataType, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};
use sqlparser::ast::{UnaryOperator, Value as Literal};

pub type Row = Map<String, Value>;

/// The value of an expression for a row.
pub fn value(expr: &Expr, row: &Row) -> Value {
    match expr {
        Expr::Identifier(name) => column(&name.value, row),
        Expr::CompoundIdentifier(names) => column(&names.last().expect("a name has parts").value, row),
        Expr::Nested(inner) => value(inner, row),
        Expr::Value(literal) => self::literal(&literal.value),
        Expr::UnaryOp { op: UnaryOperator::Minus, expr } => number(-float(&value(expr, row))),
        Expr::UnaryOp { op: UnaryOperator::Not, expr } => json!(!is_true(&value(expr, row))),
        Expr::BinaryOp { left, op, right } => operate(op, value(left, row), value(right, row)),
        Expr::Cast { expr, data_type, .. } => cast(value(expr, row), data_type),
        Expr::Function(function) => call(function, row),
        Expr::Like { negated, expr, pattern, .. } => {
            json!(like(&text(&value(expr, row)), &text(&value(pattern, row))) != *negated)
        }
        Expr::InList { expr, list, negated } => {
            let found = value(expr, row);
            json!(list.iter().any(|item| value(item, row) == found) != *negated)
        }
        other => panic!("the references' SQL has no `{other}`"),
    }
}

/// Whether a condition lets the row through.
pub fn is_true(value: &Value) -> bool {
    value.as_bool() == Some(true)
}

/// A number as JSON shows it: whole ones without a point.
pub fn number(value: f64) -> Value {
    if value.fract() == 0.0 { json!(value as i64) } else { json!(value) }
}

pub fn float(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("no number: {value}"))
}

fn column(name: &str, row: &Row) -> Value {
    row.get(name).unwrap_or_else(|| panic!("no column `{name}`: {row:?}")).clone()
}

fn literal(literal: &Literal) -> Value {
    match literal {
        Literal::Number(text, _) => number(text.to_string().parse().expect("a number")),
        Literal::SingleQuotedString(text) => json!(text),
        Literal::Boolean(is) => json!(is),
        Literal::Null => Value::Null,
        other => panic!("the references' SQL has no `{other}`"),
    }
}

fn operate(op: &BinaryOperator, left: Value, right: Value) -> Value {
    if left.is_null() || right.is_null() {
        return Value::Null;
    }
    let whole = || (float(&left) as i64, float(&right) as i64);
    match op {
        BinaryOperator::And => json!(is_true(&left) && is_true(&right)),
        BinaryOperator::Or => json!(is_true(&left) || is_true(&right)),
        BinaryOperator::Eq => json!(left == right),
        BinaryOperator::NotEq => json!(left != right),
        BinaryOperator::Lt => json!(float(&left) < float(&right)),
        BinaryOperator::LtEq => json!(float(&left) <= float(&right)),
        BinaryOperator::Gt => json!(float(&left) > float(&right)),
        BinaryOperator::GtEq => json!(float(&left) >= float(&right)),
        BinaryOperator::Plus => number(float(&left) + float(&right)),
        BinaryOperator::Minus => number(float(&left) - float(&right)),
        BinaryOperator::Multiply => number(float(&left) * float(&right)),
        // Only whole numbers are divided, and no row has a negative one.
        BinaryOperator::Divide => json!(whole().0 / whole().1),
        BinaryOperator::Modulo => json!(whole().0 % whole().1),
        BinaryOperator::StringConcat => json!(format!("{}{}", text(&left), text(&right))),
        other => panic!("the references' SQL has no `{other}`"),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn cast(value: Value, kind: &DataType) -> Value {
    match kind {
        _ if value.is_null() => Value::Null,
        DataType::Varchar(_) | DataType::String(_) | DataType::Text => json!(text(&value)),
        DataType::Int(_) | DataType::Integer(_) | DataType::BigInt(_) => json!(float(&value) as i64),
        DataType::Double(_) => number(float(&value)),
        other => panic!("the references' SQL has no cast to `{other}`"),
    }
}

fn like(text: &str, pattern: &str) -> bool {
    let middle = pattern.trim_matches('%');
    match (pattern.starts_with('%'), pattern.ends_with('%')) {
        (true, true) => text.contains(middle),
        (true, false) => text.ends_with(middle),
        (false, true) => text.starts_with(middle),
        (false, false) => text == middle,
    }
}

fn call(function: &Function, row: &Row) -> Value {
    let given: Vec<Value> = arguments(function).into_iter().map(|expr| value(expr, row)).collect();
    match (function.name.to_string().to_uppercase().as_str(), given.as_slice()) {
        ("UPPER", [of]) => json!(text(of).to_uppercase()),
        ("LOWER", [of]) => json!(text(of).to_lowercase()),
        ("CHAR_LENGTH", [of]) => json!(text(of).chars().count()),
        ("MOD", [of, by]) => json!(float(of) as i64 % float(by) as i64),
        ("REPLACE", [of, from, to]) => json!(text(of).replace(&text(from), &text(to))),
        ("CONCAT", parts) => json!(parts.iter().map(text).collect::<String>()),
        (name, _) => panic!("the references' SQL has no function {name}"),
    }
}

/// `*` is no argument.
pub fn arguments(function: &Function) -> Vec<&Expr> {
    let FunctionArguments::List(list) = &function.args else { return Vec::new() };
    let expr = |arg: &'_ FunctionArg| match arg {
        FunctionArg::Unnamed(FunctionArgExpr::Expr(_)) => true,
        FunctionArg::Unnamed(FunctionArgExpr::Wildcard) => false,
        other => panic!("the references' SQL has no argument `{other}`"),
    };
    list.args
        .iter()
        .filter(|arg| expr(arg))
        .filter_map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr),
            _ => None,
        })
        .collect()
}
