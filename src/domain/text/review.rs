//! Approvals that do not count, and why not.

use super::markdown::person;
use super::phrases::at;
use crate::domain::need::{NotCounted, Part, Uncounted};

/// More are not named.
const NAMED: usize = 5;

/// ". Not counted: @a (pushed `abc1234`)", or nothing.
pub(super) fn not_counted(all: &[Uncounted]) -> String {
    if all.is_empty() {
        return String::new();
    }
    let one = |it: &Uncounted| format!("{} ({})", person(&it.login), why(&it.why));
    let mut named: Vec<_> = all.iter().rev().take(NAMED).map(one).collect();
    let more = all.len().saturating_sub(NAMED);
    if more > 0 {
        named.push(format!("{more} more"));
    }
    format!(". Not counted: {}", named.join(", "))
}

fn why(why: &NotCounted) -> String {
    match why {
        NotCounted::Theirs(part) => match part {
            Part::Wrote(sha) => format!("wrote {}", at(sha)),
            Part::CoWrote(sha) => format!("is named as an author of {}", at(sha)),
            Part::Committed(sha) => format!("committed {}", at(sha)),
            Part::Pushed(sha) => format!("pushed {}", at(sha)),
            Part::Picked(sha) => format!("had {} picked", at(sha)),
            Part::PushedOnce => "pushed to the branch".to_owned(),
        },
        NotCounted::Outsider => "may not write here".to_owned(),
        NotCounted::Older(sha) => format!("approved {}, which is not the head any more", at(sha)),
        NotCounted::Dismissed => "that review was dismissed".to_owned(),
        NotCounted::ChangesRequested => "asked for changes since".to_owned(),
    }
}
