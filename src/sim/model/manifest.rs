//! Apps that are made from a manifest: who sits at the browser, and the codes that
//! were sent along.

use std::collections::BTreeMap;

use super::account::UserId;
use crate::sim::clock::Millis;

/// GitHub's pages for it.
#[derive(Debug, Default)]
pub struct Manifests {
    /// Who is signed in at GitHub in the one browser that there is.
    pub signed_in: Option<UserId>,
    /// Codes that were not exchanged yet: the App, and until when they count.
    pub codes: BTreeMap<String, (u64, Millis)>,
}

/// What an App's registration knows beside what an App is.
#[derive(Clone, Debug, Default)]
pub struct Registration {
    /// Where its deliveries go; none: where the stand-in was told to send them.
    pub hook_url: Option<String>,
    /// Where people are led after an installation.
    pub setup_url: Option<String>,
    /// Where the code is sent along.
    pub redirect_url: Option<String>,
    /// Where people who sign in may be led back to.
    pub callback_urls: Vec<String>,
}
