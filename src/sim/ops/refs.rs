//! Branches and tags: created, moved, deleted.

use crate::sim::git::{GitError, Kind, RefEdit, is_valid_ref};
use crate::sim::refusal::Refusal;
use crate::sim::world::{Role, Who, World};

/// One change in an all-or-nothing update.
#[derive(Clone, Debug)]
pub struct RefUpdate {
    /// The full name.
    pub name: String,
    /// What it must point to; inner none: it must not exist.
    pub before: Option<Option<String>>,
    /// What it shall point to; none: delete it.
    pub after: Option<String>,
    /// Whether it may be no fast-forward.
    pub force: bool,
}

impl World {
    /// Creates a ref; `sha` may be an annotated tag's object for a tag.
    pub fn create_ref(
        &mut self,
        repo: u64,
        name: &str,
        sha: &str,
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require(repo, who, Role::Write)?;
        if !is_valid_ref(name) {
            let why = format!("{name} is not a valid ref name.");
            return Err(Refusal::unprocessable(&why));
        }
        let git = &self.repo(repo)?.git;
        if git.read_ref(name).is_some() {
            return Err(Refusal::unprocessable("Reference already exists"));
        }
        self.check_target(repo, name, sha)?;
        self.guard_ref(repo, name, "creation", who)?;
        self.guard_signatures(repo, name, (None, sha), who)?;
        self.guard_workflows(repo, None, sha, who)?;
        self.move_ref(repo, name, Some(None), Some(sha), who)
    }

    /// Moves a ref; without `force` only forward.
    pub fn update_ref(
        &mut self,
        repo: u64,
        name: &str,
        sha: &str,
        force: bool,
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require(repo, who, Role::Write)?;
        let git = &self.repo(repo)?.git;
        let Some(before) = git.read_ref(name) else {
            return Err(Refusal::unprocessable("Reference does not exist"));
        };
        self.check_target(repo, name, sha)?;
        let git = &self.repo(repo)?.git;
        if !force && !git.is_ancestor(&before, sha)? {
            return Err(Refusal::unprocessable("Update is not a fast forward"));
        }
        if before == sha {
            return Ok(());
        }
        self.guard_ref(repo, name, "update", who)?;
        self.guard_signatures(repo, name, (Some(&before), sha), who)?;
        self.guard_workflows(repo, Some(&before), sha, who)?;
        self.move_ref(repo, name, Some(Some(before)), Some(sha), who)
    }

    /// Deletes a ref.
    pub fn delete_ref(&mut self, repo: u64, name: &str, who: &Who) -> Result<(), Refusal> {
        self.require(repo, who, Role::Write)?;
        let of = self.repo(repo)?;
        let Some(before) = of.git.read_ref(name) else {
            return Err(Refusal::unprocessable("Reference does not exist"));
        };
        if name == format!("refs/heads/{}", of.default_branch) {
            return Err(Refusal::unprocessable("Cannot delete the default branch"));
        }
        self.guard_ref(repo, name, "deletion", who)?;
        self.move_ref(repo, name, Some(Some(before)), None, who)
    }

