//! `[roles]`

use crate::domain::nearest::nearest;
use crate::domain::policy::findings::Findings;
use crate::domain::policy::kinds::list;
use crate::domain::policy::table::{
    Acted::{Always, Only},
    Weight::Gates,
    section,
};
use crate::domain::role::{Rank, Role};

section! {
    /// `[roles]`: names of roles, `@user` or `@organisation/team`.
    Roles [names] {
        /// Who carries a hotfix out.
        responder: Vec<String> = list(&["write"]), r#"["maintain", "@org/on-call"]"#, Only(ROLES, |r| only_roles(&r.responder), Gates);
        /// Who decides what cannot be taken back.
        commander: Vec<String> = list(&["maintain"]), r#"["admin", "@lead"]"#, Only(ROLES, |r| only_roles(&r.commander), Gates);
        /// Who is shown in the status comment of a security hotfix.
        security: Vec<String> = vec![], r#"["@org/security"]"#, Always;
        /// Who is mentioned at a maximum, in this order.
        escalation: Vec<String> = vec![], r#"["@lead"]"#, Always;
    }
}

const ROLES: &str = "names of roles";

fn only_roles(names: &[String]) -> bool {
    names.iter().all(|name| Role::from_name(name).is_some())
}

impl Roles {
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

/// Whether a person of this role may do what asks for `rank`. `is_reporter`:
/// they wrote the issue. Teams and single people in the policy's lists are not
/// looked at.
pub fn may(role: Role, is_reporter: bool, rank: Rank, roles: &Roles) -> bool {
    match rank {
        Rank::Reader => true,
        Rank::Reporter => is_reporter,
        Rank::Responder | Rank::Commander => {
            least_role(rank, roles).is_some_and(|least| role >= least)
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
