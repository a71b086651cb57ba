//! Merging: pull requests by three methods, and branches into branches.

use crate::sim::git::{CommitObject, Merge};
use crate::sim::refusal::Refusal;
use crate::sim::world::{Mergeable, Merged, Role, Who, World};

/// No pull request has more commits than this.
const LONGEST: usize = 10_000;

/// How a pull request is merged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// With a merge commit.
    #[default]
    Merge,
    /// As one commit.
    Squash,
    /// Commit by commit on top of the base.
    Rebase,
}

impl Method {
    /// GitHub's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Method::Merge => "merge",
            Method::Squash => "squash",
            Method::Rebase => "rebase",
        }
    }
}

/// What a merge is asked with.
#[derive(Clone, Debug, Default)]
pub struct MergeRequest {
    /// How.
    pub method: Method,
    /// The head it must have.
    pub sha: Option<String>,
    /// The first line of the commit.
    pub title: Option<String>,
    /// The rest of the commit's message.
    pub message: Option<String>,
}

impl World {
    /// Merges a pull request; gives the commit that the base branch got.
    pub fn merge_pull(
        &mut self,
        repo: u64,
        number: u64,
        request: &MergeRequest,
        who: &Who,
    ) -> Result<String, Refusal> {
        self.require(repo, who, Role::Write)?;
        let refused = |why: &str| Refusal::new(405, why);
        let (issue, pull) = self.repo(repo)?.pull(number)?;
        if pull.merged.is_some() || !issue.open {
            return Err(refused("Pull Request is not mergeable"));
        }
        if pull.draft {
            return Err(refused("Pull Request is still a draft"));
        }
        if request
            .sha
            .as_ref()
            .is_some_and(|sha| *sha != pull.head_sha)
        {
            let why = "Head branch was modified. Review and try the merge again.";
            return Err(Refusal::new(409, why));
        }
        self.test_merge(repo, number)?;
        let of = self.repo(repo)?;
        let (_, pull) = of.pull(number)?;
        if pull.mergeable == Mergeable::Conflict {
            return Err(refused("Pull Request is not mergeable"));
        }
        let (allowed, kind) = match request.method {
            Method::Merge => (of.allow_merge_commit, "Merge commits"),
            Method::Squash => (of.allow_squash_merge, "Squash merges"),
            Method::Rebase => (of.allow_rebase_merge, "Rebase merges"),
        };
        if !allowed {
            return Err(refused(&format!(
                "{kind} are not allowed on this repository."
            )));
        }
        let forbidden = || of.forbids_method(&pull.base, request.method.name());
        if let Some(why) = self.blocked(of, pull).or_else(forbidden)
            && !self.bypasses(of, &pull.base, who)
        {
            return Err(refused(&format!(
                "Repository rule violations found\n\n{why}\n\n"
            )));
        }
        let branch = format!("refs/heads/{}", pull.base);
        // A fork's branch is its owner's.
        let own = pull.fork.is_none().then(|| pull.head.clone());
        let base = of.git.read_ref(&branch);
        let Some(base) = base else {
            return Err(refused(
                "Base branch was modified. Review and try the merge again.",
            ));
        };
        let sha = self.merge_commit(repo, number, &base, request, who)?;
        self.guard_workflows(repo, Some(&base), &sha, who)?;
        let method = request.method.name();
        // First the mark, so that the push does not look like a merge by hand.
        let merged = Merged {
            sha: sha.clone(),
            by: who.user,
            at: self.now(),
            method,
        };
        self.pull_mut(repo, number)?.merged = Some(merged.clone());
        self.issue_mut(repo, number)?.open = false;
        if let Err(error) = self.move_ref(repo, &branch, Some(Some(base)), Some(&sha), who) {
            self.pull_mut(repo, number)?.merged = None;
            self.issue_mut(repo, number)?.open = true;
            return Err(error);
        }
        self.finish_merge(repo, number, merged, who)?;
        if let (Some(head), true) = (own, self.repo(repo)?.delete_branch_on_merge) {
            self.delete_ref(repo, &format!("refs/heads/{head}"), who)?;
        }
        Ok(sha)
    }

