//! The change of a release that is taken back goes out of the default branch, where
//! somebody asked for that: by a pull request, which a person merges.

use crate::domain::effect::{Act, Intent};
use crate::domain::facts::{Brought, Revert, Rollback};
use crate::domain::objects::PullKind;
use crate::domain::procedure::branch::Branched;
use crate::domain::procedure::step::{Case, Step};
use crate::domain::procedure::target;
use crate::domain::undo::Undo;
use crate::domain::wish::Wish;

/// Nobody asked for it, or what came of it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answered;

/// The merged pull request of ours that brought it: the forward-port, or the hotfix's
/// own where that goes to the default branch.
pub fn brought(c: &Case<'_>, branched: &Branched) -> Option<Brought> {
    let of = |kind, number: Option<u64>, commits| {
        let pull = c.line.pull(kind).filter(|pull| pull.merged)?;
        Some(Brought {
            pull: number?,
            commit: pull.merge_commit.clone()?,
            method: target::merge_method(c, &branched.base, kind),
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

/// A release that was taken back, and its change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Back<'a> {
    /// Its tag.
    pub tag: &'a str,
    /// Whether it is of the hotfix before.
    pub failed: bool,
    /// How the default branch got it, if it did.
    pub brought: Option<Brought>,
    /// Somebody wants it out of there.
    pub revert: Option<&'a Revert>,
}

/// The releases that were taken back whose change may be on the default branch: this
/// case's own, and that of the hotfix before.
pub fn taken_back<'a>(c: &Case<'a>, branched: Option<&Branched>) -> Vec<Back<'a>> {
    let locked = |it: &&Rollback| it.locked().is_some();
    let rollback = c.line.rollback.as_deref().filter(locked);
    let own = rollback
        .zip(c.line.locked())
        .map(|(rollback, decision)| Back {
            tag: &decision.tag,
            failed: false,
            brought: branched.and_then(|branched| brought(c, branched)),
            revert: rollback.revert.as_ref(),
        });
    let failed = c.line.failed.as_deref().map(|failed| Back {
        tag: &failed.tag,
        failed: true,
        brought: failed.brought.clone(),
        revert: failed.revert.as_ref(),
    });
    own.into_iter().chain(failed).collect()
}

/// Made once each time that somebody asks.
pub fn revert(c: &Case<'_>, branched: &Branched) -> Step<Answered> {
    let back = taken_back(c, Some(branched)).into_iter();
    match back.filter(|it| !it.failed).find_map(|it| wish(c, &it)) {
        Some(wish) => Step::wish(wish),
        None => Step::Done(Answered),
    }
}

/// The same of the hotfix before, whose case is over.
pub fn of_failed(c: &Case<'_>) -> Option<Wish<Intent>> {
    let mut back = taken_back(c, None).into_iter();
    back.find(|it| it.failed).and_then(|it| wish(c, &it))
}

fn wish(c: &Case<'_>, back: &Back<'_>) -> Option<Wish<Intent>> {
    let asked = back.revert.filter(|it| it.done.is_none())?;
    let brought = back.brought.as_ref()?;
    let subject = format!("{}/{}", brought.commit.short(), asked.times);
    let act = Act::Undo(Undo::Revert {
        tag: back.tag.to_owned(),
        pull: brought.pull,
        commit: brought.commit.clone(),
        branch: branch(back.tag),
        base: c.facts.repo.default_branch.clone(),
        message: (),
        title: (),
        body: (),
    });
    Some(c.write(act, subject))
}
