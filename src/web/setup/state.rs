//! What set-up knows while it lasts.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::http::HeaderMap;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::backend::{Backend, Created, SetUp};
use super::guard;
use super::lock::Lock;
use super::pages::Choice;
use crate::clock::{Clock, Millis};

/// How set-up ended.
#[derive(Debug)]
pub enum Outcome {
    /// The credentials are kept; the server goes on.
    Kept(Finished),
    /// Somebody took them along; the server ends.
    TakenAlong,
}

/// Set-up as its browser still sees it for a while.
pub struct Finished {
    pub(super) shared: Arc<Shared>,
    pub(super) name: String,
    pub(super) html_url: String,
    pub(super) address: String,
}

#[cfg(test)]
impl Finished {
    /// The clock of its hour.
    pub fn clock(&self) -> Clock {
        self.shared.clock.clone()
    }
}

impl fmt::Debug for Finished {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Finished({})", self.name)
    }
}

/// What the routes share.
pub(super) struct Shared {
    pub clock: Clock,
    pub github: String,
    pub file: String,
    pub backend: Arc<dyn Backend>,
    inner: Mutex<Inner>,
    ended: Mutex<Option<oneshot::Sender<Outcome>>>,
    pub stopping: CancellationToken,
}

pub(super) struct Inner {
    pub lock: Lock,
    /// Until when the newest token counts that was made on the machine.
    renewed: Option<Millis>,
    /// Where the server is reached, as its settings say.
    pub set: Option<String>,
    /// The same as it was typed.
    pub typed: Option<String>,
    pub choice: Choice,
    /// The App whose credentials could not be kept, and why.
    pub unkept: Option<(Created, String)>,
}

impl Inner {
    pub fn address(&self) -> Option<&str> {
        self.set.as_deref().or(self.typed.as_deref())
    }
}

impl Shared {
    pub fn new(setup: SetUp, ended: oneshot::Sender<Outcome>, stopping: CancellationToken) -> Self {
        let lock = Lock::new(&setup.token, setup.clock.now());
        Shared {
            github: setup.github,
            file: setup.file,
            backend: setup.backend,
            inner: Mutex::new(Inner {
                lock,
                renewed: None,
                set: setup.public_url,
                typed: None,
                choice: Choice::default(),
                unkept: None,
            }),
            clock: setup.clock,
            ended: Mutex::new(Some(ended)),
            stopping,
        }
    }

    pub fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What stands before every path of ours.
    pub fn base(&self) -> String {
        let inner = self.inner();
        inner.address().map(guard::prefix).unwrap_or_default()
    }

    /// Whether the browser is the one that was let in.
    pub fn knows(&self, headers: &HeaderMap) -> bool {
        let now = self.clock.now();
        guard::shown(headers).is_some_and(|it| self.inner().lock.knows(it, now))
    }

    /// A token that was made on the machine since counts from now on.
    pub fn look_for_a_new_token(&self) {
        let Some((hash, until)) = self.backend.renewed() else {
            return;
        };
        let mut inner = self.inner();
        if inner.renewed != Some(until) {
            inner.renewed = Some(until);
            inner.lock.renew(hash, until);
        }
    }

    /// Ends set-up, once.
    pub fn end(&self, outcome: Outcome) {
        let ended = self
            .ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(ended) = ended {
            // Whoever waited is gone only where the server stops anyway.
            let _ = ended.send(outcome);
        }
    }

    /// GitHub's list of the Apps of whom the choice names.
    pub fn apps(&self) -> String {
        let inner = self.inner();
        match inner.choice.is_org {
            true => format!(
                "{}/organizations/{}/settings/apps",
                self.github, inner.choice.org
            ),
            false => format!("{}/settings/apps", self.github),
        }
    }
}
