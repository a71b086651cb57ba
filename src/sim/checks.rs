//! Check runs and commit statuses.

/// A repository's check runs and statuses.
#[derive(Debug, Default)]
pub struct RepoChecks {}
