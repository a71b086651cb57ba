//! `[roles]`

use std::collections::BTreeMap;

use crate::domain::nearest::nearest;
use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::list;
use crate::domain::policy::table::{Acted::Always, section};
use crate::domain::role::{Rank, Role};

section! {
    /// `[roles]`: names of roles, `@user` or `@organisation/team`.
    Roles [names] {
        /// Who carries a hotfix out.
        responder: Vec<String> = list(&["write"]), r#"["maintain", "@org/on-call"]"#, Always;
        /// Who decides what cannot be taken back.
        commander: Vec<String> = list(&["maintain"]), r#"["admin", "@lead"]"#, Always;
        /// Who is shown in the status comment of a security hotfix.
        security: Vec<String> = vec![], r#"["@org/security"]"#, Always;
        /// Who is mentioned at a maximum, in this order.
        escalation: Vec<String> = vec![], r#"["@lead"]"#, Always;
    }
}

/// Who somebody is to the lists of `[roles]`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Standing<'a> {
    /// Their role in the repository.
    pub role: Role,
    /// Their login; empty: it is not looked for in the lists.
    pub login: &'a str,
    /// Whether they are in these teams, by `organisation/team` in lower case; none:
    /// GitHub did not say.
    pub teams: Option<&'a BTreeMap<String, Option<bool>>>,
}

impl From<Role> for Standing<'_> {
    fn from(role: Role) -> Self {
        Standing {
            role,
            ..Standing::default()
        }
    }
}

impl Standing<'_> {
    /// Whether a list names them, or a team that they are known to be in.
    fn is_named_in(&self, names: &[String]) -> bool {
        let mut people = names.iter().filter_map(|name| name.strip_prefix('@'));
        people.any(|name| {
            let is_in = |team: &str| {
                let team = self.teams.and_then(|teams| teams.get(team));
                team.copied().flatten() == Some(true)
            };
            match name.contains('/') {
                true => is_in(&name.to_lowercase()),
                false => !self.login.is_empty() && name.eq_ignore_ascii_case(self.login),
            }
        })
    }
}

impl Roles {
    /// The teams that may give commands, as `organisation/team` in lower case, each
    /// once.
    pub fn teams(&self) -> Vec<String> {
        let all = self.responder.iter().chain(&self.commander);
        let teams = all.filter_map(|name| name.strip_prefix('@'));
        let teams = teams.filter(|name| name.contains('/'));
        let mut teams: Vec<String> = teams.map(str::to_lowercase).collect();
        teams.sort_unstable();
        teams.dedup();
        teams
    }

    /// The people and teams, as they are written, that a rank is given to by name.
    pub fn named(&self, rank: Rank) -> Vec<&str> {
        let lists: &[&Vec<String>] = match rank {
            Rank::Reader | Rank::Reporter => &[],
            Rank::Commander => &[&self.commander],
            Rank::Responder => &[&self.responder, &self.commander],
        };
        let all = lists.iter().flat_map(|list| list.iter());
        let mut named: Vec<&str> = Vec::new();
        for name in all.map(String::as_str).filter(|name| name.starts_with('@')) {
            if !named.contains(&name) {
                named.push(name);
            }
        }
        named
    }

    fn names(&self, find: &mut Findings<'_, '_>) {
        let responder = check("responder", &self.responder, find);
        let commander = check("commander", &self.commander, find);
        for (key, names) in [
            ("security", &self.security),
            ("escalation", &self.escalation),
        ] {
            names.iter().for_each(|name| find.mention(key, name));
        }
        if let (Some(responder), Some(commander)) = (responder, commander)
            && responder > commander
        {
            let message =
                format!("a commander needs {commander}, less than a responder with {responder}");
            find.say_between("responder", "commander", &message);
        }
    }
}

/// The lowest role of a list, which must name somebody.
fn check(key: &str, names: &[String], find: &mut Findings<'_, '_>) -> Option<Role> {
    for name in names {
        if name.starts_with('@') {
            find.mention(key, name);
        } else if Role::from_name(name).is_none_or(|role| role == Role::None) {
            let usable = Role::ALL.iter().filter(|role| **role > Role::None);
            let words: Vec<_> = usable.map(|role| role.name()).collect();
            let message = format!(
                "expected one of {}, \"@user\" or \"@organisation/team\", found \"{name}\"",
                words.join(", ")
            );
            let hint = nearest(name, words).map(|name| format!("did you mean \"{name}\"?"));
            find.say(key, &message, hint);
        }
    }
    if names.is_empty() {
        find.say(key, "nobody could give these commands", None);
    }
    lowest(names)
}