    /// Writes what the base branch shall get.
    fn merge_commit(
        &self,
        repo: u64,
        number: u64,
        base: &str,
        request: &MergeRequest,
        who: &Who,
    ) -> Result<String, Refusal> {
        let of = self.repo(repo)?;
        let (issue, pull) = of.pull(number)?;
        let Merge::Clean(tree) = of.git.merge(base, &pull.head_sha)? else {
            return Err(Refusal::new(405, "Pull Request is not mergeable"));
        };
        let mut commits = of.git.log(Some(base), &pull.head_sha, None, LONGEST)?;
        commits.reverse();
        if request.method == Method::Rebase {
            return self.rebase(repo, base, &commits, who);
        }
        // One commit of a pull request is the work of who opened it, whoever merges.
        let author = match request.method {
            Method::Squash => self.ident(issue.author),
            _ => self.ident(who.user),
        };
        let (title, body, parents) = match request.method {
            Method::Squash => {
                let lines: Vec<String> = commits
                    .iter()
                    .filter_map(|c| of.git.commit(c))
                    .map(|c| format!("* {}", c.message.trim_end()))
                    .collect();
                let title = format!("{} (#{number})", issue.title);
                (title, lines.join("\n\n"), vec![base.to_owned()])
            }
            _ => (
                format!(
                    "Merge pull request #{number} from {}/{}",
                    self.head_owner(of, pull),
                    pull.head
                ),
                issue.title.clone(),
                vec![base.to_owned(), pull.head_sha.clone()],
            ),
        };
        let title = request.title.clone().unwrap_or(title);
        let body = request.message.clone().unwrap_or(body);
        let message = if body.is_empty() {
            title
        } else {
            format!("{title}\n\n{body}")
        };
        Ok(of.git.write_commit(&CommitObject {
            sha: String::new(),
            tree,
            parents,
            author,
            committer: self.web_flow(),
            message,
            signed: true,
        })?)
    }

    fn rebase(
        &self,
        repo: u64,
        base: &str,
        commits: &[String],
        who: &Who,
    ) -> Result<String, Refusal> {
        let of = self.repo(repo)?;
        let mut onto = base.to_owned();
        for sha in commits {
            let Some(commit) = of.git.commit(sha) else {
                continue;
            };
            let [parent] = commit.parents.as_slice() else {
                return Err(Refusal::new(405, "This branch can't be rebased"));
            };
            let Merge::Clean(tree) = of.git.replay(parent, &onto, sha)? else {
                return Err(Refusal::new(405, "This branch can't be rebased"));
            };
            onto = of.git.write_commit(&CommitObject {
                sha: String::new(),
                tree,
                parents: vec![onto],
                author: commit.author,
                committer: self.ident(who.user),
                message: commit.message,
                signed: false,
            })?;
        }
        Ok(onto)
    }

    /// Merges `head` into the branch `base`; none when it is contained already.
    pub fn merge_branch(
        &mut self,
        repo: u64,
        base: &str,
        head: &str,
        message: Option<&str>,
        who: &Who,
    ) -> Result<Option<String>, Refusal> {
        self.require(repo, who, Role::Write)?;
        let branch = format!("refs/heads/{base}");
        let of = self.repo(repo)?;
        let Some(ours) = of.git.read_ref(&branch) else {
            return Err(Refusal::new(404, "Base does not exist"));
        };
        let Some(theirs) = of.resolve(head) else {
            return Err(Refusal::new(404, "Head does not exist"));
        };
        if of.git.is_ancestor(&theirs, &ours)? {
            return Ok(None);
        }
        let Merge::Clean(tree) = of.git.merge(&ours, &theirs)? else {
            return Err(Refusal::new(409, "Merge conflict"));
        };
        let message = message.map_or_else(|| format!("Merge {head} into {base}"), str::to_owned);
        let sha = of.git.write_commit(&CommitObject {
            sha: String::new(),
            tree,
            parents: vec![ours.clone(), theirs],
            author: self.ident(who.user),
            committer: self.web_flow(),
            message,
            signed: true,
        })?;
        self.guard_workflows(repo, Some(&ours), &sha, who)?;
        self.move_ref(repo, &branch, Some(Some(ours)), Some(&sha), who)?;
        Ok(Some(sha))
    }
}
