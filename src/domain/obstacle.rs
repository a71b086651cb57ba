//! What is in the way of an effect.

use serde::{Deserialize, Serialize};

use super::outside::Outside;

/// What is in the way, and who says so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", content = "words", rename_all = "snake_case")]
pub enum Obstacle {
    /// GitHub or the registry refused, in its own words.
    Refused(Outside),
    /// What the bot found instead of what it wanted, as a plain phrase.
    Found(Outside),
    /// It was done before, and is not so any more: it is never repeated.
    Undone,
    /// Nobody knows whether it was done: an answer was lost, and nothing of it is
    /// to be seen. Once more might be twice.
    Unknown,
}

impl Obstacle {
    /// Whether GitHub wants signatures that commits do not have, by its words for a
    /// ruleset and for a protected branch.
    pub fn wants_signatures(&self) -> bool {
        const WORDS: [&str; 2] = [
            "Commits must have verified signatures",
            "Commits must have valid signatures",
        ];
        match self {
            Obstacle::Refused(words) => WORDS.iter().any(|it| words.contains(it)),
            Obstacle::Found(_) | Obstacle::Undone | Obstacle::Unknown => false,
        }
    }
}
