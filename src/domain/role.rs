//! Who a person is to the repository, and what they may do here.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A person's role on a repository, from none to all.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// No access beyond what is public.
    #[default]
    None,
    /// May read.
    Read,
    /// May sort issues.
    Triage,
    /// May push.
    Write,
    /// May manage without access to the dangerous settings.
    Maintain,
    /// May everything.
    Admin,
}

impl Role {
    /// Every role, lowest first.
    pub const ALL: &'static [Role] = &[
        Role::None,
        Role::Read,
        Role::Triage,
        Role::Write,
        Role::Maintain,
        Role::Admin,
    ];

    /// The name as GitHub writes it.
    pub fn name(self) -> &'static str {
        match self {
            Role::None => "none",
            Role::Read => "read",
            Role::Triage => "triage",
            Role::Write => "write",
            Role::Maintain => "maintain",
            Role::Admin => "admin",
        }
    }

    /// The role of this exact name, case aside.
    pub fn from_name(name: &str) -> Option<Role> {
        let name = name.trim();
        Self::ALL
            .iter()
            .copied()
            .find(|role| role.name().eq_ignore_ascii_case(name))
    }

    /// The role that GitHub's permission endpoint tells.
    ///
    /// `role_name` has the true role; an organisation's custom role has a name
    /// of its own there, and then `permission` (`admin`, `write`, `read`,
    /// `none`) says what it amounts to. Neither known: no role.
    /// (REST, "Get repository permissions for a user".)
    pub fn from_api(role_name: Option<&str>, permission: Option<&str>) -> Role {
        role_name
            .and_then(Self::from_name)
            .or_else(|| permission.and_then(Self::from_name))
            .unwrap_or(Role::None)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a command asks of the person who gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rank {
    /// Anyone who can comment.
    Reader,
    /// The author.
    Reporter,
    /// Carries the hotfix out.
    Responder,
    /// Decides what cannot be taken back.
    Commander,
}

impl Rank {
    /// The name in help texts.
    pub fn name(self) -> &'static str {
        match self {
            Rank::Reader => "reader",
            Rank::Reporter => "reporter",
            Rank::Responder => "responder",
            Rank::Commander => "commander",
        }
    }
}

impl fmt::Display for Rank {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_ordered_and_read_as_github_writes_them() {
        assert!(Role::ALL.is_sorted());
        assert_eq!(
            Role::from_api(Some("maintain"), Some("write")),
            Role::Maintain
        );
        assert_eq!(Role::from_api(Some("triage"), Some("read")), Role::Triage);
        assert_eq!(
            Role::from_api(Some("release-crew"), Some("write")),
            Role::Write
        );
        assert_eq!(Role::from_api(None, Some("admin")), Role::Admin);
        assert_eq!(Role::from_api(Some(""), Some("none")), Role::None);
        assert_eq!(Role::from_api(None, None), Role::None);
    }
}
