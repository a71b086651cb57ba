//! The keys of `.github/hotfix.toml`: a file for each table.

mod announce;
mod base;
mod file;
mod merge;
mod release;
mod roles;
mod rollback;
mod scope;
mod security;
mod severity;
mod test;
mod timeline;
mod trigger;
mod verify;
mod version;

pub use self::announce::Announce;
pub use self::base::Base;
pub use self::file::{Policy, SCHEMA};
pub use self::merge::Merge;
pub use self::release::{Release, ReleaseWorkflow};
pub use self::roles::{Roles, Standing, least_role, may};
pub use self::rollback::Rollback;
pub use self::scope::Scope;
pub use self::security::Security;
pub use self::severity::Severity;
pub use self::test::Test;
pub use self::timeline::{Budget, Timeline};
pub use self::trigger::Trigger;
pub use self::verify::{Verify, VerifyUrl};
pub use self::version::{Version, VersionFile};
