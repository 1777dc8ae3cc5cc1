//! The room `sql`, and of the nouns those that it needs.

#![allow(dead_code, reason = "the other rooms use the rest")]

#[path = "../../src/sql/mod.rs"]
pub mod sql;

#[path = "../../src/model"]
pub mod model {
    pub mod column;
    pub mod definition;
    pub mod diagnostic;
    pub mod few;
    pub mod limits;
    pub mod name;
    pub mod tree;
}
