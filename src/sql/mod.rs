//! Job: the text of SQL: tokens, what each statement is, reads, writes and keeps, types, and one function each that prints an identifier and a literal.
//! Never: I/O; refusing a statement only because a parser does not know it.
//! Start here: `facts::read`.

mod blank;
mod body;
mod brackets;
mod cursor;
mod dialect;
mod error;
pub mod facts;
pub mod find;
pub mod flink;
mod foreign;
mod functions;
mod grammar;
mod ksqldb;
mod lex;
mod lines;
mod lower;
pub mod normal;
pub mod outline;
pub mod place;
pub mod reads;
mod reserved;
pub mod rules;
mod scan;
mod script;
#[cfg(test)]
mod tests;
pub mod types;
mod words;

pub use dialect::Dialect;
pub use error::SqlError;
