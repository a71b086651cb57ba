//! Releases: created, changed, published, deleted, filled with assets.

mod assets;
mod change;
pub(super) mod events;
mod seed;

pub use assets::{built, content, is_of_sums, upload};
pub use change::{Change, create, delete, publish, update};
pub use seed::seed;

pub use crate::sim::model::release::{Asset, Release, RepoReleases};
