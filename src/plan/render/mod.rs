//! A plan for people and for programs. The words of steps are the same in both.

pub mod definition;
pub mod github;
mod json;
pub mod markdown;
mod text;
mod words;

pub use self::json::json;
pub use self::json::schema;
pub use self::text::Colour;
pub use self::text::text;
pub use self::words::left_out;
pub use self::words::state;
pub use self::words::summary;
