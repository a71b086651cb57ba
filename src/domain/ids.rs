//! The small identities that everything else speaks of.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Milliseconds since the Unix epoch, UTC.
pub type Millis = i64;

/// A git object's name, 40 (or 64) hex digits.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sha(String);

impl Sha {
    /// Takes the hex digits as they came, in lower case.
    pub fn new(hex: impl Into<String>) -> Self {
        let mut hex: String = hex.into();
        hex.make_ascii_lowercase();
        Sha(hex)
    }

    /// All the digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first seven digits, as people write them.
    pub fn short(&self) -> &str {
        self.0.get(..7).unwrap_or(&self.0)
    }

    /// Whether `prefix` (at least one digit) begins this name.
    pub fn has_prefix(&self, prefix: &str) -> bool {
        !prefix.is_empty() && self.0.starts_with(&prefix.to_ascii_lowercase())
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<&str> for Sha {
    fn from(hex: &str) -> Self {
        Sha::new(hex)
    }
}

/// Who did something on GitHub.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The login; an App's is `<slug>[bot]`.
    pub login: String,
    /// Whether GitHub says that it is a bot.
    #[serde(default)]
    pub bot: bool,
}

impl Actor {
    /// A person of this login.
    pub fn person(login: impl Into<String>) -> Self {
        Actor {
            login: login.into(),
            bot: false,
        }
    }
}

/// Who did it, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct By {
    /// The login.
    pub login: String,
    /// When, by our clock.
    pub at: Millis,
}

/// A release line of a case, as keys name it: empty for the only one.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LineId(String);

impl LineId {
    /// The line of this name.
    pub fn new(name: impl Into<String>) -> Self {
        LineId(name.into())
    }

    /// Its name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The first 16 hex digits of a text's SHA-256: tells two texts apart.
pub fn fingerprint(text: &str) -> String {
    use sha2::{Digest, Sha256};
    let digest = Sha256::digest(text.as_bytes());
    hex::encode(&digest[..8])
}
