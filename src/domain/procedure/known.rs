//! The entry in the file of known issues: what people say was the cause and
//! keeps it from coming back, by a pull request of its own.

use super::branch::Branched;
use super::ship::Shipped;
use super::verify::Verified;
use super::{Step, further, write};
use crate::domain::checklist_item::Item;
use crate::domain::effect::{Effect, KnownIssue, Which, Wish};
use crate::domain::facts::{Carried, Facts};
use crate::domain::policy::Policy;
use crate::domain::view::{What, Who};

/// The entry is there, or none is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known;

/// The file, where the repository keeps one.
pub fn path<'a>(p: &Policy, branched: &'a Branched) -> Option<&'a str> {
    let kept = !p.announce.known_issues.is_empty();
    branched.base.known_issues.as_deref().filter(|_| kept)
}

/// The branch of the entry.
pub fn branch_name(p: &Policy, version: &str) -> String {
    let hotfix = super::branch::branch_name(p, version);
    let last = hotfix.rsplit('/').next().unwrap_or(&hotfix);
    format!("known-issue/{last}")
}

/// What is said of an item that is a text.
pub fn said(f: &Facts, item: Item) -> Option<&str> {
    f.words.get(&item)?.note.as_deref()
}

/// Both texts, commit, pull request, merge. The texts are asked for once the
/// release is verified; given earlier, they are used at once.
pub fn known(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    _: &Shipped,
    verified: Option<&Verified>,
) -> Step<Known> {
    let Some(path) = path(p, branched) else {
        return Step::Done(Known);
    };
    let known = &f.line.known;
    if known.waived.is_some() {
        return Step::Done(Known);
    }
    let missing: Vec<Item> = [Item::RootCause, Item::Prevention]
        .into_iter()
        .filter(|item| said(f, *item).is_none())
        .collect();
    let Some(carried) = &known.carried else {
        return match (missing.is_empty(), verified) {
            (true, _) => Step::wish(push(f, p, branched, path, None)),
            (false, Some(_)) => Step::wait(
                Who::Responder,
                What::KnownIssueText {
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
    let branch = branch_name(p, &branched.version);
    let Some(number) = known.number else {
        return Step::wish(write(
            f,
            Effect::OpenPull {
                head: branch.clone(),
                base: f.repo.default_branch.clone(),
                title: String::new(),
                body: String::new(),
                which: Which::Known,
                ready: true,
            },
            branch,
        ));
    };
    if known
        .pull
        .get()
        .is_some_and(|pull| !pull.open && !pull.merged)
    {
        return Step::wait(Who::Responder, What::KnownIssueClosed { pull: number });
    }
    let again = || push(f, p, branched, path, Some(carried));
    match further::merge(f, p, branched, Which::Known, again) {
        Step::Done(()) => Step::Done(Known),
        Step::Do(wishes) => Step::Do(wishes),
        Step::Wait(needs) => Step::Wait(needs),
    }
}

fn push(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    path: &str,
    replaces: Option<&Carried>,
) -> Wish {
    write(
        f,
        Effect::PushEntry {
            path: path.to_owned(),
            branch: branch_name(p, &branched.version),
            replaces: replaces.cloned(),
            entry: KnownIssue::default(),
            message: String::new(),
        },
        replaces.map_or(branched.version.as_str(), |old| old.commit.as_str()),
    )
}
