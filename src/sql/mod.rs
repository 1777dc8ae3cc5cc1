//! Job: the text of SQL: tokens, what a statement reads, types, and one function each that prints an identifier and a literal.
//! Never: I/O; refusing a statement only because a parser does not know it.
//! Start here: `statement::read`.
