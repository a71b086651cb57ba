//! People, who act by hand: in the browser and with git.

use super::router::Refusal;
use super::{Sim, world::UserId};

/// What a person's act comes to; a refusal is GitHub's.
pub type Done<T> = Result<T, Refusal>;

/// A handle on a person in one repository.
#[derive(Clone, Debug)]
pub struct Person {
    pub(super) sim: Sim,
    pub(super) user: UserId,
    pub(super) repo: u64,
}

/// What a reviewer says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// `APPROVED`
    Approve,
    /// `CHANGES_REQUESTED`
    RequestChanges,
    /// `COMMENTED`
    Comment,
}

impl Person {
    /// Opens an issue; gives its number.
    pub fn open_issue(&self, title: &str, body: &str) -> Done<u64> {
        todo!("{title}{body}")
    }
    /// Puts a label on an issue.
    pub fn label(&self, issue: u64, label: &str) -> Done<()> {
        todo!("{issue}{label}")
    }
    /// Takes a label off an issue.
    pub fn unlabel(&self, issue: u64, label: &str) -> Done<()> {
        todo!("{issue}{label}")
    }
    /// Comments on an issue or pull request; gives the comment's id.
    pub fn comment(&self, issue: u64, body: &str) -> Done<u64> {
        todo!("{issue}{body}")
    }
    /// Edits a comment, one's own or (with write) another's.
    pub fn edit_comment(&self, comment: u64, body: &str) -> Done<()> {
        todo!("{comment}{body}")
    }
    /// Ticks (or unticks) the first task-list box whose line contains `text`.
    pub fn tick_box(&self, comment: u64, text: &str, on: bool) -> Done<()> {
        todo!("{comment}{text}{on}")
    }
    /// Deletes a comment.
    pub fn delete_comment(&self, comment: u64) -> Done<()> {
        todo!("{comment}")
    }
    /// Reviews a pull request at its present head; gives the review's id.
    pub fn review(&self, pull: u64, verdict: Verdict, body: &str) -> Done<u64> {
        todo!("{pull}{verdict:?}{body}")
    }
    /// Commits on top of a branch and pushes; `None` deletes the file. Gives
    /// the commit.
    pub fn push_commit(
        &self,
        branch: &str,
        message: &str,
        files: &[(&str, Option<&str>)],
    ) -> Done<String> {
        todo!("{branch}{message}{files:?}")
    }
    /// Moves a branch to any commit, as `git push --force` does.
    pub fn force_push(&self, branch: &str, sha: &str) -> Done<()> {
        todo!("{branch}{sha}")
    }
    /// Creates a branch at a commit.
    pub fn create_branch(&self, branch: &str, sha: &str) -> Done<()> {
        todo!("{branch}{sha}")
    }
    /// Deletes a branch.
    pub fn delete_branch(&self, branch: &str) -> Done<()> {
        todo!("{branch}")
    }
    /// Pushes a tag at a commit; annotated with a message, else lightweight.
    /// Gives what the ref points to.
    pub fn create_tag(&self, tag: &str, sha: &str, message: Option<&str>) -> Done<String> {
        todo!("{tag}{sha}{message:?}")
    }
    /// Deletes a tag.
    pub fn delete_tag(&self, tag: &str) -> Done<()> {
        todo!("{tag}")
    }
    /// Opens a pull request in the same repository; gives its number.
    pub fn open_pull(&self, title: &str, body: &str, head: &str, base: &str) -> Done<u64> {
        todo!("{title}{body}{head}{base}")
    }
    /// Merges a pull request with a merge commit; gives the commit.
    pub fn merge_pull(&self, pull: u64) -> Done<String> {
        todo!("{pull}")
    }
    /// Closes an issue or pull request; a reason is for issues only.
    pub fn close(&self, number: u64, reason: Option<&str>) -> Done<()> {
        todo!("{number}{reason:?}")
    }
    /// Opens an issue or pull request again.
    pub fn reopen(&self, number: u64) -> Done<()> {
        todo!("{number}")
    }
}
