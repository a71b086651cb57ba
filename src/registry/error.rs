//! What went wrong with a question to a registry, by what to do next.

use crate::clock::Millis;

/// A question that was not answered. "It is not there" is an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Ask again later.
    #[error("the registry could not be asked: {0}")]
    Transient(String),
    /// Ask again no sooner than `until` (milliseconds of our clock).
    #[error("the registry asks for patience until {until}")]
    RateLimited {
        /// When to ask again, in milliseconds of our clock.
        until: Millis,
    },
    /// The registry refuses us (crates.io: no user agent, a blocked one).
    #[error("the registry refuses us: {0}")]
    Forbidden(String),
    /// The server was given no token of the registry.
    #[error("there is no token of the registry")]
    NoToken,
    /// Nobody knows whether it was carried out.
    #[error("the registry did not answer: {0}")]
    Unclear(String),
    /// The question makes no sense, or the answer could not be read.
    #[error("the registry cannot be asked so: {0}")]
    Invalid(String),
}
