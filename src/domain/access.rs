//! Who somebody is to the repository, as far as it was read.

use super::facts::Facts;
use super::policy::{Roles, may};
use super::role::{Rank, Role};

/// A person's role as it was last read.
pub fn role_of(f: &Facts, login: &str) -> Option<Role> {
    let read = f.roles.get(&login.to_lowercase())?.get()?;
    Some(Role::from_api(
        Some(read.role_name.as_str()).filter(|r| !r.is_empty()),
        Some(read.permission.as_str()),
    ))
}

/// Whether somebody has a part in this: they may act here, or reported it. None
/// while their role is not known.
pub fn has_part(f: &Facts, roles: &Roles, login: &str) -> Option<bool> {
    let reporter = f.issue.get().map(|issue| issue.author.as_str());
    let is_reporter = reporter.is_some_and(|it| it.eq_ignore_ascii_case(login));
    if is_reporter {
        return Some(true);
    }
    let role = role_of(f, login)?;
    Some(may(role, false, Rank::Responder, roles) || may(role, false, Rank::Commander, roles))
}
