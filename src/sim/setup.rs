//! What is there before the story begins: accounts, repositories with their
//! history, the App and its installation.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::signature::KeyPair;
use serde_json::json;

use super::clock::Millis;
use super::git::{CommitObject, Git, Ident, Kind, RefEdit, TagObject, TreeEdit};
use super::model::manifest::Registration;
use super::refusal::Refusal;
use super::world::{App, BranchRule, Installation, Repo, Role, User, UserId, UserKind, World};

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
    /// Events; empty: all that the stand-in knows.
    pub events: &'a [&'a str],
}

/// What an App that names no events is subscribed to.
const EVENTS: [&str; 18] = [
    "branch_protection_rule",
    "check_run",
    "check_suite",
    "create",
    "delete",
    "issue_comment",
    "issues",
    "label",
    "pull_request",
    "pull_request_review",
    "push",
    "release",
    "repository",
    "repository_ruleset",
    "status",
    "workflow_dispatch",
    "workflow_job",
    "workflow_run",
];

impl World {
    /// Adds a person; gives their id. The same login gives the same account.
    pub fn add_user(&mut self, login: &str) -> UserId {
        self.add_account(login, UserKind::User)
    }

    /// Adds an organisation.
    pub fn add_org(&mut self, login: &str) -> UserId {
        self.add_account(login, UserKind::Organization)
    }

    /// Adds an account of any kind; gives its id. The same login gives the same
    /// account.
    pub fn add_account(&mut self, login: &str, kind: UserKind) -> UserId {
        if let Some(known) = self.user_by_login(login) {
            return known.id;
        }
        let id = self.next_id();
        let user = User {
            id,
            login: login.to_owned(),
            kind,
            email: format!("{id}+{login}@users.noreply.github.test"),
            created_at: self.now(),
        };
        self.users.insert(id, user);
        id
    }

    /// Creates an empty repository with default branch `main`; gives its id.
    ///
    /// # Errors
    /// 422 when there is one of that name; 500 when git fails.
    pub fn create_repo(&mut self, owner: &str, name: &str, private: bool) -> Result<u64, Refusal> {
        self.create_repo_on(owner, name, private, "main")
    }

    /// As [`World::create_repo`], with another default branch.
    pub(super) fn create_repo_on(
        &mut self,
        owner: &str,
        name: &str,
        private: bool,
        branch: &str,
    ) -> Result<u64, Refusal> {
        if self.repo_by_name(owner, name).is_some() {
            let why = "name already exists on this account";
            return Err(Refusal::validation(
                "Repository",
                "custom",
                "name",
                Some(why),
            ));
        }
        let owner = self.add_user(owner);
        let id = self.next_id();
        let git = Git::init(&self.dir.join(format!("{id}-{name}.git")), branch)?;
        let now = self.now();
        let repo = Repo {
            id,
            owner,
            owner_login: self
                .users
                .get(&owner)
                .map(|u| u.login.clone())
                .unwrap_or_default(),
            name: name.to_owned(),
            private,
            archived: false,
            default_branch: branch.to_owned(),
            git,
            roles: BTreeMap::new(),
            labels: BTreeMap::new(),
            issues: BTreeMap::new(),
            comments: BTreeMap::new(),
            rules: Vec::new(),
            ref_log: Vec::new(),
            deleted_comments: Vec::new(),
            allow_merge_commit: true,
            allow_squash_merge: true,
            allow_rebase_merge: true,
            delete_branch_on_merge: false,
            created_at: now,
            updated_at: now,
            pushed_at: now,
            actions: Default::default(),
            releases: Default::default(),
            checks: Default::default(),
            advisories: BTreeMap::new(),
        };
        self.repos.insert(id, repo);
        Ok(id)
    }

