//! Job: a door to where definitions come from: a whole tree, read at one moment.
//! Never: parsing, or following a link out of the project.
//! Start here: `directory::read`.

pub mod directory;
mod file;
mod git;
#[cfg(test)]
mod tests;
pub mod writing;
