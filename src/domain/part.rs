//! A part of an item that has several: the manual test on one platform, one
//! command of the critical path.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::item::Item;

/// What a person's word may be about within an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Part {
    /// The manual test on this platform, in [`plain`](super::platform::plain)
    /// words.
    Platform(String),
    /// This command of `test.commands`.
    Command(String),
}

const PLATFORM: &str = "platform ";
const COMMAND: &str = "command ";

impl Part {
    /// The item that it is a part of.
    pub fn item(&self) -> Item {
        match self {
            Part::Platform(_) => Item::ManualTest,
            Part::Command(_) => Item::CriticalPath,
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Part::Platform(name) => write!(f, "{PLATFORM}{name}"),
            Part::Command(command) => write!(f, "{COMMAND}{command}"),
        }
    }
}

impl From<Part> for String {
    fn from(part: Part) -> String {
        part.to_string()
    }
}

impl TryFrom<String> for Part {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let platform = text.strip_prefix(PLATFORM).map(str::to_owned);
        let command = text.strip_prefix(COMMAND).map(str::to_owned);
        let platform = platform.map(Part::Platform);
        platform.or(command.map(Part::Command)).ok_or(text)
    }
}
