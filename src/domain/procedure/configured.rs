//! Before the decision: what the configuration asks for and cannot be, or this
//! version of the bot does not look at. A gate that is not there must not look like one that
//! was passed.

use super::at_merge;
use super::branch::Branched;
use super::fix::Fixed;
use super::overrides::is_passed;
use super::step::{Case, Step};
use crate::domain::command::Overridable;
use crate::domain::need::{Need, NeedKind, Who};
use crate::domain::policy::not_carried_out;

/// Nothing that is configured as a gate is silently absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Configured;

/// Each key that would hold up a release and is not carried out is passed by a
/// commander's word.
pub fn configured(c: &Case<'_>, branched: &Branched, fixed: &Fixed) -> Step<Configured> {
    let idle = not_carried_out(c.policy).into_iter();
    let gates = idle.filter(|idle| idle.gates).map(|idle| idle.key);
    let open = gates.filter(|key| !is_passed(c, &Overridable::Key(key.clone()), &fixed.head));
    let mut needs: Vec<Need> = open
        .map(|key| Need::new(Who::Commander, NeedKind::NotCarriedOut { key }))
        .collect();
    needs.extend(at_merge::gates(c, branched, fixed));
    match needs.as_slice() {
        [] => Step::Done(Configured),
        _ => Step::Wait(needs),
    }
}
