//! What a rehearsal is about, fixed before it begins.

use std::sync::OnceLock;

use super::part::Part;
use super::product::Product;
use super::project::Config;
use super::scenario::Scenario;
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
    /// What it is called in words.
    pub name: String,
    /// What the hotfix is of; learnt when it has begun, where that is the
    /// server's to find out.
    pub product: OnceLock<Product>,
    /// The branch that the hotfix goes to beside the default branch, and what
    /// tests there; learnt likewise.
    pub line_tests: OnceLock<(String, Vec<String>)>,
    /// Tags that are named as releases are.
    pub release_tags: Vec<String>,
    /// The release that was asked for.
    pub wanted_base: Option<String>,
    /// What the maintainer says at the beginning.
    pub answers: Vec<String>,
    /// The repository's configuration.
    pub config: Config,
    /// What stands before the version in a hotfix branch's name.
    pub branch_prefix: String,
    /// Whether somebody must try the head by hand.
    pub manual_test: bool,
    /// How many people may push.
    pub people: u32,
    /// The workflow file that is to fail once.
    pub fail: Option<String>,
    /// What people tell and do.
    pub story: Story,
    /// The scenario, where one is played: what happens beside that, or in its place.
    pub script: Option<Scenario>,
    /// What the stand-in's registry knows, and why, in words.
    pub registry: Vec<String>,
    /// What is to be said at the end, whatever happens.
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
