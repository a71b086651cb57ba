//! The state of the stand-in: plain maps behind one lock.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Notify;

use super::actions;
use super::checks;
use super::clock::{Millis, SimClock};
use super::deliveries::Deliveries;
use super::faults::Faults;
use super::git::Git;
use super::log::CallLog;
use super::registry;
use super::releases;
use super::status_page::StatusPage;

/// The id of an account: person, bot or organisation.
pub type UserId = u64;

/// Who does something, and through what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The acting account; for an App its bot account.
    pub user: UserId,
    /// The App through which it happens.
    pub app: Option<u64>,
    /// By a workflow's `GITHUB_TOKEN`: starts no further workflows.
    pub via_github_token: bool,
}

impl Who {
    /// A person, by hand.
    pub fn person(user: UserId) -> Self {
        Self {
            user,
            app: None,
            via_github_token: false,
        }
    }

    /// A workflow's own token (`github-actions[bot]`).
    pub fn github_token(bot: UserId) -> Self {
        Self {
            user: bot,
            app: None,
            via_github_token: true,
        }
    }
}

/// What an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserKind {
    /// A person.
    User,
    /// An App's account, login `<slug>[bot]`.
    Bot,
    /// An organisation.
    Organization,
}

impl UserKind {
    /// As in `type`.
    pub fn name(self) -> &'static str {
        match self {
            UserKind::User => "User",
            UserKind::Bot => "Bot",
            UserKind::Organization => "Organization",
        }
    }
}

/// An account.
#[derive(Clone, Debug)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its login.
    pub login: String,
    /// What it is.
    pub kind: UserKind,
    /// Its e-mail address in commits.
    pub email: String,
    /// When it was made.
    pub created_at: Millis,
}

/// A role in a repository, from weak to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads; opens issues, comments.
    Read,
    /// Labels and closes.
    Triage,
    /// Pushes, merges, edits others' comments.
    Write,
    /// Settings without danger.
    Maintain,
    /// Everything.
    Admin,
}

impl Role {
    /// The role's true name, as in `role_name`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Read => "read",
            Role::Triage => "triage",
            Role::Write => "write",
            Role::Maintain => "maintain",
            Role::Admin => "admin",
        }
    }

    /// The older word for it, as in `permission`: `maintain` shows as `write`,
    /// `triage` as `read`.
    pub fn permission(self) -> &'static str {
        match self {
            Role::Read | Role::Triage => "read",
            Role::Write | Role::Maintain => "write",
            Role::Admin => "admin",
        }
    }
}

/// A registered App.
#[derive(Clone, Debug)]
pub struct App {
    /// Its id.
    pub id: u64,
    /// Its client id, which may stand as `iss` too.
    pub client_id: String,
    /// Its name in URLs; the bot's login is `<slug>[bot]`.
    pub slug: String,
    /// Who owns it.
    pub owner: UserId,
    /// Its bot account.
    pub bot: UserId,
    /// Its public key, PKCS#1 DER.
    pub public_key: Vec<u8>,
    /// The secret its deliveries are signed with.
    pub webhook_secret: String,
    /// What it asks for: `contents` → `write`.
    pub permissions: BTreeMap<String, String>,
    /// The events it subscribes to.
    pub events: Vec<String>,
    /// When it was made.
    pub created_at: Millis,
}

/// An App on an account's repositories.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Its id.
    pub id: u64,
    /// The App.
    pub app: u64,
    /// Whose repositories.
    pub account: UserId,
    /// What was granted: `contents` → `write`.
    pub permissions: BTreeMap<String, String>,
    /// Which repositories.
    pub repos: BTreeSet<u64>,
    /// When it was made.
    pub created_at: Millis,
    /// When it was suspended.
    pub suspended_at: Option<Millis>,
}

/// A token that was handed out.
#[derive(Clone, Debug)]
pub struct Token {
    /// Whose it is.
    pub owner: TokenOwner,
    /// When it ends.
    pub expires_at: Millis,
    /// What it may do (installation tokens): `contents` → `write`.
    pub permissions: BTreeMap<String, String>,
    /// Where (installation tokens).
    pub repos: BTreeSet<u64>,
    /// How often it will still be answered 401 because it is too fresh.
    pub refusals_left: u32,
    /// Requests counted against its rate limit in the hour `window`.
    pub used: u32,
    /// The hour that `used` counts, in hours since the epoch.
    pub window: i64,
}

