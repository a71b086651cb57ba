//! What the set-up pages need from the house, and what it does for them.

use std::sync::Arc;

use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;

use crate::clock::Clock;
use crate::web::future::BoxFuture;

/// What the pages of a first run work with.
pub struct SetUp {
    /// For the hours and minutes of the token, the browser and the state.
    pub clock: Clock,
    /// The token that the log shows.
    pub token: String,
    /// Where the server is reached, if that was said.
    pub public_url: Option<String>,
    /// Base of GitHub's pages.
    pub github: String,
    /// Where the credentials are to be kept, to be named where they cannot be.
    pub file: String,
    /// What GitHub and the disk do.
    pub backend: Arc<dyn Backend>,
}

/// An App that GitHub created. Its secrets are shown this once.
#[derive(Clone, Debug)]
pub struct Created {
    /// The App's number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its page.
    pub html_url: String,
    /// Its client id.
    pub client_id: String,
    /// What people sign in with.
    pub client_secret: SecretString,
    /// What deliveries are signed with.
    pub webhook_secret: SecretString,
    /// Its key, PEM.
    pub pem: SecretString,
}

/// Why a code brought nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotCreated {
    /// GitHub does not know it, or not any more.
    Code,
    /// GitHub did not answer, or strangely; in words, never a secret.
    Unreached(String),
}

/// What the set-up pages ask of the house.
pub trait Backend: Send + Sync {
    /// Exchanges the code that GitHub sent along for the App.
    ///
    /// # Errors
    /// Why there is none.
    fn convert(&self, code: String) -> BoxFuture<'_, Result<Created, NotCreated>>;

    /// Keeps the credentials for this start and all others: when it returns, they
    /// are on the disk.
    ///
    /// # Errors
    /// Nothing was written; the text is the system's.
    fn keep(&self, created: &Created, address: &str) -> Result<(), String>;

    /// The file that could not be kept, to be downloaded.
    ///
    /// # Errors
    /// GitHub's answer does not fit into one.
    fn file(&self, created: &Created, address: &str) -> Result<Zeroizing<String>, String>;

    /// An address of this server as somebody typed it.
    ///
    /// # Errors
    /// Why it is none, in words that follow its name.
    fn address(&self, typed: &str) -> Result<String, String>;

    /// Whether GitHub cannot reach the server there.
    fn unreachable(&self, address: &str) -> bool;

    /// A token that was made on the server's machine after this start: its SHA-256,
    /// and until when it counts, milliseconds since the epoch.
    fn renewed(&self) -> Option<([u8; 32], i64)>;
}