/// The lowest role that a list names.
fn lowest(names: &[String]) -> Option<Role> {
    names.iter().filter_map(|name| Role::from_name(name)).min()
}

/// The lowest role that has this rank by itself; `None` where no role alone
/// gives it (a reporter is who wrote the issue, and a list of teams alone
/// leaves roles out).
pub fn least_role(rank: Rank, roles: &Roles) -> Option<Role> {
    match rank {
        Rank::Reader => Some(Role::None),
        Rank::Reporter => None,
        Rank::Commander => lowest(&roles.commander),
        // Who may decide may also carry out.
        Rank::Responder => [lowest(&roles.responder), lowest(&roles.commander)]
            .into_iter()
            .flatten()
            .min(),
    }
}

/// Whether somebody may do what asks for `rank`, by their role, by name or by a team
/// that they are known to be in. `is_reporter`: they wrote the issue.
pub fn may<'a>(who: impl Into<Standing<'a>>, is_reporter: bool, rank: Rank, roles: &Roles) -> bool {
    let who = who.into();
    // Who may decide may also carry out.
    let named = match rank {
        Rank::Reader | Rank::Reporter => false,
        Rank::Commander => who.is_named_in(&roles.commander),
        Rank::Responder => who.is_named_in(&roles.responder) || who.is_named_in(&roles.commander),
    };
    match rank {
        Rank::Reader => true,
        Rank::Reporter => is_reporter,
        Rank::Responder | Rank::Commander => {
            named || least_role(rank, roles).is_some_and(|least| who.role >= least)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_may_what_by_default() {
        let roles = Roles::default();
        let who = |rank| {
            Role::ALL
                .iter()
                .copied()
                .find(|role| may(*role, false, rank, &roles))
        };
        assert_eq!(who(Rank::Reader), Some(Role::None));
        assert_eq!(who(Rank::Reporter), None);
        assert_eq!(who(Rank::Responder), Some(Role::Write));
        assert_eq!(who(Rank::Commander), Some(Role::Maintain));
        assert!(may(Role::None, true, Rank::Reporter, &roles));
        assert!(!may(Role::Write, true, Rank::Commander, &roles));
    }

    #[test]
    fn people_and_teams_have_the_rank_that_they_are_named_for() {
        let roles = Roles {
            responder: vec!["@org/On-Call".to_owned()],
            commander: vec!["@Lead".to_owned(), "@org/leads".to_owned()],
            ..Roles::default()
        };
        assert_eq!(roles.teams(), ["org/leads", "org/on-call"]);
        assert_eq!(roles.named(Rank::Commander), ["@Lead", "@org/leads"]);
        let in_teams = |teams: &[(&str, Option<bool>)]| {
            let teams = teams.iter().map(|(team, is)| ((*team).to_owned(), *is));
            teams.collect::<BTreeMap<_, _>>()
        };
        let rank = |login: &str, teams: &BTreeMap<String, Option<bool>>| {
            let who = Standing {
                role: Role::Read,
                login,
                teams: Some(teams),
            };
            let ranks = [Rank::Commander, Rank::Responder];
            ranks
                .into_iter()
                .find(|rank| may(who, false, *rank, &roles))
        };
        let none = BTreeMap::new();
        assert_eq!(rank("lead", &none), Some(Rank::Commander));
        assert_eq!(rank("", &none), None);
        assert_eq!(rank("dev", &none), None);
        let leads = in_teams(&[("org/leads", Some(true))]);
        assert_eq!(rank("dev", &leads), Some(Rank::Commander));
        let on_call = in_teams(&[("org/leads", Some(false)), ("org/on-call", Some(true))]);
        assert_eq!(rank("dev", &on_call), Some(Rank::Responder));
        // What GitHub did not say is no yes.
        let unknown = in_teams(&[("org/leads", None), ("org/on-call", None)]);
        assert_eq!(rank("dev", &unknown), None);
        // A role by itself gives nothing where only names stand.
        assert!(!may(Role::Admin, false, Rank::Commander, &roles));
    }

    #[test]
    fn a_list_of_teams_gives_no_role_the_rank() {
        let roles = Roles {
            responder: vec!["@org/on-call".to_owned()],
            commander: vec!["admin".to_owned(), "@org/leads".to_owned()],
            ..Roles::default()
        };
        assert_eq!(least_role(Rank::Responder, &roles), Some(Role::Admin));
        assert!(!may(Role::Maintain, false, Rank::Commander, &roles));
        assert!(may(Role::Admin, false, Rank::Commander, &roles));
    }
}
