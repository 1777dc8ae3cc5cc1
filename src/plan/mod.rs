//! Job: what is desired, recorded and observed becomes a plan.
//! Never: I/O, a clock, randomness, or an error: the plan is total.
//! Start here: `plan`.