/// Whose token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenOwner {
    /// An installation's.
    Installation(u64),
    /// A person's.
    User(UserId),
}

/// A label's definition.
#[derive(Clone, Debug)]
pub struct Label {
    /// Its id.
    pub id: u64,
    /// Its name as spelled by the repository.
    pub name: String,
    /// Six hex digits.
    pub color: String,
    /// What it means.
    pub description: Option<String>,
}

/// An issue; with `pull`, a pull request.
#[derive(Clone, Debug)]
pub struct Issue {
    /// The issue's id (not its number).
    pub id: u64,
    /// Its number.
    pub number: u64,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: Option<String>,
    /// Who opened it.
    pub author: UserId,
    /// Through which App.
    pub app: Option<u64>,
    /// Whether it is open.
    pub open: bool,
    /// `completed`, `not_planned`, `duplicate`, `reopened`.
    pub state_reason: Option<String>,
    /// Names of its labels, as the repository spells them.
    pub labels: Vec<String>,
    /// Logins of its assignees.
    pub assignees: Vec<UserId>,
    /// Whether it is locked, and why.
    pub locked: Option<String>,
    /// When it was opened.
    pub created_at: Millis,
    /// When it was last touched.
    pub updated_at: Millis,
    /// When it was closed.
    pub closed_at: Option<Millis>,
    /// Who closed it.
    pub closed_by: Option<UserId>,
    /// What happened to it, in order.
    pub events: Vec<IssueEvent>,
    /// The pull request's part.
    pub pull: Option<Pull>,
}

/// One entry of an issue's history: labels, closing, and so on.
#[derive(Clone, Debug)]
pub struct IssueEvent {
    /// Its id.
    pub id: u64,
    /// `labeled`, `unlabeled`, `closed`, `reopened`, `merged`, `referenced`, ...
    pub event: &'static str,
    /// Who did it.
    pub actor: UserId,
    /// When.
    pub at: Millis,
    /// The label's name, or the commit, where there is one.
    pub subject: Option<String>,
}

/// What a pull request has beyond an issue.
#[derive(Clone, Debug)]
pub struct Pull {
    /// The pull request's own id.
    pub id: u64,
    /// The head branch's short name (in the same repository).
    pub head: String,
    /// The head commit, kept when the branch goes.
    pub head_sha: String,
    /// The base branch's short name.
    pub base: String,
    /// The base commit when it was opened or last updated.
    pub base_sha: String,
    /// Whether it is a draft.
    pub draft: bool,
    /// Whether a test merge is known for the present head and base.
    pub mergeable: Mergeable,
    /// The merge.
    pub merged: Option<Merged>,
    /// Its reviews, oldest first.
    pub reviews: Vec<Review>,
    /// Who was asked for a review.
    pub requested_reviewers: Vec<UserId>,
}

/// What is known of a test merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mergeable {
    /// Never asked since head or base moved: answers `null` and is computed.
    Unknown,
    /// It merges; the test merge's commit.
    Clean(String),
    /// It conflicts.
    Conflict,
}

/// How a pull request was merged.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The commit that the base branch got.
    pub sha: String,
    /// Who merged.
    pub by: UserId,
    /// When.
    pub at: Millis,
    /// `merge`, `squash` or `rebase`.
    pub method: &'static str,
}

/// A review.
#[derive(Clone, Debug)]
pub struct Review {
    /// Its id.
    pub id: u64,
    /// Who reviewed.
    pub author: UserId,
    /// Its text.
    pub body: String,
    /// `APPROVED`, `CHANGES_REQUESTED`, `COMMENTED`, `DISMISSED`, `PENDING`.
    pub state: &'static str,
    /// The commit it was made on.
    pub commit: String,
    /// When.
    pub at: Millis,
}

/// A comment on an issue or pull request.
#[derive(Clone, Debug)]
pub struct Comment {
    /// Its id.
    pub id: u64,
    /// The issue's number.
    pub issue: u64,
    /// Who wrote it.
    pub author: UserId,
    /// Through which App.
    pub app: Option<u64>,
    /// Its present text.
    pub body: String,
    /// When it was written.
    pub created_at: Millis,
    /// When it was last edited.
    pub updated_at: Millis,
    /// Every text it had, the first included.
    pub edits: Vec<Edit>,
    /// Reactions on it.
    pub reactions: Vec<Reaction>,
}

