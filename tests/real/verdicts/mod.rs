//! The verdict of a change, shown by doing it: one file below `tests/verdicts` per case, run on real servers under
//! load, and its output held against a reference.

mod case;
mod choice;
mod expression;
mod input;
mod judge;
mod perform;
mod reference;
mod table;
mod whole;
