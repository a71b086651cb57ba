//! Accounts: people, bots and organisations, and what they may in a repository.

use crate::sim::clock::Millis;

/// The id of an account: person, bot or organisation.
pub type UserId = u64;

/// Who does something, and through what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    /// The acting account; for an App its bot account.
    pub user: UserId,
    /// The App through which it happens.
    pub app: Option<u64>,
    /// By a workflow's `GITHUB_TOKEN`: starts no further workflows.
    pub via_github_token: bool,
}

impl Who {
    /// A person, by hand.
    pub fn person(user: UserId) -> Self {
        Self {
            user,
            app: None,
            via_github_token: false,
        }
    }

    /// A workflow's own token (`github-actions[bot]`).
    pub fn github_token(bot: UserId) -> Self {
        Self {
            user: bot,
            app: None,
            via_github_token: true,
        }
    }
}

/// What an account is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserKind {
    /// A person.
    User,
    /// An App's account, login `<slug>[bot]`.
    Bot,
    /// An organisation.
    Organization,
}

impl UserKind {
    /// As in `type`.
    pub fn name(self) -> &'static str {
        match self {
            UserKind::User => "User",
            UserKind::Bot => "Bot",
            UserKind::Organization => "Organization",
        }
    }
}

/// An account.
#[derive(Clone, Debug)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Its login.
    pub login: String,
    /// What it is.
    pub kind: UserKind,
    /// Its e-mail address in commits.
    pub email: String,
    /// When it was made.
    pub created_at: Millis,
}

/// A role in a repository, from weak to strong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Reads; opens issues, comments.
    Read,
    /// Labels and closes.
    Triage,
    /// Pushes, merges, edits others' comments.
    Write,
    /// Settings without danger.
    Maintain,
    /// Everything.
    Admin,
}

impl Role {
    /// The role's true name, as in `role_name`.
    pub fn name(self) -> &'static str {
        match self {
            Role::Read => "read",
            Role::Triage => "triage",
            Role::Write => "write",
            Role::Maintain => "maintain",
            Role::Admin => "admin",
        }
    }

    /// The older word for it, as in `permission`: `maintain` shows as `write`,
    /// `triage` as `read`.
    pub fn permission(self) -> &'static str {
        match self {
            Role::Read | Role::Triage => "read",
            Role::Write | Role::Maintain => "write",
            Role::Admin => "admin",
        }
    }
}
