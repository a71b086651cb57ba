//! Who somebody is to the repository, as far as it was read.

use super::facts::Facts;
use super::ids::Actor;
use super::policy::{Roles, may};
use super::role::{Rank, Role};

/// A person's role as it was last read. A role that was read for their login and
/// is another account's by now is none of theirs.
pub fn role_of(f: &Facts, who: &Actor) -> Option<Role> {
    let read = f.roles.get(&who.login.to_lowercase())?.get()?;
    let is_theirs = read.id == 0 || who.id == 0 || read.id == who.id;
    Some(match !who.bot && is_theirs {
        true => Role::from_api(
            Some(read.role_name.as_str()).filter(|r| !r.is_empty()),
            Some(read.permission.as_str()),
        ),
        false => Role::None,
    })
}

/// Whether somebody has a part in this: they may act here, or reported it. None
/// while their role is not known.
pub fn has_part(f: &Facts, roles: &Roles, who: &Actor) -> Option<bool> {
    if is_reporter(f, who) {
        return Some(true);
    }
    let role = role_of(f, who)?;
    Some(may(role, false, Rank::Responder, roles) || may(role, false, Rank::Commander, roles))
}

/// Whether they reported the issue, or one that goes along with its release.
pub fn is_reporter(f: &Facts, who: &Actor) -> bool {
    let who = Some(who).filter(|who| !who.bot).map(Actor::account);
    let own = f.issue.get().map(super::objects::Issue::reporter);
    let along = f.guests.values().filter_map(|it| it.reporter.clone());
    who.is_some_and(|who| own.into_iter().chain(along).any(|it| it.is(&who)))
}
