//! Commits with what they change, and how two commits relate.

use serde::{Deserialize, Serialize};

use super::{Actor, Sha, Signature, Verification};
use crate::github::call::Call;
use crate::github::{Error, Repo};

/// Pages of commits (100 each) or files that are read of one answer.
const PAGES: usize = 10;

/// A commit as the repository shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepoCommit {
    /// Its hash.
    pub sha: String,
    /// Its page.
    #[serde(default)]
    pub html_url: String,
    /// What git holds of it.
    pub commit: CommitDetail,
    /// The account of its author, if GitHub knows one.
    pub author: Option<Actor>,
    /// The account of its committer, if GitHub knows one.
    pub committer: Option<Actor>,
    /// Its parents, in order.
    pub parents: Vec<Sha>,
    /// What it changes; only where one commit was asked for.
    #[serde(default)]
    pub files: Vec<ChangedFile>,
}

/// What git holds of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitDetail {
    /// Its message, whole.
    pub message: String,
    /// Its tree.
    pub tree: Sha,
    /// Who wrote it.
    #[serde(default)]
    pub author: Signature,
    /// Who committed it.
    #[serde(default)]
    pub committer: Signature,
    /// GitHub's word on its signature.
    #[serde(default)]
    pub verification: Verification,
}

/// A file that differs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedFile {
    /// Its path now.
    pub filename: String,
    /// Its path before, if renamed.
    pub previous_filename: Option<String>,
    /// `added`, `removed`, `modified`, `renamed`, `copied`, `changed`.
    pub status: String,
    /// Lines added.
    #[serde(default)]
    pub additions: i64,
    /// Lines removed.
    #[serde(default)]
    pub deletions: i64,
    /// The patch; absent for binary or large files.
    pub patch: Option<String>,
    /// Hash of its blob.
    pub sha: Option<String>,
}

/// How `head` relates to `base`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compare {
    /// `identical`, `ahead`, `behind` or `diverged`.
    pub status: String,
    /// Commits that head has and base has not.
    pub ahead_by: i64,
    /// Commits that base has and head has not.
    pub behind_by: i64,
    /// How many commits `commits` should hold.
    pub total_commits: i64,
    /// Where they part.
    pub merge_base_commit: Sha,
    /// Commits that head has and base has not, oldest first.
    pub commits: Vec<RepoCommit>,
    /// What differs between merge base and head, at most 300 files.
    #[serde(default)]
    pub files: Vec<ChangedFile>,
}

impl Compare {
    /// Whether `base` is an ancestor of `head` or the same.
    pub fn contains_base(&self) -> bool {
        matches!(self.status.as_str(), "ahead" | "identical")
    }

    /// Whether every commit and every file was told.
    pub fn is_complete(&self) -> bool {
        i64::try_from(self.commits.len()).is_ok_and(|n| n >= self.total_commits)
            && self.files.len() < 300
    }
}

impl Repo {
    /// Compares two commits, branches or tags, with up to 1,000 commits; `None`
    /// if one of them is not there: `GET .../compare/{base}...{head}`.
    pub async fn compare(&self, base: &str, head: &str) -> Result<Option<Compare>, Error> {
        let range = format!("{base}...{head}");
        let mut call = Call::get(
            "repos/compare-commits-with-basehead",
            self.path(&["compare", &range]),
        )
        .query("per_page", "100");
        let mut whole: Option<Compare> = None;
        for _ in 0..PAGES {
            let reply = self.call(call.clone()).await?;
            let next = reply.next_page();
            let Some(page) = reply.maybe::<Compare>()? else {
                return Ok(whole);
            };
            match &mut whole {
                // Files are on the first page only.
                Some(whole) => whole.commits.extend(page.commits),
                None => whole = Some(page),
            }
            match next {
                Some(next) => call = call.at(next),
                None => break,
            }
        }
        Ok(whole)
    }

    /// Compares two commits, with their files and hardly a commit: `GET
    /// .../compare/{base}...{head}`.
    pub async fn compare_files(&self, base: &str, head: &str) -> Result<Option<Compare>, Error> {
        let range = format!("{base}...{head}");
        let call = Call::get(
            "repos/compare-commits-with-basehead",
            self.path(&["compare", &range]),
        )
        .query("per_page", "1");
        self.call(call).await?.maybe()
    }

    /// The newest commits of a branch that touch a path, newest first, at most
    /// 100: `GET .../commits?sha={branch}&path={path}`.
    pub async fn commits_of(
        &self,
        branch: &str,
        path: &str,
        most: usize,
    ) -> Result<Vec<RepoCommit>, Error> {
        let call = Call::get("repos/list-commits", self.path(&["commits"]))
            .query("sha", branch)
            .query("path", path);
        let mut commits: Vec<RepoCommit> = self.installation().list_pages(call, None, 1).await?;
        commits.truncate(most);
        Ok(commits)
    }

    /// So many commits from one on, newest first, at most 100:
    /// `GET .../commits?sha={sha}`.
    pub async fn log(&self, from: &str, most: usize) -> Result<Vec<RepoCommit>, Error> {
        let call = Call::get("repos/list-commits", self.path(&["commits"])).query("sha", from);
        let mut commits: Vec<RepoCommit> = self.installation().list_pages(call, None, 1).await?;
        commits.truncate(most);
        Ok(commits)
    }

    /// Keeps which paths a commit changes that our own call made: what a hash names
    /// never changes.
    pub fn keep_paths(&self, commit: &str, paths: &[String]) {
        if let Some((memory, repo)) = self.memory() {
            memory.keep_paths(repo, commit, paths);
        }
    }

    /// Those paths, for as long as they are known.
    pub fn known_paths(&self, commit: &str) -> Option<Vec<String>> {
        let (memory, repo) = self.memory()?;
        memory.paths(repo, commit)
    }

    /// A commit with the files it changes (up to 3,000), by hash, branch or
    /// tag: `GET .../commits/{ref}`.
    pub async fn commit(&self, at: &str) -> Result<Option<RepoCommit>, Error> {
        let mut call = Call::get("repos/get-commit", self.path(&["commits", at]));
        let mut whole: Option<RepoCommit> = None;
        for _ in 0..PAGES {
            let reply = self.call(call.clone()).await?;
            let next = reply.next_page();
            // GitHub answers 422 "No commit found for SHA" where other reads
            // answer 404.
            if reply.is(422) && reply.message().starts_with("No commit found") {
                return Ok(None);
            }
            let Some(page) = reply.maybe::<RepoCommit>()? else {
                return Ok(whole);
            };
            match &mut whole {
                Some(whole) => whole.files.extend(page.files),
                None => whole = Some(page),
            }
            match next {
                Some(next) => call = call.at(next),
                None => break,
            }
        }
        Ok(whole)
    }
}
