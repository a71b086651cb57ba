//! Releases and their assets.

/// A repository's releases.
#[derive(Debug, Default)]
pub struct RepoReleases {}
