//! What signing in asks of GitHub.

use secrecy::SecretString;

use crate::clock::Millis;
use crate::web::future::BoxFuture;

/// Somebody whom GitHub knows.
#[derive(Debug)]
pub struct Person {
    /// GitHub's id: a login may be another one's tomorrow.
    pub id: i64,
    /// The login at present.
    pub login: String,
    /// Their token.
    pub token: SecretString,
    /// It ends after this, milliseconds; none: not by itself.
    pub lasts: Option<Millis>,
}

/// A repository that somebody may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// GitHub's id.
    pub id: i64,
    /// `owner/name` at present.
    pub full_name: String,
    /// Whether only the invited may.
    pub private: bool,
    /// Whether they may push as well.
    pub push: bool,
}

/// Why nobody is signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotSignedIn {
    /// GitHub does not take the code, or the App's secret.
    Refused,
    /// GitHub did not answer, or strangely.
    Unreached,
}

/// What GitHub says of a repository to somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// They may read it.
    Yes(Grant),
    /// It is not there, or not for them.
    No,
    /// Nothing before they pass their organisation's single sign-on, at this address.
    SingleSignOn(Option<String>),
}

/// Why it is not known what somebody may read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotAsked {
    /// Nobody is signed in with this session any more.
    Over,
    /// GitHub did not answer, or not now.
    Unreached,
    /// They asked for too much: GitHub answers them no more for a while, or they have
    /// too many questions under way. Nothing that was known before holds for that.
    TooMuch,
    /// They have to pass their organisation's single sign-on first, at this address of
    /// GitHub's if it is known.
    SingleSignOn(Option<String>),
}

/// GitHub, as signing in needs it.
pub trait Authority: Send + Sync {
    /// Where a browser is led, to come back to `back` with a code and this state;
    /// none: nowhere.
    fn leads_to(&self, back: &str, state: &str, challenge: &str) -> Option<String>;

    /// Who comes back with the code.
    ///
    /// # Errors
    /// Nobody.
    fn person<'a>(
        &'a self,
        code: &'a str,
        verifier: &'a str,
        back: &'a str,
    ) -> BoxFuture<'a, Result<Person, NotSignedIn>>;

    /// What the repository of this name is to somebody, asked with their own token.
    ///
    /// # Errors
    /// It is not known.
    fn grant<'a>(
        &'a self,
        token: &'a SecretString,
        owner: &'a str,
        name: &'a str,
    ) -> BoxFuture<'a, Result<Word, NotAsked>>;
}
