//! Typed calls, one file a subject. Each function is one endpoint (lists: its
//! pages) and names it; the structs hold the few fields that are used, and
//! anything that GitHub leaves out or sets to null has its default.
//!
//! Ids and numbers are `i64`; times are milliseconds since the epoch.

mod actions;
mod advisories;
mod ahead;
mod app;
mod checks;
mod comments;
mod compare;
mod contents;
mod files;
mod foretold;
mod git;
mod graphql;
mod guards;
mod issues;
mod pulls;
mod refs;
mod releases;
mod repos;
mod rules;

pub use actions::*;
pub use advisories::*;
pub use app::*;
pub use checks::*;
pub use comments::*;
pub use compare::*;
pub use contents::*;
pub use foretold::*;
pub use git::*;
pub use graphql::*;
pub use guards::*;
pub use issues::*;
pub use pulls::*;
pub use refs::*;
pub use releases::*;
pub use repos::*;
pub use rules::*;

use serde::{Deserialize, Serialize};

/// An account: a person, a bot or an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Actor {
    /// Login; an App's own is `<slug>[bot]`.
    pub login: String,
    /// Id, stable through renames.
    pub id: i64,
    /// `User`, `Bot` or `Organization`.
    #[serde(rename = "type")]
    pub kind: String,
}

impl Actor {
    /// Whether it is a person: no App, organisation or placeholder.
    pub fn is_person(&self) -> bool {
        self.kind == "User"
    }
}

/// An App as others see it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AppRef {
    /// Its id.
    pub id: i64,
    /// Its name in addresses and in its bot's login.
    pub slug: String,
}

/// A commit or tree named by its hash.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sha {
    /// 40 hexadecimal digits.
    pub sha: String,
}

#[cfg(test)]
mod contract_tests;
#[cfg(test)]
mod strange_tests;
