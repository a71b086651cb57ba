//! Package registries: is the version there, is it yanked?
//!
//! Only crates.io so far: [`CratesIo`]; beside it whatever address a repository
//! names as one that shows its releases, and the status pages. Errors say what to do next, as those of
//! `github` do. Nothing in here writes, sleeps or retries.

mod address;
mod crates_io;
mod error;
mod package_file;
mod status_page;

pub use crate::net::Reach;
pub use crates_io::{CratesIo, CratesIoOptions, VersionFact, index_path};
pub use error::Error;
pub use status_page::StatusPages;
