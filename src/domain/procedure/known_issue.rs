//! The entry in the file of known issues: what people say was the cause and
//! keeps it from coming back, by a pull request of its own.

use super::branch::Branched;
use super::ship::Shipped;
use super::step::{Case, Step};
use super::verify::Verified;
use super::{names, side_pull};
use crate::domain::effect::{Act, Intent};
use crate::domain::item::Item;
use crate::domain::need::{NeedKind, PullNeed, Who};
use crate::domain::objects::{Carried, PullKind};
use crate::domain::outside::Outside;
use crate::domain::security::is_security;
use crate::domain::wish::Wish;

/// The entry is there, or none is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known;

/// The file, where the repository keeps one.
pub fn path<'a>(c: &Case<'_>, branched: &'a Branched) -> Option<&'a str> {
    let kept = !c.policy.announce.known_issues.is_empty();
    branched.base.known_issues.as_deref().filter(|_| kept)
}

/// What is said of an item that is a text.
pub fn said<'a>(c: &Case<'a>, item: Item) -> Option<&'a Outside> {
    c.facts.words.get(&item)?.note.as_ref()
}

/// Both texts, commit, pull request, merge. The texts are asked for once the
/// release is verified; given earlier, they are used at once.
pub fn known(
    c: &Case<'_>,
    branched: &Branched,
    _: &Shipped,
    verified: Option<&Verified>,
) -> Step<Known> {
    let Some(path) = path(c, branched) else {
        return Step::Done(Known);
    };
    let known = &c.line.known;
    if known.waived.is_some() {
        return Step::Done(Known);
    }
    let missing: Vec<Item> = [Item::RootCause, Item::Prevention]
        .into_iter()
        .filter(|item| said(c, *item).is_none())
        .collect();
    // What a vulnerability was is told when users have the fix.
    let early = verified.is_none() && is_security(c.facts, c.policy);
    let Some(carried) = &known.carried else {
        return match (missing.is_empty() && !early, verified) {
            (true, _) => Step::wish(push(c, branched, path, None)),
            (false, Some(_)) => Step::wait(
                Who::Responder,
                NeedKind::KnownIssueText {
                    path: path.to_owned(),
                    missing,
                },
            ),
            (false, None) => Step::Wait(Vec::new()),
        };
    };
    if carried.commit == carried.onto {
        return Step::Done(Known);
    }
    let branch = names::known_branch(c, &branched.version);
    let Some(number) = known.number else {
        return Step::wish(c.write(
            Act::OpenPull {
                head: branch.clone(),
                base: c.facts.repo.default_branch.clone(),
                title: (),
                body: (),
                pull: PullKind::Known,
                ready: true,
            },
            branch,
        ));
    };
    if c.line
        .seen
        .known
        .get()
        .is_some_and(|pull| !pull.open && !pull.merged)
    {
        return Step::wait(
            Who::Responder,
            NeedKind::Pull(PullNeed::KnownIssueClosed { pull: number }),
        );
    }
    let again = || push(c, branched, path, Some(carried));
    side_pull::merge(c, branched, PullKind::Known, again).map(|()| Step::Done(Known))
}

fn push(c: &Case<'_>, branched: &Branched, path: &str, replaces: Option<&Carried>) -> Wish<Intent> {
    c.write(
        Act::PushEntry {
            path: path.to_owned(),
            branch: names::known_branch(c, &branched.version),
            replaces: replaces.cloned(),
            entry: (),
            message: (),
        },
        replaces.map_or(branched.version.as_str(), |old| old.commit.as_str()),
    )
}
