//! Job: look, plan, apply, again: one pass, and the loop around it.
//! Never: truth of its own: status is derived on every look.
//! Start here: `pass`.
