//! Apps, their installations, and the tokens that are handed out.

use std::collections::{BTreeMap, BTreeSet};

use super::account::UserId;
use super::manifest::Registration;
use crate::sim::clock::Millis;

/// A registered App.
#[derive(Clone, Debug)]
pub struct App {
    /// Its id.
    pub id: u64,
    /// Its client id, which may stand as `iss` too.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// What people sign in to it with.
    pub client_secret: String,
    /// Where its deliveries and its people go.
    pub registration: Registration,
    /// Its name in URLs; the bot's login is `<slug>[bot]`.
    pub slug: String,
    /// Who owns it.
    pub owner: UserId,
    /// Its bot account.
    pub bot: UserId,
    /// Its public key, PKCS#1 DER.
    pub public_key: Vec<u8>,
    /// The secret its deliveries are signed with.
    pub webhook_secret: String,
    /// What it asks for: `contents` → `write`.
    pub permissions: BTreeMap<String, String>,
    /// The events it subscribes to.
    pub events: Vec<String>,
    /// When it was made.
    pub created_at: Millis,
}

/// An App on an account's repositories.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Its id.
    pub id: u64,
    /// The App.
    pub app: u64,
    /// Whose repositories.
    pub account: UserId,
    /// What was granted: `contents` → `write`.
    pub permissions: BTreeMap<String, String>,
    /// Which repositories.
    pub repos: BTreeSet<u64>,
    /// When it was made.
    pub created_at: Millis,
    /// When it was suspended.
    pub suspended_at: Option<Millis>,
}

/// A token that was handed out.
#[derive(Clone, Debug)]
pub struct Token {
    /// Whose it is.
    pub owner: TokenOwner,
    /// When it ends.
    pub expires_at: Millis,
    /// What it may do (installation tokens): `contents` → `write`.
    pub permissions: BTreeMap<String, String>,
    /// Where (installation tokens).
    pub repos: BTreeSet<u64>,
    /// How often it will still be answered 401 because it is too fresh.
    pub refusals_left: u32,
}

/// Whose token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenOwner {
    /// An installation's.
    Installation(u64),
    /// A person's.
    User(UserId),
    /// A person's, for what an App asks in their name.
    Through {
        /// The App.
        app: u64,
        /// The person.
        user: UserId,
    },
}

/// Whether `granted` holds `permission` at `level` or above. Reading metadata
/// is always granted.
pub fn grants(granted: &BTreeMap<String, String>, permission: &str, level: &str) -> bool {
    let rank = |level: &str| match level {
        "read" => 1,
        "write" => 2,
        "admin" => 3,
        _ => 0,
    };
    let has = granted.get(permission).map_or(0, |l| rank(l));
    let has = if permission == "metadata" {
        has.max(1)
    } else {
        has
    };
    has >= rank(level)
}

/// Whether `granted` satisfies `contents=write;pull_requests=write,issues=read`
/// (`;` separates alternatives, `,` what must come together).
pub fn satisfies(granted: &BTreeMap<String, String>, accepted: &str) -> bool {
    accepted.is_empty()
        || accepted.split(';').any(|together| {
            together.split(',').all(|one| {
                let (permission, level) = one.split_once('=').unwrap_or((one, "read"));
                grants(granted, permission.trim(), level.trim())
            })
        })
}
