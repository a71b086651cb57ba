//! What follows from a changed ref: events, pull requests, closed issues, runs.

use serde_json::{Value, json};

use super::keywords::closes;
use super::releases::events::on_ref_deleted;
use crate::sim::actions::listen::{PushInfo, on_push};
use crate::sim::json as build;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Mergeable, Merged, RefChange, Who, World};

const NONE: &str = "0000000000000000000000000000000000000000";
/// A push lists at most this many commits (GitHub: 2,048).
const LISTED: usize = 50;

impl World {
    /// Records a change that git has made already, and lets everything follow.
    pub(super) fn ref_changed(
        &mut self,
        repo: u64,
        name: &str,
        before: Option<String>,
        after: Option<String>,
        who: &Who,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let of = self.repo(repo)?;
        let after_commit = after.as_deref().and_then(|sha| of.git.peel(sha));
        let forced = match (&before, &after) {
            (Some(before), Some(after)) => !of.git.is_ancestor(before, after)?,
            _ => false,
        };
        let change = RefChange {
            name: name.to_owned(),
            before: before.clone(),
            after: after.clone(),
            forced,
            by: who.user,
            at: now,
        };
        let of = self.repo_mut(repo)?;
        of.ref_log.push(change);
        of.pushed_at = now;
        of.updated_at = now;
        let branch = name.strip_prefix("refs/heads/").map(str::to_owned);
        let short = branch
            .clone()
            .or_else(|| name.strip_prefix("refs/tags/").map(str::to_owned));
        if let Some(short) = &short {
            self.emit_create_or_delete(repo, name, short, &before, &after, who);
            let closed = self.emit_push(repo, name, &before, &after, forced, who)?;
            let push = PushInfo {
                ref_name: name.to_owned(),
                before: before.clone(),
                after: after.clone(),
                after_commit,
                who: who.clone(),
            };
            match push.after_commit {
                Some(_) => on_push(self, repo, &push),
                None => on_ref_deleted(self, repo, name, who),
            }
            for number in closed {
                self.close_by_keyword(repo, number, after.as_deref(), who);
            }
        }
        match (branch, after) {
            (Some(branch), Some(after)) => {
                self.move_pulls(repo, &branch, before.as_deref(), &after, who)
            }
            (Some(branch), None) => self.close_pulls(repo, &branch, who),
            (None, _) => Ok(()),
        }
    }

    fn emit_create_or_delete(
        &mut self,
        repo: u64,
        name: &str,
        short: &str,
        before: &Option<String>,
        after: &Option<String>,
        who: &Who,
    ) {
        let kind = if name.starts_with("refs/tags/") {
            "tag"
        } else {
            "branch"
        };
        let master = self.repos.get(&repo).map(|r| r.default_branch.clone());
        let fields = json!({ "ref": short, "ref_type": kind, "pusher_type": "user" });
        match (before, after) {
            (None, Some(_)) => {
                let more = json!({ "master_branch": master, "description": null });
                self.emit(repo, "create", None, build::extend(fields, more), who.user);
            }
            (Some(_), None) => self.emit(repo, "delete", None, fields, who.user),
            _ => {}
        }
    }

