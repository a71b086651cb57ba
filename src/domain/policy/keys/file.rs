//! The whole file.

use std::collections::BTreeMap;

use super::announce::Announce;
use super::base::Base;
use super::merge::Merge;
use super::release::Release;
use super::roles::Roles;
use super::rollback::Rollback;
use super::scope::Scope;
use super::security::Security;
use super::severity::Severity;
use super::test::Test;
use super::timeline::Timeline;
use super::trigger::Trigger;
use super::verify::Verify;
use super::version::Version;
use crate::domain::policy::table::{Acted::Always, section};

/// The schema that this version reads.
pub const SCHEMA: u32 = 1;

section! {
    /// `.github/hotfix.toml`: how a repository wants its hotfixes. The default
    /// is what holds without a file.
    Policy {
        /// The version of the file's own format.
        schema: u32 = SCHEMA, "1", Always;
        /// What starts a hotfix.
        trigger: Trigger = Trigger::default();
        /// What may be hotfixed.
        severity: Severity = Severity::default();
        /// What a hotfix starts from.
        base: Base = Base::default();
        /// How small the fix must be. The bot's own bump is not counted.
        scope: Scope = Scope::default();
        /// What must pass on the head.
        test: Test = Test::default();
        /// Where the version stands.
        version: Version = Version::default();
        /// What leads to the tag.
        merge: Merge = Merge::default();
        /// What follows the tag.
        release: Release = Release::default();
        /// What must be seen afterwards.
        verify: Verify = Verify::default();
        /// Who is told.
        announce: Announce = Announce::default();
        /// How long each phase may take: the target, and the maximum.
        timeline: Timeline = Timeline::default();
        /// How a release is taken back.
        rollback: Rollback = Rollback::default();
        /// Who may do what: names of roles, `@user` or `@organisation/team`.
        roles: Roles = Roles::default();
        /// What is different when it is a vulnerability.
        security: Security = Security::default();
        /// Name and address, or text; shown in the status comment.
        links: BTreeMap<String, String> = BTreeMap::new(), r#"{ runbook = "https://example.org/runbook" }"#, Always;
    }
}
