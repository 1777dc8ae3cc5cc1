//! Job: a tree of files becomes what is desired, with every diagnostic there is.
//! Never: I/O, or stopping at the first mistake.
//! Start here: `load`.