    /// Changes several refs, all or none; the refusal's message is GraphQL's.
    pub fn update_refs(
        &mut self,
        repo: u64,
        updates: &[RefUpdate],
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require(repo, who, Role::Write)?;
        let mut edits = Vec::new();
        for update in updates {
            let of = self.repo(repo)?;
            if !is_valid_ref(&update.name) {
                let why = format!("'{}' is not a valid ref name", update.name);
                return Err(Refusal::unprocessable(&why));
            }
            let now = of.git.read_ref(&update.name);
            let doing = match (&now, &update.after) {
                (None, _) => "creation",
                (_, None) => "deletion",
                _ => "update",
            };
            self.guard_ref(repo, &update.name, doing, who)?;
            if update.before.as_ref().is_some_and(|wanted| *wanted != now) {
                let why = format!(
                    "Reference '{}' does not point to the expected object",
                    update.name
                );
                return Err(Refusal::unprocessable(&why));
            }
            match (&now, &update.after) {
                (_, Some(after)) => {
                    self.check_target(repo, &update.name, after)?;
                    let git = &self.repo(repo)?.git;
                    if let Some(now) = &now
                        && !update.force
                        && !git.is_ancestor(now, after)?
                    {
                        let why = format!("Update of '{}' is not a fast forward", update.name);
                        return Err(Refusal::unprocessable(&why));
                    }
                    self.guard_signatures(repo, &update.name, (now.as_deref(), after), who)?;
                    self.guard_workflows(repo, now.as_deref(), after, who)?;
                }
                (None, None) => {
                    let why = format!("Reference '{}' does not exist", update.name);
                    return Err(Refusal::unprocessable(&why));
                }
                (Some(_), None) if update.name == format!("refs/heads/{}", of.default_branch) => {
                    return Err(Refusal::unprocessable("Cannot delete the default branch"));
                }
                (Some(_), None) => {}
            }
            edits.push(RefEdit {
                name: update.name.clone(),
                old: Some(now),
                new: update.after.clone(),
            });
        }
        self.repo(repo)?
            .git
            .update_refs(&edits)
            .map_err(|e| refused(&e))?;
        for edit in edits {
            let before = edit.old.flatten();
            if before != edit.new {
                self.ref_changed(repo, &edit.name, before, edit.new, who)?;
            }
        }
        Ok(())
    }

    /// The git part of a change, then everything that follows from it.
    pub(super) fn move_ref(
        &mut self,
        repo: u64,
        name: &str,
        old: Option<Option<String>>,
        new: Option<&str>,
        who: &Who,
    ) -> Result<(), Refusal> {
        let before = old.clone().flatten();
        let edit = RefEdit {
            name: name.to_owned(),
            old,
            new: new.map(str::to_owned),
        };
        self.repo(repo)?
            .git
            .update_refs(&[edit])
            .map_err(|e| refused(&e))?;
        self.ref_changed(repo, name, before, new.map(str::to_owned), who)
    }

    /// A branch points to a commit, a tag to a commit or a tag object.
    fn check_target(&self, repo: u64, name: &str, sha: &str) -> Result<(), Refusal> {
        let full = sha.len() == 40 && sha.chars().all(|c| c.is_ascii_hexdigit());
        if !full {
            return Err(Refusal::unprocessable(
                "The sha parameter must be exactly 40 characters and contain only [0-9a-f].",
            ));
        }
        let git = &self.repo(repo)?.git;
        let Some(kind) = git.kind(sha) else {
            return Err(Refusal::unprocessable("Object does not exist"));
        };
        let commit = kind == Kind::Commit;
        if name.starts_with("refs/heads/") && !commit {
            return Err(Refusal::unprocessable(
                "Reference cannot be updated: not a commit",
            ));
        }
        Ok(())
    }

    /// An App without `workflows: write` may not bring workflow files that
    /// neither the ref nor the default branch has. (Seen in practice on push,
    /// merge and ref creation; not in the published description.)
    pub(super) fn guard_workflows(
        &self,
        repo: u64,
        before: Option<&str>,
        after: &str,
        who: &Who,
    ) -> Result<(), Refusal> {
        if self.app_may(repo, who, "workflows", "write") {
            return Ok(());
        }
        let of = self.repo(repo)?;
        let files = |sha: &str| {
            of.git
                .peel(sha)
                .and_then(|c| of.git.entry_at(&c, ".github/workflows"))
                .map(|e| e.sha)
        };
        let new = files(after);
        let same_as_default = of.default_head().is_none_or(|head| files(&head) == new);
        let same_as_before = before.is_some_and(|b| files(b) == new);
        if new.is_none() || same_as_default || same_as_before {
            return Ok(());
        }
        let path = of
            .git
            .peel(after)
            .and_then(|c| of.git.paths_at(&c, ".github/workflows").into_iter().next())
            .unwrap_or_default();
        let mut refusal = Refusal::forbidden("contents=write,workflows=write");
        refusal.message = format!(
            "refusing to allow a GitHub App to create or update workflow `{path}` without \
             `workflows` permission"
        );
        Err(refusal)
    }
}

fn refused(error: &GitError) -> Refusal {
    // Most likely a clash such as `a` beside `a/b`.
    Refusal::unprocessable(&format!("Reference update failed: {error}"))
}
