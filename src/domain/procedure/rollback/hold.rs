//! What still brings the failed fix somewhere is held: open pull requests of ours
//! are closed, their branches stay.

use crate::domain::effect::Act;
use crate::domain::need::Looking;
use crate::domain::objects::PullKind;
use crate::domain::procedure::names;
use crate::domain::procedure::step::{Case, Step};

/// Nothing of ours is open any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held;

/// Closes them, one after the other; what was merged meanwhile is merged.
pub fn hold(c: &Case<'_>) -> Step<Held> {
    let seen = &c.line.seen;
    let all = [
        (PullKind::Hotfix, c.line.pull_number, &seen.pull),
        (PullKind::Port, c.line.port.number, &seen.port),
        (PullKind::Known, c.line.known.number, &seen.known),
    ];
    for (kind, number, pull) in all {
        let Some(number) = number else { continue };
        match pull.get() {
            Some(there) if !there.open => {}
            _ if !pull.is_current() => return Step::looking(Looking::Pull),
            _ => {
                let act = Act::ClosePull {
                    number,
                    instead: None,
                    branch: names::pull_branch(c, kind),
                    pull: kind,
                    why: Some(()),
                };
                return Step::wish(c.write(act, number.to_string()));
            }
        }
    }
    Step::Done(Held)
}
