//! A plan for people and for programs. The words of steps are the same in both.

pub mod definition;
mod json;
mod text;
mod words;

pub use self::json::json;
pub use self::json::schema;
pub use self::text::Colour;
pub use self::text::text;
pub use self::words::state;
pub use self::words::summary;
