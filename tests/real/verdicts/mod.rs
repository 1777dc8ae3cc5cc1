//! The verdict of a change, shown by doing it: one file below `tests/verdicts` per case, run on real servers under
//! load, and its output held against a reference.

mod case;
mod choice;
mod expression;
mod forced;
mod input;
mod judge;
mod perform;
mod reference;
mod scene;
mod table;
mod whole;
