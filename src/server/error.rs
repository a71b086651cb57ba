//! What the server needs and did not work.

/// Something that the server needs did not work.
#[derive(Debug, thiserror::Error)]
#[error("{what}: {why}")]
pub struct ServerError {
    /// What was tried.
    pub what: &'static str,
    /// What came of it; never a secret.
    pub why: String,
}

impl ServerError {
    /// `why` in its own words.
    pub fn new(what: &'static str, why: impl ToString) -> Self {
        ServerError {
            what,
            why: why.to_string(),
        }
    }
}
