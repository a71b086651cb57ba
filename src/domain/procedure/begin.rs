//! Before step 1: may this issue start a hotfix at all?

use super::Step;
use crate::domain::facts::Facts;
use crate::domain::policy::Policy;
use crate::domain::role::Role;
use crate::domain::view::{What, Who};

/// The hotfix was started by somebody who may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begun;

/// The label of an allowed person, or a commander's `confirm`.
pub fn begin(f: &Facts, p: &Policy) -> Step<Begun> {
    let Some(read) = f.policy.get() else {
        return Step::looking("the configuration");
    };
    if let Some(errors) = &read.wrong {
        return Step::wait(
            Who::Commander,
            What::ConfigWrong {
                errors: errors.clone(),
            },
        );
    }
    if f.confirmed.is_some() {
        return Step::Done(Begun);
    }
    let Some(role) = role_of(f, &f.trigger.by.login) else {
        return Step::looking("the role of who set the label");
    };
    if role >= p.trigger.who {
        return Step::Done(Begun);
    }
    Step::wait(
        Who::Commander,
        What::ConfirmStart {
            login: f.trigger.by.login.clone(),
            role: role.name().to_owned(),
            wants: p.trigger.who.name().to_owned(),
        },
    )
}

/// A person's role as it was last read.
pub fn role_of(f: &Facts, login: &str) -> Option<Role> {
    let read = f.roles.get(&login.to_lowercase())?.get()?;
    Some(Role::from_api(
        Some(read.role_name.as_str()).filter(|r| !r.is_empty()),
        Some(read.permission.as_str()),
    ))
}
