//! The changelog: puts the section of a version in its place, in the file's own
//! style, and reads one back.

mod bring;
mod carry;
mod date;
mod dated;
mod heading;
mod insert;
mod outline;
mod place;
mod read;
mod replace;
mod scan;
mod settle;
#[cfg(test)]
mod settle_random_tests;
mod style;
mod title;
mod usual;

#[cfg(test)]
mod bare_tests;
#[cfg(test)]
mod styles_tests;
#[cfg(test)]
mod tests;

pub use self::bring::bring;
pub use self::carry::{Taken, put, take, without_released};
pub use self::date::{Day, find as find_date};
pub use self::insert::{NewSection, insert};
pub use self::place::ChangelogError;
pub use self::read::{Section, announced, packages, releases, section};
pub use self::settle::{empty_titles, is_recognised, open_titles, settle, settled};