    /// Adds commits to a branch, silently: no events. Gives the last commit.
    ///
    /// # Errors
    /// 422 without commits; 500 when git fails.
    pub fn seed(
        &mut self,
        repo: u64,
        branch: &str,
        commits: &[Seed<'_>],
    ) -> Result<String, Refusal> {
        let name = format!("refs/heads/{branch}");
        let before = self.repo(repo)?.git.read_ref(&name);
        let mut head = before.clone();
        for seed in commits {
            let author = self.add_user(seed.author);
            let ident = Ident {
                at: seed.at,
                ..self.ident(author)
            };
            let tree = self.tree_with(repo, head.as_deref(), seed.files)?;
            head = Some(self.repo(repo)?.git.write_commit(&CommitObject {
                sha: String::new(),
                tree,
                parents: head.into_iter().collect(),
                author: ident.clone(),
                committer: ident,
                message: seed.message.to_owned(),
                signed: false,
            })?);
        }
        let head = head.ok_or_else(|| Refusal::unprocessable("no commits to seed"))?;
        let edit = RefEdit {
            name,
            old: Some(before),
            new: Some(head.clone()),
        };
        self.repo(repo)?.git.update_refs(&[edit])?;
        Ok(head)
    }

    /// The tree of `commit` with files written or (none) deleted.
    pub(super) fn tree_with(
        &self,
        repo: u64,
        commit: Option<&str>,
        files: &[(&str, Option<&str>)],
    ) -> Result<String, Refusal> {
        let git = &self.repo(repo)?.git;
        let base = commit.and_then(|c| git.commit(c)).map(|c| c.tree);
        let mut edits: BTreeMap<String, TreeEdit> = BTreeMap::new();
        for (path, text) in files {
            let edit = match text {
                None => None,
                Some(text) => {
                    let old = commit.and_then(|c| git.entry_at(c, path)).map(|e| e.mode);
                    let mode = old
                        .filter(|m| m != "040000")
                        .unwrap_or_else(|| "100644".into());
                    Some((mode, git.write(Kind::Blob, text.as_bytes())?))
                }
            };
            edits.insert((*path).to_owned(), edit);
        }
        Ok(git.edit_tree(base.as_deref(), &edits)?)
    }

    /// Adds a tag, silently; annotated with a message (by the commit's
    /// committer, at its time). Gives the ref's target.
    ///
    /// # Errors
    /// 422 when `sha` is no commit; 500 when git fails.
    pub fn seed_tag(
        &mut self,
        repo: u64,
        tag: &str,
        sha: &str,
        message: Option<&str>,
    ) -> Result<String, Refusal> {
        let git = &self.repo(repo)?.git;
        let Some(commit) = git.commit(sha) else {
            return Err(Refusal::unprocessable("Object does not exist"));
        };
        let target = match message {
            None => commit.sha,
            Some(message) => git.write_tag(&TagObject {
                sha: String::new(),
                object: commit.sha,
                kind: Kind::Commit,
                tag: tag.to_owned(),
                tagger: commit.committer,
                message: message.to_owned(),
            })?,
        };
        let edit = RefEdit {
            name: format!("refs/tags/{tag}"),
            old: Some(None),
            new: Some(target.clone()),
        };
        git.update_refs(&[edit])?;
        Ok(target)
    }

    /// Gives an account a role in a repository.
    pub fn set_role(&mut self, repo: u64, login: &str, role: Role) {
        let user = self.add_user(login);
        if let Some(repo) = self.repos.get_mut(&repo) {
            repo.roles.insert(user, role);
        }
    }

    /// Defines a label, unless there is one of that name.
    pub fn add_label(&mut self, repo: u64, name: &str, color: &str) {
        let _ = self.define_label(repo, name, color, None);
    }

    /// Registers an App; gives its id.
    ///
    /// # Errors
    /// 422 when the key is no RSA key in PKCS#1 PEM.
    pub fn add_app(&mut self, app: &NewApp<'_>) -> Result<u64, Refusal> {
        let public_key = public_part(app.key_pem)
            .ok_or_else(|| Refusal::unprocessable("the key is no RSA key in PKCS#1 PEM"))?;
        let owner = self.add_user(app.owner);
        let bot = self.add_account(&format!("{}[bot]", app.slug), UserKind::Bot);
        let id = self.next_id();
        let events: &[&str] = if app.events.is_empty() {
            &EVENTS
        } else {
            app.events
        };
        let registered = App {
            id,
            name: app.slug.to_owned(),
            client_secret: format!("simclientsecret{id:025}"),
            registration: Registration::default(),
            client_id: format!("Iv23sim{id:013}"),
            slug: app.slug.to_owned(),
            owner,
            bot,
            public_key,
            webhook_secret: app.webhook_secret.to_owned(),
            permissions: permissions(app.permissions),
            events: events.iter().map(|e| (*e).to_owned()).collect(),
            created_at: self.now(),
        };
        self.apps.insert(id, registered);
        Ok(id)
    }

    /// Registers the App that a manifest describes. All of them have the one key.
    pub(super) fn register(
        &mut self,
        name: &str,
        slug: &str,
        owner: UserId,
        permissions: &[(&str, &str)],
        events: &[&str],
        registration: Registration,
    ) -> Result<u64, Refusal> {
        let webhook_secret = self.opaque(1);
        let owner = self.users.get(&owner).map(|user| user.login.clone());
        let id = self.add_app(&NewApp {
            slug,
            owner: &owner.unwrap_or_default(),
            key_pem: TEST_APP_KEY,
            webhook_secret: &webhook_secret,
            permissions,
            events,
        })?;
        if let Some(app) = self.apps.get_mut(&id) {
            app.name = name.to_owned();
            app.registration = registration;
        }
        Ok(id)
    }

    /// The key that GitHub hands out.
    pub(super) fn key_of_apps(&self) -> &'static str {
        TEST_APP_KEY
    }

