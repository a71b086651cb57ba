//! What a rehearsal is about, fixed before it begins.

use super::part::Part;
use super::project::{Package, Roles};
use super::story::Story;
use crate::sim::clock::Millis;
use crate::sim::world::UserId;

/// What a rehearsal is about, fixed before it begins.
#[derive(Clone, Debug)]
pub struct Scene {
    /// The repository's id in the stand-in.
    pub repo: u64,
    /// The App's id.
    pub app: u64,
    /// The App's own account.
    pub bot: UserId,
    /// The package, and where its version stands.
    pub package: Package,
    /// Its lock file, where it is committed.
    pub lock: Option<String>,
    /// Its changelog, where there is one.
    pub changelog: Option<String>,
    /// The tag that the hotfix starts from.
    pub base_tag: String,
    /// Its version.
    pub base_version: String,
    /// What stands before the version in a hotfix branch's name.
    pub branch_prefix: String,
    /// Whether somebody must try the head by hand.
    pub manual_test: bool,
    /// What the workflows are for.
    pub roles: Roles,
    /// How many people may push.
    pub people: u32,
    /// The workflow file that is to fail once.
    pub fail: Option<String>,
    /// What people tell and do.
    pub story: Story,
    /// What would have stopped the hotfix, seen before it begins.
    pub findings: Vec<String>,
    /// When the rehearsal begins, milliseconds.
    pub started: Millis,
}

impl Scene {
    /// Who plays a part: one person may play two.
    pub fn login(&self, part: Part) -> &'static str {
        match part {
            Part::Developer if self.people == 1 => Part::Maintainer.login(),
            part => part.login(),
        }
    }
}
