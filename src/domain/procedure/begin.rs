//! Before step 1: may this issue start a hotfix at all?

use super::labels;
use super::step::{Case, Step};
use crate::domain::access::role_of;
use crate::domain::need::{Looking, NeedKind, Who};
use crate::domain::role::Role;

/// The hotfix was started by somebody who may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Begun;

/// The label of an allowed person, or a commander's `confirm`.
pub fn begin(c: &Case<'_>) -> Step<Begun> {
    let Some(read) = c.facts.policy.get() else {
        return Step::looking(Looking::Configuration);
    };
    if read.is_wrong() {
        return Step::wait(Who::Commander, NeedKind::ConfigWrong);
    }
    if !labels::is_triggered(c) || labels::regular(c).is_some() {
        return Step::looking(Looking::Labeller);
    }
    if c.facts.start_confirmed.is_some() {
        return Step::Done(Begun);
    }
    let by = &c.facts.trigger.by;
    let unknown = by.login.is_empty().then_some(Role::None);
    let Some(role) = unknown.or_else(|| role_of(c.facts, by)) else {
        return Step::looking(Looking::Labeller);
    };
    if role >= c.policy.trigger.who {
        return Step::Done(Begun);
    }
    Step::wait(
        Who::Commander,
        NeedKind::ConfirmStart {
            login: by.login.clone(),
            role,
            wants: c.policy.trigger.who,
        },
    )
}