    /// Somebody signs in at GitHub in the one browser that there is.
    pub fn sign_in(&mut self, login: &str) {
        let user = self.add_user(login);
        self.manifests.signed_in = Some(user);
    }

    /// Installs an App on repositories of one owner with all permissions that
    /// it asks for, silently; gives the installation's id.
    ///
    /// # Errors
    /// 404 for an unknown App or repository.
    pub fn install_app(&mut self, app: u64, repos: &[u64]) -> Result<u64, Refusal> {
        let granted = self
            .apps
            .get(&app)
            .map(|a| a.permissions.clone())
            .ok_or_else(Refusal::not_found)?;
        let account = match repos.first() {
            Some(repo) => self.repo(*repo)?.owner,
            None => return Err(Refusal::not_found()),
        };
        let id = self.next_id();
        let installation = Installation {
            id,
            app,
            account,
            permissions: granted,
            repos: repos.iter().copied().collect::<BTreeSet<_>>(),
            created_at: self.now(),
            suspended_at: None,
        };
        self.installations.insert(id, installation);
        Ok(id)
    }

    /// Grants an installation other permissions from now on, and tells the App
    /// (`installation.new_permissions_accepted`). Tokens keep what they had.
    pub fn grant(&mut self, installation: u64, granted: &[(&str, &str)]) {
        let Some(of) = self.installations.get_mut(&installation) else {
            return;
        };
        of.permissions = permissions(granted);
        let by = of.account;
        let more = json!({ "repositories": [] });
        self.emit_installation(
            installation,
            "installation",
            "new_permissions_accepted",
            more,
            by,
        );
    }

    /// Makes a rule active on a branch (`*`: all, `hotfix/*`: by prefix).
    pub fn add_rule(&mut self, repo: u64, rule: BranchRule) {
        if let Some(repo) = self.repos.get_mut(&repo) {
            repo.rules.push(rule);
        }
    }
}

fn permissions(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    let own = |(permission, level): &(&str, &str)| ((*permission).to_owned(), (*level).to_owned());
    let mut map: BTreeMap<_, _> = pairs.iter().map(own).collect();
    map.entry("metadata".to_owned())
        .or_insert_with(|| "read".to_owned());
    map
}

/// The public key (PKCS#1 DER) of a private key in PKCS#1 PEM.
fn public_part(pem: &str) -> Option<Vec<u8>> {
    let body: String = pem
        .lines()
        .filter(|l| !l.starts_with("-----"))
        .map(str::trim)
        .collect();
    let der = STANDARD.decode(body).ok()?;
    let pair = ring::signature::RsaKeyPair::from_der(&der).ok()?;
    Some(pair.public_key().as_ref().to_vec())
}
