//! `.github/hotfix.toml`: what a repository wants, with a default for
//! everything, and errors that show their place.

mod error;
mod findings;
mod keys;
mod kinds;
mod line;
mod notes;
mod parse;
mod period;
mod reader;
mod schema;
mod table;
mod template;
mod values;

pub use self::error::{ConfigError, render};
pub use self::keys::{
    Announce, Base, Budget, Merge, Policy, Release, ReleaseWorkflow, Roles, Rollback, SCHEMA,
    Scope, Security, Severity, Standing, Test, Timeline, Trigger, Verify, VerifyUrl, Version,
    VersionFile, least_role, may,
};
pub use self::kinds::{
    AutoOr, DryRun, Install, Learn, MergeMethod, OldLines, OnViolation, PublishedBy, Question,
    StartedBy, TagAt, TaggedBy, VersionForm, Yank,
};
pub use self::line::{KeyLine, lines, tables};
pub use self::notes::notes_faults;
pub use self::parse::{not_carried_out, parse};
pub use self::period::Period;
pub use self::schema::schema;
pub use self::table::Idle;
pub use self::template::fill;

/// Where the file stands in a repository.
pub const PATH: &str = ".github/hotfix.toml";

#[cfg(test)]
mod tests;