    /// Emits `push`; gives the issues that its commits close.
    fn emit_push(
        &mut self,
        repo: u64,
        name: &str,
        before: &Option<String>,
        after: &Option<String>,
        forced: bool,
        who: &Who,
    ) -> Result<Vec<u64>, Refusal> {
        let of = self.repo(repo)?;
        let default = name == format!("refs/heads/{}", of.default_branch);
        let mut commits = Vec::new();
        if let (Some(after), true) = (after, name.starts_with("refs/heads/")) {
            let base = match before {
                Some(before) => Some(before.clone()),
                None => of.default_head().filter(|_| !default),
            };
            commits = of.git.log(base.as_deref(), after, None, LISTED)?;
            commits.reverse();
        }
        let mut listed = Vec::new();
        let mut closed = Vec::new();
        for sha in &commits {
            let Some(commit) = of.git.commit(sha) else {
                continue;
            };
            if default {
                closed.extend(closes(&commit.message, &of.full_name()));
            }
            let files = of
                .git
                .diff(commit.parents.first().map(String::as_str), sha)?;
            listed.push(build::push_commit(self, of, &commit, &files));
        }
        let head = match after.as_deref().and_then(|sha| of.git.peel(sha)) {
            None => Value::Null,
            Some(sha) => match listed.iter().find(|c| c["id"] == sha.as_str()) {
                Some(commit) => commit.clone(),
                None => of
                    .git
                    .commit(&sha)
                    .map_or(Value::Null, |c| build::push_commit(self, of, &c, &[])),
            },
        };
        let short = |sha: &Option<String>| {
            sha.as_deref()
                .unwrap_or(NONE)
                .get(..12)
                .unwrap_or("")
                .to_owned()
        };
        let compare = format!(
            "{}/compare/{}...{}",
            build::repo_page(of),
            short(before),
            short(after)
        );
        let pusher = self
            .users
            .get(&who.user)
            .map(|u| json!({ "name": u.login, "email": u.email }));
        let fields = json!({
            "ref": name,
            "before": before.as_deref().unwrap_or(NONE),
            "after": after.as_deref().unwrap_or(NONE),
            "repository": build::repository_in_push(self, repo),
            "pusher": pusher,
            "created": before.is_none(),
            "deleted": after.is_none(),
            "forced": forced,
            "base_ref": null,
            "compare": compare,
            "commits": listed,
            "head_commit": head,
        });
        self.emit(repo, "push", None, fields, who.user);
        Ok(closed)
    }

    /// A branch moved: open pull requests from it and into it.
    fn move_pulls(
        &mut self,
        repo: u64,
        branch: &str,
        before: Option<&str>,
        after: &str,
        who: &Who,
    ) -> Result<(), Refusal> {
        let of = self.repo(repo)?;
        let mut from = Vec::new();
        let mut into = Vec::new();
        for issue in of.issues.values().filter(|i| i.open) {
            let Some(pull) = &issue.pull else { continue };
            if pull.is_of(branch) && pull.head_sha != after {
                from.push(issue.number);
            } else if pull.base == branch {
                // Somebody pushed the pull request's commits by hand.
                let merged = of.git.is_ancestor(&pull.head_sha, after)?;
                into.push((issue.number, merged));
            }
        }
        for (number, merged) in into {
            self.pull_mut(repo, number)?.mergeable = Mergeable::Unknown;
            if merged {
                let merged = Merged {
                    sha: after.to_owned(),
                    by: who.user,
                    at: self.now(),
                    method: "merge",
                };
                self.finish_merge(repo, number, merged, who)?;
            }
        }
        for number in from {
            let base = self.repo(repo)?.pull(number)?.1.base.clone();
            let base_sha = self.repo(repo)?.git.read_ref(&format!("refs/heads/{base}"));
            let now = self.now();
            let pull = self.pull_mut(repo, number)?;
            pull.head_sha = after.to_owned();
            pull.base_sha = base_sha.unwrap_or_else(|| pull.base_sha.clone());
            pull.mergeable = Mergeable::Unknown;
            self.issue_mut(repo, number)?.updated_at = now;
            let more = json!({ "before": before.unwrap_or(NONE), "after": after });
            self.emit_pull(repo, number, "synchronize", more, who);
            self.dismiss_stale(repo, number, who)?;
        }
        Ok(())
    }

    /// A branch is gone, and with it its open pull requests.
    fn close_pulls(&mut self, repo: u64, branch: &str, who: &Who) -> Result<(), Refusal> {
        let open: Vec<u64> = self
            .repo(repo)?
            .issues
            .values()
            .filter(|i| i.open)
            .filter(|i| {
                i.pull
                    .as_ref()
                    .is_some_and(|p| p.is_of(branch) || p.base == branch)
            })
            .map(|i| i.number)
            .collect();
        for number in open {
            self.close_unasked(repo, number, None, who);
        }
        Ok(())
    }
}
