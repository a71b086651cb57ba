//! What is asked about a delivery: whether it is GitHub's, and whether it concerns
//! the App.

use std::fmt;

use super::future::BoxFuture;
use crate::store::Fact;

/// What to do with a signed payload.
#[derive(Debug)]
pub enum Concern {
    /// Write this of it down.
    Keep(Fact),
    /// Acknowledge it, count it under this outcome (such as `ignored` or
    /// `unknown`), and forget it.
    Drop(&'static str),
    /// It is not a payload of GitHub's; the text says what was expected.
    Malformed(String),
    /// It takes a question to the database, which answers with one of the others.
    Ask(Ask),
}

/// A question that is under way; an error is for the log.
pub struct Ask(pub BoxFuture<'static, Result<Concern, String>>);

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ask")
    }
}

type Verify = Box<dyn Fn(&[u8], &str) -> bool + Send + Sync>;
type Concerns = Box<dyn Fn(&str, &str) -> Concern + Send + Sync>;

/// The two questions that are asked about a delivery.
pub struct Webhook {
    pub(super) verify: Verify,
    pub(super) concerns: Concerns,
}

impl Webhook {
    /// `verify(raw body, value of X-Hub-Signature-256)` must take the same
    /// time whether it fits or not. `concerns(event, payload)` is asked only
    /// about signed payloads. Both may take long for large bodies.
    pub fn new(
        verify: impl Fn(&[u8], &str) -> bool + Send + Sync + 'static,
        concerns: impl Fn(&str, &str) -> Concern + Send + Sync + 'static,
    ) -> Self {
        Webhook {
            verify: Box::new(verify),
            concerns: Box::new(concerns),
        }
    }
}
