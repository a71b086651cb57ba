//! What is there before the story begins: accounts, repositories with their
//! history, the App and its installation.

use super::clock::Millis;
use super::router::Refusal;
use super::world::{BranchRule, Role, UserId, World};

/// A commit of a history to begin with.
#[derive(Clone, Debug)]
pub struct Seed<'a> {
    /// The author's login.
    pub author: &'a str,
    /// The message.
    pub message: &'a str,
    /// When.
    pub at: Millis,
    /// Files with their text; `None` deletes.
    pub files: &'a [(&'a str, Option<&'a str>)],
}

/// The key that the stand-in's App signs with: a throw-away, for tests only.
pub const TEST_APP_KEY: &str = include_str!("fixtures/test-only-app-key.pem");

/// What an App is registered with.
#[derive(Clone, Debug)]
pub struct NewApp<'a> {
    /// Its name in URLs.
    pub slug: &'a str,
    /// The owner's login.
    pub owner: &'a str,
    /// Its private key, PKCS#1 PEM; only the public part is kept.
    pub key_pem: &'a str,
    /// The webhook secret.
    pub webhook_secret: &'a str,
    /// Permissions: (`contents`, `write`).
    pub permissions: &'a [(&'a str, &'a str)],
    /// Events; empty: all.
    pub events: &'a [&'a str],
}

impl World {
    /// Adds a person; gives their id. The same login gives the same person.
    pub fn add_user(&mut self, login: &str) -> UserId {
        todo!("{login}")
    }
    /// Adds an organisation.
    pub fn add_org(&mut self, login: &str) -> UserId {
        todo!("{login}")
    }
    /// Creates an empty repository with default branch `main`; gives its id.
    pub fn create_repo(&mut self, owner: &str, name: &str, private: bool) -> Result<u64, Refusal> {
        todo!("{owner}{name}{private}")
    }
    /// Adds commits to a branch, silently: no events. Gives the last commit.
    pub fn seed(&mut self, repo: u64, branch: &str, commits: &[Seed<'_>]) -> Result<String, Refusal> {
        todo!("{repo}{branch}{commits:?}")
    }
    /// Adds a tag, silently; annotated with a message. Gives the ref's target.
    pub fn seed_tag(
        &mut self,
        repo: u64,
        tag: &str,
        sha: &str,
        message: Option<&str>,
    ) -> Result<String, Refusal> {
        todo!("{repo}{tag}{sha}{message:?}")
    }
    /// Gives an account a role in a repository.
    pub fn set_role(&mut self, repo: u64, login: &str, role: Role) {
        todo!("{repo}{login}{role:?}")
    }
    /// Defines a label.
    pub fn add_label(&mut self, repo: u64, name: &str, color: &str) {
        todo!("{repo}{name}{color}")
    }
    /// Registers an App; gives its id.
    pub fn add_app(&mut self, app: &NewApp<'_>) -> Result<u64, Refusal> {
        todo!("{app:?}")
    }
    /// Installs an App on repositories with all permissions it asks for; gives
    /// the installation's id.
    pub fn install_app(&mut self, app: u64, repos: &[u64]) -> Result<u64, Refusal> {
        todo!("{app}{repos:?}")
    }
    /// Makes a rule active on a branch (`*`: all).
    pub fn add_rule(&mut self, repo: u64, rule: BranchRule) {
        todo!("{repo}{rule:?}")
    }
}
