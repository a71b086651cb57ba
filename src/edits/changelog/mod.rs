//! The changelog: puts the section of a version in its place, in the file's own
//! style, and reads one back.

mod carry;
mod date;
mod insert;
mod outline;
mod place;
mod read;
mod style;

#[cfg(test)]
mod tests;

pub use self::carry::{Taken, put, take};
pub use self::date::{Day, find as find_date};
pub use self::insert::{NewSection, insert};
pub use self::place::ChangelogError;
pub use self::read::{Section, releases, section};
