//! Repositories: renamed, given to another owner, their default branch renamed.

use serde_json::json;

use crate::sim::git::RefEdit;
use crate::sim::model::app::TokenOwner;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Role, Who, World};

impl World {
    /// Gives a repository another name; the old one leads to it until another
    /// repository takes it.
    pub fn rename_repo(&mut self, repo: u64, name: &str, who: &Who) -> Result<(), Refusal> {
        self.require(repo, who, Role::Admin)?;
        let of = self.repo(repo)?;
        let (owner, from) = (of.owner_login.clone(), of.name.clone());
        self.takes_name(repo, &owner, name)?;
        let changes = json!({ "changes": { "repository": { "name": { "from": from } } } });
        self.emit(repo, "repository", Some("renamed"), changes, who.user);
        Ok(())
    }

    /// Gives a repository to another owner. It leaves the installation.
    pub fn transfer_repo(&mut self, repo: u64, owner: &str, who: &Who) -> Result<(), Refusal> {
        self.require(repo, who, Role::Admin)?;
        let to = self.add_user(owner);
        let of = self.repo(repo)?;
        let (from, name) = (of.owner, of.name.clone());
        self.takes_name(repo, owner, &name)?;
        let old = json!({ "from": { "user": crate::sim::json::user(self, from) } });
        let changes = json!({ "changes": { "owner": old } });
        self.emit(repo, "repository", Some("transferred"), changes, who.user);
        let of = self.repo_mut(repo)?;
        of.owner = to;
        owner.clone_into(&mut of.owner_login);
        for installation in self.installations.values_mut() {
            installation.repos.remove(&repo);
        }
        for token in self.tokens.values_mut() {
            token.repos.remove(&repo);
        }
        Ok(())
    }

    /// Takes an App off the account that a repository belongs to.
    pub fn uninstalls(&mut self, app: u64, repo: u64, who: &Who) -> Result<(), Refusal> {
        self.require(repo, who, Role::Admin)?;
        let mut all = self.installations.values();
        let of = all.find(|it| it.app == app && it.repos.contains(&repo));
        let id = of.ok_or_else(Refusal::not_found)?.id;
        let repos = json!({ "repositories": [] });
        self.emit_installation(id, "installation", "deleted", repos, who.user);
        self.installations.remove(&id);
        self.tokens
            .retain(|_, token| token.owner != TokenOwner::Installation(id));
        Ok(())
    }

    /// Installs an App on a repository, under a new number.
    pub fn installs(&mut self, app: u64, repo: u64, who: &Who) -> Result<u64, Refusal> {
        self.require(repo, who, Role::Admin)?;
        let id = self.install_app(app, &[repo])?;
        let repos = json!({ "repositories": [], "requester": null });
        self.emit_installation(id, "installation", "created", repos, who.user);
        Ok(id)
    }

    /// Suspends the installation of an App on a repository, or lets it go on.
    pub fn suspends(&mut self, app: u64, repo: u64, on: bool, who: &Who) -> Result<(), Refusal> {
        self.require(repo, who, Role::Admin)?;
        let now = self.now();
        let mut all = self.installations.values_mut();
        let of = all.find(|it| it.app == app && it.repos.contains(&repo));
        let of = of.ok_or_else(Refusal::not_found)?;
        of.suspended_at = on.then_some(now);
        let (id, action) = (of.id, if on { "suspend" } else { "unsuspend" });
        let repos = json!({ "repositories": [] });
        self.emit_installation(id, "installation", action, repos, who.user);
        Ok(())
    }

    fn takes_name(&mut self, repo: u64, owner: &str, name: &str) -> Result<(), Refusal> {
        if self.repo_by_name(owner, name).is_some() {
            let why = "name already exists on this account";
            let refusal = Refusal::validation("Repository", "custom", "name", Some(why));
            return Err(refusal);
        }
        let now = self.now();
        let of = self.repo_mut(repo)?;
        let former = of.full_name().to_lowercase();
        name.clone_into(&mut of.name);
        of.updated_at = now;
        self.former_names.insert(former, repo);
        Ok(())
    }

    /// Renames the default branch; its open pull requests go along.
    pub fn rename_default_branch(
        &mut self,
        repo: u64,
        name: &str,
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require(repo, who, Role::Admin)?;
        let of = self.repo_mut(repo)?;
        let from = of.default_branch.clone();
        let head = of.git.read_ref(&format!("refs/heads/{from}"));
        let edit = |name: &str, old: Option<String>, new: Option<String>| RefEdit {
            name: format!("refs/heads/{name}"),
            old: Some(old),
            new,
        };
        of.git
            .update_refs(&[edit(&from, head.clone(), None), edit(name, None, head)])?;
        name.clone_into(&mut of.default_branch);
        let pulls = of.issues.values_mut().filter(|issue| issue.open);
        for pull in pulls.filter_map(|issue| issue.pull.as_mut()) {
            if pull.base == from {
                name.clone_into(&mut pull.base);
            }
        }
        let changes = json!({ "changes": { "default_branch": { "from": from } } });
        self.emit(repo, "repository", Some("edited"), changes, who.user);
        Ok(())
    }
}
