//! Who calls: App JWTs, installation tokens, people's tokens.

use super::world::{UserId, Who};

/// The account behind a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// No token.
    Anonymous,
    /// The App itself, by JWT.
    App {
        /// The App's id.
        app: u64,
        /// The App's bot account.
        bot: UserId,
    },
    /// An installation token.
    Installation {
        /// The installation's id.
        installation: u64,
        /// The App's id.
        app: u64,
        /// The App's bot account.
        bot: UserId,
        /// The token, as sent.
        token: String,
    },
    /// A person's token.
    User {
        /// Their account.
        user: UserId,
    },
}

impl Actor {
    /// Who acts, for the functions of the world.
    pub fn who(&self) -> Who {
        match self {
            Actor::Anonymous => Who::person(0),
            Actor::App { app, bot } | Actor::Installation { app, bot, .. } => {
                Who { user: *bot, app: Some(*app), via_github_token: false }
            }
            Actor::User { user } => Who::person(*user),
        }
    }

    /// `app`, `installation`, `user` or `anonymous`, for the call log.
    pub fn kind(&self) -> &'static str {
        match self {
            Actor::Anonymous => "anonymous",
            Actor::App { .. } => "app",
            Actor::Installation { .. } => "installation",
            Actor::User { .. } => "user",
        }
    }
}
