//! Who asks.

use std::sync::Arc;

use super::sign_in::Session;

/// Who asks.
#[derive(Clone, Debug)]
pub(super) enum Who {
    /// Whoever sits at this machine.
    Desk,
    /// Nobody who signed in.
    Stranger,
    /// Somebody who did.
    Person(Arc<Session>),
}
