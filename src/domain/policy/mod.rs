//! `.github/hotfix.toml`: what a repository wants, with a default for
//! everything, and errors that show their place.

mod check;
mod coverage;
mod error;
mod kinds;
mod model;
mod parse;
mod reader;
mod template;
mod values;

pub use self::coverage::{approvals_needed, not_carried_out};
pub use self::error::{ConfigError, render, render_markdown};
pub use self::kinds::{
    AutoOr, DryRun, Ecosystem, Install, MergeMethod, OnViolation, Period, Question, StartedBy,
    TagAt, Yank,
};
pub use self::model::{
    Announce, Base, Budget, Merge, Policy, Release, ReleaseWorkflow, Roles, Rollback, SCHEMA,
    Scope, Security, Severity, Test, Timeline, Trigger, Verify, VerifyUrl, Version, VersionFile,
};
pub use self::parse::parse;
pub use self::template::fill;

/// Where the file stands in a repository.
pub const PATH: &str = ".github/hotfix.toml";

#[cfg(test)]
mod tests;
