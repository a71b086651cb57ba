//! Step 3: the fix, on a draft pull request to the default branch.

use super::branch::Branched;
use super::bump::{Bumped, is_bump};
use super::{Step, write};
use crate::domain::effect::{Effect, Which};
use crate::domain::facts::{Commit, Facts, Head, Ship};
use crate::domain::ids::Sha;
use crate::domain::view::{What, Who};

/// There is a fix, on an open pull request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The head that holds it.
    pub head: Sha,
    /// Its tree.
    pub tree: Sha,
    /// The fix's commits, without bump and CI-only ones.
    pub commits: Vec<Commit>,
    /// The pull request.
    pub pull: u64,
}

/// At least one commit beyond the bump that is not CI-only.
pub fn fix(f: &Facts, branched: &Branched, _: &Bumped) -> Step<Fixed> {
    let Some(head) = &branched.head else {
        return Step::looking("the hotfix branch");
    };
    let Some(pull) = f.line.pull_number else {
        return Step::wish(write(
            f,
            Effect::OpenPull {
                head: branched.branch.clone(),
                base: f.repo.default_branch.clone(),
                title: String::new(),
                body: String::new(),
                which: Which::Hotfix,
                ready: false,
            },
            branched.branch.clone(),
        ));
    };
    if f.line
        .pull
        .get()
        .is_some_and(|pull| !pull.open && !pull.merged)
    {
        return Step::wait(Who::Responder, What::PullClosed { pull });
    }
    let commits = fix_commits(head);
    if commits.is_empty() {
        return Step::wait(
            Who::Responder,
            What::Fix {
                branch: branched.branch.clone(),
                pull: Some(pull),
            },
        );
    }
    Step::Done(Fixed {
        head: head.sha.clone(),
        tree: head.tree.clone(),
        commits,
        pull,
    })
}

/// The commits that are neither our bump nor CI-only.
pub fn fix_commits(head: &Head) -> Vec<Commit> {
    head.commits.iter().filter(|c| is_fix(c)).cloned().collect()
}

/// Whether a commit is neither our bump nor CI-only.
pub fn is_fix(commit: &Commit) -> bool {
    !commit.effect.as_deref().is_some_and(is_bump) && !is_ci_only(commit)
}

/// Whether a commit changes nothing outside `.github/`.
pub fn is_ci_only(commit: &Commit) -> bool {
    !commit.paths.is_empty() && commit.paths.iter().all(|p| p.starts_with(".github/"))
}

/// After the decision was locked: the fix that ships.
pub fn from_ship(f: &Facts, ship: &Ship) -> Option<Fixed> {
    Some(Fixed {
        head: ship.head.clone(),
        tree: ship.tree.clone(),
        commits: ship
            .record
            .commits
            .iter()
            .filter(|c| is_fix(c))
            .cloned()
            .collect(),
        pull: f.line.pull_number?,
    })
}
