//! Looking things up in the world: accounts, repositories, what a name stands
//! for, and who may do what.

use super::clock::Millis;
use super::git::Ident;
use super::model::app::grants;
use super::model::run::Settings;
use super::refusal::Refusal;
use super::world::{Issue, Pull, Repo, Role, User, UserId, Who, World};

/// The name and address under which GitHub itself commits.
const WEB_FLOW: (&str, &str) = ("GitHub", "noreply@github.test");

impl World {
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

    /// What a rehearsal sets of a repository's runs; nothing for an unknown
    /// repository.
    pub fn run_settings(&mut self, repo: u64) -> Option<&mut Settings> {
        Some(&mut self.repos.get_mut(&repo)?.actions.settings)
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

    /// Refuses a person below `role`. Apps were checked by their permissions,
    /// a workflow's token is let through.
    pub fn require(&self, repo: u64, who: &Who, role: Role) -> Result<(), Refusal> {
        if who.app.is_some() || who.via_github_token {
            return Ok(());
        }
        match self.role(repo, who.user) {
            Some(has) if has >= role => Ok(()),
            Some(_) => Err(Refusal::new(403, "Must have admin rights to Repository.")),
            None => Err(Refusal::not_found()),
        }
    }

    /// Whether the App of `who` was granted `permission` at `level` on a
    /// repository; a person always may, a workflow's token never.
    pub fn app_may(&self, repo: u64, who: &Who, permission: &str, level: &str) -> bool {
        match who.app {
            None => !who.via_github_token,
            Some(app) => self.installations.values().any(|i| {
                i.app == app && i.repos.contains(&repo) && grants(&i.permissions, permission, level)
            }),
        }
    }

    /// The identity of an account in commits, now.
    pub fn ident(&self, user: UserId) -> Ident {
        let (name, email) = self
            .users
            .get(&user)
            .map(|u| (u.login.clone(), u.email.clone()))
            .unwrap_or_default();
        Ident {
            name,
            email,
            at: self.now(),
        }
    }

    /// GitHub's own identity in commits, now.
    pub(super) fn web_flow(&self) -> Ident {
        Ident {
            name: WEB_FLOW.0.into(),
            email: WEB_FLOW.1.into(),
            at: self.now(),
        }
    }

    /// A repository, else 404.
    pub fn repo(&self, id: u64) -> Result<&Repo, Refusal> {
        self.repos.get(&id).ok_or_else(Refusal::not_found)
    }

    /// A repository to change, else 404.
    pub fn repo_mut(&mut self, id: u64) -> Result<&mut Repo, Refusal> {
        self.repos.get_mut(&id).ok_or_else(Refusal::not_found)
    }

    pub(super) fn issue_mut(&mut self, repo: u64, number: u64) -> Result<&mut Issue, Refusal> {
        self.repo_mut(repo)?
            .issues
            .get_mut(&number)
            .ok_or_else(Refusal::not_found)
    }

    pub(super) fn pull_mut(&mut self, repo: u64, number: u64) -> Result<&mut Pull, Refusal> {
        self.issue_mut(repo, number)?
            .pull
            .as_mut()
            .ok_or_else(Refusal::not_found)
    }
}

impl Repo {
    /// An issue or pull request, else 404.
    pub fn issue(&self, number: u64) -> Result<&Issue, Refusal> {
        self.issues.get(&number).ok_or_else(Refusal::not_found)
    }

    /// A pull request, else 404.
    pub fn pull(&self, number: u64) -> Result<(&Issue, &Pull), Refusal> {
        let issue = self.issue(number)?;
        issue
            .pull
            .as_ref()
            .map(|p| (issue, p))
            .ok_or_else(Refusal::not_found)
    }

    /// The commit a name stands for: a full ref, a branch, a tag, a commit.
    pub fn resolve(&self, name: &str) -> Option<String> {
        let refs = [format!("refs/heads/{name}"), format!("refs/tags/{name}")];
        let by_ref = [name.to_owned(), format!("refs/{name}")]
            .iter()
            .chain(&refs)
            .find_map(|n| self.git.read_ref(n));
        let by_sha = || {
            let hex = name.len() >= 7 && name.chars().all(|c| c.is_ascii_hexdigit());
            hex.then(|| name.to_owned())
        };
        let sha = match name {
            "HEAD" => self
                .git
                .read_ref(&format!("refs/heads/{}", self.default_branch)),
            _ => by_ref.or_else(by_sha),
        }?;
        self.git.peel(&sha)
    }

    /// The commit of a tag.
    pub fn tag_commit(&self, tag: &str) -> Option<String> {
        let target = self.git.read_ref(&format!("refs/tags/{tag}"))?;
        self.git.peel(&target)
    }

    /// When the commit of a tag was made.
    pub fn tag_date(&self, tag: &str) -> Option<Millis> {
        let commit = self.git.commit(&self.tag_commit(tag)?)?;
        Some(commit.committer.at)
    }

    /// The head of the default branch.
    pub fn default_head(&self) -> Option<String> {
        self.git
            .read_ref(&format!("refs/heads/{}", self.default_branch))
    }
}
