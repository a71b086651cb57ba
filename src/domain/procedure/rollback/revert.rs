//! The change of a release that is taken back goes out of the default branch, where
//! somebody asked for that: by a pull request, which a person merges.

use crate::domain::effect::Act;
use crate::domain::ids::Sha;
use crate::domain::objects::{MergeMethod, PullKind};
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::side_pull::merge_method;
use crate::domain::procedure::step::{Case, Step};
use crate::domain::procedure::target;
use crate::domain::undo::Undo;

/// Nobody asked for it, or what came of it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered;

/// How the default branch got the change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Brought {
    /// The merged pull request.
    pub pull: u64,
    /// The commit by which it came.
    pub commit: Sha,
    /// How it was merged, as far as the bot did.
    pub method: MergeMethod,
    /// How many commits it had.
    pub commits: usize,
}

/// The merged pull request of ours that brought it: the forward-port, or the hotfix's
/// own where that goes to the default branch.
pub fn brought(c: &Case<'_>, branched: &Branched) -> Option<Brought> {
    let of = |kind, number: Option<u64>, commits| {
        let pull = c.line.pull(kind).filter(|pull| pull.merged)?;
        Some(Brought {
            pull: number?,
            commit: pull.merge_commit.clone()?,
            method: merge_method(c, branched, kind),
            commits,
        })
    };
    let own = c.line.locked().map_or(1, |it| it.record.commits.len());
    let port = of(PullKind::Port, c.line.port.number, 1);
    let hotfix = || of(PullKind::Hotfix, c.line.pull_number, own);
    match target::line(c) {
        None => port.or_else(hotfix),
        Some(_) => port,
    }
}

/// The branch that it is taken out on.
pub fn branch(tag: &str) -> String {
    format!("revert-{tag}")
}

/// Made once each time that somebody asks.
pub fn revert(c: &Case<'_>, branched: &Branched) -> Step<Answered> {
    let asked = c.line.rollback.as_ref().and_then(|it| it.revert.as_ref());
    let Some(asked) = asked.filter(|it| it.done.is_none()) else {
        return Step::Done(Answered);
    };
    let Some(brought) = brought(c, branched) else {
        return Step::Done(Answered);
    };
    let subject = format!("{}/{}", brought.commit.short(), asked.times);
    let act = Act::Undo(Undo::Revert {
        pull: brought.pull,
        commit: brought.commit,
        branch: branch(&branched.tag),
        base: c.facts.repo.default_branch.clone(),
        message: (),
        title: (),
        body: (),
    });
    Step::wish(c.write(act, subject))
}