/// One state of a comment's text.
#[derive(Clone, Debug)]
pub struct Edit {
    /// When.
    pub at: Millis,
    /// By whom.
    pub by: UserId,
    /// The text from then on.
    pub body: String,
}

/// A reaction.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// Its id.
    pub id: u64,
    /// Whose.
    pub user: UserId,
    /// `+1`, `-1`, `laugh`, `confused`, `heart`, `hooray`, `rocket`, `eyes`.
    pub content: String,
    /// When.
    pub at: Millis,
}

/// A rule that is active on some branches.
#[derive(Clone, Debug)]
pub struct BranchRule {
    /// The ruleset it belongs to.
    pub ruleset: u64,
    /// The branch's short name, or `*` for all.
    pub branch: String,
    /// `required_status_checks`, `pull_request`, `required_signatures`, ...
    pub kind: String,
    /// The rule's `parameters`, as GitHub shows them.
    pub parameters: Value,
    /// Apps that may pass by.
    pub bypass_apps: BTreeSet<u64>,
}

/// A change of a ref, as it happened.
#[derive(Clone, Debug)]
pub struct RefChange {
    /// The full name, `refs/heads/main`.
    pub name: String,
    /// What it pointed to; none when it was new.
    pub before: Option<String>,
    /// What it points to; none when it was deleted.
    pub after: Option<String>,
    /// Whether it was no fast-forward.
    pub forced: bool,
    /// Who did it.
    pub by: UserId,
    /// When.
    pub at: Millis,
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
    pub actions: actions::RepoActions,
    /// Releases and their assets.
    pub releases: releases::RepoReleases,
    /// Check runs and statuses.
    pub checks: checks::RepoChecks,
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
    Actions(actions::ActionsJob),
    /// A version becomes visible in the index, and so on.
    Registry(registry::RegistryJob),
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
    /// Tokens by their text.
    pub tokens: BTreeMap<String, Token>,
    /// Repositories by id.
    pub repos: BTreeMap<u64, Repo>,
    /// The registry.
    pub registry: registry::Registry,
    /// The status page.
    pub status_page: StatusPage,
    /// What was sent to the App, and what waits.
    pub deliveries: Deliveries,
    /// What was asked of the API.
    pub log: CallLog,
    /// Faults to inject.
    pub faults: Faults,
    pub(super) schedule: BTreeMap<(Millis, u64), Job>,
    pub(super) last_id: u64,
    pub(super) wake: Arc<Notify>,
}

impl World {
    pub(super) fn new(options: &super::SimOptions, dir: PathBuf, api_url: String) -> Self {
        Self {
            clock: options.clock.clone(),
            dir,
            api_url,
            index_lag_ms: options.index_lag_ms,
            fresh_token_refusals: options.fresh_token_refusals,
            users: BTreeMap::new(),
            apps: BTreeMap::new(),
            installations: BTreeMap::new(),
            tokens: BTreeMap::new(),
            repos: BTreeMap::new(),
            registry: registry::Registry::default(),
            status_page: StatusPage::default(),
            deliveries: Deliveries::default(),
            log: CallLog::default(),
            faults: Faults::default(),
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

    /// The account with this login, without regard to case.
    pub fn user_by_login(&self, login: &str) -> Option<&User> {
        self.users
            .values()
            .find(|u| u.login.eq_ignore_ascii_case(login))
    }

    /// The repository `owner/name`, without regard to case.
    pub fn repo_by_name(&self, owner: &str, name: &str) -> Option<&Repo> {
        self.repos.values().find(|r| {
            r.owner_login.eq_ignore_ascii_case(owner) && r.name.eq_ignore_ascii_case(name)
        })
    }

    /// The repository `owner/name`, to change it.
    pub fn repo_by_name_mut(&mut self, owner: &str, name: &str) -> Option<&mut Repo> {
        self.repos.values_mut().find(|r| {
            r.owner_login.eq_ignore_ascii_case(owner) && r.name.eq_ignore_ascii_case(name)
        })
    }

    /// The role of an account in a repository: its own, the owner's `admin`,
    /// and `read` for everybody on a public one.
    pub fn role(&self, repo: u64, user: UserId) -> Option<Role> {
        let repo = self.repos.get(&repo)?;
        if repo.owner == user {
            return Some(Role::Admin);
        }
        let public = (!repo.private && self.users.contains_key(&user)).then_some(Role::Read);
        repo.roles.get(&user).copied().or(public)
    }
}
