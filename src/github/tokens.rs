//! Installation tokens: one for each repository that is worked on, minted by one
//! caller while the others wait.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::SecretString;

use super::error::Error;
use crate::clock::Millis;

/// How long before its end a token is renewed. GitHub's tokens live an hour;
/// one minute was found too little by others.
const MARGIN: Millis = 5 * 60_000;

/// A token younger than this may be unknown to some of GitHub's servers yet.
const FRESH: Millis = 10_000;

/// Permissions by name (`contents`) with their level (`read`, `write`).
pub type Permissions = BTreeMap<String, String>;

/// An installation token.
#[derive(Clone)]
pub(super) struct Token {
    pub secret: SecretString,
    /// When it was minted, by the age of the process.
    pub minted_at: Millis,
    /// When it ends, by GitHub's clock.
    pub expires_at: Millis,
    /// What it may do; none: GitHub does not say.
    pub granted: Option<Arc<Permissions>>,
    /// Tells it from its predecessors, so that a late 401 drops only its own.
    pub serial: u64,
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("serial", &self.serial)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

impl Token {
    /// A person's own, of which nobody says what it may do or when it ends.
    pub(super) fn of_a_person(secret: &SecretString) -> Self {
        Token {
            secret: secret.clone(),
            minted_at: Millis::MIN / 2,
            expires_at: Millis::MAX,
            granted: None,
            serial: 0,
        }
    }

    /// Whether GitHub's servers may not all know it yet, at this age of
    /// the process.
    pub(super) fn is_fresh(&self, age: Millis) -> bool {
        age - self.minted_at < FRESH
    }

    fn is_good(&self, github_now: Millis) -> bool {
        github_now < self.expires_at - MARGIN
    }
}

/// What a mint answered.
pub(super) struct Minted {
    pub secret: SecretString,
    pub minted_at: Millis,
    pub expires_at: Millis,
    pub granted: Option<Arc<Permissions>>,
}

/// What a token is good for: an installation, and of its repositories all or
/// the one with this id. A token of one repository is refused where its name has
/// become another's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Scope {
    pub installation: i64,
    pub repo: Option<i64>,
}

/// The tokens of all installations.
#[derive(Default)]
pub(super) struct Tokens {
    slots: Mutex<HashMap<Scope, Arc<Slot>>>,
}

#[derive(Default)]
struct Slot {
    state: tokio::sync::Mutex<State>,
    /// Counts failed mints; who waited through one shares its error.
    failures: AtomicU64,
}

#[derive(Default)]
struct State {
    token: Option<Token>,
    serial: u64,
    failure: Option<Error>,
}

impl Tokens {
    fn slot(&self, scope: Scope) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        slots.entry(scope).or_default().clone()
    }

    /// The scope's token, minted if there is none that lives for another
    /// five minutes. Concurrent callers share one mint, and its error.
    pub(super) async fn get<F>(
        &self,
        scope: Scope,
        github_now: Millis,
        mint: impl FnOnce() -> F,
    ) -> Result<Token, Error>
    where
        F: Future<Output = Result<Minted, Error>>,
    {
        let slot = self.slot(scope);
        let failures = slot.failures.load(Ordering::SeqCst);
        let mut state = slot.state.lock().await;
        if let Some(token) = state.token.as_ref().filter(|t| t.is_good(github_now)) {
            return Ok(token.clone());
        }
        if slot.failures.load(Ordering::SeqCst) != failures
            && let Some(error) = &state.failure
        {
            return Err(error.clone());
        }
        match mint().await {
            Ok(minted) => {
                state.serial += 1;
                let token = Token {
                    secret: minted.secret,
                    minted_at: minted.minted_at,
                    expires_at: minted.expires_at,
                    granted: minted.granted,
                    serial: state.serial,
                };
                state.token = Some(token.clone());
                state.failure = None;
                Ok(token)
            }
            Err(error) => {
                state.failure = Some(error.clone());
                slot.failures.fetch_add(1, Ordering::SeqCst);
                Err(error)
            }
        }
    }

    /// Forgets whatever tokens the installation has.
    pub(super) async fn forget_any(&self, installation: i64) {
        let of = |(scope, slot): (&Scope, &Arc<Slot>)| {
            (scope.installation == installation).then(|| Arc::clone(slot))
        };
        let slots: Vec<Arc<Slot>> = {
            let slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            slots.iter().filter_map(of).collect()
        };
        for slot in slots {
            slot.state.lock().await.token = None;
        }
    }

    /// Forgets the token with this serial; a newer one stays.
    pub(super) async fn forget(&self, scope: Scope, serial: u64) {
        let slot = self.slot(scope);
        let mut state = slot.state.lock().await;
        if state.token.as_ref().is_some_and(|t| t.serial == serial) {
            state.token = None;
        }
    }
}
