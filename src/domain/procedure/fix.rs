//! Step 3: the fix, on a draft pull request to the branch of the base's release
//! line, which is the default branch unless it has one of its own.

use super::branch::Branched;
use super::bump::Bumped;
use super::commits;
use super::pick;
use super::step::{Case, Step};
use super::target;
use crate::domain::command::Named;
use crate::domain::effect::Act;
use crate::domain::facts::ReleaseDecision;
use crate::domain::ids::Sha;
use crate::domain::need::{Looking, NeedKind, OnLine, PullNeed, Who};
use crate::domain::objects::{Commit, Offer, PullKind};

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
pub fn fix(c: &Case<'_>, branched: &Branched, _: &Bumped) -> Step<Fixed> {
    let Some(head) = &branched.head else {
        return Step::looking(Looking::Branch);
    };
    if let Some(step) = pick::pending(c, branched, head) {
        return step;
    }
    let Some(pull) = c.line.pull_number else {
        // Where nothing had to be raised there is nothing to bring yet: GitHub
        // opens no pull request without a commit.
        if head.commits.is_empty() {
            return Step::wait(
                Who::Responder,
                NeedKind::Fix {
                    branch: branched.branch.clone(),
                    pull: None,
                    merged: merged(c),
                    line: on_line(c),
                    offers: offers(c),
                },
            );
        }
        let act = Act::OpenPull {
            head: branched.branch.clone(),
            base: target::branch(c).to_owned(),
            title: (),
            body: (),
            pull: PullKind::Hotfix,
            ready: false,
        };
        return Step::wish(c.write(act, branched.branch.clone()));
    };
    let seen = c.line.seen.pull.get();
    if seen.is_some_and(|pull| !pull.open && !pull.merged) {
        return Step::wait(Who::Responder, NeedKind::Pull(PullNeed::Closed { pull }));
    }
    let commits = commits::fix(c.line, &head.commits);
    if commits.is_empty() {
        return Step::wait(
            Who::Responder,
            NeedKind::Fix {
                branch: branched.branch.clone(),
                pull: Some(pull),
                merged: merged(c),
                line: on_line(c),
                offers: offers(c),
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

/// Merged pull requests that say that they fix the issue, or whose label asked for
/// the hotfix, and that nobody asked to be picked yet, in the order of their merges.
fn merged(c: &Case<'_>) -> Vec<u64> {
    let asked = |number: u64| {
        let mut sources = c.line.picks.iter().flat_map(|pick| &pick.sources);
        sources.any(|source| source.what == Named::Pull(number))
    };
    let fixes = c.line.seen.fixes.get();
    let merged = fixes.into_iter().flat_map(|it| &it.merged);
    let mut merged: Vec<u64> = merged.map(|fix| fix.number).collect();
    let itself = c.facts.issue.get().filter(|issue| issue.pull);
    let labelled = itself.map(|_| c.facts.number).or(c.facts.trigger.pull);
    if let Some(pull) = labelled.filter(|pull| !merged.contains(pull)) {
        merged.push(pull);
    }
    merged.retain(|number| !asked(*number));
    merged
}

/// Open pull requests into the branch, but the bot's own.
fn offers(c: &Case<'_>) -> Vec<Offer> {
    let offers = c.line.seen.offers.get().into_iter().flatten();
    offers.filter(|it| it.by != c.facts.bot).cloned().collect()
}

/// What another release line of the issue is fixed by, unless it was asked to be picked
/// already.
fn on_line(c: &Case<'_>) -> Option<OnLine> {
    let among = c.facts.among.as_deref()?;
    let (line, fix) = among.fixed()?;
    let asked = |commit: &Sha| {
        let mut sources = c.line.picks.iter().flat_map(|pick| &pick.sources);
        sources.any(|it| matches!(&it.what, Named::Commit(sha) if commit.has_prefix(sha)))
    };
    (!fix.commits.iter().all(asked)).then(|| OnLine {
        line: line.clone(),
        commits: fix.commits.clone(),
    })
}

/// After the decision was locked: the fix that ships.
pub fn decided(c: &Case<'_>, decision: &ReleaseDecision) -> Option<Fixed> {
    Some(Fixed {
        head: decision.head.clone(),
        tree: decision.tree.clone(),
        commits: commits::fix(c.line, &decision.record.commits),
        pull: c.line.pull_number?,
    })
}
