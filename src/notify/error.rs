//! What went wrong with a message, by what to do next. Neither an address nor what a
//! receiver wrote stands in it: addresses are secrets, and receivers may repeat them.

/// A message that did not get through.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It was not sent: try again later.
    #[error("it could not be asked: {0}")]
    Unsent(&'static str),
    /// Nobody knows whether it was taken.
    #[error("it did not say whether it was told: {0}")]
    Unclear(String),
    /// It does not take it now, and may by and by: a program that is being mended.
    #[error("{0}")]
    NotTaken(String),
    /// It asks for patience.
    #[error("it asks for patience for {0} s")]
    Busy(u64),
    /// It does not take it, and will not by itself.
    #[error("{0}")]
    Refused(String),
}
