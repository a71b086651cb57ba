//! The state of the stand-in: plain maps behind one lock.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::Notify;

use super::clock::{Millis, SimClock};
use super::git::Git;
pub use super::model::account::{Role, User, UserId, UserKind, Who};
use super::model::advisory::Advisory;
pub use super::model::app::{App, Installation, Token, TokenOwner};
pub use super::model::branch::{BranchRule, RefChange};
use super::model::budget::Budgets;
use super::model::chat::Chat;
use super::model::checks::RepoChecks;
use super::model::delivery::Deliveries;
use super::model::faults::Faults;
pub use super::model::issue::{
    Comment, Edit, Fork, Issue, IssueEvent, Label, Mergeable, Merged, Pull, Reaction, Review,
};
use super::model::log::CallLog;
use super::model::manifest::Manifests;
use super::model::mishaps::Mishaps;
use super::model::oauth::Oauth;
use super::model::packages::Packages;
use super::model::registry::Registry;
use super::model::release::RepoReleases;
use super::model::run::{ActionsJob, RepoActions};
use super::model::status_page::StatusPage;

/// How a stand-in is started.
#[derive(Clone, Debug)]
pub struct SimOptions {
    /// Where the git repositories live; made if missing.
    pub dir: PathBuf,
    /// GitHub's clock.
    pub clock: SimClock,
    /// How long a published version stays invisible in the sparse index.
    pub index_lag_ms: Millis,
    /// How often a fresh installation token is answered 401.
    pub fresh_token_refusals: u32,
}

/// A repository.
#[derive(Debug)]
pub struct Repo {
    /// Its id.
    pub id: u64,
    /// Its owner.
    pub owner: UserId,
    /// The owner's login.
    pub owner_login: String,
    /// Its name.
    pub name: String,
    /// Whether only collaborators see it.
    pub private: bool,
    /// Whether it is archived: read-only for everybody.
    pub archived: bool,
    /// The default branch's short name.
    pub default_branch: String,
    /// Its git repository.
    pub git: Git,
    /// Roles; the owner is always admin.
    pub roles: BTreeMap<UserId, Role>,
    /// Labels by lower-case name.
    pub labels: BTreeMap<String, Label>,
    /// Issues and pull requests by number.
    pub issues: BTreeMap<u64, Issue>,
    /// Comments by id.
    pub comments: BTreeMap<u64, Comment>,
    /// Active branch rules.
    pub rules: Vec<BranchRule>,
    /// Every change of a ref, deletions included, in order.
    pub ref_log: Vec<RefChange>,
    /// Comments that were deleted: (id, when, by).
    pub deleted_comments: Vec<(u64, Millis, UserId)>,
    /// Whether merging with a merge commit is allowed.
    pub allow_merge_commit: bool,
    /// Whether squashing is allowed.
    pub allow_squash_merge: bool,
    /// Whether rebasing is allowed.
    pub allow_rebase_merge: bool,
    /// Whether a merged head branch is deleted by GitHub itself.
    pub delete_branch_on_merge: bool,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last touched.
    pub updated_at: Millis,
    /// When it was last pushed to.
    pub pushed_at: Millis,
    /// Workflows, runs, jobs.
    pub actions: RepoActions,
    /// Releases and their assets.
    pub releases: RepoReleases,
    /// Check runs and statuses.
    pub checks: RepoChecks,
    /// Security advisories by their ids.
    pub advisories: BTreeMap<String, Advisory>,
}

impl Repo {
    /// `owner/name`.
    pub fn full_name(&self) -> String {
        format!("{}/{}", self.owner_login, self.name)
    }
}

/// Something that becomes due on the stand-in's clock.
#[derive(Clone, Debug)]
pub enum Job {
    /// Progress of a run, and so on.
    Actions(ActionsJob),
    /// The registry's index shows something new. The index is read by the clock,
    /// so that nothing is left to do; the moment is only known in advance.
    IndexMoves,
    /// A delivery that was held back may go now.
    Deliver(u64),
}

/// Everything the stand-in knows.
#[derive(Debug)]
pub struct World {
    /// GitHub's clock.
    pub clock: SimClock,
    /// Where the git repositories live.
    pub dir: PathBuf,
    /// `http://127.0.0.1:PORT`.
    pub api_url: String,
    /// How often a fresh installation token is answered 401.
    pub fresh_token_refusals: u32,
    /// How long a published version stays invisible in the sparse index.
    pub index_lag_ms: Millis,
    /// Accounts by id.
    pub users: BTreeMap<UserId, User>,
    /// Apps by id.
    pub apps: BTreeMap<u64, App>,
    /// Installations by id.
    pub installations: BTreeMap<u64, Installation>,
    /// Apps that are made from a manifest.
    pub manifests: Manifests,
    /// People who sign in to an App.
    pub oauth: Oauth,
    /// Tokens by their text.
    pub tokens: BTreeMap<String, Token>,
    /// What was spent of GitHub's limits.
    pub budgets: Budgets,
    /// Repositories by id.
    pub repos: BTreeMap<u64, Repo>,
    /// What repositories were called before, `owner/name` in lower case.
    pub former_names: BTreeMap<String, u64>,
    /// Who is in which team, `organisation/team` in lower case.
    pub teams: BTreeMap<String, Vec<UserId>>,
    /// The registry.
    pub registry: Registry,
    /// The registries beside crates.io.
    pub packages: Packages,
    /// GitHub's status page.
    pub status_page: StatusPage,
    /// What the receivers of messages took.
    pub chat: Chat,
    /// The registry's status page.
    pub registry_page: StatusPage,
    /// What was sent to the App, and what waits.
    pub deliveries: Deliveries,
    /// What was asked of the API.
    pub log: CallLog,
    /// Faults to inject.
    pub faults: Faults,
    /// What goes wrong with single calls.
    pub mishaps: Mishaps,
    pub(super) schedule: BTreeMap<(Millis, u64), Job>,
    pub(super) last_id: u64,
    pub(super) wake: Arc<Notify>,
}

impl World {
    pub(super) fn new(options: &SimOptions, dir: PathBuf, api_url: String) -> Self {
        Self {
            clock: options.clock.clone(),
            dir,
            api_url,
            index_lag_ms: options.index_lag_ms,
            fresh_token_refusals: options.fresh_token_refusals,
            users: BTreeMap::new(),
            apps: BTreeMap::new(),
            installations: BTreeMap::new(),
            manifests: Manifests::default(),
            oauth: Oauth::default(),
            tokens: BTreeMap::new(),
            budgets: Budgets::default(),
            repos: BTreeMap::new(),
            former_names: BTreeMap::new(),
            teams: BTreeMap::new(),
            registry: Registry::default(),
            packages: Packages::default(),
            status_page: StatusPage::default(),
            chat: Chat::default(),
            registry_page: StatusPage::of(&["crates.io", "Sparse index"]),
            deliveries: Deliveries::default(),
            log: CallLog::default(),
            faults: Faults::default(),
            mishaps: Mishaps::default(),
            schedule: BTreeMap::new(),
            last_id: 1_000,
            wake: Arc::new(Notify::new()),
        }
    }

    /// The present moment on GitHub's clock.
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// A new id; ids count up and are never used twice.
    pub fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// Carries `job` out when the clock shows `due` and somebody ticks.
    pub fn schedule(&mut self, due: Millis, job: Job) {
        let id = self.next_id();
        self.schedule.insert((due, id), job);
    }
}
