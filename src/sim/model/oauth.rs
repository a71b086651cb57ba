//! People who sign in to an App at GitHub's pages.

use std::collections::{BTreeMap, BTreeSet};

use super::account::UserId;
use crate::sim::clock::Millis;

/// GitHub's pages for it.
#[derive(Debug, Default)]
pub struct Oauth {
    /// Browsers by their cookie, and who is signed in at GitHub there.
    pub browsers: BTreeMap<String, UserId>,
    /// Who let which App know who they are: (App, account).
    pub authorized: BTreeSet<(u64, UserId)>,
    /// Codes that were not exchanged yet.
    pub codes: BTreeMap<String, Code>,
    /// Refresh tokens: the App, the account, and until when they count.
    pub refresh: BTreeMap<String, (u64, UserId, Millis)>,
}

/// A code that was sent along.
#[derive(Clone, Debug)]
pub struct Code {
    /// For this App.
    pub app: u64,
    /// Whose it is.
    pub user: UserId,
    /// Where it was sent.
    pub redirect_uri: String,
    /// PKCE's challenge, S256.
    pub challenge: Option<String>,
    /// It counts until then.
    pub until: Millis,
}
