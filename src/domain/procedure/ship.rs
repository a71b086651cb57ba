//! Step 6: the decision, the tag on the tested head, the merge.
//!
//! In this version the tag is always on the tested head, so that it ships
//! exactly what was tested, whatever main holds.

use super::assess::Assessed;
use super::branch::Branched;
use super::fix::Fixed;
use super::test::Tested;
use super::{Step, locked, port, write};
use crate::domain::effect::{Effect, Which};
use crate::domain::facts::{Facts, MergeMethod, Ship, Tag};
use crate::domain::ids::Sha;
use crate::domain::policy::{MergeMethod as Method, Policy};
use crate::domain::view::{Need, What, Who};

/// The tag stands on the tested commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    /// The tag's name.
    pub name: String,
    /// The tag object.
    pub tag: Tag,
}

/// The tag stands, and main holds the fix, or the forward-port is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipped {
    /// The tag.
    pub tagged: Tagged,
    /// How the fix comes to the default branch.
    pub on_main: OnMain,
}

/// How the fix comes to the default branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OnMain {
    /// By the hotfix pull request: the commit there.
    Merged(Sha),
    /// By the forward-port, a pull request of this number.
    Port(u64),
}

/// What stands between now and the decision beside the first list's steps.
pub fn gates(f: &Facts, fixed: &Fixed) -> Vec<Need> {
    let mut gates = Vec::new();
    if let Some(hold) = &f.hold {
        gates.push(Need {
            who: Who::Responder,
            what: What::Held {
                login: hold.by.login.clone(),
                reason: hold.reason.clone(),
            },
        });
    }
    if let Some(issue) = f.issue.get().filter(|i| !i.open) {
        gates.push(Need {
            who: Who::Responder,
            what: What::IssueClosed {
                login: issue.closed_by.clone(),
            },
        });
    }
    match f.line.pull.get() {
        Some(pull) if pull.merged || pull.head != fixed.head => {}
        Some(pull) => match pull.mergeable {
            // A conflict never holds the tag up: see `port`.
            Some(_) => {}
            None => gates.push(looking("whether the pull request merges")),
        },
        None => gates.push(looking("the pull request")),
    }
    // A tag of that name that we did not make is never moved.
    if let Some(Some(tag)) = f.line.tag.get()
        && tag.commit != fixed.head
    {
        gates.push(Need {
            who: Who::Commander,
            what: What::TagWrong {
                tag: f.line.version.clone().unwrap_or_default(),
                commit: tag.commit.clone(),
            },
        });
    }
    gates
}

fn looking(subject: &str) -> Need {
    Need {
        who: Who::Machine,
        what: What::Looking {
            subject: subject.to_owned(),
        },
    }
}

/// The decision; once it is locked, tag, ready and merge, one after the other.
pub fn ship(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    fixed: &Fixed,
    assessed: Option<&Assessed>,
    tested: Option<&Tested>,
) -> Step<Shipped> {
    if let Some(ship) = locked(f) {
        return carry_out(f, p, branched, fixed, ship);
    }
    let gates = gates(f, fixed);
    if !gates.is_empty() {
        return Step::Wait(gates);
    }
    if assessed.is_none() || tested.is_none() {
        return Step::Wait(Vec::new());
    }
    if f.line.ship.is_some() {
        return Step::looking("everything once more, after the decision");
    }
    Step::wait(
        Who::Commander,
        What::Release {
            head: fixed.head.clone(),
        },
    )
}

/// The tag, once it stands where it should.
pub fn tagged(f: &Facts) -> Option<Tagged> {
    let ship = locked(f)?;
    let tag = f.line.tag.get()?.as_ref()?;
    (tag.commit == ship.head && tag.annotated).then(|| Tagged {
        name: ship.tag.clone(),
        tag: tag.clone(),
    })
}

fn carry_out(
    f: &Facts,
    p: &Policy,
    branched: &Branched,
    fixed: &Fixed,
    ship: &Ship,
) -> Step<Shipped> {
    let Some(tagged) = tagged(f) else {
        return match f.line.tag.get() {
            Some(Some(tag)) => Step::wait(
                Who::Commander,
                What::TagWrong {
                    tag: ship.tag.clone(),
                    commit: tag.commit.clone(),
                },
            ),
            // Looked at after the decision, and not there.
            Some(None) => Step::wish(write(
                f,
                Effect::CreateTag {
                    tag: ship.tag.clone(),
                    commit: ship.head.clone(),
                    message: String::new(),
                },
                ship.head.as_str(),
            )),
            None => Step::looking("the release tag"),
        };
    };
    let Some(pull) = f.line.pull.get() else {
        return Step::looking("the pull request");
    };
    if pull.merged {
        return Step::Done(Shipped {
            tagged,
            on_main: OnMain::Merged(pull.merge_commit.clone().unwrap_or_default()),
        });
    }
    if port::is_needed(f) {
        return match port::open(f, p, branched, fixed, ship) {
            Step::Done(on_main) => Step::Done(Shipped { tagged, on_main }),
            Step::Do(wishes) => Step::Do(wishes),
            Step::Wait(needs) => Step::Wait(needs),
        };
    }
    if !pull.open {
        return Step::wait(Who::Responder, What::PullClosed { pull: fixed.pull });
    }
    if pull.draft {
        return Step::wish(write(
            f,
            Effect::MarkReady {
                number: fixed.pull,
                node_id: pull.node_id.clone(),
            },
            ship.head.as_str(),
        ));
    }
    Step::wish(write(
        f,
        Effect::Merge {
            number: fixed.pull,
            head: ship.head.clone(),
            method: method(p, branched),
            title: String::new(),
            message: String::new(),
            which: Which::Hotfix,
        },
        ship.head.as_str(),
    ))
}

/// How a pull request is merged here.
pub fn method(p: &Policy, branched: &Branched) -> MergeMethod {
    match p.merge.method {
        Method::Auto => branched.base.main.merge_method,
        Method::Merge => MergeMethod::Merge,
        Method::Squash => MergeMethod::Squash,
        Method::Rebase => MergeMethod::Rebase,
    }
}
