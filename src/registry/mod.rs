//! Package registries: is the version there, is it taken back, where was it built?
//!
//! [`Registries`] asks each of them; beside it whatever address a repository names as
//! one that shows its releases, and the status pages. Errors say what to do next, as
//! those of `github` do. Nothing in here sleeps or retries, and one call alone writes:
//! [`CratesIo::yank`].

mod address;
mod crates_io;
mod error;
mod fact;
mod go;
mod helm;
mod maven;
mod npm;
mod oci;
mod package_file;
mod provenance;
mod pypi;
mod registries;
mod rubygems;
mod status_page;
mod transport;

pub use crate::net::Reach;
pub use crates_io::{CratesIo, CratesIoOptions, VersionFact, index_path};
pub use error::Error;
pub use fact::{Named, PackageFile, Published};
pub use registries::{Asked, Registries, Roots};
pub use status_page::StatusPages;

#[cfg(test)]
#[path = "recorded_tests.rs"]
mod recorded;
