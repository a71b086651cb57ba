//! What is asked about a delivery: whether it is GitHub's, and whether it concerns
//! the App.

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
