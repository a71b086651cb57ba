//! Cargo: `Cargo.toml`, `Cargo.lock`, crates.

mod bump;
mod choose;
mod dependencies;
mod foreign;
mod gather;
mod habit;
mod lock;
mod manifest;
mod members;
mod paths;
pub mod port;
mod project;
mod required;
mod requirement;
mod root;
mod words;
mod workspace;

#[cfg(test)]
mod oracle_tests;

pub use self::bump::{held, raise, stated};
pub use self::foreign::{is_anothers, requires_others};
pub use self::habit::{goes_along, may_raise};
pub use self::project::{project, wanted};
pub use self::required::{changed, is_one as is_requiring};
pub use self::root::{ROOTS, foreseen, is_manifest, own_version, root};
pub use self::words::words;
pub use crate::ecosystem::number::{is_above, next};
