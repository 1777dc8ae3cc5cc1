//! Job: the text of SQL: tokens, what a statement reads, types, and one function each that prints an identifier and a literal.
//! Never: I/O; refusing a statement only because a parser does not know it.
//! Start here: `statement::read`.

mod blank;
mod dialect;
mod error;
pub mod flink;
mod lex;
pub mod normal;
pub mod place;
mod reserved;
mod scan;
pub mod statement;
#[cfg(test)]
mod tests;
pub mod types;

pub use error::SqlError;
