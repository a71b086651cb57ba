//! Who somebody is to the repository, as far as it was read.

use super::facts::Facts;
use super::ids::Actor;
use super::policy::{Roles, Standing, may};
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

/// The same with what the lists of `[roles]` are held against. Who took over an
/// account's login has no name there.
pub fn standing_of<'a>(f: &'a Facts, who: &'a Actor) -> Option<Standing<'a>> {
    let role = role_of(f, who)?;
    let read = f.roles.get(&who.login.to_lowercase())?.get()?;
    let is_theirs = read.id == 0 || who.id == 0 || read.id == who.id;
    Some(match !who.bot && is_theirs {
        true => Standing {
            role,
            login: &who.login,
            teams: Some(&read.teams),
        },
        false => role.into(),
    })
}

/// A team of `[roles]` of which GitHub did not say whether somebody is in it.
pub fn unknown_team<'a>(f: &'a Facts, who: &Actor) -> Option<&'a str> {
    let read = f.roles.get(&who.login.to_lowercase())?.get()?;
    let mut teams = read.teams.iter();
    let unknown = teams.find(|(_, is)| is.is_none());
    unknown.map(|(team, _)| team.as_str())
}

/// Whether somebody has a part in this: they may act here, or reported it. None
/// while their role is not known.
pub fn has_part(f: &Facts, roles: &Roles, who: &Actor) -> Option<bool> {
    if is_reporter(f, who) {
        return Some(true);
    }
    let standing = standing_of(f, who)?;
    Some(
        may(standing, false, Rank::Responder, roles)
            || may(standing, false, Rank::Commander, roles),
    )
}

/// Whether they reported the issue, or one that goes along with its release.
pub fn is_reporter(f: &Facts, who: &Actor) -> bool {
    let who = Some(who).filter(|who| !who.bot).map(Actor::account);
    let own = f.issue.get().map(super::objects::Issue::reporter);
    let along = f.guests.values().filter_map(|it| it.reporter.clone());
    who.is_some_and(|who| own.into_iter().chain(along).any(|it| it.is(&who)))
}
