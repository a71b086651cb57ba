//! The checks that the configuration names: check runs and commit statuses of
//! the head, whichever has the name.

use super::fix::Fixed;
use super::overrides::is_passed;
use super::step::Case;
use crate::domain::command::Overridable;
use crate::domain::need::{CHECKS, Looking, Need, NeedKind, Who};
use crate::domain::objects::CheckState;

/// The names of those that passed on the head, and what is missing.
pub fn checks(c: &Case<'_>, fixed: &Fixed) -> (Vec<String>, Vec<Need>) {
    let (mut passed, mut needs) = (Vec::new(), Vec::new());
    let names = &c.policy.test.checks;
    let gate = Overridable::Key(CHECKS.to_owned());
    if names.is_empty() || is_passed(c, &gate, &fixed.head) {
        return (passed, needs);
    }
    let Some(seen) = c.line.seen.checks.get().filter(|s| s.sha == fixed.head) else {
        return (passed, vec![Need::looking(Looking::Checks)]);
    };
    for name in names {
        let state = seen.of(name).map(|check| check.state);
        if state == Some(CheckState::Passed) {
            passed.push(name.clone());
            continue;
        }
        let who = match state {
            Some(CheckState::Pending) => Who::Machine,
            _ => Who::Responder,
        };
        let kind = NeedKind::Check {
            name: name.clone(),
            head: fixed.head.clone(),
            state,
        };
        needs.push(Need::new(who, kind));
    }
    (passed, needs)
}
