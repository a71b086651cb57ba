//! Step 6: the decision, the tag on the tested head, the merge.
//!
//! The tag is on the tested head, or on the merge where that is asked for and has
//! the same tree (`at_merge`): it ships exactly what was tested, whatever main
//! holds.

use super::branch::Branched;
use super::fix::Fixed;
use super::names;
use super::open_port::{self, OnMain};
use super::publishing::publishing;
use super::step::{Case, Step};
use super::tagged::is_enough;
pub use super::tagged::{Tagged, tagged};
use super::{at_merge, branch, launch, on_line, on_main, target};
use crate::domain::effect::Act;
use crate::domain::facts::ReleaseDecision;
use crate::domain::ids::Sha;
use crate::domain::need::{Looking, Need, NeedKind, PullNeed, Who};
use crate::domain::objects::{PullKind, Tag};
use crate::domain::shipping::Tags;

/// The tag stands, and main holds the fix, or the forward-port is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// The tag.
    pub tagged: Tagged,
    /// How the fix comes to the default branch.
    pub on_main: OnMain,
}

/// What stands between now and the decision beside the first list's steps.
pub fn gates(c: &Case<'_>, fixed: &Fixed) -> Vec<Need> {
    let mut gates = Vec::new();
    if let Some(hold) = &c.facts.hold {
        gates.push(Need::new(
            Who::Responder,
            NeedKind::Held {
                login: hold.by.login.clone(),
                why: hold.why.clone(),
            },
        ));
    }
    if let Some(issue) = c.facts.issue.get().filter(|i| i.is_shut()) {
        gates.push(Need::new(
            Who::Responder,
            NeedKind::IssueClosed {
                login: issue.closed_by.clone(),
            },
        ));
    }
    let straying = on_main::straying(c, PullKind::Hotfix, fixed.pull);
    match c.line.seen.pull.get() {
        // Merged by hand: wherever that was, the tag stands on the tested head.
        Some(pull) if pull.merged => {}
        Some(_) if straying.is_some() => gates.extend(straying),
        Some(pull) if pull.head != fixed.head => {}
        Some(pull) => match pull.mergeable {
            // A conflict never holds the tag up: see `port`.
            Some(_) => {}
            None => gates.push(Need::looking(Looking::Merges)),
        },
        None => gates.push(Need::looking(Looking::Pull)),
    }
    // A tag of that name that we did not make is never moved.
    if let Some(Some(tag)) = c.line.seen.tag.get()
        && (tag.commit != fixed.head || !is_enough(c, tag) && !by_workflow(c))
    {
        gates.push(wrong(
            names::tag(c, c.line.version.as_deref().unwrap_or_default()),
            tag,
            &fixed.head,
        ));
    }
    gates
}

/// A tag that is not what the bot would have made of this head.
fn wrong(name: String, tag: &Tag, head: &Sha) -> Need {
    let kind = NeedKind::TagWrong {
        tag: name,
        commit: tag.commit.clone(),
        lightweight: tag.commit == *head,
    };
    Need::new(Who::Commander, kind)
}

/// Whether a workflow makes the tag: what it makes is as its releases always were.
fn by_workflow(c: &Case<'_>) -> bool {
    let branched = branch::foreseen(c);
    branched.is_some_and(|it| matches!(publishing(c, &it).tags, Tags::Workflow(_)))
}

/// The decision, which may be made once the first list is `ready`; once it is
/// locked, tag, ready and merge, one after the other.
pub fn ship(c: &Case<'_>, branched: &Branched, fixed: &Fixed, ready: bool) -> Step<Shipped> {
    if let Some(decision) = c.line.locked() {
        return carry_out(c, branched, fixed, decision);
    }
    let gates = gates(c, fixed);
    if !gates.is_empty() {
        return Step::Wait(gates);
    }
    if !ready {
        return Step::Wait(Vec::new());
    }
    if c.line.decision.is_some() {
        return Step::looking(Looking::Everything);
    }
    Step::wait(
        Who::Commander,
        NeedKind::Release {
            head: fixed.head.clone(),
        },
    )
}

fn carry_out(
    c: &Case<'_>,
    branched: &Branched,
    fixed: &Fixed,
    decision: &ReleaseDecision,
) -> Step<Shipped> {
    let Some(tagged) = tagged(c, branched) else {
        let tags = publishing(c, branched).tags;
        let commit = decision.commit();
        return match c.line.seen.tag.get() {
            Some(Some(tag)) => Step::Wait(vec![wrong(decision.tag.clone(), tag, commit)]),
            Some(None) if at_merge::is_open(decision) => {
                at_merge::merge(c, branched, fixed, decision)
            }
            // Looked at after the decision, and not there.
            Some(None) if tags != Tags::Bot => {
                Step::Wait(launch::tag_needs(c, branched, decision, tags))
            }
            Some(None) => Step::wish(c.write(
                Act::CreateTag {
                    tag: decision.tag.clone(),
                    commit: commit.clone(),
                    message: (),
                },
                commit.as_str(),
            )),
            None => Step::looking(Looking::Tag),
        };
    };
    let shipped = |on_main| {
        Step::Done(Shipped {
            tagged: tagged.clone(),
            on_main,
        })
    };
    if target::line(c).is_some() {
        // How it comes to the line's branch is a step of its own.
        return match open_port::is_needed(c) {
            true => open_port::open(c, branched, fixed, decision).map(shipped),
            false => shipped(OnMain::Merged(decision.head.clone())),
        };
    }
    let Some(pull) = c.line.seen.pull.get() else {
        return Step::looking(Looking::Pull);
    };
    if open_port::is_needed(c) {
        return open_port::open(c, branched, fixed, decision).map(shipped);
    }
    if !pull.open {
        // Merged where it should be: that it still is there, step 10 wants to see.
        let here = pull.merged && on_main::strays(c, PullKind::Hotfix).is_none();
        let seen = c.line.seen.holds.get();
        if here && seen.is_none_or(|holds| holds.by.is_some()) {
            let commit = pull.merge_commit.clone().unwrap_or_default();
            return shipped(OnMain::Merged(commit));
        }
        return match on_main::found(c) {
            Some(by) => shipped(OnMain::Merged(by.clone())),
            None if c.line.seen.holds.is_current() && !pull.merged => Step::wait(
                Who::Responder,
                NeedKind::Pull(PullNeed::Closed { pull: fixed.pull }),
            ),
            None => Step::looking(Looking::Holds),
        };
    }
    if let Some(straying) = on_main::straying(c, PullKind::Hotfix, fixed.pull) {
        return Step::Wait(vec![straying]);
    }
    if on_main::found(c).is_some() {
        // Brought by another way: this one has nothing to add.
        return Step::wish(open_port::close_first(c, branched, fixed, decision, None));
    }
    on_line::merge(c, branched, fixed, decision, pull, Some(&tagged))
}
