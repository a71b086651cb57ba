//! Forks, as far as their pull requests tell of them: opened, pushed to, deleted.

use serde_json::json;

use crate::sim::refusal::Refusal;
use crate::sim::world::{Fork, Mergeable, Pull, Repo, Role, Who, World};

/// What a pull request from a fork is opened with.
#[derive(Clone, Copy, Debug)]
pub struct FromFork<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its text.
    pub body: &'a str,
    /// The branch's name in the fork.
    pub head: &'a str,
    /// That branch's head.
    pub sha: &'a str,
    /// The base branch.
    pub base: &'a str,
}

impl World {
    /// Whose repository the head of a pull request is in.
    pub fn head_owner(&self, repo: &Repo, pull: &Pull) -> String {
        let of = pull.fork.and_then(|fork| self.users.get(&fork.owner));
        of.map_or_else(|| repo.owner_login.clone(), |user| user.login.clone())
    }

    /// Opens a pull request from somebody's fork; gives its number.
    pub fn open_from_fork(
        &mut self,
        repo: u64,
        new: FromFork<'_>,
        who: &Who,
    ) -> Result<u64, Refusal> {
        self.require(repo, who, Role::Read)?;
        let of = self.repo(repo)?;
        let base_sha = of.git.read_ref(&format!("refs/heads/{}", new.base));
        let Some(base_sha) = base_sha else {
            return Err(Refusal::validation("PullRequest", "invalid", "base", None));
        };
        // Of one person there is one fork.
        let mut forks = of.issues.values().filter_map(|i| i.pull.as_ref()?.fork);
        let known = forks.rfind(|it| it.owner == who.user && !it.gone);
        let fork = match known {
            Some(fork) => fork,
            None => Fork {
                id: self.next_id(),
                owner: who.user,
                gone: false,
            },
        };
        let number = self.add_issue(repo, new.title, Some(new.body), who)?;
        let id = self.next_id();
        self.issue_mut(repo, number)?.pull = Some(Pull {
            id,
            head: new.head.to_owned(),
            fork: Some(fork),
            head_sha: new.sha.to_owned(),
            base: new.base.to_owned(),
            base_sha,
            draft: false,
            mergeable: Mergeable::Unknown,
            merged: None,
            reviews: Vec::new(),
            requested_reviewers: Vec::new(),
        });
        self.emit_pull(repo, number, "opened", json!({}), who);
        Ok(number)
    }

    /// The owner of a fork pushes to the branch of a pull request. The repository
    /// hears no push: it is another one's.
    pub fn push_to_fork(
        &mut self,
        repo: u64,
        number: u64,
        sha: &str,
        who: &Who,
    ) -> Result<(), Refusal> {
        let now = self.now();
        let pull = self.pull_mut(repo, number)?;
        let mine = pull.fork.is_some_and(|it| it.owner == who.user && !it.gone);
        if !mine {
            return Err(Refusal::not_found());
        }
        let before = std::mem::replace(&mut pull.head_sha, sha.to_owned());
        pull.mergeable = Mergeable::Unknown;
        let issue = self.issue_mut(repo, number)?;
        issue.updated_at = now;
        if issue.open {
            let more = json!({ "before": before, "after": sha });
            self.emit_pull(repo, number, "synchronize", more, who);
            self.dismiss_stale(repo, number, who)?;
        }
        Ok(())
    }

    /// The owner deletes their fork: its open pull requests are closed, and none
    /// tells any more where it came from. (Seen in refined-github/sandbox#129, 2026:
    /// "GitHub closed the PR"; in 2021 they stayed open.)
    pub fn delete_fork(&mut self, repo: u64, who: &Who) -> Result<(), Refusal> {
        let mut open = Vec::new();
        for issue in self.repo_mut(repo)?.issues.values_mut() {
            let Some(pull) = &mut issue.pull else {
                continue;
            };
            let Some(fork) = pull.fork.as_mut().filter(|it| it.owner == who.user) else {
                continue;
            };
            fork.gone = true;
            if issue.open {
                open.push(issue.number);
            }
        }
        for number in open {
            self.close_unasked(repo, number, None, who);
        }
        Ok(())
    }
}
