//! Pull requests: opened, edited, drafted, test-merged.

use serde_json::json;

use crate::sim::git::{CommitObject, Merge};
use crate::sim::json::user;
use crate::sim::refusal::Refusal;
use crate::sim::world::{Mergeable, Pull, Role, UserId, Who, World};

/// What a pull request is opened with.
#[derive(Clone, Copy, Debug)]
pub struct NewPull<'a> {
    /// Its title.
    pub title: &'a str,
    /// Its text.
    pub body: Option<&'a str>,
    /// The head branch, also as `owner:branch`.
    pub head: &'a str,
    /// The base branch.
    pub base: &'a str,
    /// Whether it is a draft.
    pub draft: bool,
}

impl World {
    /// Opens a pull request; gives its number.
    pub fn open_pull(&mut self, repo: u64, new: NewPull<'_>, who: &Who) -> Result<u64, Refusal> {
        self.require(repo, who, Role::Read)?;
        let invalid = |field: &str| Refusal::validation("PullRequest", "invalid", field, None);
        let custom = |why: &str| Refusal::validation("PullRequest", "custom", "", Some(why));
        if new.title.trim().is_empty() {
            return Err(Refusal::validation(
                "PullRequest",
                "missing_field",
                "title",
                None,
            ));
        }
        let of = self.repo(repo)?;
        let head = match new.head.split_once(':') {
            Some((owner, branch)) if owner.eq_ignore_ascii_case(&of.owner_login) => branch,
            Some(_) => return Err(invalid("head")),
            None => new.head,
        };
        let at = |branch: &str| of.git.read_ref(&format!("refs/heads/{branch}"));
        let head_sha = at(head).ok_or_else(|| invalid("head"))?;
        let base_sha = at(new.base).ok_or_else(|| invalid("base"))?;
        let twin = of.issues.values().any(|i| {
            i.open
                && i.pull
                    .as_ref()
                    .is_some_and(|p| p.is_of(head) && p.base == new.base)
        });
        if twin {
            let why = format!(
                "A pull request already exists for {}:{head}.",
                of.owner_login
            );
            return Err(custom(&why));
        }
        if of.git.log(Some(&base_sha), &head_sha, None, 1)?.is_empty() {
            return Err(custom(&format!(
                "No commits between {} and {head}",
                new.base
            )));
        }
        let head = head.to_owned();
        let number = self.add_issue(repo, new.title, new.body, who)?;
        let id = self.next_id();
        let pull = Pull {
            id,
            head,
            fork: None,
            head_sha,
            base: new.base.to_owned(),
            base_sha,
            draft: new.draft,
            mergeable: Mergeable::Unknown,
            merged: None,
            reviews: Vec::new(),
            requested_reviewers: Vec::new(),
        };
        self.issue_mut(repo, number)?.pull = Some(pull);
        self.emit_pull(repo, number, "opened", json!({}), who);
        Ok(number)
    }

    /// Turns the draft mark on or off, as GraphQL alone can.
    pub fn set_draft(
        &mut self,
        repo: u64,
        number: u64,
        draft: bool,
        who: &Who,
    ) -> Result<(), Refusal> {
        let author = self.repo(repo)?.pull(number)?.0.author;
        if author != who.user {
            self.require(repo, who, Role::Write)?;
        }
        let now = self.now();
        let issue = self.issue_mut(repo, number)?;
        let open = issue.open;
        let Some(pull) = &mut issue.pull else {
            return Err(Refusal::not_found());
        };
        if pull.draft == draft {
            return Ok(());
        }
        if !open {
            return Err(Refusal::unprocessable("Pull request is closed"));
        }
        pull.draft = draft;
        issue.updated_at = now;
        let action = if draft {
            "converted_to_draft"
        } else {
            "ready_for_review"
        };
        self.emit_pull(repo, number, action, json!({}), who);
        Ok(())
    }

    /// Makes the base another branch.
    pub fn set_base(
        &mut self,
        repo: u64,
        number: u64,
        base: &str,
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require(repo, who, Role::Write)?;
        let sha = self.repo(repo)?.git.read_ref(&format!("refs/heads/{base}"));
        let Some(sha) = sha else {
            return Err(Refusal::validation("PullRequest", "invalid", "base", None));
        };
        let pull = self.pull_mut(repo, number)?;
        if pull.base == base {
            return Ok(());
        }
        let from = json!({ "ref": { "from": pull.base }, "sha": { "from": pull.base_sha } });
        pull.base = base.to_owned();
        pull.base_sha = sha;
        pull.mergeable = Mergeable::Unknown;
        self.emit_pull(
            repo,
            number,
            "edited",
            json!({ "changes": { "base": from } }),
            who,
        );
        Ok(())
    }

    /// Asks people for a review.
    pub fn request_reviewers(
        &mut self,
        repo: u64,
        number: u64,
        reviewers: &[UserId],
        who: &Who,
    ) -> Result<(), Refusal> {
        self.require(repo, who, Role::Triage)?;
        let author = self.repo(repo)?.pull(number)?.0.author;
        if reviewers.contains(&author) {
            let why = "Review cannot be requested from pull request author.";
            return Err(Refusal::unprocessable(why));
        }
        for reviewer in reviewers {
            let pull = self.pull_mut(repo, number)?;
            if pull.requested_reviewers.contains(reviewer) {
                continue;
            }
            pull.requested_reviewers.push(*reviewer);
            let reviewer = user(self, *reviewer);
            let more = json!({ "requested_reviewer": reviewer });
            self.emit_pull(repo, number, "review_requested", more, who);
        }
        Ok(())
    }

    /// Makes the test merge of an open pull request, if none is known for its
    /// present head and base.
    pub fn test_merge(&mut self, repo: u64, number: u64) -> Result<(), Refusal> {
        let of = self.repo(repo)?;
        let (issue, pull) = of.pull(number)?;
        if !issue.open || pull.mergeable != Mergeable::Unknown {
            return Ok(());
        }
        let Some(base) = of.git.read_ref(&format!("refs/heads/{}", pull.base)) else {
            return Ok(());
        };
        let found = match of.git.merge(&base, &pull.head_sha)? {
            Merge::Conflict => Mergeable::Conflict,
            Merge::Clean(tree) => {
                let message = format!("Merge {} into {base}", pull.head_sha);
                let sha = of.git.write_commit(&CommitObject {
                    sha: String::new(),
                    tree,
                    parents: vec![base, pull.head_sha.clone()],
                    author: self.ident(issue.author),
                    committer: self.web_flow(),
                    message,
                    signed: true,
                })?;
                Mergeable::Clean(sha)
            }
        };
        self.pull_mut(repo, number)?.mergeable = found;
        Ok(())
    }
}
